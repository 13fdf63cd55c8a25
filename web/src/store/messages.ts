import type { ChatId, Message } from '../api/types';
import { noteMessage } from './chats';
import { emptyTimeline, type Pending, type State, type Timeline } from './state';

/** Older messages beyond this are let go when a chat is left; scrolling up loads them again. */
const mostKept = 2_000;

function ascending(a: Message, b: Message): number {
  return a.seq - b.seq;
}

/**
 * Adds messages to a run without gaps. What does not touch the run and is newer replaces it (the messages between are
 * loaded when somebody scrolls there); what is older and does not touch it is dropped.
 */
export function mergeRun(items: Message[], incoming: Message[]): Message[] {
  if (incoming.length === 0) return items;
  const added = [...incoming].sort(ascending);
  const first = items[0];
  const last = items.at(-1);
  const addedFirst = added[0];
  const addedLast = added.at(-1);
  if (!first || !last || !addedFirst || !addedLast) return added;
  if (addedFirst.seq > last.seq + 1) return added;
  if (addedLast.seq < first.seq - 1) return items;
  const bySeq = new Map(items.map((one) => [one.seq, one]));
  for (const one of added) bySeq.set(one.seq, one);
  return [...bySeq.values()].sort(ascending);
}

export function timelineOf(state: State, id: ChatId): Timeline {
  return state.timelines[id] ?? emptyTimeline;
}

export function changeTimeline(state: State, id: ChatId, change: Partial<Timeline>): State {
  return { ...state, timelines: { ...state.timelines, [id]: { ...timelineOf(state, id), ...change } } };
}

/** What was loaded by a page of history. `hasOlder` only when the page reached further back than the run. */
export function putMessages(state: State, id: ChatId, messages: Message[], hasOlder?: boolean): State {
  const items = mergeRun(timelineOf(state, id).items, messages);
  const acknowledged = dropPending(state, id, messages);
  const startsWithFirst = items[0]?.seq === 1;
  const older = startsWithFirst ? false : (hasOlder ?? timelineOf(state, id).hasOlder);
  return changeTimeline(acknowledged, id, { items, hasOlder: older });
}

/** Whether a message leaves a gap behind what is loaded: then the messages between must be fetched. */
export function leavesGap(state: State, message: Message): boolean {
  const last = state.timelines[message.chatId]?.items.at(-1);
  return last !== undefined && message.seq > last.seq + 1;
}

/** One new message, by event or as the answer to a send. Told twice, it counts once. */
export function takeMessage(state: State, message: Message): State {
  const known = state.timelines[message.chatId];
  const noted = noteMessage(dropPending(state, message.chatId, [message]), message);
  const typing = { ...noted.typing };
  if (typing[message.chatId]?.userId === message.sender) delete typing[message.chatId];
  const told = { ...noted, typing };
  if (!known || known.status === 'none' || leavesGap(state, message)) return told;
  return changeTimeline(told, message.chatId, { items: mergeRun(known.items, [message]) });
}

/** The other one has seen my messages up to `seq`, by an event that came at `at`. */
export function noteSeenAt(state: State, id: ChatId, seq: number, at: string): State {
  const timeline = state.timelines[id];
  if (!timeline) return state;
  const me = state.session.me?._id;
  const isNew = (one: Message) => one.seq <= seq && one.sender === me && one.seenAt === undefined;
  if (!timeline.items.some(isNew)) return state;
  const items = timeline.items.map((one) => (isNew(one) ? { ...one, seen: true, seenAt: at } : one));
  return changeTimeline(state, id, { items });
}

/** Keeps the newest messages of a chat that nobody looks at. */
export function trimTimeline(state: State, id: ChatId): State {
  const { items } = timelineOf(state, id);
  if (items.length <= mostKept) return state;
  return changeTimeline(state, id, { items: items.slice(-mostKept), hasOlder: true });
}

function dropPending(state: State, id: ChatId, messages: Message[]): State {
  const waiting = state.pending[id];
  if (!waiting?.length) return state;
  const arrived = new Set(messages.map((one) => one.clientId));
  const left = waiting.filter((one) => !arrived.has(one.clientId));
  return left.length === waiting.length ? state : { ...state, pending: { ...state.pending, [id]: left } };
}

/** Whether the message has come back from the server: then the outbox only has not been told yet. */
function hasArrived(state: State, item: Pending): boolean {
  const newest = state.timelines[item.chatId]?.items.slice(-100) ?? [];
  return newest.some((one) => one.clientId === item.clientId);
}

/** The outbox as it is stored, for all chats; what is on its way in this tab stays marked so. */
export function putOutbox(state: State, items: Pending[]): State {
  const known = Object.values(state.pending).flat();
  const sending = new Map(known.filter((one) => one.state === 'sending').map((one) => [one.clientId, one]));
  const pending: State['pending'] = {};
  for (const item of items) {
    if (hasArrived(state, item)) continue;
    const list = pending[item.chatId] ?? [];
    list.push((item.state === 'queued' && sending.get(item.clientId)) || item);
    pending[item.chatId] = list;
  }
  return { ...state, pending };
}

export function putPending(state: State, item: Pending): State {
  const list = state.pending[item.chatId] ?? [];
  const isKnown = list.some((one) => one.clientId === item.clientId);
  const changed = isKnown
    ? list.map((one) => (one.clientId === item.clientId ? item : one))
    : [...list, item];
  return { ...state, pending: { ...state.pending, [item.chatId]: changed } };
}

/** So many messages of one person may wait: more could never be sent in order within a sensible time. */
const mostWaiting = 500;

export function isOutboxFull(state: State): boolean {
  return Object.values(state.pending).reduce((sum, list) => sum + list.length, 0) >= mostWaiting;
}

/** As `putPending`, but nothing for a message that was taken back meanwhile. */
export function notePending(state: State, item: Pending): State {
  const isKnown = state.pending[item.chatId]?.some((one) => one.clientId === item.clientId);
  return isKnown ? putPending(state, item) : state;
}

export function removePending(state: State, id: ChatId, clientId: string): State {
  const left = (state.pending[id] ?? []).filter((one) => one.clientId !== clientId);
  return { ...state, pending: { ...state.pending, [id]: left } };
}
