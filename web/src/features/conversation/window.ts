import type { Message } from '../../api/types';

/** Which of the loaded messages are mounted: from `first` to `last`, both seq. `last` null: to the newest, whatever comes. */
export interface Window {
  first: number;
  last: number | null;
}

export const mostRows = 200;
const atEnd = 80;
const step = 50;
const contextAbove = 20;

type Items = readonly Message[];

function newest(items: Items): number {
  return items.at(-1)?.seq ?? 0;
}

function oldest(items: Items): number {
  return items[0]?.seq ?? 0;
}

export function windowAtEnd(items: Items): Window {
  return { first: Math.max(oldest(items), newest(items) - atEnd + 1), last: null };
}

/** Round a message: some context above it, a page below. */
export function windowAround(items: Items, seq: number): Window {
  const first = Math.max(oldest(items), seq - contextAbove);
  const last = seq + atEnd;
  return { first, last: last >= newest(items) ? null : last };
}

/** More above; at most `mostRows` stay, so the far end is let go. Null: nothing more is loaded. */
export function extendUp(shown: Window, items: Items): Window | null {
  if (shown.first <= oldest(items)) return null;
  const first = Math.max(oldest(items), shown.first - step);
  const last = Math.min(shown.last ?? newest(items), first + mostRows - 1);
  return { first, last: last >= newest(items) ? null : last };
}

export function extendDown(shown: Window, items: Items): Window | null {
  if (shown.last === null) return null;
  const last = shown.last + step;
  const end = Math.min(last, newest(items));
  return { first: Math.max(shown.first, end - mostRows + 1), last: last >= newest(items) ? null : last };
}

/** While somebody follows the newest, old rows are let go in steps, not one by one. */
export function followEnd(shown: Window, items: Items): Window {
  if (shown.last !== null || newest(items) - shown.first < mostRows + step) return shown;
  return { first: newest(items) - mostRows + 1, last: null };
}

export function inWindow(items: Items, shown: Window): Message[] {
  const base = oldest(items);
  const from = Math.max(0, shown.first - base);
  const to = shown.last === null ? items.length : shown.last - base + 1;
  return items.slice(from, to);
}
