// The client that applications use, socket.io-client 4.8, over each transport.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { io } from 'socket.io-client';

import { within } from './support/engine.mjs';
import { serverForAllTests } from './support/server.mjs';

const server = serverForAllTests();

/** A client that is gone when the test ends; nothing is shared with other clients. */
function client(t, options, namespace = '') {
    const socket = io(`${server.url}${namespace}`, { forceNew: true, reconnection: false, ...options });
    t.after(() => socket.disconnect());
    return socket;
}

const next = (emitter, event) => within(once(emitter, event), event);

for (const [name, transports] of [
    ['polling alone', ['polling']],
    ['a WebSocket alone', ['websocket']],
    ['polling, then a WebSocket', ['polling', 'websocket']],
]) {
    describe(`socket.io-client over ${name}`, () => {
        const opened = async (t, options = {}, namespace = '') => {
            const socket = client(t, { transports, ...options }, namespace);
            const auth = next(socket, 'auth');
            await next(socket, 'connect');
            return { socket, auth: (await auth)[0] };
        };

        test('connects and says what it was given to say', async (t) => {
            const { socket, auth } = await opened(t, { auth: { token: 'abc' } });
            assert.deepEqual(auth, { token: 'abc' });
            assert.ok(socket.id.length > 0);
        });

        test('sends and receives texts, bytes and acknowledgements, in order', async (t) => {
            const { socket } = await opened(t);
            const received = [];
            const all = new Promise((resolve) => {
                socket.on('message-back', (...values) => {
                    received.push(values);
                    if (received.length === 50) {
                        resolve();
                    }
                });
            });
            for (let i = 0; i < 50; ++i) {
                socket.emit('message', i, { bytes: Buffer.from([i, 0, 255]), text: 'ä€😀\u2028' });
            }
            await within(all, 'the fiftieth message');
            received.forEach(([number, { bytes, text }], index) => {
                assert.equal(number, index);
                assert.deepEqual(Buffer.from(bytes), Buffer.from([index, 0, 255]));
                assert.equal(text, 'ä€😀\u2028');
            });
            const acked = await within(socket.timeout(3000).emitWithAck('message-with-ack', { a: [1, null] }), 'the ack');
            assert.deepEqual(acked, { a: [1, null] });
        });

        test('takes a message of half a megabyte', async (t) => {
            const { socket } = await opened(t);
            const large = 'x'.repeat(500_000);
            const back = next(socket, 'message-back');
            socket.emit('message', large);
            assert.equal((await back)[0], large);
        });

        test('outlives several heartbeats', async (t) => {
            const { socket } = await opened(t);
            let pings = 0;
            const third = new Promise((resolve) => socket.io.on('ping', () => ++pings === 3 && resolve()));
            await within(third, 'the third ping');
            assert.ok(socket.connected);
        });

        test('is in two namespaces at a time, and hears that a third is none', async (t) => {
            const main = io(server.url, { transports, forceNew: true, reconnection: false });
            t.after(() => main.disconnect());
            await next(main, 'connect');
            const custom = main.io.socket('/custom', {});
            custom.connect(); // once more than needed, as pages do: it hears one answer
            let answers = 0;
            custom.on('connect', () => ++answers);
            await next(custom, 'connect');
            const none = main.io.socket('/random', {});
            const [error] = await next(none, 'connect_error');
            assert.equal(error.message, 'Invalid namespace');
            custom.disconnect();
            const back = next(main, 'message-back');
            main.emit('message', 'still here');
            assert.deepEqual(await back, ['still here']);
            assert.equal(answers, 1);
        });

        test('comes back by itself when the connection breaks', async (t) => {
            const { socket } = await opened(t, { reconnection: true, reconnectionDelay: 10 });
            const before = socket.id;
            const again = next(socket, 'connect');
            socket.io.engine.close();
            await again;
            assert.notEqual(socket.id, before);
        });
    });
}

test('socket.io-client ends up on the WebSocket when it may upgrade', async (t) => {
    const socket = client(t, {});
    const received = [];
    socket.on('message-back', (number) => received.push(number));
    const upgraded = new Promise((resolve) => {
        socket.io.on('open', () => {
            assert.equal(socket.io.engine.transport.name, 'polling');
            socket.io.engine.once('upgrade', resolve);
        });
    });
    // What is said in the meantime arrives once and in order.
    for (let i = 0; i < 20; ++i) {
        socket.emit('message', i);
    }
    await within(upgraded, 'the upgrade');
    assert.equal(socket.io.engine.transport.name, 'websocket');
    const last = socket.timeout(3000).emitWithAck('message-with-ack', 'last');
    for (let i = 20; i < 40; ++i) {
        socket.emit('message', i);
    }
    await within(last, 'the ack');
    await within(socket.timeout(3000).emitWithAck('message-with-ack', 'very last'), 'the second ack');
    assert.deepEqual(received, Array.from({ length: 40 }, (_, i) => i));
});
