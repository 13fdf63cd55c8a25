// F08: the disk is full. Nothing is acknowledged that is not stored, reads go on, and space is all it takes to go on.
import assert from 'node:assert/strict';
import { statfs } from 'node:fs/promises';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { Ledger } from './support/ledger.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';
import { startSmallDisk } from './support/small_disk.mjs';
import { until } from './support/wait.mjs';

const reason = process.env.PINGD_E2E_NO_NAMESPACES;
const options = { timeout: 60_000, skip: reason ? `PINGD_E2E_NO_NAMESPACES: ${reason}` : false };
const megabytes = 16;
const resumeWithinMs = 2_000;

function assertNoSpace(answer) {
    assert.ok([507, 503].includes(answer.status), `${answer.status} ${JSON.stringify(answer.body)}`);
    assert.equal(typeof answer.body.message, 'string');
    assert.match(answer.body.code, /^[a-z_]+$/);
    assert.equal(answer.body.status, answer.status);
    assert.ok(Number(answer.headers.get('retry-after')) > 0, `${answer.status} has Retry-After`);
}

/** A chat of two people on a small disk, with some messages and a socket each. */
async function prepare(t) {
    const disk = await startSmallDisk(t, megabytes);
    const settings = { PINGD_DATA__DIR: `${disk.path}/data`, PINGD_LIMITS__PER_USER: '0' };
    const server = await startPingd(t, settings, { launcher: disk.launcher });
    assert.ok((await statfs(disk.outside)).blocks * 4096 <= megabytes * 2 ** 20, 'the disk is small');
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const ledger = new Ledger();
    for (let count = 0; count < 20; ++count) {
        assert.equal((await ledger.sendByRest(ana, chatId, `before-${count}`)).status, 201);
    }
    return { disk, server, codeFor, ana, bo, chatId, ledger };
}

/** Fills the disk and sends by both ways until all is refused; from then on nothing may be acknowledged. */
async function sendWhileFull({ disk, ana, chatId, ledger }, phone, round) {
    await disk.fill();
    assert.equal((await statfs(disk.outside)).bfree, 0, 'the disk is full');
    const text = 'x'.repeat(4000); // more than what may be left of a block
    await until('a send to be refused', async () => {
        const answer = await ledger.sendByRest(ana, chatId, `${round}-first-${ledger.acknowledged.size}`, text);
        return answer.status !== 201;
    });
    const sends = Array.from({ length: 20 }, async (_, count) => {
        const byRest = await ledger.sendByRest(ana, chatId, `${round}-rest-${count}`, text);
        assertNoSpace(byRest);
        const bySocket = await ledger.sendBySocket(phone, ana, chatId, `${round}-socket-${count}`, text);
        assert.match(bySocket.error.code, /^(storage_full|unavailable)$/);
        assert.equal(typeof bySocket.error.message, 'string');
    });
    await Promise.all(sends);
}

async function checkReads({ server, ana, bo, chatId, ledger }) {
    assert.equal((await call(server, 'GET', '/healthz')).status, 200);
    assert.equal((await ana.get('/me')).body.email, 'ana@example.com');
    assert.equal((await bo.get('/user/all')).body.length, 2);
    const chats = await bo.get('/chat/all');
    assert.equal(chats.body.chats[0].chat.unseenCount, ledger.acknowledged.size);
    ledger.check(await ana.history(chatId));
    // As the family's clients ask for it: with the order to mark the chat seen, which cannot be stored.
    const opened = await bo.get(`/message/${chatId}`);
    assert.equal(opened.status, 200, JSON.stringify(opened.body));
    ledger.check(opened.body.messages);
    const late = await bo.connect(); // a new socket needs no space either
    await late.close();
}

test('T57 F08: with a full disk writes are refused, reads go on, and space is enough to resume', options, async (t) => {
    const scene = await prepare(t);
    const { disk, server, codeFor, ana, bo, chatId, ledger } = scene;
    const phone = await ana.connect();
    const desk = await bo.connect();

    await sendWhileFull(scene, phone, 'full');
    const eve = { json: { email: 'eve@example.com' } };
    assertNoSpace(await call(server, 'POST', '/api/v1/login', eve));
    assertNoSpace(await ana.post('/update/user', { name: 'Another' }));
    await checkReads(scene);
    assert.ok(server.isRunning && phone.isOpen && desk.isOpen, 'the process and its sockets live');

    await disk.free();
    const freedAt = performance.now();
    await until('a send after the disk has space', async () => {
        const answer = await ledger.sendByRest(ana, chatId, `after-${Math.round(performance.now())}`);
        return answer.status === 201;
    }, resumeWithinMs);
    const resumedMs = performance.now() - freedAt;
    const socketAnswer = await ledger.sendBySocket(phone, ana, chatId, 'after-socket');
    assert.ok(socketAnswer.data?.message, JSON.stringify(socketAnswer));
    await until('bo to hear of it', () => desk.count('newMessage', (one) => one.clientId === 'after-socket') === 1);
    assert.equal((await ana.get('/me')).body.name, 'ana');
    // The refused login left no resend lock behind, and the mail worker has survived.
    await Person.login(server, eve.json.email, codeFor);
    ledger.check(await bo.history(chatId));

    await server.kill9();
    await server.start();
    const history = await bo.history(chatId);
    ledger.check(history);
    t.diagnostic(`acked=${history.length} refused=${ledger.refused.size} lost=0 resume_ms=${Math.round(resumedMs)}`);
});

for (const [how, end, code] of [
    ['kill -9', (server) => server.kill9(), null],
    ['SIGTERM', (server) => server.stop(), 0],
]) {
    test(`T57 F08: ${how} with a full disk loses nothing that was acknowledged, and it starts again`, options, async (t) => {
        const scene = await prepare(t);
        const { disk, server, ana, bo, chatId, ledger } = scene;
        await sendWhileFull(scene, await ana.connect(), how.replace(/\W/g, ''));
        assert.equal(await end(server), code);
        await server.start(); // the disk is still full
        ledger.check(await bo.history(chatId));
        assertNoSpace(await ledger.sendByRest(bo, chatId, 'still-full', 'x'.repeat(4000)));
        await disk.free();
        assert.equal((await ledger.sendByRest(bo, chatId, 'after')).status, 201);
        ledger.check(await bo.history(chatId));
    });
}
