// The cases that both official suites have: handshake, heartbeat, close and upgrade of Engine.IO. (The Socket.IO suite
// repeats these 16 of the Engine.IO suite.)
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { pingInterval, pingTimeout } from './server.mjs';
import { timely } from './timely.mjs';

/** What a case with three of them takes. */
export const heartbeats = 1100;

const openKeys = ['maxPayload', 'pingInterval', 'pingTimeout', 'sid', 'upgrades'];

function checkOpenPacket(packet, upgrades) {
    assert.equal(packet[0], '0');
    const open = JSON.parse(packet.slice(1));
    assert.deepEqual(Object.keys(open).sort(), openKeys);
    assert.equal(typeof open.sid, 'string');
    assert.deepEqual(open.upgrades, upgrades);
    assert.deepEqual([open.pingInterval, open.pingTimeout, open.maxPayload], [pingInterval, pingTimeout, 1_000_000]);
}

/** `afterUpgrade`: a message that the path answers, and its answer. */
export function describeTransport(path, afterUpgrade = { say: '4hello', hear: ['4hello'] }) {
    describe('handshake by polling', () => {
        timely('opens a session', async () => {
            const { status, text, headers } = await path.request({ EIO: 4, transport: 'polling' });
            assert.equal(status, 200);
            assert.equal(headers.get('content-type'), 'text/plain; charset=UTF-8');
            checkOpenPacket(text, ['websocket']);
        });

        timely('refuses another protocol version, or none', async () => {
            assert.equal((await path.request({ transport: 'polling' })).status, 400);
            assert.equal((await path.request({ EIO: 'abc', transport: 'polling' })).status, 400);
        });

        timely('refuses an unknown transport, or none', async () => {
            assert.equal((await path.request({ EIO: 4 })).status, 400);
            assert.equal((await path.request({ EIO: 4, transport: 'abc' })).status, 400);
        });

        timely('refuses any method but GET', async () => {
            for (const method of ['POST', 'PUT']) {
                assert.equal((await path.request({ EIO: 4, transport: 'polling' }, { method })).status, 400);
            }
        });
    });

    describe('handshake by WebSocket', () => {
        timely('opens a session', async () => {
            const wire = path.socket({ EIO: 4, transport: 'websocket' });
            checkOpenPacket(await wire.message(), []);
            wire.end();
        });

        timely('refuses another protocol version, or none', async () => {
            await path.socket({ transport: 'websocket' }).close();
            await path.socket({ EIO: 'abc', transport: 'websocket' }).close();
        });

        timely('refuses an unknown transport, or none', async () => {
            await path.socket({ EIO: 4 }).close();
            await path.socket({ EIO: 4, transport: 'abc' }).close();
        });
    });

    describe('heartbeat', () => {
        timely('by polling: the server pings as long as the client answers', async () => {
            const { sid } = await path.open();
            for (let i = 0; i < 3; ++i) {
                const { status, text } = await path.poll(sid);
                assert.deepEqual([status, text], [200, '2']);
                assert.equal((await path.push(sid, '3')).status, 200);
            }
        }, heartbeats);

        timely('by polling: a silent client has no session any more', async () => {
            const { sid } = await path.open();
            await sleep(pingInterval + pingTimeout);
            assert.equal((await path.poll(sid)).status, 400);
        }, heartbeats);

        timely('by WebSocket: the server pings as long as the client answers', async () => {
            const wire = await path.openSocket();
            for (let i = 0; i < 3; ++i) {
                assert.equal(await wire.message(), '2');
                wire.send('3');
            }
            wire.end();
        }, heartbeats);

        timely('by WebSocket: a silent client is cut off', async () => {
            const wire = await path.openSocket();
            await wire.close();
        }, heartbeats);
    });

    describe('close', () => {
        timely('by polling: a waiting GET is let go, and the session is over', async () => {
            const { sid } = await path.open();
            const [polled] = await Promise.all([path.poll(sid), path.push(sid, '1')]);
            assert.deepEqual([polled.status, polled.text], [200, '6']);
            assert.equal((await path.poll(sid)).status, 400);
        });

        timely('by WebSocket: the socket closes', async () => {
            const wire = await path.openSocket();
            wire.send('1');
            await wire.close();
        });
    });

    describe('upgrade', () => {
        const answers = async (wire) => {
            wire.send(afterUpgrade.say);
            for (const expected of afterUpgrade.hear) {
                assert.match(await wire.message(), new RegExp(`^${expected}`));
            }
        };

        timely('goes from polling to WebSocket: a GET behind the probe is let go', async () => {
            const { sid } = await path.open();
            const { wire, answer } = await path.probe(sid);
            assert.equal(answer, '3probe');
            const polled = await path.poll(sid);
            assert.deepEqual([polled.status, polled.text], [200, '6']);
            wire.send('5');
            await answers(wire);
            wire.end();
        });

        timely('polling is over behind it, and the socket does not mind', async () => {
            const { sid } = await path.open();
            const { wire } = await path.probe(sid);
            wire.send('5');
            assert.equal((await path.poll(sid)).status, 400);
            await answers(wire);
            wire.end();
        });

        timely('a second socket is closed, and the first does not mind', async () => {
            const { sid } = await path.open();
            const { wire } = await path.probe(sid);
            wire.send('5');
            const second = path.socket({ EIO: 4, transport: 'websocket', sid });
            await second.close();
            await answers(wire);
            wire.end();
        });
    });
}
