// A device as a client would keep it: what it has of one chat, and how it comes back after a cut (API.md §5).
import assert from 'node:assert/strict';

import { NativeSocket } from './client.mjs';

export class Device {
    messages = new Map(); // seq -> Message
    socket = null;
    #seenHere = new Set(); // seqs that came as newMessage on the connection of now

    constructor(name, person, chatId) {
        this.name = name;
        this.person = person;
        this.chatId = chatId;
    }

    /** The newest message up to which nothing is missing. */
    get lastSeq() {
        let seq = 0;
        while (this.messages.has(seq + 1)) {
            ++seq;
        }
        return seq;
    }

    /** Connects and fetches what was missed. Gives the seqs that `resume` brought. */
    async connect() {
        this.#seenHere = new Set();
        this.socket = new NativeSocket(this.person.server, { onEvent: (frame) => this.#hear(frame) });
        await this.socket.opened;
        this.socket.emit('auth', { token: this.person.token });
        await this.socket.next('hello');
        return this.#resume();
    }

    async #resume() {
        const answer = await this.socket.ask('resume', { chats: { [this.chatId]: this.lastSeq } });
        assert.ok(answer.data, JSON.stringify(answer.error));
        const chat = answer.data.chats[this.chatId];
        assert.ok(chat, `${this.name}: the answer names the chat`);
        if (chat.resync) {
            this.#keep(await this.person.history(this.chatId));
            return [];
        }
        this.#keep(chat.messages);
        return chat.messages.map(({ seq }) => seq);
    }

    #hear({ event, data }) {
        if (event !== 'newMessage' || data.chatId !== this.chatId) {
            return;
        }
        assert.ok(!this.#seenHere.has(data.seq), `${this.name}: message ${data.seq} came twice on one connection`);
        this.#seenHere.add(data.seq);
        this.#keep([data]);
    }

    #keep(messages) {
        for (const message of messages) {
            const known = this.messages.get(message.seq);
            assert.equal(known?._id ?? message._id, message._id, `${this.name}: seq ${message.seq} is one message`);
            this.messages.set(message.seq, message);
        }
    }

    /** The ids in the order of the chat. Fails when one in between is missing. */
    history() {
        assert.equal(this.lastSeq, this.messages.size, `${this.name}: nothing is missing in between`);
        return Array.from({ length: this.lastSeq }, (_, index) => this.messages.get(index + 1)._id);
    }
}
