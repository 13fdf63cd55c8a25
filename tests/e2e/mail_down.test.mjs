// The mail server is away: logins are taken, chat goes on, and the mail goes out when it is back.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { startMailSink } from './support/mail.mjs';
import { freePort, metric, startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 60_000 };
const secondTryWithinMs = 2_400 + 1_500; // 2 s +-20 % after the first, and some time for a busy machine

test('T57: with SMTP down login is 200 and chat works, and the mail arrives when it is up', limits, async (t) => {
    const port = await freePort();
    const server = await startPingd(t, {
        PINGD_MAIL__SMTP_URL: `smtp://127.0.0.1:${port}`,
        PINGD_MAIL__FROM: 'Ping <ping@example.com>',
    });
    // Two people who were there before the mail server went away.
    const early = await startMailSink(t, port);
    const ana = await Person.login(server, 'ana@example.com', early.codeFor);
    const bo = await Person.login(server, 'bo@example.com', early.codeFor);
    await early.stop();

    const { chatId } = (await ana.newChat(bo)).body;
    const desk = await bo.connect();
    const askedAt = performance.now();
    const asked = await call(server, 'POST', '/api/v1/login', { json: { email: 'eve@example.com' } });
    const answeredMs = performance.now() - askedAt;
    assert.equal(asked.status, 200, JSON.stringify(asked.body));
    assert.ok(answeredMs < 1_000, `login does not wait for the mail server: ${answeredMs} ms`);
    await until('the first try to fail', async () => (await metric(server, 'ping_mail_retried_total')) >= 1);
    assert.equal((await ana.send(chatId, 'no mail needed')).status, 201);
    assert.equal((await desk.next('newMessage')).text, 'no mail needed');
    assert.equal((await call(server, 'GET', '/readyz')).status, 200);

    const sink = await startMailSink(t, port);
    const otp = await sink.codeFor('eve@example.com');
    const waitedMs = performance.now() - askedAt;
    assert.ok(waitedMs > 1_600 && waitedMs < secondTryWithinMs, `the second try came after ${waitedMs} ms`);
    const proof = { email: 'eve@example.com', otp, flowId: asked.body.flowId };
    assert.equal((await call(server, 'POST', '/api/v1/verify', { json: proof })).status, 200);
    assert.equal(sink.mails.length, 1, 'one mail, not one for each try');
    assert.equal(await metric(server, 'ping_mail_dead_total'), 0);
    t.diagnostic(`login answered in ${Math.round(answeredMs)} ms, its mail came after ${Math.round(waitedMs)} ms`);
});

test('T57: a mail that waits for the mail server outlives a restart', limits, async (t) => {
    const port = await freePort();
    const server = await startPingd(t, { PINGD_MAIL__SMTP_URL: `smtp://127.0.0.1:${port}` });
    const asked = await call(server, 'POST', '/api/v1/login', { json: { email: 'ana@example.com' } });
    assert.equal(asked.status, 200, JSON.stringify(asked.body));
    await until('the first try to fail', async () => (await metric(server, 'ping_mail_retried_total')) >= 1);
    await server.kill9();
    const sink = await startMailSink(t, port);
    await server.start();
    const otp = await sink.codeFor('ana@example.com');
    const proof = { email: 'ana@example.com', otp, flowId: asked.body.flowId };
    assert.equal((await call(server, 'POST', '/api/v1/verify', { json: proof })).status, 200);
    assert.equal(sink.mails.length, 1);
});
