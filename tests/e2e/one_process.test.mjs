// F14: a data folder belongs to one process.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { freePort, runPingd, startPingd } from './support/pingd.mjs';

const limits = { timeout: 60_000 };

test('T57 F14: a second pingd on the same data refuses, and the first goes on', limits, async (t) => {
    const server = await startPingd(t);
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const desk = await bo.connect();

    const second = await runPingd(['serve'], {
        PINGD_SERVER__LISTEN: `127.0.0.1:${await freePort()}`,
        PINGD_DATA__DIR: server.dataFolder,
    });
    assert.equal(second.code, 1, JSON.stringify(second));
    assert.equal(second.err, `pingd: another pingd uses the data folder ${server.dataFolder}\n`);
    assert.doesNotMatch(second.out, /ready/);

    assert.equal((await ana.send(chatId, 'still here')).status, 201);
    assert.equal((await desk.next('newMessage')).text, 'still here');

    // The lock goes with its process, however that ends: no stale file keeps the next one out.
    await server.kill9();
    await server.start();
    assert.equal((await bo.history(chatId)).length, 1);
});

test('T57 F14: a second pingd on the same port refuses and names the address', limits, async (t) => {
    const server = await startPingd(t);
    const second = await runPingd(['serve', '--data-dir', `${server.dataFolder}2`], {
        PINGD_SERVER__LISTEN: `127.0.0.1:${server.port}`,
    });
    assert.equal(second.code, 1, JSON.stringify(second));
    assert.match(second.err, new RegExp(`^pingd: Cannot listen on 127\\.0\\.0\\.1:${server.port}: .*\\n$`));
});
