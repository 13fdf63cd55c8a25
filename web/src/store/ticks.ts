import type { Chat, Message } from '../api/types';

export type Tick = 'waiting' | 'sent' | 'delivered' | 'seen' | 'failed';

/** How far one of my messages got. Computed from the other one's watermarks, never stored. */
export function tickOf(message: Pick<Message, 'seq'>, chat: Chat | undefined): Tick {
  if (!chat) return 'sent';
  if (message.seq <= chat.peer.readSeq) return 'seen';
  if (message.seq <= chat.peer.deliveredSeq) return 'delivered';
  return 'sent';
}
