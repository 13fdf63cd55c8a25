// F20: SIGTERM while people send. What was acknowledged is there, everybody is told, and it ends in time.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { Ledger } from './support/ledger.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const limits = { timeout: 60_000 };
const restSenders = 6;
const socketSenders = 6;
const listeners = 10;
const acknowledgedAtLeast = 300;
const stopWithinMs = 10_000;
const goingAway = 1001;

/** Sends until the connection breaks or the server says that it stops. */
async function sendUntilStopped(send, name, afterEach) {
    for (let count = 0; ; ++count) {
        const answer = await send(`${name}-${count}`);
        if (!answer || answer.status === 503) {
            return;
        }
        assert.ok(answer.status === 201 || answer.data?.message, JSON.stringify(answer));
        afterEach();
    }
}

function startSenders(people, sockets, chatId, ledger, afterEach) {
    const runs = [];
    for (let number = 0; number < restSenders; ++number) {
        const send = (clientId) => ledger.sendByRest(people[number % 2], chatId, clientId);
        runs.push(sendUntilStopped(send, `rest-${number}`, afterEach));
    }
    for (let number = 0; number < socketSenders; ++number) {
        const send = (clientId) => ledger.sendBySocket(sockets[number], people[number % 2], chatId, clientId);
        runs.push(sendUntilStopped(send, `socket-${number}`, afterEach));
    }
    return Promise.all(runs);
}

test('T57 F20: SIGTERM under load ends with 0 in time and loses no acknowledged message', limits, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const codeFor = devMailbox(server);
    const people = [];
    for (const email of ['ana@example.com', 'bo@example.com']) {
        people.push(await Person.login(server, email, codeFor));
    }
    const { chatId } = (await people[0].newChat(people[1])).body;
    const sockets = [];
    for (let number = 0; number < socketSenders + listeners; ++number) {
        sockets.push(await people[number % 2].connect());
    }

    const ledger = new Ledger();
    let stopping = null;
    let sentAt = 0;
    const senders = startSenders(people, sockets, chatId, ledger, () => {
        if (ledger.acknowledged.size >= acknowledgedAtLeast && !stopping) {
            sentAt = performance.now();
            stopping = server.stop();
        }
    });
    await senders;
    assert.ok(stopping, `the server ended before it was told to. It wrote:\n${server.output}`);
    const code = await stopping;
    const tookMs = Math.round(performance.now() - sentAt);
    assert.equal(code, 0, server.output);
    assert.ok(tookMs <= stopWithinMs, `it took ${tookMs} ms`);
    const codes = await Promise.all(sockets.map(async (socket) => (await socket.closed).code));
    assert.deepEqual([...new Set(codes)], [goingAway], `close codes ${codes}`);

    await server.start();
    const history = await people[0].history(chatId);
    ledger.check(history);
    const brokenOff = ledger.unknown.size;
    const unanswered = history.map(({ clientId }) => clientId).filter((clientId) => ledger.unknown.has(clientId));
    assert.deepEqual(unanswered.filter((name) => name.startsWith('rest')), [], 'requests in flight are answered');
    await ledger.repeatUnknown(chatId);
    ledger.check(await people[1].history(chatId));
    const figures = `stop_ms=${tookMs} broken off=${brokenOff}, of these stored=${unanswered.length}`;
    t.diagnostic(`acked=${ledger.acknowledged.size} lost=0 ${figures}`);
});
