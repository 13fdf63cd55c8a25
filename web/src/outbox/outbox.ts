import type { UseStore } from 'idb-keyval';
import type { ChatId, ClientId, Message } from '../api/types';
import type { Pending } from '../store/state';
import { Journal } from './journal';
import { KeptOutbox } from './kept';

/** What became of one try to send. */
export type Sent =
  | { kind: 'stored'; message: Message }
  /**
   * Nobody knows, or not now: it is tried again with the same id, which stores nothing twice. `afterMs`: not before, by
   * what the server says.
   */
  | { kind: 'later'; afterMs?: number }
  | { kind: 'refused'; reason: string };

export interface Attempt {
  /** Of a message that has one. */
  image: Blob | undefined;
  /** Aborted when the message is taken back. */
  signal: AbortSignal;
}

export interface OutboxOptions {
  database: UseStore;
  /** Begins the keys in localStorage of what is not in the database yet. */
  journal: string;
  /** One try. Called for one message of a chat at a time, in order. */
  send: (item: Pending, attempt: Attempt) => Promise<Sent>;
  onStored: (message: Message) => void;
  /** The list changed: as it is kept now, oldest first. */
  onChange: (items: Pending[]) => void;
  /** One message changed its state in this tab only. */
  onState: (item: Pending) => void;
  /** Runs `work` while no other tab runs its own for that chat. */
  exclusively: (chatId: ChatId, work: () => Promise<void>) => Promise<void>;
  retryAfterMs?: number;
}

const retryAfterMs = 3_000;
const longestRetryMs = 60_000;

/**
 * Messages on their way, in IndexedDB: they survive a reload, a crash and days without a network, and go out in order,
 * each chat by itself. Only the server's acknowledgement, or the person, takes one out.
 */
export class Outbox {
  #options: OutboxOptions;
  #kept: KeptOutbox;
  #journal: Journal;
  #flushing = new Set<ChatId>();
  #again = new Set<ChatId>();
  #attempts = new Map<ClientId, AbortController>();
  #isClosed = false;
  #misses = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#kept = new KeptOutbox(options.database);
    this.#journal = new Journal(options.journal);
  }

  /** At start: takes in what a page before did not come to keep, and reads the rest. */
  async begin(): Promise<void> {
    for (const item of this.#journal.left()) await this.add(item);
    await this.load();
  }

  /** Reads what is kept, when another tab changed it. */
  async load(): Promise<void> {
    await this.#kept.read();
    this.#changed();
  }

  /** Resolves when the message, and its image, are kept; sending begins by itself. */
  async add(item: Pending, image?: Blob): Promise<void> {
    if (!item.image) this.#journal.note(item);
    const added = image && { clientId: item.clientId, blob: image };
    await this.#kept.change(
      (items) => [...items.filter((one) => one.clientId !== item.clientId), item],
      added,
    );
    this.#journal.forget(item.clientId);
    this.#changed();
    void this.flush();
  }

  /** Takes a message back, also one that is just being sent. */
  async remove(clientId: ClientId): Promise<void> {
    await this.#change((items) => items.filter((one) => one.clientId !== clientId));
  }

  /** Tries a refused message again. */
  async retry(clientId: ClientId): Promise<void> {
    await this.#setState(clientId, 'queued', null);
    void this.flush();
  }

  image(clientId: ClientId): Promise<Blob | undefined> {
    return this.#kept.image(clientId);
  }

  /** Sends what waits. Safe to call at any time, from any tab. */
  async flush(): Promise<void> {
    clearTimeout(this.#retry);
    await this.load();
    const waiting = this.#kept.items.filter((one) => one.state !== 'failed');
    const chats = new Set(waiting.map((one) => one.chatId));
    await Promise.all([...chats].map((chatId) => this.#flushChat(chatId)));
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    for (const attempt of this.#attempts.values()) attempt.abort();
  }

  async #flushChat(chatId: ChatId): Promise<void> {
    this.#again.add(chatId);
    if (this.#flushing.has(chatId)) return;
    this.#flushing.add(chatId);
    try {
      while (this.#again.delete(chatId) && !this.#isClosed) {
        await this.#options.exclusively(chatId, async () => {
          await this.load();
          await this.#sendChat(chatId);
        });
      }
    } finally {
      this.#flushing.delete(chatId);
    }
  }

  async #sendChat(chatId: ChatId): Promise<void> {
    for (;;) {
      const item = this.#kept.items.find((one) => one.chatId === chatId && one.state !== 'failed');
      if (!item || this.#isClosed) return;
      const sent = await this.#try(item);
      if (!this.#has(item.clientId)) continue; // taken back meanwhile
      if (sent.kind === 'later') {
        this.#options.onState({ ...item, state: 'queued' });
        this.#retryLater(sent.afterMs);
        return;
      }
      await this.#settle(item, sent);
    }
  }

  async #try(item: Pending): Promise<Sent> {
    const attempt = new AbortController();
    this.#attempts.set(item.clientId, attempt);
    this.#options.onState({ ...item, state: 'sending' });
    const image = item.image ? await this.#kept.image(item.clientId) : undefined;
    // The browser may have made room without asking.
    const isLost = item.image !== undefined && image === undefined;
    const sent: Sent = isLost
      ? { kind: 'refused', reason: '' }
      : await this.#options.send(item, { image, signal: attempt.signal });
    this.#attempts.delete(item.clientId);
    return sent;
  }

  async #settle(item: Pending, sent: Exclude<Sent, { kind: 'later' }>): Promise<void> {
    this.#misses = 0;
    if (sent.kind === 'stored') {
      this.#options.onStored(sent.message);
      await this.remove(item.clientId);
    } else {
      await this.#setState(item.clientId, 'failed', sent.reason);
    }
  }

  #has(clientId: ClientId): boolean {
    return this.#kept.items.some((one) => one.clientId === clientId);
  }

  /**
   * Each pause without a success doubles the next: an upload that fails at its end is not made all the time. What is tried
   * within a pause, for another chat or as somebody writes on, makes it no longer.
   */
  #retryLater(afterMs = 0): void {
    clearTimeout(this.#retry);
    if (this.#isClosed) return;
    const pause = (this.#options.retryAfterMs ?? retryAfterMs) * 2 ** Math.min(this.#misses, 10);
    this.#retry = setTimeout(
      () => {
        this.#misses++;
        void this.flush();
      },
      Math.min(Math.max(pause, afterMs), longestRetryMs),
    );
  }

  #setState(clientId: ClientId, state: Pending['state'], reason: string | null): Promise<void> {
    return this.#change((items) =>
      items.map((one) => (one.clientId === clientId ? { ...one, state, reason } : one)),
    );
  }

  async #change(by: (items: Pending[]) => Pending[]): Promise<void> {
    await this.#kept.change(by);
    this.#changed();
  }

  #changed(): void {
    if (this.#isClosed) return; // the store may be another person's by now
    for (const [clientId, attempt] of this.#attempts) if (!this.#has(clientId)) attempt.abort();
    this.#options.onChange([...this.#kept.items]);
  }
}
