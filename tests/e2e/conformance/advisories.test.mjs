// T40: the advisories that Socket.IO's SECURITY.md lists for servers, the dependencies' included: 17 when this was
// written. Each is tried; afterwards the socket is closed or refused, the process is the same, the next client is served.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';

import WebSocket from 'ws';

import { EnginePath, within } from './support/engine.mjs';
import { serverForAllTests } from './support/server.mjs';

const server = serverForAllTests();
const path = new EnginePath(server, '/socket.io/');

/** A client in the main namespace. */
async function connected() {
    const wire = await path.openSocket();
    wire.send('40');
    await wire.message();
    await wire.message();
    return wire;
}

async function checkNextClientIsServed() {
    assert.equal(server.child.exitCode, null);
    assert.equal(server.child.signalCode, null);
    const wire = await connected();
    wire.send('421["message-with-ack","served"]');
    assert.equal(await wire.message(), '431["served"]');
    wire.end();
}

function advisory(name, attack) {
    test(`T40: ${name}`, async () => {
        await attack();
        await checkNextClientIsServed();
    });
}

/** Each of these messages, sent by a client of its own that is in the main namespace, closes it. */
async function checkEachCloses(messages) {
    for (const message of messages) {
        const wire = await connected();
        wire.send(message);
        await wire.close();
    }
}

/** Sends bytes over TCP and gives all that comes back until the server closes, or has answered a whole head. */
async function sendRaw(bytes) {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    let received = '';
    socket.setEncoding('latin1').on('data', (text) => (received += text));
    socket.write(bytes);
    await within(
        new Promise((resolve) => {
            socket.on('data', () => received.includes('\r\n\r\n') && resolve());
            socket.on('close', resolve);
        }),
        'an answer',
    );
    socket.destroy();
    return received;
}

function upgradeRequest(query, fields = '') {
    return (
        `GET /socket.io/?${query} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n${fields}\r\n`
    );
}

const socketQuery = 'EIO=4&transport=websocket';

advisory('CVE-2017-16031, session ids that can be guessed: 128 random bits each', async () => {
    const sids = [];
    for (let i = 0; i < 100; ++i) {
        sids.push((await path.open()).sid);
    }
    assert.equal(new Set(sids).size, sids.length);
    for (let digit = 0; digit < 32; ++digit) {
        assert.ok(new Set(sids.map((sid) => sid[digit])).size > 4, `digit ${digit} hardly changes`);
    }
});

advisory('CVE-2020-28481, any origin may read answers: a foreign one is refused and gets no leave', async () => {
    const refused = await path.request({ EIO: 4, transport: 'polling' }, { headers: { origin: 'http://evil.example' } });
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('access-control-allow-origin'), null);
});

advisory('CVE-2024-38355, an error nobody listens to: packets of errors are refused, `error` is an event', async () => {
    await checkEachCloses(['44{"message":"x"}', '44"x"', '44/custom,{"message":"x"}']);
    const wire = await connected();
    wire.send('42["error","x"]');
    wire.send('421["message-with-ack",1]');
    assert.equal(await wire.message(), '431[1]');
    wire.end();
});

advisory('CVE-2016-10518, memory in pongs: a pong carries what the ping carried', async () => {
    const socket = new WebSocket(path.address({ EIO: 4, transport: 'websocket' }, server.wsUrl));
    await within(once(socket, 'open'), 'the opening');
    for (const payload of [Buffer.alloc(0), Buffer.from('x'), Buffer.alloc(125, 7)]) {
        const pong = within(once(socket, 'pong'), 'a pong');
        socket.ping(payload);
        assert.deepEqual((await pong)[0], payload);
    }
    socket.close();
});

advisory('CVE-2016-10542, messages without end: one byte too many closes', async () => {
    const wire = await connected();
    wire.send('4'.padEnd(1_000_001, 'x'));
    assert.equal(await wire.close(), 1009);
});

advisory('GHSA-5v72-xg48-5rpm, names of objects as extensions: no extension is taken', async () => {
    for (const extension of ['constructor', '__proto__', 'toString; hasOwnProperty=1', ';,;,=', 'permessage-deflate']) {
        const answer = await sendRaw(upgradeRequest(socketQuery, `Sec-WebSocket-Extensions: ${extension}\r\n`));
        assert.match(answer, /^HTTP\/1\.1 101 /);
        assert.doesNotMatch(answer, /sec-websocket-extensions/i);
    }
});

advisory('CVE-2020-36048, polling bodies without end: 413 before they are read', async () => {
    const { sid } = await path.open();
    const { port } = new URL(server.url);
    const answer = await sendRaw(
        `POST /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n` +
            'Content-Length: 100000000\r\n\r\n4xxxx',
    );
    assert.match(answer, /^HTTP\/1\.1 413 /);
});

advisory('CVE-2020-36049, heads of packets without end', async () => {
    await checkEachCloses([
        `42${'1'.repeat(900_000)}["e"]`,
        `45${'1'.repeat(900_000)}-["e"]`,
        `42/${'n'.repeat(900_000)},["e"]`,
        `42${'['.repeat(900_000)}`,
    ]);
});

advisory('CVE-2021-32640, spaces in Sec-WebSocket-Protocol: none is chosen', async () => {
    for (const protocols of [`b${' '.repeat(7000)}x`, 'a,'.repeat(3000), ', , ,']) {
        const answer = await sendRaw(upgradeRequest(socketQuery, `Sec-WebSocket-Protocol: ${protocols}\r\n`));
        assert.match(answer, /^HTTP\/1\.1 (101|400) /);
        assert.doesNotMatch(answer, /sec-websocket-protocol/i);
    }
});

advisory('CVE-2022-21676, frames that are none, right behind the handshake or during an upgrade', async () => {
    const frames = ['\xff\xff\xff\xff', '\x81\x05hello', '\xc1\x80\0\0\0\0', '\x83\x80\0\0\0\0', '\x09\x80\0\0\0\0'];
    const { sid } = await path.open();
    for (const frame of frames) {
        await sendRaw(Buffer.from(upgradeRequest(socketQuery) + frame, 'latin1'));
        await sendRaw(Buffer.from(upgradeRequest(`${socketQuery}&sid=${sid}`) + frame, 'latin1'));
    }
});

advisory('CVE-2022-2421, placeholders that name no attachment', async () => {
    await checkEachCloses([
        '451-["e",{"_placeholder":true,"num":"splice"}]',
        '451-["e",{"_placeholder":true,"num":1}]',
        '451-["e",{"_placeholder":true,"num":-1}]',
        '451-["e",{"_placeholder":true}]',
    ]);
});

advisory('CVE-2022-41940, an upgrade that is refused to a client that has gone', async () => {
    const { port } = new URL(server.url);
    for (const query of ['EIO=4&transport=abc', 'EIO=abc&transport=websocket', `${socketQuery}&sid=none`, socketQuery]) {
        const socket = connect(Number(port), '127.0.0.1');
        await once(socket, 'connect');
        socket.write(upgradeRequest(query));
        const closed = once(socket, 'close');
        socket.resetAndDestroy();
        await closed;
    }
});

advisory('CVE-2023-31125, names of objects as parameters: refused as unknown', async () => {
    for (const query of [
        { EIO: 4, transport: '__proto__' },
        { EIO: 4, transport: 'constructor' },
        { EIO: '__proto__', transport: 'polling' },
        { EIO: 4, transport: 'polling', sid: '__proto__' },
        { EIO: 4, transport: 'polling', sid: 'constructor' },
    ]) {
        assert.equal((await path.request(query)).status, 400);
        await path.socket({ ...query, transport: query.transport.replace('polling', 'websocket') }).close();
    }
});

advisory('CVE-2023-32695, names of events that are none', async () => {
    await checkEachCloses(['42[{"toString":"foo"}]', '42[["a"]]', '42[null]', '42[]', '42["disconnect"]', '42["newListener"]']);
});

advisory('CVE-2024-37890, more headers than a server takes: 431', async () => {
    const fields = Array.from({ length: 1000 }, (_, i) => `${i}:\r\n`).join('');
    assert.match(await sendRaw(upgradeRequest(socketQuery, fields)), /^HTTP\/1\.1 431 /);
});

advisory('CVE-2026-33151, attachments without number: eleven are too many', async () => {
    await checkEachCloses(['4511-["e"]', '45999999999-["e"]', '4599999999999999999999999-["e"]']);
    const wire = await connected();
    wire.send('450-["message"]');
    assert.equal(await wire.message(), '42["message-back"]');
    wire.end();
});

advisory('CVE-2026-45736, memory in close frames: nothing but code and reason', async () => {
    const wire = path.socket({ EIO: 4, transport: 'websocket' });
    await wire.message();
    wire.send('abc');
    const { code, reason } = await wire.ending();
    assert.deepEqual([code, reason], [1008, 'policy violation']);
});
