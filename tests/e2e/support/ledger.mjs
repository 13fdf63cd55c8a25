// What a test knows of each message it sent: acknowledged, refused, or nobody knows. TRUST.md §3.2: what was
// acknowledged must be there, what was refused must not, what broke off may be there, once.
import assert from 'node:assert/strict';

export class Ledger {
    acknowledged = new Map(); // clientId -> Message
    refused = new Map(); // clientId -> {status, ...} or {error}
    unknown = new Map(); // clientId -> {person, text}

    /** POST /message. Gives the answer, or nothing when the connection broke. */
    async sendByRest(person, chatId, clientId, text = `message ${clientId}`) {
        this.unknown.set(clientId, { person, text });
        let answer;
        try {
            answer = await person.send(chatId, text, clientId);
        } catch {
            return undefined;
        }
        this.#settle(clientId, answer.status === 201 ? answer.body.message : undefined, answer);
        return answer;
    }

    /** The same over a socket of `person`. Gives the answer's frame, or nothing when the socket broke. */
    async sendBySocket(socket, person, chatId, clientId, text = `message ${clientId}`) {
        this.unknown.set(clientId, { person, text });
        let answer;
        try {
            answer = await socket.ask('sendMessage', { chatId, text, clientId });
        } catch {
            return undefined;
        }
        this.#settle(clientId, answer.data?.message, answer);
        return answer;
    }

    #settle(clientId, message, answer) {
        this.unknown.delete(clientId);
        if (message) {
            this.acknowledged.set(clientId, message);
        } else {
            this.refused.set(clientId, answer);
        }
    }

    /** Compares with a chat's whole history. */
    check(history) {
        history.forEach((message, index) => assert.equal(message.seq, index + 1, 'seq is dense, from 1'));
        const stored = new Map(history.map((message) => [message.clientId, message]));
        assert.equal(stored.size, history.length, 'no message is stored twice');
        for (const [clientId, { _id, seq, text }] of this.acknowledged) {
            const found = stored.get(clientId);
            assert.ok(found, `${clientId} was acknowledged and is gone`);
            assert.deepEqual([found._id, found.seq, found.text], [_id, seq, text]);
        }
        for (const clientId of stored.keys()) {
            assert.ok(!this.refused.has(clientId), `${clientId} was refused and is there`);
            assert.ok(this.acknowledged.has(clientId) || this.unknown.has(clientId), `nobody sent ${clientId}`);
        }
    }

    /** What nobody answered is sent again, with the same client id: then it is there exactly once. */
    async repeatUnknown(chatId) {
        for (const [clientId, { person, text }] of [...this.unknown]) {
            const answer = await person.send(chatId, text, clientId);
            assert.ok([200, 201].includes(answer.status), JSON.stringify(answer.body));
            this.unknown.delete(clientId);
            this.acknowledged.set(clientId, answer.body.message);
        }
    }
}
