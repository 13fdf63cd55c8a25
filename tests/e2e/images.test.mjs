// Images against the real process: crashes between file and row (U1, U2), and what hostile files cost it (T35, T44).
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { gif, png } from './support/images.mjs';
import { startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 120_000 };
const unlimited = { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' };

async function codeFor(server, email) {
    const newest = async () => (await call(server, 'GET', '/dev/mailbox.json')).body.find((mail) => mail.to === email);
    await until(`a code for ${email}`, newest);
    return (await newest()).text.match(/\b\d{6}\b/)[0];
}

/** Ana and Bo have a chat. */
async function startChat(t, run) {
    const server = await startPingd(t, unlimited, { run });
    const [ana, bo] = await Promise.all(
        ['ana', 'bo'].map((name) => Person.login(server, `${name}@example.com`, (email) => codeFor(server, email))),
    );
    const { chatId } = (await ana.newChat(bo)).body;
    return { server, ana, bo, chatId };
}

async function filesOf(server) {
    const entries = await readdir(join(server.dataFolder, 'blobs'), { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

/** Kilobytes that the process has in memory: now, or at most since the last look. */
async function memoryOf(server, field) {
    const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
    return Number(status.match(new RegExp(`${field}:\\s+(\\d+) kB`))[1]);
}

for (const [point, left] of [['U1', 1], ['U2', 2]]) {
    test(`F02 ${point}: an image whose message was not stored leaves no file, and sending it again stores one`, limits, async (t) => {
        const { server, ana, bo, chatId } = await startChat(t, { PINGD_FAILPOINT: `${point}:abort` });
        const image = png(40, 30);
        await assert.rejects(ana.sendImage(chatId, image, { clientId: 'c1' }), 'no answer');
        assert.equal(await server.signal(), 'SIGKILL', server.output);
        assert.ok((await filesOf(server)).length >= left, 'a file without a message');
        await server.start();
        await until('the end of the orphans', async () => (await filesOf(server)).length === 0);
        assert.deepEqual(await bo.history(chatId), []);

        const again = await ana.sendImage(chatId, image, { clientId: 'c1' });
        assert.equal(again.status, 201);
        const repeated = await ana.sendImage(chatId, image, { clientId: 'c1' });
        assert.equal(repeated.status, 200);
        assert.deepEqual(repeated.body.message.image, again.body.message.image);
        await until('the end of the second copy', async () => (await filesOf(server)).length === 2);
        const [message] = await bo.history(chatId);
        assert.equal((await call(server, 'GET', message.image.url)).status, 200);
        assert.equal((await call(server, 'GET', message.image.thumbUrl)).status, 200);
    });

    test(`F02 ${point}: a step that fails there is undone at once`, limits, async (t) => {
        const { server, ana, bo, chatId } = await startChat(t, { PINGD_FAILPOINT: `${point}:eio:1` });
        assert.equal((await ana.sendImage(chatId, png(40, 30))).status, 500);
        await until('the end of the files', async () => (await filesOf(server)).length === 0);
        assert.equal((await ana.sendImage(chatId, png(40, 30))).status, 201);
        assert.equal((await bo.history(chatId)).length, 1);
    });
}

test('images outlive a restart, and a sweep takes no image that has a message', limits, async (t) => {
    const { server, ana, chatId } = await startChat(t);
    const { image } = (await ana.sendImage(chatId, png(40, 30))).body.message;
    assert.equal(await server.stop(), 0);
    await server.start();
    await until('the sweep', async () => /_media_orphans_total 0\n/.test((await call(server, 'GET', '/metrics')).body));
    assert.equal((await call(server, 'GET', image.url)).status, 200);
    assert.equal((await filesOf(server)).length, 2);
});

test('T44: bombs grow the server by less than 32 MiB', limits, async (t) => {
    const { server, ana, chatId } = await startChat(t);
    assert.equal((await ana.sendImage(chatId, png(64, 64))).status, 201);
    const before = await memoryOf(server, 'VmRSS');
    const files = [
        [png(50_000, 50_000, { rows: 120 }), 422],
        [png(5000, 5000), 201],
        [png(5000, 5000, { rows: 10 }), 422],
        [gif(100_000), 201],
        [Buffer.concat([gif(1), Buffer.alloc(5 * 1024 * 1024 - 1000)]), 201],
    ];
    for (const [file, status] of files) {
        const sent = await ana.sendImage(chatId, file);
        assert.equal(sent.status, status, JSON.stringify(sent.body));
    }
    await Promise.all(Array.from({ length: 8 }, () => ana.sendImage(chatId, png(5000, 5000))));
    const grown = (await memoryOf(server, 'VmHWM')) - before;
    t.diagnostic(`grown by ${grown} kB`);
    assert.ok(grown < 32 * 1024, `${grown} kB`);
});

test('T35: a refused upload grows the server by less than 1 MiB', limits, async (t) => {
    const { server, ana, chatId } = await startChat(t);
    const oversize = Buffer.alloc(5 * 1024 * 1024 + 1);
    assert.equal((await ana.sendImage(chatId, oversize)).status, 413);
    const before = await memoryOf(server, 'VmRSS');
    for (let i = 0; i < 10; i += 1) {
        assert.equal((await ana.sendImage(chatId, oversize)).status, 413);
    }
    const grown = (await memoryOf(server, 'VmHWM')) - before;
    t.diagnostic(`grown by ${grown} kB in ten`);
    assert.ok(grown < 10 * 1024, `${grown} kB`);
    assert.deepEqual(await filesOf(server), []);
});
