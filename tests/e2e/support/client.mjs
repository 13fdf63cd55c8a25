// A person with a token: REST calls, and the native WebSocket of API.md §5.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import WebSocket from 'ws';

import { checkAnswer, checkFrame } from './described.mjs';
import { patienceMs } from './wait.mjs';

/** One request. Gives {status, headers, body}; the body is parsed where it is JSON. */
export async function call(server, method, path, { token, json, body, headers = {} } = {}) {
    const answer = await fetch(server.url + path, {
        method,
        headers: {
            ...(token ? { authorization: `Bearer ${token}` } : {}),
            ...(json === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
        },
        body: json === undefined ? body : JSON.stringify(json),
    });
    const text = await answer.text();
    const isJson = /^application\/(problem\+)?json/.test(answer.headers.get('content-type') ?? '');
    const result = { status: answer.status, headers: answer.headers, body: isJson ? JSON.parse(text) : text };
    checkAnswer({ method, path, ...result });
    return result;
}

export class Person {
    constructor(server, user, token) {
        this.server = server;
        this.user = user;
        this.token = token;
    }

    get id() {
        return this.user._id;
    }

    /** Logs in with a code that `codeFor(address)` reads from wherever mail arrives. */
    static async login(server, email, codeFor) {
        const asked = await call(server, 'POST', '/api/v1/login', { json: { email } });
        assert.equal(asked.status, 200, JSON.stringify(asked.body));
        assert.equal(asked.body.message, 'OTP has been sent to your email');
        const otp = await codeFor(email);
        const { flowId } = asked.body;
        const verified = await call(server, 'POST', '/api/v1/verify', { json: { email, otp, flowId } });
        assert.equal(verified.status, 200, JSON.stringify(verified.body));
        assert.equal(verified.body.message, 'User Verified');
        return new Person(server, verified.body.user, verified.body.token);
    }

    get(path) {
        return call(this.server, 'GET', `/api/v1${path}`, { token: this.token });
    }

    post(path, json) {
        return call(this.server, 'POST', `/api/v1${path}`, { token: this.token, json });
    }

    newChat(other) {
        return this.post('/chat/new', { otherUserId: other.id });
    }

    send(chatId, text, clientId) {
        return this.post('/message', { chatId, text, ...(clientId ? { clientId } : {}) });
    }

    /** `image`: its bytes; `type` and `name` are what a browser would say of the file. */
    sendImage(chatId, image, { clientId, text, type = 'image/png', name = 'image.png' } = {}) {
        const form = new FormData();
        for (const [field, value] of Object.entries({ chatId, text, clientId })) {
            if (value !== undefined) {
                form.append(field, value);
            }
        }
        form.append('image', new Blob([image], { type }), name);
        return call(this.server, 'POST', '/api/v1/message', { token: this.token, body: form });
    }

    /** All messages of a chat, by pages of 200, without marking them seen. */
    async history(chatId) {
        const messages = [];
        for (let hasMore = true; hasMore; ) {
            const after = messages.at(-1)?.seq ?? 0;
            const page = await this.get(`/message/${chatId}?after=${after}&limit=200&markSeen=false`);
            assert.equal(page.status, 200, JSON.stringify(page.body));
            messages.push(...page.body.messages);
            hasMore = page.body.hasMore;
        }
        return messages;
    }

    /** A WebSocket of this person, ready for use: the first frame authenticates, `hello` has come. */
    async connect() {
        const socket = new NativeSocket(this.server);
        await socket.opened;
        socket.emit('auth', { token: this.token });
        const hello = await socket.next('hello');
        assert.equal(hello.userId, this.id);
        return socket;
    }
}

/** The native protocol: text frames {event, data, ack?}. Events wait in order until somebody takes them. */
export class NativeSocket {
    #socket;
    #waiting = []; // {event, resolve}: who wants the next one
    #arrived = []; // {event, data}: what nobody has taken yet
    #acks = new Map();
    #nextAck = 1;
    #onEvent;

    /** `onEvent` hears every event frame before anybody else does; the other options are the WebSocket's. */
    constructor(server, { onEvent = () => {}, ...options } = {}) {
        this.#onEvent = onEvent;
        this.all = []; // every event that ever came, for counting
        this.#socket = new WebSocket(`${server.url.replace('http', 'ws')}/api/v1/ws`, options);
        this.opened = once(this.#socket, 'open'); // rejects when the handshake fails
        this.#socket.on('error', () => {}); // a broken connection shows as `closed`
        this.closed = new Promise((resolve) =>
            this.#socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
        );
        this.closed.then(({ code }) => this.#failAll(new Error(`the socket was closed (${code})`)));
        this.#socket.on('message', (data, isBinary) => {
            assert.equal(isBinary, false, 'frames are text');
            this.#take(JSON.parse(data.toString()));
        });
    }

    #take(frame) {
        if (frame.ack !== undefined && frame.event === undefined) {
            const pending = this.#acks.get(frame.ack);
            assert.ok(pending, `an answer nobody asked for: ${JSON.stringify(frame)}`);
            this.#acks.delete(frame.ack);
            checkFrame(frame, pending.event);
            pending.resolve(frame);
            return;
        }
        checkFrame(frame);
        this.all.push(frame);
        this.#onEvent(frame);
        const index = this.#waiting.findIndex((one) => one.event === frame.event);
        if (index < 0) {
            this.#arrived.push(frame);
        } else {
            this.#waiting.splice(index, 1)[0].resolve(frame.data);
        }
    }

    #failAll(error) {
        for (const pending of [...this.#waiting, ...this.#acks.values()]) {
            pending.reject(error);
        }
        this.#waiting = [];
        this.#acks.clear();
    }

    emit(event, data) {
        this.#socket.send(JSON.stringify({ event, data }));
    }

    /** Sends an event and gives the whole answer: {ack, data} or {ack, error}. */
    async ask(event, data) {
        const ack = this.#nextAck++;
        const answer = bounded(`the answer to ${event}`, (pending) => this.#acks.set(ack, { event, ...pending }));
        this.#socket.send(JSON.stringify({ event, data, ack }));
        return answer;
    }

    /** The data of the next event of that name that nobody has taken, now or soon. */
    async next(event) {
        const index = this.#arrived.findIndex((frame) => frame.event === event);
        if (index >= 0) {
            return this.#arrived.splice(index, 1)[0].data;
        }
        return bounded(`the event ${event}`, (pending) => this.#waiting.push({ event, ...pending }));
    }

    /** How often an event has come whose data `matches`. */
    count(event, matches = () => true) {
        return this.all.filter((frame) => frame.event === event && matches(frame.data)).length;
    }

    get isOpen() {
        return this.#socket.readyState === WebSocket.OPEN;
    }

    /** Ends the connection as a lost network would: without a word. */
    cut() {
        this.#socket.terminate();
    }

    async close() {
        this.#socket.close(1000);
        return this.closed;
    }
}

/** A promise that `register` may settle, and that fails after a while. */
function bounded(what, register) {
    return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`waited ${patienceMs} ms for ${what}`)), patienceMs);
        const settle = (then) => (value) => {
            clearTimeout(late);
            then(value);
        };
        register({ resolve: settle(resolve), reject: settle(reject) });
    });
}
