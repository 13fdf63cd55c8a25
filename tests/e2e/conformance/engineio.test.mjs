// What Engine.IO, protocol revision 4, asks of a server: the 25 cases of the official suite (FIELD.md §3.2).
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { describeTransport } from './support/transport.mjs';
import { EnginePath } from './support/engine.mjs';
import { serverForAllTests } from './support/server.mjs';
import { timely } from './support/timely.mjs';

const engine = new EnginePath(serverForAllTests(), '/engine.io/');

describeTransport(engine);

describe('messages by polling', () => {
    for (const [name, body] of [
        ['one text', '4hello'],
        ['several texts, in one answer and in order', '4test1\x1e4test2\x1e4test3'],
        ['text and bytes', '4hello\x1ebAQIDBA=='],
    ]) {
        timely(`${name}: come back as they are`, async () => {
            const { sid } = await engine.open();
            const pushed = await engine.push(sid, body);
            assert.equal(pushed.status, 200);
            assert.equal(pushed.text, 'ok');
            const polled = await engine.poll(sid);
            assert.equal(polled.status, 200);
            assert.equal(polled.text, body);
        });
    }

    timely('a body that is no packet ends the session', async () => {
        const { sid } = await engine.open();
        assert.equal((await engine.push(sid, 'abc')).status, 400);
        assert.equal((await engine.poll(sid)).status, 400);
    });

    timely('a second GET at a time ends the session: the first hears it, the second is refused', async () => {
        const { sid } = await engine.open();
        const first = engine.poll(sid);
        await sleep(5);
        const second = await engine.poll(sid);
        assert.equal(second.status, 400);
        assert.deepEqual([(await first).status, (await first).text], [200, '1']);
        assert.equal((await engine.poll(sid)).status, 400);
    });

    timely('a GET that the client gives up ends the session', async () => {
        const { sid } = await engine.open();
        const giveUp = new AbortController();
        const polling = engine.poll(sid, { signal: giveUp.signal });
        await sleep(5);
        giveUp.abort();
        await assert.rejects(polling);
        assert.equal((await engine.poll(sid)).status, 400);
    });
});

describe('messages by WebSocket', () => {
    timely('a text comes back as it is', async () => {
        const wire = await engine.openSocket();
        wire.send('4hello');
        assert.equal(await wire.message(), '4hello');
        wire.end();
    });

    timely('bytes come back as bytes', async () => {
        const wire = await engine.openSocket();
        wire.send(Buffer.from([1, 2, 3, 4]));
        assert.deepEqual(await wire.message(), Buffer.from([1, 2, 3, 4]));
        wire.end();
    });

    timely('what is no packet ends the session', async () => {
        const wire = await engine.openSocket();
        wire.send('abc');
        await wire.close();
    });
});
