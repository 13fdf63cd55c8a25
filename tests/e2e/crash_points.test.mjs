// F02: pingd dies at every named point of login, mail, verify and logout (docs/contributing.md), and in pairs of them.
// No code is lost that was promised, no code opens two sessions, a mail is doubled only where TRUST.md §3.4 allows
// it (W2, W3), and a logout holds. Needs a build with failpoints, as the preset dev is.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call } from './support/client.mjs';
import { query, value } from './support/database.mjs';
import { codeIn, startMailSink } from './support/mail.mjs';
import { runPingd, startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 120_000 };
const email = 'ana@example.com';
const doubling = ['W2', 'W3'];

/** A server, and a mail server beside it that knows `nobody` not. */
async function startBoth(t, { failpoint, nobody = [] }) {
    const sink = await startMailSink(t, 0, { nobody });
    const settings = { PINGD_MAIL__SMTP_URL: sink.url, PINGD_LIMITS__PER_IP: '0' };
    const server = await startPingd(t, settings, { run: { PINGD_FAILPOINT: failpoint } });
    return { sink, server };
}

/** The answer, or nothing when the connection broke. */
async function tryCall(...request) {
    try {
        return await call(...request);
    } catch {
        return null;
    }
}

const login = (server) => tryCall(server, 'POST', '/api/v1/login', { json: { email } });
const verify = (server, otp) => tryCall(server, 'POST', '/api/v1/verify', { json: { email, otp } });

async function assertKilled(server, point) {
    assert.equal(await server.signal(), 'SIGKILL', `${point}: ${server.output}`);
}

/** All mails to the person have come: so many, alike but for the copies, and none is left in the queue. */
async function assertCopies(server, sink, copies, point) {
    await until(`${copies} mails after ${point}`, () => sink.mails.length >= copies);
    assert.equal(await server.stop(), 0);
    assert.equal(value(server, 'SELECT count(*) FROM jobs'), 0, `${point}: the queue is empty`);
    assert.equal(sink.mails.length, copies, `${point}: mails`);
    assert.equal(new Set(sink.mails.map((mail) => mail.headers['message-id'])).size, Math.min(copies, 1), point);
    assert.equal(new Set(sink.mails.map((mail) => mail.text)).size, Math.min(copies, 1), point);
}

/** The code of the mail opens one session and no second. */
async function assertOneSession(server, sink, point) {
    await server.start();
    const otp = codeIn(sink.mails[0].text);
    assert.equal((await verify(server, otp)).status, 200, `${point}: the code is good`);
    assert.equal((await verify(server, otp)).status, 400, `${point}: once`);
    assert.equal(await server.stop(), 0);
    assert.equal(value(server, 'SELECT count(*) FROM sessions'), 1, point);
}

for (const point of ['O1', 'O2']) {
    test(`F02 ${point}: a login that was not answered sends no mail and leaves no job`, limits, async (t) => {
        const { sink, server } = await startBoth(t, { failpoint: `${point}:abort` });
        assert.equal(await login(server), null, 'no answer');
        await assertKilled(server, point);
        await server.start();
        const again = await login(server);
        assert.equal(again.status, 429);
        assert.ok(Number(again.headers.get('retry-after')) <= 60, 'asking again is possible soon');
        await assertCopies(server, sink, 0, point);
    });
}

for (const point of ['O3', 'W1', 'W2', 'W3', 'W4']) {
    const copies = doubling.includes(point) ? 2 : 1;
    test(`F02 ${point}: the code comes by ${copies} mail${copies > 1 ? 's' : ''} and works once`, limits, async (t) => {
        const { sink, server } = await startBoth(t, { failpoint: `${point}:abort` });
        const answer = await login(server);
        assert.ok(answer === null || (answer.status === 200 && point !== 'O3'));
        await assertKilled(server, point);
        await server.start();
        await assertCopies(server, sink, copies, point);
        await assertOneSession(server, sink, point);
    });
}

test('F02 W5: a mail that was refused leaves one dead letter, whenever pingd dies', limits, async (t) => {
    const { sink, server } = await startBoth(t, { failpoint: 'W5:abort', nobody: [email] });
    await login(server);
    await assertKilled(server, 'W5');
    assert.equal(value(server, 'SELECT count(*) FROM dead_jobs'), 0, 'not without the end of its job');
    await server.start();
    await until('the dead letter', async () => /_mail_dead_total 1\n/.test((await call(server, 'GET', '/metrics')).body));
    await assertCopies(server, sink, 0, 'W5');
    const letters = query(server, 'SELECT redacted FROM dead_jobs').map(([text]) => JSON.parse(text));
    assert.deepEqual(letters.map(({ reason, attempts }) => [reason, attempts]), [['refused_550', 2]]);
});

for (const [point, status, sessions] of [['V1', 200, 1], ['V2', 400, 0], ['V3', 400, 1]]) {
    test(`F02 ${point}: after a verify that broke off the code answers ${status}`, limits, async (t) => {
        const { sink, server } = await startBoth(t, { failpoint: `${point}:abort` });
        assert.equal((await login(server)).status, 200);
        const otp = await sink.codeFor(email);
        assert.equal(await verify(server, otp), null);
        await assertKilled(server, point);
        await server.start();
        assert.equal((await verify(server, otp)).status, status);
        assert.equal((await verify(server, otp)).status, 400);
        assert.equal(await server.stop(), 0);
        assert.equal(value(server, 'SELECT count(*) FROM sessions'), sessions);
        assert.equal(sink.mails.length, 1);
    });
}

for (const path of ['/api/v1/logout', '/api/v1/logout-all']) {
    test(`T23 F02 S1: ${path} holds, answered or not, whenever pingd dies`, limits, async (t) => {
        const { sink, server } = await startBoth(t, { failpoint: 'S1:abort:2' });
        const tokens = [];
        for (const person of [email, 'bo@example.com']) {
            assert.equal((await call(server, 'POST', '/api/v1/login', { json: { email: person } })).status, 200);
            const json = { email: person, otp: await sink.codeFor(person) };
            tokens.push((await call(server, 'POST', '/api/v1/verify', { json })).body.token);
        }
        const [ana, bo] = tokens;
        assert.equal((await call(server, 'POST', path, { token: ana })).status, 200);
        assert.equal(await tryCall(server, 'POST', path, { token: bo }), null, 'killed after the commit');
        await assertKilled(server, 'S1');
        await server.start();
        for (const token of tokens) {
            assert.equal((await call(server, 'GET', '/api/v1/me', { token })).status, 401);
        }
    });
}

/** Two deaths, one after the other, the second after the restart. */
async function diesTwice(t, first, second) {
    const pair = `${first}, ${second}`;
    const { sink, server } = await startBoth(t, { failpoint: `${first}:abort` });
    await login(server);
    await assertKilled(server, first);
    await server.start({ PINGD_FAILPOINT: `${second}:abort` }).catch((error) => {
        assert.match(error.message, /did not become ready/, 'the mail thread may be faster than /readyz');
    });
    await assertKilled(server, second);
    await server.start();
    const copies = 1 + [first, second].filter((point) => doubling.includes(point)).length;
    await assertCopies(server, sink, copies, pair);
    await assertOneSession(server, sink, pair);
}

for (const first of ['O3', 'W1', 'W2', 'W3']) {
    test(`F02 pairs: ${first}, then each of W1 to W4`, limits, (t) =>
        Promise.all(['W1', 'W2', 'W3', 'W4'].map((second) => diesTwice(t, first, second))));
}

test('F02: a step that fails at a point is undone or repeated, without a restart', limits, async (t) => {
    const failpoint = 'O2:eio:1,W3:eio:1,V1:eio:1';
    const { sink, server } = await startBoth(t, { failpoint });
    assert.equal((await login(server)).status, 200, 'a write that fails in its group is repeated alone');
    await until('the second copy', () => sink.mails.length === 2);
    assert.equal(sink.mails[0].headers['message-id'], sink.mails[1].headers['message-id']);
    const otp = codeIn(sink.mails[0].text);
    assert.equal((await verify(server, otp)).status, 200, 'so is a guess');
    assert.equal((await verify(server, otp)).status, 400, 'once');
    assert.equal(await server.stop(), 0);
    assert.equal(value(server, 'SELECT count(*) FROM jobs'), 0);
    assert.equal(value(server, 'SELECT sum(failed) FROM otp_hours'), 0, 'a guess that was repeated counts once');
});

test('failpoints: an unknown name ends the start with 2 and the list', limits, async () => {
    const refused = await runPingd(['serve'], { PINGD_FAILPOINT: 'W1:abort,X9:abort' });
    assert.equal(refused.code, 2);
    assert.match(refused.err, /^pingd: no failpoint is called 'X9'; there are: .*\bO1 O2 O3\b.*\n$/);
});
