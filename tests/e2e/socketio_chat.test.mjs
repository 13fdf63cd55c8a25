// The chat over socket.io-client, as applications use it, over each transport. Its network can be cut.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';

import { io } from 'socket.io-client';

import { Person } from './support/client.mjs';
import { openGate } from './support/gate.mjs';
import { png } from './support/images.mjs';
import { devMailbox } from './support/mail.mjs';
import { metric, noticeLoss, startPingd } from './support/pingd.mjs';
import { cutMs, patienceMs, spread, until } from './support/wait.mjs';

const transports = {
    'polling alone': ['polling'],
    'a WebSocket alone': ['websocket'],
    'polling, then a WebSocket': ['polling', 'websocket'],
};

/** A person's socket.io-client, which notes every event of each of its connections. */
class Client {
    constructor(t, url, person, options) {
        this.events = [];
        this.connections = 0;
        this.socket = io(url, {
            auth: { token: person.token },
            forceNew: true,
            reconnectionDelay: 50,
            reconnectionDelayMax: 100,
            ...options,
        });
        this.socket.on('connect', () => ++this.connections);
        this.socket.onAny((event, data) => this.events.push({ event, data, connection: this.connections }));
        t.after(() => this.socket.disconnect());
    }

    /** The data of the first event of that name that `matches`. */
    async saw(event, matches = () => true) {
        const found = await until(`the event ${event}`, () =>
            this.events.find((one) => one.event === event && matches(one.data)),
        );
        return found.data;
    }

    ask(event, data) {
        return this.socket.timeout(patienceMs).emitWithAck(event, data);
    }

    /** The ids of the messages, in order, as they came on one connection. */
    messages(connection) {
        return this.events
            .filter((one) => one.event === 'newMessage' && one.connection === connection)
            .map((one) => one.data._id);
    }
}

async function meet(t) {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const ana = await Person.login(server, 'ana@example.com', devMailbox(server));
    const bo = await Person.login(server, 'bo@example.com', devMailbox(server));
    const chatId = (await ana.newChat(bo)).body.chatId;
    return { server, ana, bo, chatId, gate: await openGate(t, server.port) };
}

for (const [name, chosen] of Object.entries(transports)) {
    describe(`the chat over ${name}`, { timeout: 120_000 }, () => {
        test('who is online, joining, typing, messages, seen', async (t) => {
            const { server, ana, bo, chatId } = await meet(t);
            const anas = new Client(t, server.url, ana, { transports: chosen });
            assert.deepEqual(await anas.saw('getOnlineUser'), [ana.id]);
            const bos = new Client(t, server.url, bo, { transports: chosen });
            await anas.saw('getOnlineUser', (ids) => ids.includes(bo.id));

            assert.equal((await bos.ask('joinChat', chatId)).chatId, chatId);
            assert.equal((await anas.ask('joinChat', '0123456789abcdef01234567')).error.code, 'not_found');
            anas.socket.emit('typing', { chatId });
            assert.deepEqual(await bos.saw('userTyping'), { chatId, userId: ana.id });

            const { message } = await anas.ask('sendMessage', { chatId, text: 'hello' });
            await bos.saw('userStoppedTyping');
            assert.equal((await bos.saw('newMessage'))._id, message._id);
            assert.equal((await anas.saw('newMessage'))._id, message._id);
            const seen = await anas.saw('messagesSeen');
            assert.deepEqual(seen.messageIds, [message._id]);
            assert.equal(seen.seenBy, bo.id);

            if (chosen.length > 1) {
                await until('the upgrade', () => bos.socket.io.engine.transport.name === 'websocket');
                const again = await anas.ask('sendMessage', { chatId, text: 'after the upgrade' });
                await bos.saw('newMessage', ({ _id }) => _id === again.message._id);
            }
            // The family's logout: it only disconnects.
            bos.socket.disconnect();
            await anas.saw('getOnlineUser', (ids) => ids.length === 1 && anas.events.length > 3);
        });

        test('an image that is posted comes once on each connection', async (t) => {
            const { server, ana, bo, chatId } = await meet(t);
            const clients = [ana, bo, bo].map((person) => new Client(t, server.url, person, { transports: chosen }));
            await Promise.all(clients.map((client) => client.saw('getOnlineUser')));
            const posted = await ana.sendImage(chatId, png(40, 30));
            assert.equal(posted.status, 201);
            const { message } = posted.body;
            const { message: last } = await clients[0].ask('sendMessage', { chatId, text: 'look' });
            for (const client of clients) {
                await client.saw('newMessage', ({ _id }) => _id === last._id);
                assert.deepEqual(client.messages(1), [message._id, last._id]);
                const { messageType, image, sender } = await client.saw('newMessage');
                assert.deepEqual({ messageType, image, sender }, { messageType: 'image', image: message.image, sender: ana.id });
                const picture = await fetch(new URL(image.url, server.url));
                assert.equal(picture.headers.get('content-type'), 'image/png');
                assert.ok((await picture.arrayBuffer()).byteLength > 0);
            }
        });

        test('after a cut with a hundred missed messages nothing is missing', async (t) => {
            const { server, ana, bo, chatId, gate } = await meet(t);
            const anas = new Client(t, server.url, ana, { transports: chosen });
            const bos = new Client(t, `http://127.0.0.1:${gate.port}`, bo, { transports: chosen });
            await bos.ask('joinChat', chatId);
            const { message: first } = await anas.ask('sendMessage', { chatId, text: 'before' });
            await bos.saw('newMessage', ({ _id }) => _id === first._id);
            await anas.saw('messagesSeen');

            const broken = once(bos.socket, 'disconnect');
            await gate.refuse();
            await broken;
            await noticeLoss(server);
            const missed = await spread(100, cutMs, async (i) => {
                const { message } =
                    i === 50
                        ? (await ana.sendImage(chatId, png(40, 30))).body
                        : await anas.ask('sendMessage', { chatId, text: `missed ${i}` });
                return message._id;
            });
            const back = once(bos.socket, 'connect');
            await gate.pass();
            await back;
            const { message: last } = await anas.ask('sendMessage', { chatId, text: 'after' });
            await bos.saw('newMessage', ({ _id }) => _id === last._id);

            const ids = bos.messages(2);
            assert.equal(new Set(ids).size, ids.length, 'none comes twice on one connection');
            // What was sent right before the cut may come again; then all that was missed, in order.
            assert.deepEqual(ids.slice(-101), [...missed, last._id]);
            assert.ok(ids.length <= 102);
            assert.ok((await bos.saw('newMessage', ({ _id }) => _id === missed[50])).image.url);
            // It had the chat open, so it has it open again, and all has been seen.
            await anas.saw('messagesSeen', ({ messageIds }) => messageIds.includes(last._id));
        });
    });
}

for (const [name, chosen] of Object.entries(transports)) {
    test(`a session that ends over ${name} is told so, and its client does not come back`, { timeout: 60_000 }, async (t) => {
        const { server, bo } = await meet(t);
        const bos = new Client(t, server.url, bo, { transports: chosen });
        await bos.saw('getOnlineUser');
        const over = once(bos.socket, 'disconnect');
        assert.equal((await bo.post('/logout', {})).status, 200);
        assert.equal((await over)[0], 'io server disconnect');
        assert.deepEqual(await bos.saw('sessionEnded'), { reason: 'revoked' });
        assert.equal(bos.socket.active, false);
    });
}

test('a session that ends amid the upgrade is told so, too', { timeout: 60_000 }, async (t) => {
    const { server, bo } = await meet(t);
    const bos = new Client(t, server.url, bo, {});
    const { engine } = bos.socket.io;
    // The client stops where it has paused polling and its WebSocket has not taken over.
    const takeOver = await new Promise((resolve) => {
        engine.once('upgrading', () => {
            const polling = engine.transport;
            polling.pause = (done) => Object.getPrototypeOf(polling).pause.call(polling, () => resolve(done));
        });
    });
    await until('the connection', async () => (await metric(server, 'ping_connections')) === 1);
    const over = once(bos.socket, 'disconnect');
    assert.equal((await bo.post('/logout', {})).status, 200);
    await until('its end', async () => (await metric(server, 'ping_connections')) === 0);
    takeOver();
    assert.equal((await over)[0], 'io server disconnect');
    assert.deepEqual(await bos.saw('sessionEnded'), { reason: 'revoked' });
    assert.equal(bos.socket.active, false);
});

test('a client without a token is told why, and hears nothing', { timeout: 60_000 }, async (t) => {
    const { server, bo } = await meet(t);
    const nobody = new Client(t, server.url, { token: 'nonsense' }, { query: { userId: bo.id } });
    const [error] = await once(nobody.socket, 'connect_error');
    assert.equal(error.message, 'Please Login - JWT error');
    assert.equal(error.data.code, 'unauthenticated');
    assert.deepEqual(nobody.events, []);
});
