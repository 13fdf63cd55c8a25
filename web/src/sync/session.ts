import type { ChatId, ClientId, OwnUser } from '../api/types';
import { newClientId } from '../outbox/client_id';
import { type Attempt, Outbox, type Sent } from '../outbox/outbox';
import type { ServerEvent } from '../realtime/protocol';
import { Socket } from '../realtime/socket';
import { change, read } from '../store';
import { keepLocal } from '../store/local_images';
import {
  notePending,
  putOutbox,
  putPending,
  removePending,
  takeMessage,
  trimTimeline,
} from '../store/messages';
import { databaseOf, keepSaving, restore } from '../store/persist';
import type { Pending, PendingImage } from '../store/state';
import { takeEvent } from './events';
import { loadNewest } from './history';
import { Presence } from './presence';
import { resume } from './resume';
import { sendText } from './send_text';
import { exclusively, hearTabs, tellTabs } from './tabs';
import { Watermarks } from './watermarks';

const probeEveryMs = 30_000;

/** An image to send, with the address at which this page shows it already. */
export interface NewPhoto {
  blob: Blob;
  address: string;
  image: PendingImage;
}

export interface SessionOptions {
  onEnded: () => void;
  onEvent: (event: ServerEvent) => void;
}

function socketUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/ws`;
}

/** Everything that runs while somebody is logged in: the connection, the outbox, and what both do to the store. */
export class Session {
  readonly userId: string;
  #options: SessionOptions;
  #socket: Socket;
  #outbox: Outbox;
  #presence: Presence;
  #watermarks: Watermarks;
  #ends: (() => void)[] = [];

  /** Fills the store with what this device has kept, and connects. */
  static async begin(me: OwnUser, options: SessionOptions): Promise<Session> {
    await restore(me._id);
    const session = new Session(me, options);
    session.#start();
    return session;
  }

  private constructor(me: OwnUser, options: SessionOptions) {
    this.userId = me._id;
    this.#options = options;
    this.#socket = new Socket({
      url: socketUrl(),
      onEvent: (event) => this.#take(event),
      onChange: (connection) => {
        const isOpen = connection.phase === 'open';
        change((state) => ({ ...state, connection, online: isOpen ? state.online : null }));
        if (connection.phase === 'ended') options.onEnded();
      },
    });
    this.#outbox = this.#makeOutbox();
    this.#presence = new Presence(this.#socket);
    this.#watermarks = new Watermarks(this.#socket);
  }

  #makeOutbox(): Outbox {
    const { userId } = this;
    return new Outbox({
      database: databaseOf(userId),
      journal: `ping-${userId}-`,
      send: (item, attempt) => this.#send(item, attempt),
      onStored: (message) => change((state) => takeMessage(state, message)),
      onChange: (items) => change((state) => putOutbox(state, items)),
      onState: (item) => change((state) => notePending(state, item)),
      exclusively: (chatId, work) => exclusively(`ping-outbox-${userId}-${chatId}`, work),
    });
  }

  #start(): void {
    this.#ends.push(
      keepSaving(this.userId),
      () => this.#presence.close(),
      () => this.#watermarks.close(),
    );
    this.#listen(window, 'online', () => this.#socket.connect());
    this.#listen(window, 'offline', () => this.#socket.goOffline());
    this.#listen(document, 'visibilitychange', () => this.#wake());
    this.#listen(window, 'focus', () => this.#wake());
    const probing = setInterval(() => void this.#socket.probe(this.#presence.isVisible), probeEveryMs);
    this.#ends.push(() => clearInterval(probing));
    this.#ends.push(
      hearTabs((news) => {
        if (news.kind === 'outbox' && news.userId === this.userId) void this.#outbox.load();
        if (news.kind === 'draft' && news.userId === this.userId) this.#setDraft(news.chatId, news.text);
      }),
    );
    void this.#outbox.begin();
    this.#socket.connect();
  }

  /** Ends the connection and all timers. What waits in the outbox stays there. */
  close(): void {
    this.#outbox.close();
    this.#socket.close();
    for (const end of this.#ends) end();
  }

  retryNow(): void {
    this.#socket.connect();
  }

  /** Somebody looks at this chat now, or at none. */
  openChat(id: ChatId | null): void {
    const before = read().openChat;
    if (before === id) return;
    change((state) => ({ ...(before ? trimTimeline(state, before) : state), openChat: id }));
    this.#presence.open(id);
    if (id) void loadNewest(id);
  }

  /** The bubble is there at once; the message goes out when it can. */
  send(chatId: ChatId, text: string, photo?: NewPhoto): void {
    const clientId = newClientId();
    const createdAt = Date.now();
    const item: Pending = { clientId, chatId, text, createdAt, state: 'queued', reason: null };
    if (photo) {
      item.image = photo.image;
      keepLocal(clientId, photo.address);
    }
    change((state) => putPending(state, item));
    this.#presence.stopTyping();
    void this.#outbox.add(item, photo?.blob).then(() => this.#tellOutbox());
  }

  /** The bytes of an image that waits, to show or to change it. */
  pendingImage(clientId: ClientId): Promise<Blob | undefined> {
    return this.#outbox.image(clientId);
  }

  retry(clientId: ClientId): void {
    void this.#outbox.retry(clientId).then(() => this.#tellOutbox());
  }

  discard(item: Pending): void {
    change((state) => removePending(state, item.chatId, item.clientId));
    void this.#outbox.remove(item.clientId).then(() => this.#tellOutbox());
  }

  draft(chatId: ChatId, text: string): void {
    this.#setDraft(chatId, text);
    tellTabs({ kind: 'draft', userId: this.userId, chatId, text });
  }

  typing(): void {
    this.#presence.typing();
  }

  stopTyping(): void {
    this.#presence.stopTyping();
  }

  setReading(isReading: boolean): void {
    this.#presence.setReading(isReading);
  }

  saw(chat: ChatId, seq: number): void {
    this.#watermarks.saw(chat, seq);
  }

  #setDraft(chatId: ChatId, text: string): void {
    change((state) => ({ ...state, drafts: { ...state.drafts, [chatId]: text } }));
  }

  #tellOutbox(): void {
    tellTabs({ kind: 'outbox', userId: this.userId });
  }

  #listen(target: EventTarget, name: string, listener: () => void): void {
    target.addEventListener(name, listener);
    this.#ends.push(() => target.removeEventListener(name, listener));
  }

  #wake(): void {
    if (document.visibilityState !== 'visible') return;
    const { phase } = read().connection;
    if (phase === 'waiting' || phase === 'offline') this.#socket.connect();
    void this.#socket.probe(this.#presence.isVisible);
  }

  #take(event: ServerEvent): void {
    // The browser's cookie is another person's by now: what waits here must not go out as theirs.
    const isOthers = event.event === 'hello' && event.data.userId !== this.userId;
    if (isOthers || event.event === 'sessionEnded') {
      this.#options.onEnded();
      return;
    }
    if (event.event === 'hello') {
      this.#presence.renew();
      void resume(this.#socket).then(() => this.#watermarks.renew());
      void this.#outbox.flush();
      return;
    }
    takeEvent(event);
    if (event.event === 'newMessage' && event.data.sender !== this.userId) {
      this.#watermarks.got(event.data.chatId, event.data.seq);
    }
    this.#options.onEvent(event);
  }

  async #send(item: Pending, { image, signal }: Attempt): Promise<Sent> {
    if (!image) return sendText(this.#socket, item);
    // The page of a machine without a network need not try.
    if (!this.#socket.isOpen) return { kind: 'later' };
    // Loaded when the first image is sent; without it (the server was just updated) the message waits for a reload.
    const loaded = await import('./send_image').catch(() => null);
    if (!loaded) return { kind: 'later' };
    return loaded.sendImage(item, image, signal, (progress) => {
      change((state) => notePending(state, { ...item, state: 'sending', progress }));
    });
  }
}
