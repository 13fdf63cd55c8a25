// The queue send-otp beside the Node services of the family (amqplib): both may publish to it and consume from it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';

import { deadLetters, openBroker, publishAsFamily } from './support/broker.mjs';
import { call, Person } from './support/client.mjs';
import { codeIn, startMailSink } from './support/mail.mjs';
import { metric, runPingd, startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 60_000 };
let broker;

before(async () => (broker = await openBroker()));
after(() => broker.dispose());
beforeEach(() => broker.clear());

function settings(sink, more = {}) {
    return {
        PINGD_JOBS__ENGINE: 'rabbitmq',
        PINGD_RABBITMQ__URL: broker.url,
        PINGD_MAIL__SMTP_URL: sink.url,
        PINGD_LIMITS__PER_IP: '0',
        ...more,
    };
}

const login = (server, email) => call(server, 'POST', '/api/v1/login', { json: { email } });

test('a login goes through RabbitMQ: code, mail, session', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startPingd(t, settings(sink));
    const ana = await Person.login(server, 'ana@example.com', sink.codeFor);
    assert.equal((await ana.get('/me')).status, 200);
    assert.equal(sink.mails.length, 1);
    const ready = await call(server, 'GET', '/readyz');
    assert.deepEqual([ready.status, ready.body], [200, { status: 'ready', rabbitmq: 'up' }]);
    assert.equal(await metric(server, 'ping_jobs_published_total'), 1);
    await until('the ack', async () => (await metric(server, 'ping_jobs_held')) === 0);
    assert.equal(await server.stop(), 0);
    const channel = await broker.channel(t);
    assert.equal((await channel.checkQueue('send-otp')).messageCount, 0);
});

test('a job of a Node service is mailed by Ping', limits, async (t) => {
    const sink = await startMailSink(t);
    const channel = await broker.channel(t);
    await publishAsFamily(channel, JSON.stringify({ to: 'ana@example.com', subject: 'Hello', body: 'Your OTP is 424242' }));
    await startPingd(t, settings(sink));
    assert.equal(await sink.codeFor('ana@example.com'), '424242');
    // The older services say `text`.
    await publishAsFamily(channel, JSON.stringify({ to: 'bo@example.com', subject: 'Hello', text: 'Your OTP is 535353' }));
    assert.equal(await sink.codeFor('bo@example.com'), '535353');
    assert.equal(sink.mails.length, 2);
});

test('a job of Ping is what a Node service expects', limits, async (t) => {
    const sink = await startMailSink(t);
    const channel = await broker.channel(t);
    await channel.assertQueue('send-otp', { durable: true });
    // The broker takes turns between this consumer and Ping's own.
    const seen = [];
    await channel.prefetch(1);
    await channel.consume('send-otp', (message) => {
        seen.push(message);
        channel.ack(message);
    });
    const server = await startPingd(t, settings(sink));
    for (let i = 0; seen.length === 0; i++) {
        assert.ok(i < 20, 'nothing came');
        assert.equal((await login(server, `ana${i}@example.com`)).status, 200);
        await until('somebody to take it', () => seen.length + sink.mails.length > i);
    }
    const { properties, content } = seen[0];
    const body = JSON.parse(content.toString());
    assert.match(body.to, /^ana\d+@example\.com$/);
    assert.match(codeIn(body.body), /^\d{6}$/);
    assert.ok(body.subject.length > 0);
    assert.equal(properties.deliveryMode, 2);
    assert.ok(properties.messageId.length > 0);
    assert.ok(Math.abs(properties.timestamp - Date.now() / 1000) < 60);
    assert.ok(Number(properties.expiration) > 290_000 && Number(properties.expiration) <= 300_000);
    assert.match(properties.headers['x-otp-id'], /^[0-9a-f]{32}$/);
    assert.ok(Number(properties.headers['x-expires-at']) > Date.now());
});

test('side by side: every job on the queue is done once, by one of them', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startPingd(t, settings(sink));
    const channel = await broker.channel(t);
    await channel.assertQueue('send-otp', { durable: true });
    const byNode = [];
    await channel.consume('send-otp', (message) => {
        byNode.push(JSON.parse(message.content.toString()).to);
        channel.ack(message);
    });
    const addresses = [];
    for (let i = 0; i < 20; i++) {
        const [ours, theirs] = [`ping${i}@example.com`, `node${i}@example.com`];
        assert.equal((await login(server, ours)).status, 200);
        const job = { to: theirs, subject: 'Hello', body: 'Your OTP is 424242' };
        await publishAsFamily(channel, JSON.stringify(job));
        addresses.push(ours, theirs);
    }
    const done = () => [...byNode, ...sink.mails.map((mail) => mail.to[0])];
    await until('all jobs', () => done().length >= addresses.length);
    assert.deepEqual(done().sort(), addresses.sort());
    assert.ok(byNode.length > 0 && sink.mails.length > 0, `${byNode.length} by Node, ${sink.mails.length} by Ping`);
});

test('T55: bodies that are no mail end in the dead letters, redacted, and hold up nobody', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startPingd(t, settings(sink));
    const channel = await broker.channel(t);
    const bad = ['', 'no JSON', '[]', '{"to":1}', '{"to":"a@b.io"}', '{"to":"a@b.io","subject":"x\\r\\nBcc: c@d.io","body":"314159"}',
        '{"to":"a@b.io\\r\\nRCPT TO:<c@d.io>","subject":"x","body":"314159"}', `{"to":"a@b.io","subject":"x","body":"${'x'.repeat(1_000_000)}"}`];
    for (const content of bad) {
        await publishAsFamily(channel, content);
    }
    channel.sendToQueue('send-otp', Buffer.from([0xff, 0xfe, 0x00, 0x31]), { persistent: true });
    await publishAsFamily(channel, JSON.stringify({ to: 'ana@example.com', subject: 'Hello', body: 'Your OTP is 424242' }));
    assert.equal(await sink.codeFor('ana@example.com'), '424242');
    const count = bad.length + 1;
    const dead = async () => (await channel.checkQueue('send-otp.dead')).messageCount;
    await until('the dead letters', async () => (await dead()) === count);
    const letters = await deadLetters(channel);
    for (const letter of letters) {
        assert.deepEqual(Object.keys(letter).sort(), ['attempts', 'first_seen', 'message_id', 'reason', 'to_hash']);
    }
    assert.doesNotMatch(JSON.stringify(letters), /314159|a@b\.io|c@d\.io/);
    assert.equal(await metric(server, 'ping_mail_dead_total'), count);
    await until('the acks', async () => (await metric(server, 'ping_jobs_held')) === 0);
    assert.equal((await channel.checkQueue('send-otp')).messageCount, 0);
    assert.equal(sink.mails.length, 1);
});

test('T55: a thousand bad bodies drain at once', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startPingd(t, settings(sink));
    const channel = await broker.channel(t);
    const begin = performance.now();
    for (let i = 0; i < 1_000; i++) {
        channel.sendToQueue('send-otp', Buffer.from(`bad ${i}`), { persistent: true });
    }
    await until('the dead letters', async () => (await channel.checkQueue('send-otp.dead')).messageCount === 1_000, 30_000);
    t.diagnostic(`1000 dead letters after ${Math.round(performance.now() - begin)} ms`);
    await until('the acks', async () => (await metric(server, 'ping_jobs_held')) === 0);
});

test('T19: no code or token in the log, the metrics or the dead letters', limits, async (t) => {
    const spam = 'spam@example.com';
    const sink = await startMailSink(t, 0, { spam: [spam] });
    const server = await startPingd(t, settings(sink, { PINGD_LOG__LEVEL: 'debug' }));
    const ana = await Person.login(server, 'ana@example.com', sink.codeFor);
    assert.equal((await login(server, spam)).status, 200);
    const codes = [await sink.codeFor('ana@example.com'), await sink.codeFor(spam)];
    const channel = await broker.channel(t);
    const canary = `canary ${randomBytes(16).toString('hex')}`;
    for (const to of ['bo@example.com', spam]) {
        await publishAsFamily(channel, JSON.stringify({ to, subject: 'Hello', body: `${canary} 424242` }));
    }
    await until('the dead letters', async () => (await metric(server, 'ping_mail_dead_total')) === 2);
    await until('the acks', async () => (await metric(server, 'ping_jobs_held')) === 0);
    const letters = JSON.stringify(await deadLetters(channel));
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    const secrets = [...codes.map((code) => new RegExp(`(?<![\\d.])${code}(?!\\d)`)), new RegExp(ana.token), new RegExp(canary)];
    for (const [place, text] of Object.entries({ letters, metrics, log: server.log })) {
        for (const secret of secrets) {
            assert.doesNotMatch(text, secret, place);
        }
    }
    assert.doesNotMatch(letters, /example\.com/, 'nor an address');
    assert.ok(server.log.includes('mail.dead'));
});

// Where the process dies, and how many copies of the mail there may be (TRUST.md §3.4).
for (const [point, most] of [['O2', 1], ['O3', 1], ['W1', 1], ['W2', 2], ['W3', 2], ['W4', 2]]) {
    test(`F02 ${point} on RabbitMQ: the code comes, and works once`, limits, async (t) => {
        const sink = await startMailSink(t);
        const run = { PINGD_FAILPOINT: `${point}:abort` };
        const server = await startPingd(t, settings(sink), { run });
        const email = 'ana@example.com';
        await login(server, email).catch(() => {}); // the answer may be lost
        assert.equal(await server.signal(), 'SIGKILL', server.output);
        await server.start();
        const otp = await sink.codeFor(email);
        const verify = () => call(server, 'POST', '/api/v1/verify', { json: { email, otp } });
        assert.equal((await verify()).status, 200);
        assert.equal((await verify()).status, 400);
        const channel = await broker.channel(t);
        await until('the ack', async () => (await metric(server, 'ping_jobs_held')) === 0);
        assert.equal(await server.stop(), 0);
        assert.equal((await channel.checkQueue('send-otp')).messageCount, 0);
        assert.ok(sink.mails.length <= most, `${sink.mails.length} mails`);
        assert.equal(new Set(sink.mails.map((mail) => mail.headers['message-id'])).size, 1);
    });
}
