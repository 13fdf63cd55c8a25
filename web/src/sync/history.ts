import { api, outcome } from '../api/client';
import type { Problem } from '../api/problem';
import type { ChatId } from '../api/types';
import { change, read } from '../store';
import { putRows } from '../store/chats';
import { changeTimeline, leavesGap, putMessages, timelineOf } from '../store/messages';
import { putUser } from '../store/users';

const chatPage = 100;
const messagePage = 50;
const largestPage = 200;

let listing: Promise<void> | null = null;

/** The newest chats; at most one such request at a time. */
export function loadChats(): Promise<void> {
  listing ??= listChats(undefined).finally(() => {
    listing = null;
  });
  return listing;
}

export async function loadMoreChats(): Promise<void> {
  const { next, status } = read().chatList;
  if (next !== null && status === 'ready') await listChats(next);
}

async function listChats(before: string | undefined): Promise<void> {
  change((state) => ({ ...state, chatList: { ...state.chatList, status: 'loading' } }));
  const query = { limit: chatPage, ...(before === undefined ? {} : { before }) };
  const answer = await outcome(api.GET('/api/v1/chat/all', { params: { query } }));
  change((state) => {
    if (!answer.ok)
      return { ...state, chatList: { ...state.chatList, status: 'error', problem: answer.problem } };
    const { chats, next } = answer.value;
    return { ...putRows(state, chats), chatList: { status: 'ready', problem: null, next: next ?? null } };
  });
}

async function fetchMessages(chatId: ChatId, range: { before?: number; after?: number; limit: number }) {
  const query = { ...range, markSeen: 'false' as const };
  return outcome(api.GET('/api/v1/message/{chatId}', { params: { path: { chatId }, query } }));
}

function failed(chatId: ChatId, problem: Problem): void {
  change((state) => {
    const hasSome = timelineOf(state, chatId).items.length > 0;
    return changeTimeline(state, chatId, { status: hasSome ? 'ready' : 'error', problem });
  });
}

/** The newest messages of a chat that is being opened. What is known already stays on the screen meanwhile. */
export async function loadNewest(chatId: ChatId): Promise<void> {
  const { items } = timelineOf(read(), chatId);
  const last = items.at(-1);
  if (last) {
    await catchUp(chatId);
    return;
  }
  change((state) => changeTimeline(state, chatId, { status: 'loading', problem: null }));
  const answer = await fetchMessages(chatId, { limit: messagePage });
  if (!answer.ok) {
    failed(chatId, answer.problem);
    return;
  }
  const { messages, hasMore, user } = answer.value;
  change((state) => {
    const withPeer = putUser(state, user);
    return changeTimeline(putMessages(withPeer, chatId, messages, hasMore), chatId, {
      status: 'ready',
      problem: null,
    });
  });
}

const catching = new Map<ChatId, Promise<void>>();

/** Fetches what came after the newest message that is loaded, page by page, so that the run has no gap. */
export function catchUp(chatId: ChatId): Promise<void> {
  const running = catching.get(chatId);
  if (running) return running;
  const work = fetchNewer(chatId).finally(() => catching.delete(chatId));
  catching.set(chatId, work);
  return work;
}

async function fetchNewer(chatId: ChatId): Promise<void> {
  for (let pages = 0; pages < 5; pages++) {
    const last = timelineOf(read(), chatId).items.at(-1);
    const answer = await fetchMessages(chatId, { after: last?.seq ?? 0, limit: largestPage });
    if (!answer.ok) {
      failed(chatId, answer.problem);
      return;
    }
    const { messages, hasMore } = answer.value;
    change((state) =>
      changeTimeline(putMessages(state, chatId, messages), chatId, { status: 'ready', problem: null }),
    );
    if (!hasMore) return;
  }
  await startAgain(chatId);
}

/** Too much was missed: the newest page replaces what is loaded, the rest comes by scrolling up. */
export async function startAgain(chatId: ChatId): Promise<void> {
  const answer = await fetchMessages(chatId, { limit: messagePage });
  if (!answer.ok) {
    failed(chatId, answer.problem);
    return;
  }
  const { messages, hasMore } = answer.value;
  change((state) => {
    const emptied = changeTimeline(state, chatId, { items: [] });
    return changeTimeline(putMessages(emptied, chatId, messages, hasMore), chatId, {
      status: 'ready',
      problem: null,
    });
  });
}

/** One page of older messages, above what is loaded. */
export async function loadOlder(chatId: ChatId): Promise<void> {
  const timeline = timelineOf(read(), chatId);
  const first = timeline.items[0];
  if (!first || !timeline.hasOlder || timeline.isLoadingOlder) return;
  change((state) => changeTimeline(state, chatId, { isLoadingOlder: true }));
  const answer = await fetchMessages(chatId, { before: first.seq, limit: messagePage });
  change((state) => {
    const settled = changeTimeline(state, chatId, { isLoadingOlder: false });
    return answer.ok ? putMessages(settled, chatId, answer.value.messages, answer.value.hasMore) : settled;
  });
}

/** A page of messages that ends at `seq`, again: what the server says of them now. */
export async function loadAt(chatId: ChatId, seq: number): Promise<void> {
  const answer = await fetchMessages(chatId, { before: seq + 1, limit: messagePage });
  if (answer.ok) change((state) => putMessages(state, chatId, answer.value.messages));
}

/** For a message that came by event: fetches what the store needs to know besides it. */
export function fillIn(message: Parameters<typeof leavesGap>[1]): void {
  const state = read();
  if (!state.chats[message.chatId]) void loadChats();
  if (leavesGap(state, message)) void catchUp(message.chatId);
}
