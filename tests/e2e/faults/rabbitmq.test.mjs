// F04, F05, F10, F11: the broker dies, starves, falls silent, is slow. Login says so at once and loses no mail that it
// promised; chat notices nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { openBroker } from '../support/broker.mjs';
import { Chatter } from '../support/chatter.mjs';
import { call } from '../support/client.mjs';
import { openGate } from '../support/gate.mjs';
import { startMailSink } from '../support/mail.mjs';
import { freePort, metric, startPingd } from '../support/pingd.mjs';
import { until } from '../support/wait.mjs';

const limits = { timeout: 120_000 };
const heartbeatMs = 10_000;
let broker;

before(async () => (broker = await openBroker()));
after(() => broker.dispose());

async function startServer(t, smtp, port = broker.port) {
    return startPingd(t, {
        PINGD_JOBS__ENGINE: 'rabbitmq',
        PINGD_RABBITMQ__URL: `amqp://127.0.0.1:${port}`,
        PINGD_MAIL__SMTP_URL: smtp,
        PINGD_LIMITS__PER_IP: '0',
        PINGD_LIMITS__PER_USER: '0',
    });
}

let people = 0;
const stranger = () => `person${++people}@example.com`;

/** Asks for a code; gives the answer and how long it took. */
async function login(server, email = stranger()) {
    const begin = performance.now();
    const answer = await call(server, 'POST', '/api/v1/login', { json: { email } });
    return { email, ...answer, ms: performance.now() - begin };
}

/** 503 in time, and the same person may ask again: it is not the resend lock that answers. */
async function assertClosed(server, withinMs) {
    const first = await login(server);
    assert.equal(first.status, 503, JSON.stringify(first.body));
    assert.equal(first.headers.get('retry-after'), '2');
    assert.ok(first.ms <= withinMs, `503 after ${first.ms} ms`);
    const second = await login(server, first.email);
    assert.equal(second.status, 503, JSON.stringify(second.body));
    return Math.max(first.ms, second.ms);
}

/** Tries until a login is taken. Gives its address and how long that took. */
async function untilOpen(server) {
    const begin = performance.now();
    const taken = await until('a login to be taken', async () => {
        const tried = await login(server);
        return tried.status === 200 && tried;
    }, 30_000);
    return { email: taken.email, ms: Math.round(performance.now() - begin) };
}

/** Not one message may have failed. Gives how many there were and how long they took. */
async function endChat(chatter) {
    await chatter.stop();
    assert.deepEqual(chatter.errors, [], 'chat goes on');
    return chatter.takeTimes();
}

async function brokerState(server) {
    return (await call(server, 'GET', '/readyz')).body.rabbitmq;
}

test('F04: the broker is killed and comes back: no mail that was promised is lost', limits, async (t) => {
    const port = await freePort();
    const early = await startMailSink(t, port);
    const server = await startServer(t, early.url);
    const chatter = await Chatter.start(server, early.codeFor);
    await early.stop();
    // Their mails wait: some in the broker alone, some held by the worker for another try.
    const promised = [];
    for (let i = 0; i < 30; i++) {
        const answer = await login(server);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        promised.push(answer.email);
    }
    await broker.kill9();
    await until('the loss to be noticed', async () => (await brokerState(server)) === 'down');
    const closedMs = await assertClosed(server, 1_000);
    const sink = await startMailSink(t, port);
    await broker.start();
    const open = await untilOpen(server);
    promised.push(open.email);
    await until('all mails', () => promised.every((email) => sink.mails.some((mail) => mail.to.includes(email))), 60_000);
    const copies = sink.mails.length - promised.length;
    assert.equal(copies, 0, 'none came twice');
    const chat = await endChat(chatter);
    t.diagnostic(`F04 promised=${promised.length} lost=0 mail_dup=${copies} closed_ms=${Math.round(closedMs)} ` +
        `recover_ms=${open.ms} chat=${chat.count} chat_p99_ms=${chat.p99}`);
});

test('F04: connections closed by the operator, the broker stopped and started', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startServer(t, sink.url);
    const chatter = await Chatter.start(server, sink.codeFor);
    await broker.ctl('close_all_connections', 'test');
    const closed = await untilOpen(server);
    await sink.codeFor(closed.email);
    await broker.ctl('stop_app');
    await until('the stop to be noticed', async () => (await brokerState(server)) === 'down');
    await assertClosed(server, 1_000);
    await broker.ctl('start_app');
    const stopped = await untilOpen(server);
    await sink.codeFor(stopped.email);
    const chat = await endChat(chatter);
    t.diagnostic(`recover_ms closed=${closed.ms} stopped=${stopped.ms} chat=${chat.count} chat_p99_ms=${chat.p99}`);
});

test('F04: the queue is deleted: publisher and worker make it anew', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startServer(t, sink.url);
    const channel = await broker.channel(t);
    for (let round = 0; round < 3; round++) {
        await channel.deleteQueue('send-otp');
        const answer = await login(server);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        await sink.codeFor(answer.email);
    }
    assert.equal(await metric(server, 'ping_rabbitmq_failures_total'), 0, 'on the same connections');
});

test('F05: the broker is short of memory: 503, acks go on, then all is well', limits, async (t) => {
    const port = await freePort();
    const early = await startMailSink(t, port);
    const server = await startServer(t, early.url);
    const chatter = await Chatter.start(server, early.codeFor);
    await early.stop();
    const waiting = await login(server);
    assert.equal(waiting.status, 200);
    await until('its first try', async () => (await metric(server, 'ping_mail_retried_total')) > 0);

    await broker.ctl('set_vm_memory_high_watermark', '0.0001');
    t.after(() => broker.ctl('set_vm_memory_high_watermark', 'absolute', '512MB'));
    const first = await until('a refusal', async () => {
        const answer = await login(server);
        return answer.status === 503 && answer;
    });
    assert.ok(first.ms <= 3_200, `503 after ${first.ms} ms`);
    const closedMs = await assertClosed(server, 1_000); // it is known now
    assert.equal(await brokerState(server), 'down');
    const sink = await startMailSink(t, port);
    await sink.codeFor(waiting.email);
    await until('the ack', async () => /send-otp\t0/.test(await broker.ctl('list_queues', 'name', 'messages')));

    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '512MB');
    const open = await untilOpen(server);
    await sink.codeFor(open.email);
    const chat = await endChat(chatter);
    t.diagnostic(`F05 first_503_ms=${Math.round(first.ms)} later_503_ms=${Math.round(closedMs)} recover_ms=${open.ms} ` +
        `chat=${chat.count} chat_p99_ms=${chat.p99}`);
});

test('F10: the broker falls silent: noticed within two heartbeats, and logins do not wait for it', limits, async (t) => {
    const gate = await openGate(t, broker.port);
    const sink = await startMailSink(t);
    const server = await startServer(t, sink.url, gate.port);
    const chatter = await Chatter.start(server, sink.codeFor);
    gate.blackhole();
    const begin = performance.now();
    const silentMs = await assertClosed(server, 3_500);
    await until('the silence to be noticed', async () => (await brokerState(server)) === 'down', 2 * heartbeatMs + 5_000);
    const noticedMs = performance.now() - begin;
    assert.ok(noticedMs <= 2 * heartbeatMs + 1_000, `noticed after ${noticedMs} ms`);
    await assertClosed(server, 1_000);
    gate.reset();
    await gate.pass();
    const open = await untilOpen(server);
    await sink.codeFor(open.email);
    const chat = await endChat(chatter);
    t.diagnostic(`F10 detect_ms=${Math.round(noticedMs)} silent_503_ms=${Math.round(silentMs)} recover_ms=${open.ms} ` +
        `chat=${chat.count} chat_p99_ms=${chat.p99}`);
});

test('F11: half a second to the broker is half a second for the login and nothing for the chat', limits, async (t) => {
    const delayMs = 500; // a round trip
    const gate = await openGate(t, broker.port);
    const sink = await startMailSink(t);
    const server = await startServer(t, sink.url, gate.port);
    const chatter = await Chatter.start(server, sink.codeFor);
    const near = await login(server);
    gate.delay(delayMs);
    const times = [];
    for (let i = 0; i < 10; i++) {
        const answer = await login(server);
        assert.equal(answer.status, 200, JSON.stringify(answer.body));
        times.push(answer.ms);
    }
    const worst = Math.max(...times);
    assert.ok(worst <= near.ms + 2 * delayMs + 300, `a login took ${worst} ms`);
    const together = await Promise.all(Array.from({ length: 50 }, () => login(server)));
    assert.ok(together.every((answer) => answer.status === 200), 'they do not wait for each other');
    const chat = await endChat(chatter);
    assert.ok(chat.p99 < delayMs, `a message took ${chat.p99} ms`);
    t.diagnostic(`F11 near_ms=${Math.round(near.ms)} far_ms=${Math.round(worst)} ` +
        `fifty_ms=${Math.round(Math.max(...together.map((one) => one.ms)))} chat=${chat.count} chat_p99_ms=${chat.p99}`);
});
