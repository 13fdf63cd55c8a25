// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../src/api/types';
import { sends } from '../../src/features/composer/send_keys';
import { ScrollAnchor } from '../../src/features/conversation/anchor';
import { daysOf } from '../../src/features/conversation/rows';
import {
  extendDown,
  extendUp,
  followEnd,
  inWindow,
  mostRows,
  windowAround,
  windowAtEnd,
} from '../../src/features/conversation/window';

function message(seq: number, minutes = seq, sender = 'bo'): Message {
  const createdAt = new Date(2026, 10, 20, 10, minutes).toISOString();
  const common = { _id: `m${seq}`, chatId: 'c', seq, sender, messageType: 'text' as const, seen: false };
  return { ...common, text: `${seq}`, createdAt, updatedAt: createdAt, __v: 0 };
}

describe('the window of mounted messages', () => {
  const items = Array.from({ length: 1000 }, (_, i) => message(i + 1));

  test('never mounts more than its bound, wherever one scrolls', () => {
    let shown = windowAtEnd(items);
    for (let i = 0; i < 40; i++) {
      shown = extendUp(shown, items) ?? shown;
      expect(inWindow(items, shown).length).toBeLessThanOrEqual(mostRows);
    }
    expect(shown.first).toBe(1);
    expect(extendUp(shown, items)).toBeNull();
    for (let i = 0; i < 40; i++) {
      shown = extendDown(shown, items) ?? shown;
      expect(inWindow(items, shown).length).toBeLessThanOrEqual(mostRows);
    }
    expect(shown.last).toBeNull();
    expect(inWindow(items, shown).at(-1)?.seq).toBe(1000);
  });

  test('opens round the first unread message with some context above', () => {
    const shown = inWindow(items, windowAround(items, 500));
    expect(shown[0]?.seq).toBe(480);
    expect(shown.some((one) => one.seq === 500)).toBe(true);
  });

  test('follows the newest with a bound', () => {
    let shown = windowAtEnd(items.slice(0, 300));
    for (let n = 300; n <= 1000; n += 10) {
      shown = followEnd(shown, items.slice(0, n));
      const mounted = inWindow(items.slice(0, n), shown);
      expect(mounted.length).toBeLessThanOrEqual(mostRows + 60);
      expect(mounted.at(-1)?.seq).toBe(n);
    }
  });
});

describe('rows', () => {
  test('one sender within five minutes is a group; a day, a pause or another sender ends it', () => {
    const messages = [
      message(1, 0),
      message(2, 2),
      message(3, 12),
      message(4, 13, 'me'),
      message(5, 14 * 60),
    ];
    const days = daysOf(messages, [], 'me', null);
    const rows = days.flatMap((day) => day.rows);
    expect(rows.map((row) => row.isFirst)).toEqual([true, false, true, true, true]);
    expect(rows.map((row) => row.isLast)).toEqual([false, true, true, true, true]);
    expect(days).toHaveLength(2);
  });

  test('a message keeps its key when it is stored', () => {
    const waiting = {
      clientId: 'k',
      chatId: 'c',
      text: 'x',
      createdAt: 0,
      state: 'queued' as const,
      reason: null,
    };
    const before = daysOf([], [waiting], 'me', null)[0]?.rows[0]?.key;
    const after = daysOf([{ ...message(1, 0, 'me'), clientId: 'k' }], [], 'me', null)[0]?.rows[0]?.key;
    expect(after).toBe(before);
    // Somebody else's id of the same text is not mine.
    expect(daysOf([{ ...message(1), clientId: 'k' }], [], 'me', null)[0]?.rows[0]?.key).toBe('m1');
  });
});

test('Enter sends, but not while an input method composes, with Shift, or on a touch keyboard', () => {
  const enter = {
    key: 'Enter',
    shiftKey: false,
    ctrlKey: false,
    metaKey: false,
    isComposing: false,
    keyCode: 13,
  };
  expect(sends(enter, true, false)).toBe(true);
  expect(sends({ ...enter, isComposing: true }, true, false)).toBe(false);
  expect(sends({ ...enter, keyCode: 229 }, true, false)).toBe(false);
  expect(sends({ ...enter, shiftKey: true }, true, false)).toBe(false);
  expect(sends(enter, true, true)).toBe(false);
  expect(sends(enter, false, false)).toBe(false);
  expect(sends({ ...enter, ctrlKey: true }, false, false)).toBe(true);
  expect(sends({ ...enter, key: 'a' }, true, false)).toBe(false);
});

describe('the scroll anchor', () => {
  // A list of rows with heights of our choosing: happy-dom has no layout.
  let heights: { key: string; height: number }[] = [];
  let scrollTop = 0;
  const view = 300;
  let scroller: HTMLElement;
  const total = () => heights.reduce((sum, one) => sum + one.height, 0);
  const topOf = (key: string) => {
    const at = heights.findIndex((one) => one.key === key);
    return heights.slice(0, at).reduce((sum, one) => sum + one.height, 0) - scrollTop;
  };

  function render() {
    const rows = new Map([...scroller.children].map((child) => [(child as HTMLElement).dataset.row, child]));
    scroller.replaceChildren(
      ...heights.map(({ key }) => {
        const known = rows.get(key);
        if (known) return known;
        const row = document.createElement('div');
        row.dataset.row = key;
        row.getBoundingClientRect = () => {
          const height = heights.find((one) => one.key === key)?.height ?? 0;
          return new DOMRect(0, topOf(key), 100, height);
        };
        return row;
      }),
    );
  }

  beforeEach(() => {
    heights = Array.from({ length: 60 }, (_, i) => ({ key: `r${i}`, height: 20 + ((i * 37) % 90) }));
    scrollTop = 0;
    scroller = document.createElement('div');
    document.body.replaceChildren(scroller);
    scroller.getBoundingClientRect = () => new DOMRect(0, 0, 100, view);
    Object.defineProperties(scroller, {
      clientHeight: { get: () => view },
      scrollHeight: { get: total },
      scrollTop: {
        get: () => scrollTop,
        set: (top: number) => {
          scrollTop = Math.max(0, Math.min(top, total() - view));
        },
      },
    });
    render();
  });

  test('what is read stays within a pixel through 500 random changes around it', () => {
    const anchor = new ScrollAnchor(scroller);
    scroller.scrollTop = 1200;
    anchor.scrolled(true);
    // The second row that is wholly visible.
    const held = heights.filter(({ key }) => topOf(key) >= 0)[1]?.key ?? '';
    const before = topOf(held);
    let seed = 3;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % n;
    };
    for (let i = 0; i < 500; i++) {
      const kind = random(3);
      if (kind === 0) heights.unshift({ key: `old${i}`, height: 10 + random(200) });
      if (kind === 1) heights.push({ key: `new${i}`, height: 10 + random(200) });
      const resized = heights[random(heights.length)];
      if (kind === 2 && resized) resized.height = 10 + random(300);
      render();
      anchor.restore();
      anchor.scrolled(true);
      expect(Math.abs(topOf(held) - before)).toBeLessThanOrEqual(1);
    }
  });

  test('who is at the end stays there; who scrolled away is not pulled back', () => {
    const anchor = new ScrollAnchor(scroller);
    anchor.stick();
    heights.push({ key: 'new', height: 80 });
    render();
    anchor.restore();
    expect(scrollTop).toBe(total() - view);
    scroller.scrollTop = total() - view - 200;
    anchor.scrolled(true);
    expect(anchor.isStuck).toBe(false);
    const before = scrollTop;
    heights.push({ key: 'newer', height: 80 });
    render();
    anchor.restore();
    expect(scrollTop).toBe(before);
  });

  test('the end of a window that is not the newest does not stick', () => {
    const anchor = new ScrollAnchor(scroller);
    scroller.scrollTop = total();
    anchor.scrolled(false);
    expect(anchor.isStuck).toBe(false);
  });
});
