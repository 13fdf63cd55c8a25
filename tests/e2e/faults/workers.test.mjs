// `pingd worker`: several share the queue with the server, on RabbitMQ and Redis. PINGD_E2E_LOGINS says how many people
// log in at once.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { startBroker } from '../support/broker.mjs';
import { call } from '../support/client.mjs';
import { codeIn, startMailSink } from '../support/mail.mjs';
import { metric, runPingd, startPingd, startWorker } from '../support/pingd.mjs';
import { startRedis } from '../support/redis.mjs';
import { until } from '../support/wait.mjs';

const limits = { timeout: 600_000 };
const people = Number(process.env.PINGD_E2E_LOGINS ?? 300);
const atOnce = 50; // requests
const mailWorkers = 8; // mail.workers
const lifetimeMs = 300_000; // of a code
const secret = randomBytes(32).toString('hex');

const shared = (broker, redis, sink) => ({
    PINGD_JOBS__ENGINE: 'rabbitmq',
    PINGD_RABBITMQ__URL: broker.url,
    PINGD_CODES__ENGINE: 'redis',
    PINGD_REDIS__URL: redis.url,
    PINGD_MAIL__SMTP_URL: sink.url,
    PINGD_MAIL__WORKERS: `${mailWorkers}`,
    PINGD_AUTH__SECRET: secret,
});

for (const [what, settings, says] of [
    ['jobs in SQLite', {}, /takes its jobs from RabbitMQ/],
    ['codes in SQLite', { PINGD_JOBS__ENGINE: 'rabbitmq', PINGD_RABBITMQ__URL: 'amqp://127.0.0.1:1' }, /codes in SQLite only their server sees/],
]) {
    test(`a worker refuses ${what} and says why`, limits, async () => {
        const run = await runPingd(['worker', '--queue', 'send-otp'], settings);
        assert.equal(run.code, 2, run.err);
        assert.match(run.err, says);
    });
}

/** The same numbers between 0 and 1 each time (mulberry32). */
function makeRandom(seed) {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let t = Math.imul(state ^ (state >>> 15), 1 | state);
        t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
        return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Runs `one(i)` for every i below `count`, `atOnce` at a time. */
async function forAll(count, one) {
    let next = 0;
    const lane = async () => {
        while (next < count) {
            await one(next++);
        }
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
}

/** Asks until a login is taken: while the broker is away it is 503. */
async function loginAtLast(server, email, tally) {
    for (;;) {
        const answer = await call(server, 'POST', '/api/v1/login', { json: { email } });
        if (answer.status === 200) {
            return { email, flowId: answer.body.flowId, answeredAt: Date.now() };
        }
        assert.equal(answer.status, 503, JSON.stringify(answer.body));
        tally.refused++;
        await sleep(200);
    }
}

/** Messages that came more than once, and how often in all beyond the first. */
function copiesOf(mails) {
    return mails.length - new Set(mails.map((mail) => mail.headers['message-id'])).size;
}

test(`F04, F07: ${people} logins, three workers, 30 % of the mails refused, broker killed twice, a worker once`, limits, async (t) => {
    const broker = await startBroker(t);
    const redis = await startRedis(t);
    const random = makeRandom(7);
    // Nobody's mail more than three times: with as many people somebody's would be refused until the code dies.
    const refusals = new Map();
    const isBusy = (address) => {
        const count = refusals.get(address) ?? 0;
        const isRefused = count < 3 && random() < 0.3;
        refusals.set(address, count + (isRefused ? 1 : 0));
        return isRefused;
    };
    const sink = await startMailSink(t, 0, { isBusy });
    const settings = shared(broker, redis, sink);
    const server = await startPingd(t, { ...settings, PINGD_LIMITS__PER_IP: '0' });
    const workers = [];
    for (let i = 0; i < 3; i++) {
        workers.push(await startWorker(t, settings));
    }
    const tally = { refused: 0 };
    const logins = [];
    const begin = performance.now();
    const asking = forAll(people, async (i) => logins.push(await loginAtLast(server, `person${i}@example.com`, tally)));

    for (const share of [0.25, 0.6]) {
        await until('so many logins', () => logins.length >= people * share, 300_000);
        await broker.kill9();
        await broker.start();
    }
    await until('some mails', () => sink.mails.length >= people * 0.3, 300_000);
    await workers[0].end('SIGKILL');
    workers[0] = await startWorker(t, settings);
    await asking;
    const askedMs = Math.round(performance.now() - begin);

    const arrived = new Map(); // address: its newest mail
    let read = 0;
    const isAllThere = () => {
        for (; read < sink.mails.length; read++) {
            arrived.set(sink.mails[read].to[0], sink.mails[read]);
        }
        return arrived.size >= people;
    };
    await until('a mail for everybody', isAllThere, 280_000);
    const mailedMs = Math.round(performance.now() - begin);
    const empty = async () => /^send-otp\t0$/m.test(await broker.ctl('list_queues', 'name', 'messages'));
    await until('the queue to be empty', empty, 60_000);

    // The newest mail of everybody has the code of the login that was taken.
    isAllThere();
    let lost = 0;
    await forAll(people, async (i) => {
        const { email, flowId } = logins[i];
        const otp = codeIn(arrived.get(email).text);
        const verified = await call(server, 'POST', '/api/v1/verify', { json: { email, otp, flowId } });
        lost += verified.status === 200 ? 0 : 1;
    });
    const deadlines = new Map(logins.map(({ email, answeredAt }) => [email, answeredAt + lifetimeMs]));
    const late = sink.mails.filter((mail) => mail.at > deadlines.get(mail.to[0])).length;
    const copies = copiesOf(sink.mails);
    t.diagnostic(`F04 seed=7 acked=${people} refused=${tally.refused} lost=${lost} sent_expired=${late} mail_dup=${copies} ` +
        `asked_ms=${askedMs} mailed_ms=${mailedMs} mails=${sink.mails.length}`);
    assert.equal(lost, 0, 'lost');
    assert.equal(late, 0, 'sent after expiry');
    assert.ok(copies <= mailWorkers, `${copies} copies for one worker that crashed`);
    assert.equal(await metric(server, 'ping_mail_dead_total'), 0);
    assert.equal(await workers[1].end('SIGTERM'), 0, workers[1].log);
});

test('T7: a worker does not send a mail whose code was replaced while it waited', limits, async (t) => {
    const broker = await startBroker(t);
    const redis = await startRedis(t);
    const sink = await startMailSink(t);
    const settings = shared(broker, redis, sink);
    // Nobody takes the jobs yet: the server's own mail thread has no mail server to talk to.
    const server = await startPingd(t, { ...settings, PINGD_MAIL__SMTP_URL: 'smtp://127.0.0.1:1', PINGD_LIMITS__PER_IP: '0' });
    const email = 'ana@example.com';
    const login = () => call(server, 'POST', '/api/v1/login', { json: { email } });
    assert.equal((await login()).status, 200);
    await redis.run('DEL', `otp:ratelimit:${email}`); // as a minute later
    const second = await login();
    assert.equal(second.status, 200);
    await server.stop(); // its jobs go back to the queue
    await startWorker(t, settings);
    const otp = await sink.codeFor(email);
    await until('the queue to be empty', async () => /^send-otp\t0$/m.test(await broker.ctl('list_queues', 'name', 'messages')));
    assert.equal(sink.mails.length, 1);
    await server.start();
    const proof = { email, otp, flowId: second.body.flowId };
    assert.equal((await call(server, 'POST', '/api/v1/verify', { json: proof })).status, 200);
});
