// F06, F10, F11 for Redis: while it is away, slow or refuses, login says 503 within a second and chat goes on; when it
// is back, so is login. A code opens one session, whatever Redis forgets.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Chatter } from '../support/chatter.mjs';
import { call, Person } from '../support/client.mjs';
import { value } from '../support/database.mjs';
import { openGate } from '../support/gate.mjs';
import { devMailbox } from '../support/mail.mjs';
import { startPingd } from '../support/pingd.mjs';
import { startRedis } from '../support/redis.mjs';
import { until } from '../support/wait.mjs';

const limits = { timeout: 180_000 };
const closedWithinMs = 1_000;
const backWithinMs = 1_000;
const outageMs = Number(process.env.PINGD_E2E_OUTAGE_MS ?? 5_000); // TRUST.md F10 has 60 s

let number = 0;
const newAddress = () => `person${++number}@example.com`;

function startOnRedis(t, url, environment = {}) {
    return startPingd(t, {
        PINGD_CODES__ENGINE: 'redis',
        PINGD_REDIS__URL: url,
        PINGD_LIMITS__PER_IP: '0',
        PINGD_LIMITS__PER_USER: '0',
        ...environment,
    });
}

/** POST /login. Gives the answer with `ms`. */
async function ask(server, email = newAddress()) {
    const begin = performance.now();
    const answer = await call(server, 'POST', '/api/v1/login', { json: { email } });
    return { ...answer, ms: performance.now() - begin };
}

function assertClosed({ status, headers, body, ms }) {
    assert.equal(status, 503, JSON.stringify(body));
    assert.ok(Number(headers.get('retry-after')) >= 1, 'it says when to come again');
    assert.ok(ms <= closedWithinMs, `login answered after ${Math.round(ms)} ms`);
}

/** Asks again and again for so long; everybody gets 503 in time. Gives the longest time. */
async function assertStaysClosed(server, forMs) {
    const end = Date.now() + forMs;
    let worst = 0;
    do {
        const answers = await Promise.all(Array.from({ length: 5 }, () => ask(server)));
        answers.forEach(assertClosed);
        worst = Math.max(worst, ...answers.map(({ ms }) => ms));
        await sleep(50);
    } while (Date.now() < end);
    return Math.round(worst);
}

/** Milliseconds from now until a login is taken. */
async function timeUntilBack(server) {
    const begin = performance.now();
    await until('logins to work again', async () => (await ask(server)).status === 200);
    return Math.round(performance.now() - begin);
}

async function metric(server, name) {
    const { body } = await call(server, 'GET', '/metrics');
    return Number(new RegExp(`^${name} ([\\d.e+]+)$`, 'm').exec(body)?.[1]);
}

async function rssMb(server) {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]) / 1024);
}

/** Sessions of an account in the database of a server that has stopped. */
function sessionsOf(server, email) {
    return value(server, `SELECT count(*) FROM sessions JOIN users ON users.id = user_id WHERE email = '${email}'`);
}

/** A server on Redis with two people who chat; at the end not one of their messages may have failed. */
async function startWithChat(t, url) {
    const server = await startOnRedis(t, url);
    const codeFor = devMailbox(server);
    const chatter = await Chatter.start(server, codeFor);
    const finish = async (line) => {
        await chatter.stop();
        assert.deepEqual(chatter.errors, [], 'chat goes on');
        const { count, p99 } = chatter.takeTimes();
        t.diagnostic(`${line} chat: ${count} messages, errors=0 p99=${p99} ms`);
    };
    return { server, codeFor, chatter, finish };
}

test('F06: Redis killed and started again: login is 503 at once, then back within a second', limits, async (t) => {
    const redis = await startRedis(t);
    const { server, finish } = await startWithChat(t, redis.url);
    await redis.kill9();
    const worst = await assertStaysClosed(server, 1_500);
    const ready = await call(server, 'GET', '/readyz');
    assert.deepEqual([ready.status, ready.body], [200, { status: 'ready', redis: 'down' }]);
    assert.equal(await metric(server, 'ping_redis_up'), 0);
    await redis.start();
    const back = await timeUntilBack(server);
    assert.ok(back <= backWithinMs, `back after ${back} ms`);
    assert.equal((await call(server, 'GET', '/readyz')).body.redis, 'up');
    await finish(`F06 kill -9: 503 within ${worst} ms, recover_ms=${back}.`);
});

test('F06 T6: a Redis that forgets the end of a code does not open a second session', limits, async (t) => {
    const redis = await startRedis(t);
    const server = await startOnRedis(t, redis.url);
    const email = newAddress();
    const { flowId } = (await ask(server, email)).body;
    const otp = await devMailbox(server)(email);
    const proof = { json: { email, otp, flowId } };
    await sleep(1_100); // the append-only file is synced once a second
    await redis.keepFiles();
    assert.equal((await call(server, 'POST', '/api/v1/verify', proof)).status, 200);
    await redis.kill9();
    await redis.bringFilesBack();
    await redis.start();
    assert.equal(await redis.run('HGET', `otp:${email}`, 'id'), flowId, 'the spent code is back');
    await until('Redis', () => metric(server, 'ping_redis_up'));
    const again = await call(server, 'POST', '/api/v1/verify', proof);
    assert.deepEqual([again.status, again.body.message], [400, 'Invalid or expired OTP']);
    await server.stop();
    assert.equal(sessionsOf(server, email), 1);
});

test('F06: FLUSHALL loses codes and scripts: one asks again, nobody gets in twice', limits, async (t) => {
    const redis = await startRedis(t);
    const { server, codeFor, finish } = await startWithChat(t, redis.url);
    const email = newAddress();
    assert.equal((await ask(server, email)).status, 200);
    const otp = await codeFor(email);
    await redis.run('FLUSHALL');
    await redis.run('SCRIPT', 'FLUSH');
    const lost = await call(server, 'POST', '/api/v1/verify', { json: { email, otp } });
    assert.deepEqual([lost.status, lost.body.message], [400, 'Invalid or expired OTP']);
    const person = await Person.login(server, email, async (address) =>
        until('the next code', async () => ((code) => code !== otp && code)(await codeFor(address))),
    );
    assert.ok(person.token);
    await finish('F06 FLUSHALL:');
});

for (const [name, command] of [
    ['CLIENT PAUSE', ['CLIENT', 'PAUSE', '3000']],
    ['DEBUG SLEEP 5', ['DEBUG', 'SLEEP', '5']],
]) {
    test(`F06: ${name}: logins are 503 within a second while it lasts`, limits, async (t) => {
        const redis = await startRedis(t);
        const { server, finish } = await startWithChat(t, redis.url);
        redis.begin(...command);
        await until('the first refusal', async () => (await ask(server)).status === 503);
        const worst = await assertStaysClosed(server, 1_500);
        await until('Redis to answer again', async () => (await redis.answers('PING')) === 'PONG');
        const back = await timeUntilBack(server);
        assert.ok(back <= backWithinMs, `back after ${back} ms`);
        await finish(`F06 ${name}: 503 within ${worst} ms, recover_ms=${back}.`);
    });
}

test('F06: a Redis without memory or made a replica refuses writes: 503, and no code is lost', limits, async (t) => {
    const redis = await startRedis(t);
    const { server, codeFor, finish } = await startWithChat(t, redis.url);
    const email = newAddress();
    const { flowId } = (await ask(server, email)).body;
    const otp = await codeFor(email);
    const verify = () => call(server, 'POST', '/api/v1/verify', { json: { email, otp, flowId } });
    for (const [begin, end] of [
        [['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
        [['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
    ]) {
        await redis.run(...begin);
        const worst = await assertStaysClosed(server, 500);
        assert.equal((await verify()).status, 503, 'a guess that cannot be charged is not compared');
        await redis.run(...end);
        const back = await timeUntilBack(server);
        assert.ok(back <= backWithinMs, `back after ${back} ms`);
        t.diagnostic(`F06 ${begin.join(' ')}: 503 within ${worst} ms, recover_ms=${back}`);
    }
    assert.equal((await verify()).status, 200, 'the code is still good');
    await finish('F06 refusals:');
});

test('F06: a Redis that is loading its data is not there yet', limits, async (t) => {
    const redis = await startRedis(t);
    const { server, finish } = await startWithChat(t, redis.url);
    await redis.run('DEBUG', 'POPULATE', '2000', 'filler', '100');
    await redis.run('BGREWRITEAOF');
    await until('the file', async () => /aof_rewrite_in_progress:0/.test(await redis.answers('INFO', 'persistence')));
    await redis.kill9();
    // A millisecond a key.
    await redis.start(['--key-load-delay', '1000', '--loading-process-events-interval-bytes', '1024'], { waits: false });
    await until('LOADING', async () => /LOADING/.test(await redis.answers('GET', 'x')));
    const worst = await assertStaysClosed(server, 500);
    await until('the end of loading', async () => (await redis.answers('PING')) === 'PONG');
    const back = await timeUntilBack(server);
    assert.ok(back <= backWithinMs, `back after ${back} ms`);
    await finish(`F06 LOADING: 503 within ${worst} ms, recover_ms=${back}.`);
});

test('F10: a black hole before Redis: 503 within a second, noticed by itself, memory bounded', limits, async (t) => {
    const redis = await startRedis(t);
    const gate = await openGate(t, redis.port);
    const { server, finish } = await startWithChat(t, `redis://127.0.0.1:${gate.port}`);
    gate.blackhole();
    const begin = performance.now();
    // Nobody logs in: the PING of the idle connection finds it out.
    await until('the loss to be noticed', async () => (await metric(server, 'ping_redis_up')) === 0);
    const detected = Math.round(performance.now() - begin);
    assert.ok(detected <= 10_000);
    await gate.pass();
    gate.reset();
    await timeUntilBack(server);

    gate.blackhole();
    const before = await rssMb(server);
    const worst = await assertStaysClosed(server, outageMs);
    const grown = (await rssMb(server)) - before;
    assert.ok(grown <= 20, `it grew by ${grown} MB`);
    await gate.pass();
    gate.reset();
    const back = await timeUntilBack(server);
    assert.ok(back <= backWithinMs, `back after ${back} ms`);
    await finish(
        `F10 blackhole ${outageMs} ms: detect_ms=${detected} when idle, 503 within ${worst} ms, ` +
            `RSS +${grown} MB, recover_ms=${back}.`,
    );
});

test('F10: a Redis that refuses connections, and one that is not there at the start', limits, async (t) => {
    const redis = await startRedis(t);
    const gate = await openGate(t, redis.port);
    await gate.refuse();
    const server = await startOnRedis(t, `redis://127.0.0.1:${gate.port}`);
    assert.deepEqual((await call(server, 'GET', '/readyz')).body, { status: 'ready', redis: 'down' });
    await assertStaysClosed(server, 300);
    await gate.pass();
    const back = await timeUntilBack(server);
    assert.ok(back <= backWithinMs, `back after ${back} ms`);
    assert.match(server.log, /redis\.not_connected/);
    assert.equal(await server.stop(), 0);
});

test('F11: half a second more to Redis: login is slower by its round trips, chat is not', limits, async (t) => {
    const redis = await startRedis(t);
    const gate = await openGate(t, redis.port);
    const { server, codeFor, chatter, finish } = await startWithChat(t, `redis://127.0.0.1:${gate.port}`);
    await sleep(2_000);
    const calm = chatter.takeTimes();
    gate.delay(500);
    const login = async () => {
        const begin = performance.now();
        await Person.login(server, newAddress(), codeFor);
        return performance.now() - begin;
    };
    const times = await Promise.all(Array.from({ length: 20 }, login));
    const worst = Math.round(Math.max(...times));
    // Three round trips: the code, the guess, its success.
    assert.ok(worst >= 1_500 && worst <= 1_500 + 1_000, `a login took ${worst} ms`);
    await sleep(1_000);
    const slowed = chatter.takeTimes();
    assert.ok(slowed.p99 <= 2 * calm.p99 + 50, `chat: p99 ${calm.p99} -> ${slowed.p99} ms`);
    await finish(`F11 +500 ms: slowest of 20 logins ${worst} ms (3 round trips); chat p99 before ${calm.p99} ms.`);
});

test('T19: no code in what Redis keeps, in memory or on disk', limits, async (t) => {
    const redis = await startRedis(t);
    const server = await startOnRedis(t, redis.url);
    const codeFor = devMailbox(server);
    const emails = Array.from({ length: 20 }, newAddress);
    const codes = [];
    for (const email of emails) {
        assert.equal((await ask(server, email)).status, 200);
        codes.push(await codeFor(email));
    }
    await call(server, 'POST', '/api/v1/verify', { json: { email: emails[0], otp: codes[0] } });
    await sleep(1_100); // the append-only file is synced once a second
    const bytes = await redis.fileBytes();
    assert.ok(bytes.includes(`otp:${emails[0]}`), 'the files have what was written');
    for (const code of codes) {
        assert.ok(!new RegExp(`(?<![\\d.])${code}(?!\\d)`).test(bytes), 'a code stands in the files');
    }
});
