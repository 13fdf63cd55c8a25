// T19: codes, tokens and keys stand where they belong and nowhere else. The real ones are looked for.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { query } from './support/database.mjs';
import { devMailbox, startMailSink } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 60_000 };
const spam = 'spam@example.com';

/** Whether a secret stands in `text`. Six digits of a longer number, or of a fraction, are no code. */
function isIn(secret, text) {
    const isCode = /^\d{6}$/.test(secret);
    return isCode ? new RegExp(`(?<![\\d.])${secret}(?!\\d)`).test(text) : text.includes(secret);
}

function assertNowhere(secrets, places) {
    for (const [place, text] of Object.entries(places)) {
        for (const [name, secret] of Object.entries(secrets)) {
            assert.ok(!isIn(secret, text), `${name} is in ${place}`);
        }
    }
}

/** All files of the data folder, the write-ahead log among them, as text of one byte a character. */
async function dataFiles(server) {
    const files = {};
    for (const entry of await readdir(server.dataFolder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) {
            files[entry.name] = await readFile(join(entry.path, entry.name), 'latin1');
        }
    }
    return files;
}

async function ask(server, email) {
    const asked = await call(server, 'POST', '/api/v1/login', { json: { email } });
    assert.equal(asked.status, 200, JSON.stringify(asked.body));
}

/** Does all that could spill a code or a token. Gives the secrets. */
async function useEverything(server, sink) {
    const ana = await Person.login(server, 'ana@example.com', sink.codeFor);
    const used = await sink.codeFor('ana@example.com');
    for (const email of [spam, 'bo@example.com']) {
        await ask(server, email);
    }
    const dead = await sink.codeFor(spam);
    const live = await sink.codeFor('bo@example.com');
    const wrong = { email: 'bo@example.com', otp: live === '000000' ? '000001' : '000000' };
    assert.equal((await call(server, 'POST', '/api/v1/verify', { json: wrong })).status, 400);
    const replay = { email: 'ana@example.com', otp: used };
    assert.equal((await call(server, 'POST', '/api/v1/verify', { json: replay })).status, 400);
    assert.equal((await ana.get('/me')).status, 200);
    assert.equal((await ana.get(`/user/all?token=${ana.token}`)).status, 200);
    const cookie = { cookie: `ping_session=${ana.token}` };
    assert.equal((await call(server, 'GET', '/api/v1/me', { headers: cookie })).status, 200);
    const broken = `${ana.token.slice(0, -2)}xx`;
    assert.equal((await call(server, 'GET', '/api/v1/me', { token: broken })).status, 401);
    const socket = await ana.connect();
    await socket.close();
    return { 'a used code': used, 'a dead code': dead, 'a live code': live, 'a token': ana.token };
}

test('T19: no code, token or key in logs, metrics, arguments, dead letters or data files', limits, async (t) => {
    const sink = await startMailSink(t, 0, { spam: [spam] });
    const key = randomBytes(32).toString('hex');
    const metricsToken = randomBytes(16).toString('hex');
    const server = await startPingd(t, {
        PINGD_MAIL__SMTP_URL: sink.url,
        PINGD_AUTH__SECRET: key,
        PINGD_METRICS__TOKEN: metricsToken,
        PINGD_LOG__LEVEL: 'debug',
        PINGD_LIMITS__PER_IP: '0',
    });
    const spilled = await useEverything(server, sink);
    const secrets = { ...spilled, 'the signature': spilled['a token'].split('.')[2], key, metricsToken };
    const metrics = () => call(server, 'GET', '/metrics', { token: metricsToken });
    await until('the dead letter', async () => / *ping_mail_dead_total 1\n/.test((await metrics()).body));

    const process = `/proc/${server.pid}`;
    assertNowhere(secrets, {
        metrics: (await metrics()).body,
        cmdline: await readFile(`${process}/cmdline`, 'latin1'),
        ...(await dataFiles(server)),
    });
    assert.match(await readFile(`${process}/limits`, 'utf8'), /^Max core file size +0 +0 /m);
    assert.equal(await server.stop(), 0);
    assertNowhere(secrets, { 'standard output and log': server.output, ...(await dataFiles(server)) });
    assert.ok(server.log.includes('mail.dead'), 'the log tells of the dead letter');
    const letters = query(server, 'SELECT redacted FROM dead_jobs').map(([text]) => JSON.parse(text));
    assert.equal(letters.length, 1);
    assert.deepEqual(Object.keys(letters[0]).sort(), ['attempts', 'first_seen', 'message_id', 'reason', 'to_hash']);
    assert.ok(!JSON.stringify(letters).includes('spam@'), 'nor the address');
});

test('T19: the dev mailbox shows a code on the terminal and not in the log', limits, async (t) => {
    const server = await startPingd(t, { PINGD_LOG__LEVEL: 'debug' });
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const code = await codeFor('ana@example.com');
    assert.equal(await server.stop(), 0);
    assert.ok(isIn(code, server.output), 'the terminal');
    assertNowhere({ code, token: ana.token }, { log: server.log, ...(await dataFiles(server)) });
});
