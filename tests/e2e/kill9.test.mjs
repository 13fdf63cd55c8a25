// F01 in small: the server dies in the middle of sends, again and again. Nothing that was acknowledged may be gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const rounds = 10;
const senders = 8;
const acknowledgedPerRound = 100;

/** Sends from many tasks at once until the server is gone. Fills `acknowledged` and `unknown` by client id. */
async function sendUntilKilled(server, people, chatId, round, acknowledged, unknown) {
    const enough = acknowledged.size + acknowledgedPerRound;
    let killed = null;
    const oneSender = async (number) => {
        const person = people[number % people.length];
        for (let count = 0; !killed; ++count) {
            const clientId = `${round}-${number}-${count}`;
            const sent = { person, text: `message ${clientId}` };
            unknown.set(clientId, sent);
            let answer;
            try {
                answer = await person.send(chatId, sent.text, clientId);
            } catch {
                return; // the connection broke: whether it was stored is unknown
            }
            assert.equal(answer.status, 201, JSON.stringify(answer.body));
            unknown.delete(clientId);
            acknowledged.set(clientId, answer.body.message);
            if (acknowledged.size >= enough && !killed) {
                killed = server.kill9(); // while the other senders wait for their answers
            }
        }
    };
    await Promise.all(Array.from({ length: senders }, (_, number) => oneSender(number)));
    await killed;
}

function checkHistory(history, acknowledged) {
    history.forEach((message, index) => assert.equal(message.seq, index + 1, 'seq is dense, from 1'));
    const byClientId = new Map(history.map((message) => [message.clientId, message]));
    assert.equal(byClientId.size, history.length, 'no message is stored twice');
    for (const [clientId, message] of acknowledged) {
        const stored = byClientId.get(clientId);
        assert.ok(stored, `${clientId} was acknowledged and is gone`);
        assert.deepEqual([stored._id, stored.seq, stored.text], [message._id, message.seq, message.text]);
    }
}

/** What nobody answered is sent again, with the same client id: then it is there exactly once. */
async function repeatUnknown(chatId, acknowledged, unknown) {
    for (const [clientId, { person, text }] of unknown) {
        const answer = await person.send(chatId, text, clientId);
        assert.ok([200, 201].includes(answer.status), JSON.stringify(answer.body));
        acknowledged.set(clientId, answer.body.message);
    }
    unknown.clear();
}

test(`F01: kill -9 during sends, ${rounds} times, loses no acknowledged message`, { timeout: 240_000 }, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const acknowledged = new Map();
    const unknown = new Map();

    for (let round = 0; round < rounds; ++round) {
        await sendUntilKilled(server, [ana, bo], chatId, round, acknowledged, unknown);
        await server.start();
        checkHistory(await ana.history(chatId), acknowledged);
        await repeatUnknown(chatId, acknowledged, unknown);
    }

    const history = await bo.history(chatId);
    checkHistory(history, acknowledged);
    assert.equal(history.length, acknowledged.size);
    t.diagnostic(`${acknowledged.size} messages over ${rounds} kills, none lost`);
});
