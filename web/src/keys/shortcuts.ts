import type { Key } from '../i18n/t';

export type Command =
  | 'switcher'
  | 'nextChat'
  | 'previousChat'
  | 'nextUnread'
  | 'previousUnread'
  | 'newest'
  | 'oldest'
  | 'nextLandmark'
  | 'previousLandmark'
  | 'attach'
  | 'help';

interface Shortcut {
  command: Command;
  key: string;
  ctrl?: true;
  alt?: true;
  shift?: true;
  text: Key;
}

/** Every global key, once: the page obeys this table and the help shows it. On a Mac, ctrl is the command key. */
export const shortcuts: readonly Shortcut[] = [
  { command: 'switcher', key: 'k', ctrl: true, text: 'keys.switcher' },
  { command: 'nextChat', key: 'ArrowDown', alt: true, text: 'keys.nextChat' },
  { command: 'previousChat', key: 'ArrowUp', alt: true, text: 'keys.previousChat' },
  { command: 'nextUnread', key: 'ArrowDown', alt: true, shift: true, text: 'keys.nextUnread' },
  { command: 'previousUnread', key: 'ArrowUp', alt: true, shift: true, text: 'keys.previousUnread' },
  { command: 'newest', key: 'End', ctrl: true, text: 'keys.newest' },
  { command: 'oldest', key: 'Home', ctrl: true, text: 'keys.oldest' },
  { command: 'attach', key: 'u', ctrl: true, shift: true, text: 'keys.attach' },
  { command: 'nextLandmark', key: 'F6', text: 'keys.landmark' },
  { command: 'previousLandmark', key: 'F6', shift: true, text: 'keys.landmark' },
  { command: 'help', key: '/', ctrl: true, text: 'keys.help' },
];

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);
const names: Record<string, string> = { ArrowDown: '↓', ArrowUp: '↑', k: 'K', u: 'U' };

export function keysOf({ key, ctrl, alt, shift }: Shortcut): string[] {
  return [
    ctrl && (isMac ? '⌘' : 'Ctrl'),
    alt && (isMac ? '⌥' : 'Alt'),
    shift && 'Shift',
    names[key] ?? key,
  ].filter((part) => typeof part === 'string');
}

/** The keys of a command, to show them. */
export function shown(command: Command): string[] {
  const found = shortcuts.find((one) => one.command === command);
  return found ? keysOf(found) : [];
}

export function commandOf(event: KeyboardEvent): Command | null {
  const ctrl = event.ctrlKey || event.metaKey;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const found = shortcuts.find(
    (one) =>
      one.key === key &&
      (one.ctrl ?? false) === ctrl &&
      (one.alt ?? false) === event.altKey &&
      // A layout may need Shift to type the key itself, such as "/" on a German one.
      ((one.shift ?? false) === event.shiftKey || one.key === '/'),
  );
  return found?.command ?? null;
}
