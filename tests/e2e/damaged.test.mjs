// F16: a file that was damaged while the server was away ends the server, loudly and in an orderly way.
import assert from 'node:assert/strict';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const pageBytes = 4096;
const damagedPages = 4;

/** Overwrites the last pages of a file: those of the table that grew last. */
async function damageEnd(path) {
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    try {
        const garbage = Buffer.alloc(damagedPages * pageBytes, 0x5a);
        await file.write(garbage, 0, garbage.length, size - garbage.length);
    } finally {
        await file.close();
    }
}

test('F16: a damaged database ends pingd with 1, and it says so', { timeout: 60_000 }, async (t) => {
    const server = await startPingd(t);
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    for (let count = 0; count < 40; ++count) {
        assert.equal((await ana.send(chatId, 'x'.repeat(4000))).status, 201);
    }
    assert.equal(await server.stop(), 0);
    await damageEnd(join(server.dataFolder, 'ping.db'));

    await server.start().catch((error) => assert.match(error.message, /did not become ready \(1\)/));
    await until('the end of the server', () => !server.isRunning);
    assert.equal(await server.stop(), 1, 'the exit code');
    assert.match(server.log, /ERROR store\.damaged detail="quick_check: /);
    assert.match(server.log, /INFO {2}app\.stopped/, 'an orderly stop, under the same watchdog as any other');
});
