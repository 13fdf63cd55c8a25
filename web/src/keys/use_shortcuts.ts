import { useEffect, useRef } from 'react';
import type { Layer } from '../features/shell/shell';
import { read } from '../store';
import { inOrder } from '../store/chats';
import { preferences } from '../store/preferences';
import { type Command, commandOf } from './shortcuts';

interface Options {
  openId: string | null;
  layer: Layer;
  setLayer: (layer: Layer) => void;
  go: (path: string) => void;
}

/** The chat beside the open one in the list, round the end. */
function neighbour(openId: string | null, step: 1 | -1, onlyUnread: boolean): string | null {
  const all = inOrder(read().chats);
  const chats = all.filter((chat) => !onlyUnread || chat.unseenCount > 0 || chat._id === openId);
  if (chats.length === 0) return null;
  const at = chats.findIndex((chat) => chat._id === openId);
  const next = at < 0 ? (step > 0 ? 0 : chats.length - 1) : (at + step + chats.length) % chats.length;
  return chats[next]?._id ?? null;
}

function goToLandmark(step: 1 | -1): void {
  const landmarks = [...document.querySelectorAll<HTMLElement>('[data-landmark]')].filter(
    (one) => one.offsetParent,
  );
  // One may be inside another: the innermost counts.
  const at = landmarks.findLastIndex((one) => one.contains(document.activeElement));
  const next = landmarks[(at + step + landmarks.length) % landmarks.length];
  const starts = [...(next?.querySelectorAll<HTMLElement>('[data-landmark-start]') ?? [])];
  (starts.find((one) => one.closest('[data-landmark]') === next) ?? next)?.focus();
}

function scrollMessages(to: 'start' | 'end'): void {
  const list = document.querySelector<HTMLElement>('[role="log"]');
  list?.dispatchEvent(new CustomEvent('ping:scroll', { detail: to }));
}

const moves: Partial<Record<Command, { step: 1 | -1; onlyUnread: boolean }>> = {
  nextChat: { step: 1, onlyUnread: false },
  previousChat: { step: -1, onlyUnread: false },
  nextUnread: { step: 1, onlyUnread: true },
  previousUnread: { step: -1, onlyUnread: true },
};

function run(command: Command, { openId, setLayer, go }: Options): void {
  const move = moves[command];
  if (move) {
    const chat = neighbour(openId, move.step, move.onlyUnread);
    if (chat) go(`/chat/${chat}`);
  }
  if (command === 'switcher') setLayer('switcher');
  if (command === 'help') setLayer('keys');
  if (command === 'newest') scrollMessages('end');
  if (command === 'oldest') scrollMessages('start');
  if (command === 'attach') window.dispatchEvent(new Event('ping:attach'));
  if (command === 'nextLandmark') goToLandmark(1);
  if (command === 'previousLandmark') goToLandmark(-1);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}

/** Ctrl+End belongs to the text while somebody writes. */
function isTaken(command: Command, target: EventTarget | null): boolean {
  const isText = target instanceof HTMLTextAreaElement && target.value !== '';
  return isText && (command === 'newest' || command === 'oldest');
}

function handle(event: KeyboardEvent, options: Options): void {
  if (event.defaultPrevented || event.isComposing) return;
  const asksForHelp = event.key === '?' && !isWriting(event.target) && preferences.getState().singleKeys;
  const command = asksForHelp ? 'help' : commandOf(event);
  const isInDialog = event.target instanceof Element && event.target.closest('dialog') !== null;
  if (options.layer !== null || isInDialog) {
    if (command === 'switcher') event.preventDefault();
    return;
  }
  if (command) {
    if (isTaken(command, event.target)) return;
    event.preventDefault();
    run(command, options);
  } else if (event.key === 'Escape') {
    scrollMessages('end');
  }
}

export function useShortcuts(options: Options): void {
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    const listener = (event: KeyboardEvent) => handle(event, latest.current);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
