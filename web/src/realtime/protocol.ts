import type { ChatId, ChatRow, Message, User, UserId } from '../api/types';

/** What this client says (API.md §4, §5). */
export interface ClientEvents {
  joinChat: ChatId;
  leaveChat: ChatId;
  typing: { chatId: ChatId };
  stopTyping: { chatId: ChatId };
  sendMessage: { chatId: ChatId; text: string; clientId: string };
  seen: { chatId: ChatId; seq: number };
  delivered: { chatId: ChatId; seq: number };
  visibility: { visible: boolean };
  resume: { chats: Record<ChatId, number> };
}

/** What the server says. */
export interface ServerEvents {
  hello: { userId: UserId; serverTime: string };
  getOnlineUser: UserId[];
  newMessage: Message;
  messagesSeen: { chatId: ChatId; seenBy: UserId; seq: number };
  messagesDelivered: { chatId: ChatId; userId: UserId; seq: number };
  userTyping: { chatId: ChatId; userId: UserId };
  userStoppedTyping: { chatId: ChatId; userId: UserId };
  userOnline: { userId: UserId };
  userOffline: { userId: UserId; lastSeenAt?: string };
  chatCreated: ChatRow;
  chatUpdated: ChatRow;
  unread: { chatId: ChatId; unseenCount: number; readSeq: number };
  userUpdated: User;
  sessionEnded: { reason: string };
}

export type ServerEvent = {
  [Name in keyof ServerEvents]: { event: Name; data: ServerEvents[Name] };
}[keyof ServerEvents];

export interface AckError {
  message: string;
  code: string;
}
export type Ack = { ok: true; data: unknown } | { ok: false; error: AckError };

export type ServerFrame = { kind: 'event'; event: ServerEvent } | { kind: 'ack'; id: number; ack: Ack };

type Fields = Record<string, unknown>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function has(value: unknown, texts: string[], numbers: string[] = []): boolean {
  return (
    isFields(value) &&
    texts.every((key) => typeof value[key] === 'string') &&
    numbers.every((key) => typeof value[key] === 'number')
  );
}

function isRow(value: unknown): boolean {
  return (
    isFields(value) && has(value.user, ['_id', 'name']) && has(value.chat, ['_id'], ['lastSeq', 'readSeq'])
  );
}

/** What each event must have for the store to take it. An event that a newer server added is passed over. */
const checks: { [Name in keyof ServerEvents]: (data: unknown) => boolean } = {
  hello: (data) => has(data, ['userId', 'serverTime']),
  getOnlineUser: (data) => Array.isArray(data) && data.every((id) => typeof id === 'string'),
  newMessage: isMessage,
  messagesSeen: (data) => has(data, ['chatId', 'seenBy'], ['seq']),
  messagesDelivered: (data) => has(data, ['chatId', 'userId'], ['seq']),
  userTyping: (data) => has(data, ['chatId', 'userId']),
  userStoppedTyping: (data) => has(data, ['chatId', 'userId']),
  userOnline: (data) => has(data, ['userId']),
  userOffline: (data) => has(data, ['userId']),
  chatCreated: isRow,
  chatUpdated: isRow,
  unread: (data) => has(data, ['chatId'], ['unseenCount', 'readSeq']),
  userUpdated: (data) => has(data, ['_id', 'name']),
  sessionEnded: (data) => isFields(data),
};

export function isMessage(value: unknown): value is Message {
  return has(value, ['_id', 'chatId', 'sender', 'createdAt'], ['seq']);
}

function isEvent(frame: Fields): boolean {
  const name = frame.event;
  return (
    typeof name === 'string' && Object.hasOwn(checks, name) && checks[name as keyof ServerEvents](frame.data)
  );
}

function ackOf(frame: Fields): Ack {
  if (!isFields(frame.error)) return { ok: true, data: frame.data };
  const { message, code } = frame.error;
  return { ok: false, error: { message: String(message ?? ''), code: String(code ?? '') } };
}

/** Nothing for a frame that is not understood. */
export function parseFrame(text: string): ServerFrame | null {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(frame)) return null;
  if (typeof frame.ack === 'number') return { kind: 'ack', id: frame.ack, ack: ackOf(frame) };
  return isEvent(frame) ? { kind: 'event', event: frame as unknown as ServerEvent } : null;
}
