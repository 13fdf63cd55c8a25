import type { ServerEvent } from '../realtime/protocol';
import { change, read } from '../store';
import { notePeer, noteRead, noteSeen, putRows } from '../store/chats';
import { noteSeenAt, takeMessage } from '../store/messages';
import { noteOffline, noteOnline, noteStoppedTyping, noteTyping, putOnline } from '../store/presence';
import type { State } from '../store/state';
import { putUser } from '../store/users';
import { fillIn } from './history';

/** What each event does to the store. `hello` and `sessionEnded` are the session's. */
export function applied(state: State, { event, data }: ServerEvent): State {
  const me = state.session.me?._id;
  switch (event) {
    case 'newMessage':
      return takeMessage(state, data);
    case 'messagesSeen':
      return data.seenBy === me
        ? noteSeen(state, data.chatId, data.seq)
        : notePeer(noteSeenAt(state, data.chatId, data.seq, new Date().toISOString()), data.chatId, {
            readSeq: data.seq,
          });
    case 'messagesDelivered':
      return data.userId === me ? state : notePeer(state, data.chatId, { deliveredSeq: data.seq });
    case 'unread':
      return noteRead(state, data.chatId, data.readSeq, data.unseenCount);
    case 'chatCreated':
    case 'chatUpdated':
      return putRows(state, [data]);
    case 'userUpdated':
      return withOwnName(putUser(state, data));
    case 'getOnlineUser':
      return putOnline(state, data);
    case 'userOnline':
      return noteOnline(state, data.userId);
    case 'userOffline':
      return noteOffline(state, data.userId, data.lastSeenAt);
    case 'userTyping':
      return data.userId === me ? state : noteTyping(state, data.chatId, data.userId, Date.now());
    case 'userStoppedTyping':
      return noteStoppedTyping(state, data.chatId, data.userId);
    case 'hello':
    case 'sessionEnded':
      return state;
  }
}

/** A rename on another device of mine. */
function withOwnName(state: State): State {
  const { me } = state.session;
  const shown = me ? state.users[me._id] : undefined;
  if (!me || !shown || shown.name === me.name) return state;
  return { ...state, session: { ...state.session, me: { ...me, name: shown.name } } };
}

/** Takes an event in. A message of a chat that is not known, or after a gap, makes the missing be fetched. */
export function takeEvent(event: ServerEvent): void {
  if (event.event === 'newMessage') fillIn(event.data);
  change((state) => applied(state, event));
}

/** Whether the event tells something that a person may want to hear: somebody else's new message. */
export function isNews(event: ServerEvent): boolean {
  return event.event === 'newMessage' && event.data.sender !== read().session.me?._id;
}
