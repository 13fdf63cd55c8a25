// Two people log in and chat: the whole way, once for each place where codes can arrive.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call, NativeSocket, Person } from './support/client.mjs';
import { devMailbox, startMailSink } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const limits = { timeout: 90_000 };

/** Both people, logged in, with their chat. */
async function meet(server, codeFor) {
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const made = await ana.newChat(bo);
    assert.equal(made.status, 201);
    return { ana, bo, chatId: made.body.chatId };
}

async function chatAndCount({ ana, bo, chatId }) {
    const phone = await ana.connect();
    const laptop = await ana.connect();
    const desk = await bo.connect();
    const sockets = [phone, laptop, desk];

    const byRest = await ana.send(chatId, 'Hello Bo 👋');
    assert.equal(byRest.status, 201, JSON.stringify(byRest.body));
    const first = byRest.body.message;
    assert.equal(first.text, 'Hello Bo 👋');
    assert.equal(first.seq, 1);
    assert.equal(first.sender, ana.id);
    for (const socket of sockets) {
        assert.equal((await socket.next('newMessage'))._id, first._id);
    }

    const bySocket = await desk.ask('sendMessage', { chatId, text: 'Hello Ana', clientId: 'desk-1' });
    assert.equal(bySocket.error, undefined, JSON.stringify(bySocket));
    const second = bySocket.data.message;
    assert.equal(second.seq, 2);
    for (const socket of sockets) {
        assert.equal((await socket.next('newMessage')).text, 'Hello Ana');
    }

    // A repeat gives the first one back and is not told again: the third message comes next.
    const repeated = await desk.ask('sendMessage', { chatId, text: 'Hello Ana', clientId: 'desk-1' });
    assert.equal(repeated.data.message._id, second._id);
    const third = (await bo.send(chatId, 'How are you?')).body.message;
    for (const socket of sockets) {
        assert.equal((await socket.next('newMessage'))._id, third._id);
        for (const message of [first, second, third]) {
            assert.equal(socket.count('newMessage', (one) => one._id === message._id), 1);
        }
    }
    return { phone, laptop, desk, first };
}

async function readAndSee({ ana, bo, chatId }, { phone, desk, first }) {
    const before = await bo.get('/chat/all');
    assert.equal(before.body.chats[0].chat.unseenCount, 0, 'sending moves the own watermark');
    const unread = (await ana.get('/chat/all')).body.chats[0];
    assert.equal(unread.chat.unseenCount, 2);
    assert.equal(unread.chat.latestMessage.text, 'How are you?');
    assert.equal(unread.user._id, bo.id);
    assert.equal(unread.user.email, undefined, "another person's address is never sent");

    const opened = await ana.get(`/message/${chatId}`);
    assert.deepEqual(opened.body.messages.map((message) => message.seq), [1, 2, 3]);
    const seen = await desk.next('messagesSeen');
    assert.deepEqual([seen.chatId, seen.seenBy, seen.seq], [chatId, ana.id, 3]);
    assert.equal(seen.messageIds.length, 2);
    assert.equal((await ana.get('/chat/all')).body.chats[0].chat.unseenCount, 0);
    assert.equal((await bo.history(chatId))[0]._id, first._id);
}

async function leave({ ana }, { phone, laptop, desk }) {
    assert.equal((await ana.post('/logout', {})).status, 200);
    const refused = await ana.get('/me');
    assert.equal(refused.status, 401);
    assert.equal(refused.body.message, 'Please Login - Session expired');
    for (const socket of [phone, laptop]) {
        await socket.next('sessionEnded');
        assert.equal((await socket.closed).code, 4401);
    }
    assert.equal((await desk.close()).code, 1000);
}

async function wholeWay(server, codeFor) {
    const people = await meet(server, codeFor);
    const again = await people.bo.newChat(people.ana);
    assert.deepEqual([again.status, again.body.chatId], [200, people.chatId]);
    assert.equal((await people.ana.get('/me')).body.email, 'ana@example.com');
    const sockets = await chatAndCount(people);
    await readAndSee(people, sockets);
    await leave(people, sockets);
    assert.equal(await server.stop(), 0, server.output);
}

test('two people log in with codes from the dev mailbox and chat over REST and WebSocket', limits, async (t) => {
    const server = await startPingd(t);
    await wholeWay(server, devMailbox(server));
});

test('two people log in with codes that came by SMTP and chat over REST and WebSocket', limits, async (t) => {
    const sink = await startMailSink(t);
    const server = await startPingd(t, { PINGD_MAIL__SMTP_URL: sink.url, PINGD_MAIL__FROM: 'Ping <ping@example.com>' });
    await wholeWay(server, sink.codeFor);
    assert.deepEqual(sink.mails.map((mail) => mail.to).flat().sort(), ['ana@example.com', 'bo@example.com']);
    assert.match(sink.mails[0].headers.from, /ping@example\.com/);
});

test('T6: a code opens one session, and a wrong one none', limits, async (t) => {
    const server = await startPingd(t);
    const email = 'ana@example.com';
    await call(server, 'POST', '/api/v1/login', { json: { email } });
    const otp = await devMailbox(server)(email);
    const wrong = otp === '000000' ? '000001' : '000000';
    const verify = (code) => call(server, 'POST', '/api/v1/verify', { json: { email, otp: code } });
    const failed = await verify(wrong);
    assert.deepEqual([failed.status, failed.body.message], [400, 'Invalid or expired OTP']);
    assert.equal((await verify(otp)).status, 200);
    const replayed = await verify(otp);
    assert.deepEqual([replayed.status, replayed.body.message], [400, 'Invalid or expired OTP']);
});

test('T29: a socket with a bad token is closed with 4401 and hears nothing', limits, async (t) => {
    const server = await startPingd(t);
    const socket = new NativeSocket(server);
    await socket.opened;
    socket.emit('auth', { token: 'not.a.token' });
    assert.equal((await socket.closed).code, 4401);
    assert.deepEqual(socket.all, []);
});
