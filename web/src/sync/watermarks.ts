import type { ChatId } from '../api/types';
import type { Socket } from '../realtime/socket';
import { change, read } from '../store';
import { noteRead, noteSeen } from '../store/chats';
import { isTemporary } from './temporary';

const seenAfterMs = 300;
const seenAgainMs = 3_000;
const deliveredAfterMs = 1_000;

/** Reports how far this person has seen, and this device has got, each chat. Gathers, so that a burst is one report. */
export class Watermarks {
  #socket: Socket;
  #seen = new Map<ChatId, number>();
  #delivered = new Map<ChatId, number>();
  #seenTimer: ReturnType<typeof setTimeout> | undefined;
  #deliveredTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  close(): void {
    clearTimeout(this.#seenTimer);
    clearTimeout(this.#deliveredTimer);
  }

  /** Was on the screen of a focused window. */
  saw(chat: ChatId, seq: number): void {
    if (seq <= (read().chats[chat]?.readSeq ?? 0)) return;
    this.#seen.set(chat, Math.max(seq, this.#seen.get(chat) ?? 0));
    this.#tellSeenIn(seenAfterMs);
  }

  got(chat: ChatId, seq: number): void {
    this.#delivered.set(chat, Math.max(seq, this.#delivered.get(chat) ?? 0));
    this.#deliveredTimer ??= setTimeout(() => {
      this.#deliveredTimer = undefined;
      for (const [chatId, upTo] of this.#delivered) this.#socket.emit('delivered', { chatId, seq: upTo });
      this.#delivered.clear();
    }, deliveredAfterMs);
  }

  /** After every hello: what could not be said is said now. */
  renew(): void {
    void this.#tellSeen();
    for (const chat of Object.values(read().chats)) {
      const hasNews = chat.unseenCount > 0 && chat.latestMessage?.sender !== read().session.me?._id;
      if (hasNews) this.got(chat._id, chat.lastSeq);
    }
  }

  #tellSeenIn(ms: number): void {
    this.#seenTimer ??= setTimeout(() => {
      this.#seenTimer = undefined;
      void this.#tellSeen();
    }, ms);
  }

  async #tellSeen(): Promise<void> {
    for (const [chatId, seq] of [...this.#seen]) {
      change((state) => noteSeen(state, chatId, seq));
      const answer = await this.#socket.ask('seen', { chatId, seq });
      if (answer === null) continue; // kept for the next connection
      if (!answer.ok && isTemporary(answer.error.code)) {
        this.#tellSeenIn(seenAgainMs);
        continue;
      }
      if (this.#seen.get(chatId) === seq) this.#seen.delete(chatId);
      if (answer.ok) this.#take(chatId, answer.data);
    }
  }

  #take(chatId: ChatId, data: unknown): void {
    const { readSeq, unseenCount } = data as { readSeq?: unknown; unseenCount?: unknown };
    if (typeof readSeq === 'number' && typeof unseenCount === 'number') {
      change((state) => noteRead(state, chatId, readSeq, unseenCount));
    }
  }
}
