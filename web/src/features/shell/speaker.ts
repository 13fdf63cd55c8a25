import type { Message } from '../../api/types';
import { t } from '../../i18n/t';
import { read } from '../../store';
import { announce } from '../../ui/announcer';

const openChatEveryMs = 1_000;
const otherChatEveryMs = 30_000;

/** Speaks of news: the open chat's messages at most once a second, another chat's at most twice a minute. */
export class Speaker {
  #lastOther = new Map<string, number>();
  /** Of the open chat, since something of it was spoken last. */
  #missed: string[] = [];
  #pause: ReturnType<typeof setTimeout> | undefined;

  close(): void {
    clearTimeout(this.#pause);
  }

  speak({ chatId, sender, text }: Message): void {
    const state = read();
    const name = state.users[sender]?.name ?? '';
    if (chatId === state.openChat) {
      this.#missed.push(t('announce.message', { name, text: text || t('message.image') }));
      if (this.#pause === undefined) this.#speakOfMissed();
      return;
    }
    const now = Date.now();
    if (now - (this.#lastOther.get(chatId) ?? 0) < otherChatEveryMs) return;
    this.#lastOther.set(chatId, now);
    announce(t('announce.other', { name }));
  }

  /** Looks again at the end of the second, so that the last ones are not left out. */
  #speakOfMissed(): void {
    this.#pause = undefined;
    const [first, ...others] = this.#missed;
    if (first === undefined) return;
    announce(others.length > 0 ? t('announce.many', { count: this.#missed.length }) : first);
    this.#missed = [];
    this.#pause = setTimeout(() => this.#speakOfMissed(), openChatEveryMs);
  }
}
