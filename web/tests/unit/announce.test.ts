// @vitest-environment happy-dom
import { act, createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Message } from '../../src/api/types';
import { Speaker } from '../../src/features/shell/speaker';
import { loadLocale } from '../../src/i18n/t';
import { change } from '../../src/store';
import { initialState } from '../../src/store/state';
import { Announcer, announce } from '../../src/ui/announcer';

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);

const at = '2026-11-21T09:00:00.000Z';

function message(seq: number, chatId = 'open'): Message {
  const common = { sender: 'bo', messageType: 'text' as const, seen: false, createdAt: at, updatedAt: at };
  return { _id: `m${seq}`, chatId, seq, text: `text ${seq}`, ...common, __v: 0 };
}

/** The page's live region: its element of the moment, with what it says. */
async function region() {
  const root = document.createElement('div');
  const mounted = createRoot(root);
  await act(async () => mounted.render(createElement(Announcer)));
  const shown = () => root.querySelector('[role="status"]')?.firstElementChild;
  return { shown, unmount: () => act(async () => mounted.unmount()) };
}

test('the same words twice are a new element, so that they are spoken twice', async () => {
  const { shown, unmount } = await region();
  await act(async () => announce('New message from Bo'));
  const first = shown();
  expect(first?.textContent).toBe('New message from Bo');
  await act(async () => announce('New message from Bo'));
  expect(shown()?.textContent).toBe('New message from Bo');
  expect(shown()).not.toBe(first);
  await unmount();
});

describe('news of the open chat', () => {
  let said: string[] = [];
  let page: Awaited<ReturnType<typeof region>>;
  const wait = (ms: number) => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));

  /** What is spoken, in order: each element of the region once. */
  async function speak(speaker: Speaker, ...messages: Message[]) {
    for (const one of messages) await act(async () => speaker.speak(one));
  }

  beforeEach(async () => {
    vi.useFakeTimers();
    await loadLocale('en');
    const user = { _id: 'bo', name: 'Bo', createdAt: at, updatedAt: at, __v: 0 as const };
    change(() => ({ ...initialState, users: { bo: user }, openChat: 'open' }));
    page = await region();
    said = [];
  });
  afterEach(async () => {
    await page.unmount();
    vi.useRealTimers();
  });

  const hear = () => said.push(page.shown()?.textContent ?? '');

  test('is spoken at once; what comes within a second of it, at the end of the second', async () => {
    const speaker = new Speaker();
    await speak(speaker, message(1));
    hear();
    await wait(400);
    await speak(speaker, message(2), message(3));
    hear();
    await wait(600);
    hear();
    await speak(speaker, message(4));
    await wait(1_000);
    hear();
    await wait(1_000);
    await speak(speaker, message(5));
    hear();
    expect(said).toEqual(['Bo: text 1', 'Bo: text 1', '2 new messages', 'Bo: text 4', 'Bo: text 5']);
    speaker.close();
  });

  test('is not spoken after the page is gone', async () => {
    const speaker = new Speaker();
    await speak(speaker, message(1), message(2));
    speaker.close();
    await wait(5_000);
    hear();
    expect(said).toEqual(['Bo: text 1']);
  });

  test('of another chat it is told once in half a minute', async () => {
    const speaker = new Speaker();
    await speak(speaker, message(1, 'other'));
    const first = page.shown();
    await speak(speaker, message(2, 'other'));
    expect(page.shown()).toBe(first);
    await wait(30_000);
    await speak(speaker, message(3, 'other'));
    hear();
    expect(page.shown()).not.toBe(first);
    expect(said).toEqual(['New message from Bo']);
  });
});
