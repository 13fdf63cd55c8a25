import { api, outcome } from '../api/client';
import type { Outcome } from '../api/problem';
import type { ChatId, UserId } from '../api/types';

/** The conversation with somebody: the one there is, else a new one. */
export async function startChat(otherUserId: UserId): Promise<Outcome<ChatId>> {
  const answer = await outcome(api.POST('/api/v1/chat/new', { body: { otherUserId } }));
  return answer.ok ? { ok: true, value: answer.value.chatId } : answer;
}
