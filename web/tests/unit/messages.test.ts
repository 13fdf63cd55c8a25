import { describe, expect, test } from 'vitest';
import type { ChatRow, Message } from '../../src/api/types';
import { inOrder, noteRead, noteSeen, putRows } from '../../src/store/chats';
import {
  changeTimeline,
  leavesGap,
  mergeRun,
  putMessages,
  putOutbox,
  takeMessage,
} from '../../src/store/messages';
import { initialState, type Pending, type State } from '../../src/store/state';
import { tickOf } from '../../src/store/ticks';
import { applied } from '../../src/sync/events';

const me = 'a'.repeat(24);
const bo = 'b'.repeat(24);
const chatId = 'c'.repeat(24);
const at = '2026-11-21T09:00:00.000Z';

function message(seq: number, sender = bo, clientId?: string): Message {
  const createdAt = new Date(Date.UTC(2026, 10, 21, 10, 0, seq)).toISOString();
  const common = { _id: `m${seq}`, chatId, seq, sender, text: `text ${seq}`, messageType: 'text' as const };
  return {
    ...common,
    seen: false,
    createdAt,
    updatedAt: createdAt,
    __v: 0,
    ...(clientId ? { clientId } : {}),
  };
}

function row(lastSeq = 0, id = chatId): ChatRow {
  return {
    user: { _id: bo, name: 'Bo', createdAt: at, updatedAt: at, __v: 0 },
    chat: {
      _id: id,
      users: [me, bo],
      latestMessage: null,
      createdAt: at,
      updatedAt: at,
      unseenCount: 0,
      lastSeq,
      readSeq: lastSeq,
      peer: { readSeq: 0, deliveredSeq: 0 },
      __v: 0,
    },
  };
}

function loggedIn(): State {
  const session = {
    status: 'in' as const,
    me: { _id: me, name: 'Ana', role: 'user' as const, createdAt: at, updatedAt: at, __v: 0 as const },
    expired: null,
  };
  return putRows({ ...initialState, session }, [row()]);
}

function opened(state = loggedIn()): State {
  return changeTimeline(state, chatId, { status: 'ready' });
}

function pending(clientId: string): Pending {
  return { clientId, chatId, text: 'hi', createdAt: 0, state: 'queued', reason: null };
}

describe('a run of messages', () => {
  const seqs = (items: Message[]) => items.map((one) => one.seq);

  test('stays ordered and free of doubles, whatever comes in which order', () => {
    const run = [message(3), message(4)];
    expect(seqs(mergeRun(run, [message(5), message(4)]))).toEqual([3, 4, 5]);
    expect(seqs(mergeRun(run, [message(1), message(2)]))).toEqual([1, 2, 3, 4]);
    expect(mergeRun(run, [])).toBe(run);
  });

  test('never has a gap: what is newer and does not touch replaces it, what is older is dropped', () => {
    const run = [message(3), message(4)];
    expect(seqs(mergeRun(run, [message(9), message(8)]))).toEqual([8, 9]);
    expect(seqs(mergeRun(run, [message(1)]))).toEqual([3, 4]);
  });

  test('random events leave it dense', () => {
    let state = opened();
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed % n;
    };
    for (let i = 0; i < 3000; i++) {
      const seq = 1 + random(60);
      const add = random(3) === 0 ? [message(seq), message(seq + 1)] : [message(seq)];
      state = random(2) ? putMessages(state, chatId, add) : add.reduce(takeMessage, state);
      const shown = seqs(state.timelines[chatId]?.items ?? []);
      expect(shown).toEqual(shown.map((_, k) => (shown[0] ?? 0) + k));
    }
  });
});

describe('a new message', () => {
  test('counts as unread once, however often it is told, and moves the chat up', () => {
    const other = 'd'.repeat(24);
    let state = putRows(opened(), [row(0, other)]);
    state = takeMessage(takeMessage(state, message(1)), message(1));
    expect(state.chats[chatId]?.unseenCount).toBe(1);
    expect(inOrder(state.chats)[0]?._id).toBe(chatId);
    expect(state.chats[chatId]?.latestMessage?.text).toBe('text 1');
  });

  test('of mine is never unread, and takes the one that waited out', () => {
    let state = putOutbox(opened(), [pending('k1'), pending('k2')]);
    state = takeMessage(state, message(1, me, 'k1'));
    expect(state.chats[chatId]?.unseenCount).toBe(0);
    expect(state.pending[chatId]?.map((one) => one.clientId)).toEqual(['k2']);
    // The outbox has not been told yet: the message must not show twice.
    state = putOutbox(state, [pending('k1'), pending('k2')]);
    expect(state.pending[chatId]?.map((one) => one.clientId)).toEqual(['k2']);
  });

  test('that leaves a gap is not put behind it', () => {
    const state = takeMessage(opened(), message(1));
    expect(leavesGap(state, message(3))).toBe(true);
    const told = takeMessage(state, message(3));
    expect(told.timelines[chatId]?.items).toHaveLength(1);
    expect(told.chats[chatId]?.lastSeq).toBe(3);
  });

  test('goes to its own chat only', () => {
    const other = { ...message(1), chatId: 'e'.repeat(24) };
    expect(takeMessage(opened(), other).timelines[chatId]?.items).toHaveLength(0);
  });

  test('of the other one means that they have read what was before it', () => {
    let state = takeMessage(opened(), message(1, me, 'k'));
    expect(tickOf({ seq: 1 }, state.chats[chatId])).toBe('sent');
    state = takeMessage(state, message(2));
    expect(tickOf({ seq: 1 }, state.chats[chatId])).toBe('seen');
  });
});

describe('watermarks', () => {
  test('only move forward', () => {
    let state = opened();
    for (let seq = 1; seq <= 5; seq++) state = takeMessage(state, message(seq));
    state = noteRead(state, chatId, 4, 1);
    expect(noteRead(state, chatId, 2, 3).chats[chatId]).toMatchObject({ readSeq: 4, unseenCount: 1 });
    expect(noteSeen(state, chatId, 5).chats[chatId]).toMatchObject({ readSeq: 5, unseenCount: 0 });
    const stale = putRows(noteSeen(state, chatId, 5), [row(3)]);
    expect(stale.chats[chatId]).toMatchObject({ readSeq: 5, lastSeq: 5, unseenCount: 0 });
  });

  test('of mine that the server has not heard hold nothing else of its row up', () => {
    const state = noteSeen(takeMessage(opened(), message(1)), chatId, 1);
    const updatedAt = message(3).createdAt;
    const latestMessage = { text: 'text 3', sender: bo, createdAt: updatedAt, messageType: 'text' as const };
    const { user, chat } = row(3);
    const late = { ...chat, readSeq: 0, unseenCount: 3, updatedAt, latestMessage };
    const { chats } = putRows(state, [{ user, chat: late }]);
    expect(chats[chatId]).toMatchObject({ lastSeq: 3, latestMessage, updatedAt });
    expect(chats[chatId]).toMatchObject({ readSeq: 1, unseenCount: 0 });
  });

  test('of mine that moved on another device count, with what came after that answer', () => {
    let state = opened();
    for (let seq = 1; seq <= 4; seq++) state = takeMessage(state, message(seq));
    const { chats } = putRows(state, [row(3)]);
    expect(chats[chatId]).toMatchObject({ lastSeq: 4, readSeq: 3, unseenCount: 1 });
    expect(chats[chatId]?.latestMessage?.text).toBe('text 4');
    const { user, chat } = row(2);
    const older = putRows(state, [{ user, chat: { ...chat, readSeq: 0, unseenCount: 2 } }]);
    expect(older.chats[chatId]).toMatchObject({ lastSeq: 4, readSeq: 0, unseenCount: 4 });
  });

  test('make the ticks: sent, delivered, seen, and never back', () => {
    let state = takeMessage(opened(), message(1, me, 'k'));
    const tick = () => tickOf({ seq: 1 }, state.chats[chatId]);
    expect(tick()).toBe('sent');
    state = applied(state, { event: 'messagesDelivered', data: { chatId, userId: bo, seq: 1 } });
    expect(tick()).toBe('delivered');
    state = applied(state, { event: 'messagesSeen', data: { chatId, seenBy: bo, seq: 1 } });
    expect(tick()).toBe('seen');
    state = applied(state, { event: 'messagesDelivered', data: { chatId, userId: bo, seq: 1 } });
    expect(tick()).toBe('seen');
  });

  test('mine, moved on another device, are not taken for the other one', () => {
    let state = takeMessage(takeMessage(opened(), message(1, me, 'k')), message(2));
    state = applied(state, { event: 'messagesSeen', data: { chatId, seenBy: me, seq: 2 } });
    expect(state.chats[chatId]).toMatchObject({ readSeq: 2, unseenCount: 0 });
  });
});

test('a chat that was unknown appears with its event; a rename shows everywhere', () => {
  const id = 'f'.repeat(24);
  let state = applied(loggedIn(), { event: 'chatCreated', data: row(1, id) });
  expect(state.chats[id]?.lastSeq).toBe(1);
  state = applied(state, { event: 'userUpdated', data: { _id: bo, name: 'Bob' } });
  expect(state.users[bo]?.name).toBe('Bob');
});

test('typing ends with the message, with going offline, and by itself', () => {
  const typing = { event: 'userTyping' as const, data: { chatId, userId: bo } };
  const begun = applied(opened(), typing);
  expect(begun.typing[chatId]).toBeDefined();
  expect(takeMessage(begun, message(1)).typing[chatId]).toBeUndefined();
  expect(applied(begun, { event: 'userOffline', data: { userId: bo } }).typing[chatId]).toBeUndefined();
  expect(applied(begun, { ...typing, event: 'userStoppedTyping' }).typing[chatId]).toBeUndefined();
});
