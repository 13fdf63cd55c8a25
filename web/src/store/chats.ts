import type { Chat, ChatId, ChatRow, Message, UserId } from '../api/types';
import type { State } from './state';

/** Unread counts stop here; the badge says 99+. */
const mostUnseen = 100;

/**
 * Watermarks only move forward: an answer may be older than what an event said meanwhile. How far this person has read is
 * known here first, so it says nothing of the rest; the unread count belongs to it.
 */
function newer(known: Chat | undefined, chat: Chat): Chat {
  if (!known) return chat;
  const later = Math.max(0, known.lastSeq - chat.lastSeq);
  const isReadHere = chat.readSeq < known.readSeq || (chat.readSeq === known.readSeq && later > 0);
  return {
    ...(later > 0 ? { ...chat, ...known } : chat),
    readSeq: Math.max(known.readSeq, chat.readSeq),
    // What came later than the answer is unread: one's own message would have moved the mark.
    unseenCount: isReadHere ? known.unseenCount : Math.min(mostUnseen, chat.unseenCount + later),
    peer: {
      readSeq: Math.max(known.peer.readSeq, chat.peer.readSeq),
      deliveredSeq: Math.max(known.peer.deliveredSeq, chat.peer.deliveredSeq),
    },
  };
}

export function putRows(state: State, rows: ChatRow[]): State {
  const chats = { ...state.chats };
  const users = { ...state.users };
  for (const { chat, user } of rows) {
    chats[chat._id] = newer(chats[chat._id], chat);
    users[user._id] = { ...users[user._id], ...user };
  }
  return { ...state, chats, users };
}

function changeChat(state: State, id: ChatId, change: (chat: Chat) => Chat): State {
  const chat = state.chats[id];
  return chat ? { ...state, chats: { ...state.chats, [id]: change(chat) } } : state;
}

/** What the server shows for an image without a text (API.md §2). */
export const imageText = '📷 Image';

function previewOf({ text, messageType }: Message): string {
  return text || (messageType === 'image' ? imageText : '');
}

/** The chat's own part of a new message: preview, time, unread. */
export function noteMessage(state: State, message: Message): State {
  const me = state.session.me?._id;
  return changeChat(state, message.chatId, (chat) => {
    if (message.seq <= chat.lastSeq) return chat;
    const isMine = message.sender === me;
    return {
      ...chat,
      lastSeq: message.seq,
      readSeq: isMine ? message.seq : chat.readSeq,
      unseenCount: isMine ? 0 : Math.min(mostUnseen, chat.unseenCount + 1),
      // Who writes has read: the server moves the writer's watermark with the message.
      peer: isMine
        ? chat.peer
        : {
            readSeq: Math.max(chat.peer.readSeq, message.seq),
            deliveredSeq: Math.max(chat.peer.deliveredSeq, message.seq),
          },
      updatedAt: message.createdAt,
      latestMessage: {
        text: previewOf(message),
        sender: message.sender,
        createdAt: message.createdAt,
        messageType: message.messageType,
      },
    };
  });
}

/** My own watermark and what is left unread, as the server counts it. */
export function noteRead(state: State, id: ChatId, readSeq: number, unseenCount: number): State {
  return changeChat(state, id, (chat) => (readSeq < chat.readSeq ? chat : { ...chat, readSeq, unseenCount }));
}

/** I have seen everything up to `seq`: shown at once, before the server knows. */
export function noteSeen(state: State, id: ChatId, seq: number): State {
  return changeChat(state, id, (chat) => {
    if (seq <= chat.readSeq) return chat;
    const me = state.session.me?._id;
    const items = state.timelines[id]?.items ?? [];
    const others = items.filter(
      (one) => one.seq > chat.readSeq && one.seq <= seq && one.sender !== me,
    ).length;
    const unseenCount = seq >= chat.lastSeq ? 0 : Math.max(0, chat.unseenCount - others);
    return { ...chat, readSeq: seq, unseenCount };
  });
}

export function notePeer(
  state: State,
  id: ChatId,
  marks: { readSeq?: number; deliveredSeq?: number },
): State {
  return changeChat(state, id, (chat) => {
    const readSeq = Math.max(chat.peer.readSeq, marks.readSeq ?? 0);
    const deliveredSeq = Math.max(chat.peer.deliveredSeq, marks.deliveredSeq ?? 0, readSeq);
    return { ...chat, peer: { readSeq, deliveredSeq } };
  });
}

export function peerOf(chat: Chat, me: UserId | undefined): UserId {
  return chat.users.find((id) => id !== me) ?? chat.users[0] ?? '';
}

/** Newest activity first; chats of the same moment keep a fixed order. */
export function inOrder(chats: Record<ChatId, Chat>): Chat[] {
  return Object.values(chats).sort((a, b) =>
    a.updatedAt === b.updatedAt ? (a._id < b._id ? 1 : -1) : a.updatedAt < b.updatedAt ? 1 : -1,
  );
}

export function unreadInAll(chats: Record<ChatId, Chat>): number {
  return Object.values(chats).reduce((sum, chat) => sum + chat.unseenCount, 0);
}
