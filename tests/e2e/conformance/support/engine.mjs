// Speaks Engine.IO by hand: fetch for polling, a WebSocket whose events wait until a test asks for them.
import { setTimeout as sleep } from 'node:timers/promises';

import WebSocket from 'ws';

/** Polling and WebSockets at one path of the server. */
export class EnginePath {
    #server;
    #path;

    constructor(server, path) {
        this.#server = server;
        this.#path = path;
    }

    /** The address of a request with these query parameters. */
    address(query, base = this.#server.url) {
        return `${base}${this.#path}?${new URLSearchParams(query)}`;
    }

    /** Any request: status and text of the answer. */
    async request(query, options = {}) {
        const answer = await fetch(this.address(query), options);
        return { status: answer.status, text: await answer.text(), headers: answer.headers };
    }

    /** Opens a polling session: what the open packet says. */
    async open() {
        const { text } = await this.request({ EIO: 4, transport: 'polling' });
        return JSON.parse(text.slice(1));
    }

    poll(sid, options = {}) {
        return this.request({ EIO: 4, transport: 'polling', sid }, options);
    }

    push(sid, body) {
        return this.request({ EIO: 4, transport: 'polling', sid }, { method: 'POST', body });
    }

    socket(query, options = {}) {
        return new Wire(this.address(query, this.#server.wsUrl), options);
    }

    /** A WebSocket whose open packet has been read. */
    async openSocket() {
        const wire = this.socket({ EIO: 4, transport: 'websocket' });
        await wire.message();
        return wire;
    }

    /** A WebSocket on this session that has asked and been answered. */
    async probe(sid) {
        const wire = this.socket({ EIO: 4, transport: 'websocket', sid });
        await wire.opened;
        wire.send('2probe');
        return { wire, answer: await wire.message() };
    }
}

/** A WebSocket. Every wait ends after 5 s. */
export class Wire {
    #socket;
    #messages = [];
    #waiting = [];

    constructor(url, options) {
        this.#socket = new WebSocket(url, options);
        this.#socket.on('error', () => {}); // a close follows
        this.opened = new Promise((resolve) => this.#socket.once('open', resolve));
        this.closed = new Promise((resolve) =>
            this.#socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
        );
        this.#socket.on('message', (data, isBinary) => this.#take(isBinary ? data : data.toString()));
    }

    #take(message) {
        const next = this.#waiting.shift();
        if (next) {
            next(message);
        } else {
            this.#messages.push(message);
        }
    }

    /** The next message: a string, or a Buffer where it was binary. */
    async message() {
        if (this.#messages.length > 0) {
            return this.#messages.shift();
        }
        return within(new Promise((resolve) => this.#waiting.push(resolve)), 'a message');
    }

    /** Code and reason of the close. */
    async ending() {
        return within(this.closed, 'the close');
    }

    /** The close code. */
    async close() {
        return (await this.ending()).code;
    }

    send(data) {
        this.#socket.send(data);
    }

    /** Ends it from this side. */
    end() {
        this.#socket.close();
    }
}

/** The promise, or an error that names what did not come within 5 s. */
export async function within(promise, what) {
    const late = new AbortController();
    const guard = sleep(5000, undefined, { signal: late.signal }).then(
        () => Promise.reject(new Error(`${what} did not come within 5 s`)),
        () => {},
    );
    try {
        return await Promise.race([promise, guard]);
    } finally {
        late.abort();
    }
}
