import type { ChatId } from '../api/types';
import { isFields, isMessage } from '../realtime/protocol';
import type { Socket } from '../realtime/socket';
import { change, read } from '../store';
import { inOrder, noteMessage, notePeer, noteRead } from '../store/chats';
import { changeTimeline, putMessages, timelineOf } from '../store/messages';
import type { State } from '../store/state';
import { catchUp, loadChats } from './history';

const mostChats = 200;

/** The newest seq that is known of each of the newest chats: of the loaded messages where there are some. */
function known(state: State): Record<ChatId, number> {
  const newest = inOrder(state.chats).slice(0, mostChats);
  return Object.fromEntries(
    newest.map((chat) => [chat._id, timelineOf(state, chat._id).items.at(-1)?.seq ?? chat.lastSeq]),
  );
}

function takeChat(state: State, id: ChatId, part: unknown): State {
  if (!isFields(part) || part.resync === true) return state;
  const messages = Array.isArray(part.messages) ? part.messages.filter(isMessage) : [];
  const loaded = timelineOf(state, id).items.length > 0;
  let next = messages.reduce(noteMessage, state);
  if (loaded) next = putMessages(next, id, messages);
  const { peer, readSeq } = part;
  if (isFields(peer)) {
    next = notePeer(next, id, {
      readSeq: Number(peer.readSeq) || 0,
      deliveredSeq: Number(peer.deliveredSeq) || 0,
    });
  }
  const chat = next.chats[id];
  if (chat && typeof readSeq === 'number' && readSeq >= chat.lastSeq) next = noteRead(next, id, readSeq, 0);
  return next;
}

/** Forgets the messages of a chat of which too much was missed; they are loaded again when it is opened. */
function drop(state: State, id: ChatId): State {
  return id === state.openChat
    ? state
    : changeTimeline(state, id, { items: [], status: 'none', hasOlder: true });
}

/** After every hello: asks for what was missed. The list of chats is fetched as well, it has the unread counts. */
export async function resume(socket: Socket): Promise<void> {
  const before = read();
  const chats = known(before);
  const answer = Object.keys(chats).length > 0 ? await socket.ask('resume', { chats }) : null;
  const parts = answer?.ok && isFields(answer.data) && isFields(answer.data.chats) ? answer.data.chats : {};
  change((state) => {
    let next = state;
    for (const [id, part] of Object.entries(parts)) {
      next = isFields(part) && part.resync === true ? drop(next, id) : takeChat(next, id, part);
    }
    return next;
  });
  await loadChats();
  const { openChat } = read();
  if (openChat && timelineOf(read(), openChat).status === 'ready') await catchUp(openChat);
}
