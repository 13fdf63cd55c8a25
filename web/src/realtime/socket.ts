import { backoffMs } from './backoff';
import { type Ack, type ClientEvents, parseFrame, type ServerEvent } from './protocol';

/** `open`: the server said hello. `waiting`: until the next try. `ended`: for good, somebody has to log in. */
export type Phase = 'idle' | 'connecting' | 'open' | 'waiting' | 'offline' | 'ended';

export interface Connection {
  phase: Phase;
  /** When the next try begins, in `waiting`. */
  retryAt: number | null;
  /** The server went away on purpose (close code 1001 or 1012): it is being restarted. */
  isRestart: boolean;
}

export interface SocketOptions {
  url: string;
  onEvent: (event: ServerEvent) => void;
  onChange: (connection: Connection) => void;
  open?: (url: string) => WebSocket;
  random?: () => number;
}

const helloWithinMs = 10_000;
const ackWithinMs = 10_000;
const probeAfterMs = 25_000;
const closeCodes = { goingAway: 1001, restart: 1012, notAuthenticated: 4401 };

/** One connection that renews itself. Knows nothing of chats. */
export class Socket {
  #options: SocketOptions;
  #socket: WebSocket | null = null;
  #connection: Connection = { phase: 'idle', retryAt: null, isRestart: false };
  #attempt = 0;
  #nextAck = 1;
  #acks = new Map<number, (ack: Ack | null) => void>();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;
  #lastHeard = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#connection.phase === 'open';
  }

  /** Connects, or connects again at once. */
  connect = (): void => {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    if (!navigator.onLine) {
      this.#become('offline');
      return;
    }
    this.#become('connecting');
    const socket = (this.#options.open ?? ((url) => new WebSocket(url)))(this.#options.url);
    this.#socket = socket;
    socket.onmessage = (message) => this.#receive(socket, String(message.data));
    socket.onclose = (event) => this.#lost(socket, event.code);
    this.#deadline = setTimeout(() => this.#drop(socket), helloWithinMs);
  };

  /** Says goodbye (1000): the server shows this person offline at once if it was the last connection. */
  close(): void {
    clearTimeout(this.#retry);
    const socket = this.#socket;
    this.#socket = null;
    clearTimeout(this.#deadline);
    this.#failAcks();
    socket?.close(1000);
    this.#become('idle');
  }

  /** The machine has lost its network: whoever waits for an answer learns it now. */
  goOffline(): void {
    if (this.#socket) this.#drop(this.#socket);
    clearTimeout(this.#retry);
    this.#become('offline');
  }

  emit<Name extends keyof ClientEvents>(event: Name, data: ClientEvents[Name]): void {
    if (this.isOpen) this.#socket?.send(JSON.stringify({ event, data }));
  }

  /** Asks and waits for the answer; null when none came: then nobody knows whether it was done. */
  ask<Name extends keyof ClientEvents>(event: Name, data: ClientEvents[Name]): Promise<Ack | null> {
    const socket = this.#socket;
    if (!this.isOpen || !socket) return Promise.resolve(null);
    const ack = this.#nextAck++;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle(ack, null), ackWithinMs);
      this.#acks.set(ack, (answer) => {
        clearTimeout(timer);
        resolve(answer);
      });
      socket.send(JSON.stringify({ event, data, ack }));
    });
  }

  /** A page that slept, or a network that went away silently: finds out whether anybody is still there. */
  async probe(visible: boolean): Promise<void> {
    const socket = this.#socket;
    if (!this.isOpen || !socket || Date.now() - this.#lastHeard < probeAfterMs) return;
    const answer = await this.ask('visibility', { visible });
    if (answer === null && this.#socket === socket) this.#drop(socket);
  }

  #settle(ack: number, answer: Ack | null): void {
    const resolve = this.#acks.get(ack);
    this.#acks.delete(ack);
    resolve?.(answer);
  }

  #failAcks(): void {
    for (const ack of [...this.#acks.keys()]) this.#settle(ack, null);
  }

  #receive(socket: WebSocket, text: string): void {
    if (socket !== this.#socket) return;
    this.#lastHeard = Date.now();
    const frame = parseFrame(text);
    if (frame?.kind === 'ack') this.#settle(frame.id, frame.ack);
    if (frame?.kind !== 'event') return;
    if (frame.event.event === 'hello') {
      clearTimeout(this.#deadline);
      this.#attempt = 0;
      this.#become('open');
    }
    this.#options.onEvent(frame.event);
  }

  /** Gives a connection up without waiting for its end, which may take minutes on a dead network. */
  #drop(socket: WebSocket): void {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#lost(socket, 1006);
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    this.#socket = null;
    clearTimeout(this.#deadline);
    this.#failAcks();
    if (code === closeCodes.notAuthenticated) {
      this.#become('ended');
      return;
    }
    const wait = backoffMs(this.#attempt++, this.#options.random);
    this.#retry = setTimeout(this.connect, wait);
    const isRestart = code === closeCodes.goingAway || code === closeCodes.restart;
    this.#become(navigator.onLine ? 'waiting' : 'offline', Date.now() + wait, isRestart || undefined);
  }

  #become(phase: Phase, retryAt: number | null = null, isRestart?: boolean): void {
    const stillRestart = phase !== 'open' && phase !== 'idle' && this.#connection.isRestart;
    this.#connection = { phase, retryAt, isRestart: isRestart ?? stillRestart };
    this.#options.onChange(this.#connection);
  }
}
