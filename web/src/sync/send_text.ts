import type { Sent } from '../outbox/outbox';
import { isFields, isMessage } from '../realtime/protocol';
import type { Socket } from '../realtime/socket';
import type { Pending } from '../store/state';
import { isTemporary } from './temporary';

/** What an answer that is a success says. */
export function storedIn(answer: unknown): Sent {
  const message = isFields(answer) ? answer.message : undefined;
  return isMessage(message) ? { kind: 'stored', message } : { kind: 'later' };
}

/** One try to send a text, by the socket. */
export async function sendText(socket: Socket, { chatId, text, clientId }: Pending): Promise<Sent> {
  const answer = await socket.ask('sendMessage', { chatId, text, clientId });
  if (answer === null) return { kind: 'later' };
  if (answer.ok) return storedIn(answer.data);
  const { code, message } = answer.error;
  return isTemporary(code) ? { kind: 'later' } : { kind: 'refused', reason: message };
}
