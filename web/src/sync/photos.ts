import type { ChatId } from '../api/types';
import { loadAt } from './history';

const atMostEveryMs = 5_000;
const lastTries = new Map<ChatId, number>();

/**
 * The signed addresses of images run out after a day or two, also those kept on this device. Fetches the message anew,
 * with those around it; where many images of a chat fail at once, one request serves them.
 */
export async function renewPhotos(chatId: ChatId, seq: number): Promise<void> {
  const now = Date.now();
  if (now - (lastTries.get(chatId) ?? 0) < atMostEveryMs) return;
  lastTries.set(chatId, now);
  await loadAt(chatId, seq);
}
