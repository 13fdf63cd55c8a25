import type { Problem } from '../api/problem';
import type { Chat, ChatId, ClientId, Message, OwnUser, User, UserId } from '../api/types';
import type { Connection } from '../realtime/socket';

/** `unknown`: the server was not asked yet. */
export type SessionStatus = 'unknown' | 'out' | 'in';

export type PendingState = 'queued' | 'sending' | 'failed';

/** Of an image on its way. Its bytes are in the outbox, under the message's client id. */
export interface PendingImage {
  name: string;
  width: number;
  height: number;
}

/** A message of this person that the server has not acknowledged. */
export interface Pending {
  clientId: ClientId;
  chatId: ChatId;
  text: string;
  image?: PendingImage;
  /** How much of the image has left, 0 to 1, while this tab sends it. */
  progress?: number;
  /** Milliseconds, of this machine's clock. */
  createdAt: number;
  state: PendingState;
  /** Why it failed for good. */
  reason: string | null;
}

export type LoadStatus = 'none' | 'loading' | 'ready' | 'error';

/** What is loaded of a chat: a run without gaps that ends at the newest message known. */
export interface Timeline {
  items: Message[];
  hasOlder: boolean;
  status: LoadStatus;
  problem: Problem | null;
  isLoadingOlder: boolean;
}

export interface ChatList {
  status: LoadStatus;
  problem: Problem | null;
  /** For the next page; null when everything is there. */
  next: string | null;
}

export interface State {
  session: { status: SessionStatus; me: OwnUser | null; expired: string | null };
  connection: Connection;
  chats: Record<ChatId, Chat>;
  chatList: ChatList;
  users: Record<UserId, User>;
  timelines: Record<ChatId, Timeline>;
  pending: Record<ChatId, Pending[]>;
  drafts: Record<ChatId, string>;
  /** Null while unknown: without a connection nobody is shown as offline. */
  online: Record<UserId, true> | null;
  /** Who writes where, and until when that is believed (milliseconds). */
  typing: Record<ChatId, { userId: UserId; until: number }>;
  openChat: ChatId | null;
}

export const emptyTimeline: Timeline = {
  items: [],
  hasOlder: true,
  status: 'none',
  problem: null,
  isLoadingOlder: false,
};

export const initialState: State = {
  session: { status: 'unknown', me: null, expired: null },
  connection: { phase: 'idle', retryAt: null, isRestart: false },
  chats: {},
  chatList: { status: 'none', problem: null, next: null },
  users: {},
  timelines: {},
  pending: {},
  drafts: {},
  online: null,
  typing: {},
  openChat: null,
};
