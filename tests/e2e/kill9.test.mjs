// F01 in small: the server dies in the middle of sends, again and again. Nothing that was acknowledged may be gone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { Ledger } from './support/ledger.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const rounds = 10;
const restSenders = 6;
const socketSenders = 6;
const acknowledgedPerRound = 100;

/** One sender: a message, its answer, the next, until the connection breaks. */
async function sendUntilBroken(name, send, afterEach) {
    for (let count = 0; ; ++count) {
        const answer = await send(`${name}-${count}`);
        if (!answer) {
            return;
        }
        afterEach(answer);
    }
}

/** Sends from many tasks at once until the server is gone: killed by us, while answers are awaited. */
async function sendUntilKilled(server, people, chatId, round, ledger) {
    const enough = ledger.acknowledged.size + acknowledgedPerRound;
    let killed = null;
    const afterEach = (answer) => {
        assert.ok(answer.status === 201 || answer.data?.message, JSON.stringify(answer));
        if (ledger.acknowledged.size >= enough && !killed) {
            killed = server.kill9(); // while the other senders wait for their answers
        }
    };
    const senders = [];
    for (let number = 0; number < socketSenders; ++number) {
        const person = people[number % people.length];
        const socket = await person.connect();
        const send = (clientId) => ledger.sendBySocket(socket, person, chatId, clientId);
        senders.push(() => sendUntilBroken(`${round}-socket-${number}`, send, afterEach));
    }
    for (let number = 0; number < restSenders; ++number) {
        const person = people[number % people.length];
        const send = (clientId) => ledger.sendByRest(person, chatId, clientId);
        senders.push(() => sendUntilBroken(`${round}-rest-${number}`, send, afterEach));
    }
    await Promise.all(senders.map((run) => run()));
    assert.ok(killed, `the server ended before it was killed. It wrote:\n${server.output}`);
    assert.equal(await killed, null, 'no exit code: it was the signal');
}

/** The messages of one sender have the order in which they were sent. */
function checkOrder(history) {
    const last = new Map();
    for (const { clientId } of history) {
        const [, sender, count] = /^(.*)-(\d+)$/.exec(clientId);
        assert.ok(Number(count) > (last.get(sender) ?? -1), `${clientId} comes after ${last.get(sender)}`);
        last.set(sender, Number(count));
    }
}

test(`F01: kill -9 during sends, ${rounds} times, loses no acknowledged message`, { timeout: 240_000 }, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const ledger = new Ledger();
    let brokenOff = 0;
    let storedAnyway = 0;

    for (let round = 0; round < rounds; ++round) {
        await sendUntilKilled(server, [ana, bo], chatId, round, ledger);
        await server.start();
        const history = await ana.history(chatId);
        ledger.check(history);
        checkOrder(history.filter(({ clientId }) => clientId.startsWith(`${round}-`)));
        brokenOff += ledger.unknown.size;
        storedAnyway += history.filter(({ clientId }) => ledger.unknown.has(clientId)).length;
        await ledger.repeatUnknown(chatId);
    }

    const history = await bo.history(chatId);
    ledger.check(history);
    assert.equal(history.length, ledger.acknowledged.size);
    for (const way of ['rest', 'socket']) {
        const count = history.filter(({ clientId }) => clientId.includes(way)).length;
        assert.ok(count > rounds * 10, `${count} messages by ${way}`);
    }
    assert.ok(brokenOff >= rounds, 'each kill hit sends on their way');
    t.diagnostic(
        `acked=${history.length} lost=0 dup=0 kills=${rounds} broken off=${brokenOff}, of these stored=${storedAnyway}`,
    );
});
