import type { ChatId } from '../api/types';
import type { Socket } from '../realtime/socket';
import { change } from '../store';
import { dropStaleTyping } from '../store/presence';

const typingEveryMs = 3_000;
const sweepEveryMs = 500;

/** Tells the server which chat is open, whether it is looked at, and that somebody types. */
export class Presence {
  #socket: Socket;
  #open: ChatId | null = null;
  #isReading = false;
  #toldVisible: boolean | null = null;
  #lastTyping = 0;
  #sweep: ReturnType<typeof setInterval>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#sweep = setInterval(() => change((state) => dropStaleTyping(state, Date.now())), sweepEveryMs);
    document.addEventListener('visibilitychange', this.tellVisible);
    window.addEventListener('focus', this.tellVisible);
    window.addEventListener('blur', this.tellVisible);
  }

  close(): void {
    clearInterval(this.#sweep);
    document.removeEventListener('visibilitychange', this.tellVisible);
    window.removeEventListener('focus', this.tellVisible);
    window.removeEventListener('blur', this.tellVisible);
  }

  /** After every hello: the server knows nothing of a new connection. */
  renew(): void {
    this.#toldVisible = null;
    // In this order: a chat that is joined while nobody looks must not count as seen.
    this.tellVisible();
    if (this.#open) this.#socket.emit('joinChat', this.#open);
  }

  open(chat: ChatId | null): void {
    if (chat === this.#open) return;
    if (this.#open) {
      this.stopTyping();
      this.#socket.emit('leaveChat', this.#open);
    }
    this.#open = chat;
    this.#isReading = false;
    this.tellVisible();
    if (chat) this.#socket.emit('joinChat', chat);
  }

  /** Whether the end of the open chat is on the screen: only then what comes is seen as it comes. */
  setReading(isReading: boolean): void {
    this.#isReading = isReading;
    this.tellVisible();
  }

  get isVisible(): boolean {
    return this.#isReading && document.visibilityState === 'visible' && document.hasFocus();
  }

  tellVisible = (): void => {
    const visible = this.isVisible;
    if (visible === this.#toldVisible || !this.#socket.isOpen) return;
    this.#toldVisible = visible;
    this.#socket.emit('visibility', { visible });
  };

  /** At each key press: tells it at most once in three seconds. */
  typing(): void {
    if (!this.#open || Date.now() - this.#lastTyping < typingEveryMs) return;
    this.#lastTyping = Date.now();
    this.#socket.emit('typing', { chatId: this.#open });
  }

  stopTyping(): void {
    if (this.#open && this.#lastTyping > 0) this.#socket.emit('stopTyping', { chatId: this.#open });
    this.#lastTyping = 0;
  }
}
