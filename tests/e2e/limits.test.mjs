// What the server refuses, and how it says so. The unit and integration tests know many more cases.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

/** Every error has the same shape (API.md §1). */
function assertRefused(answer, status, message) {
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(typeof answer.body.message, 'string');
    assert.match(answer.body.code, /^[a-z0-9_]+$/);
    assert.equal(answer.body.status, status);
    assert.equal(answer.body.requestId, answer.headers.get('x-request-id'));
    if (message) {
        assert.equal(answer.body.message, message);
    }
}

test('requests that nobody can answer are refused with a JSON body', { timeout: 30_000 }, async (t) => {
    const server = await startPingd(t);
    const json = { 'content-type': 'application/json' };
    const login = (body) => call(server, 'POST', '/api/v1/login', { body, headers: json });

    assertRefused(await login('{"email": '), 400);
    assertRefused(await login('[]'), 400);
    assertRefused(await login('{"email": {"$ne": null}}'), 400);
    assertRefused(await login('{"email": "a@example.com", "email": "b@example.com"}'), 400);
    assertRefused(await login('{"email": "nobody"}'), 400);
    assertRefused(await login(`{"email": "${'a'.repeat(70_000)}"}`), 413);
    assertRefused(await call(server, 'GET', '/api/v1/no/such/path'), 404);
    assertRefused(await call(server, 'GET', `/api/v1/${'a'.repeat(3000)}`), 414);
    const wrongMethod = await call(server, 'DELETE', '/api/v1/login');
    assertRefused(wrongMethod, 405);
    assert.match(wrongMethod.headers.get('allow'), /POST/);
    assertRefused(await call(server, 'GET', '/api/v1/me'), 401, 'Please Login - No auth header');
    assertRefused(await call(server, 'GET', '/api/v1/me', { token: 'x.y.z' }), 401, 'Please Login - JWT error');
    assertRefused(await call(server, 'POST', '/api/v1/verify', { json: {} }), 400, 'Email and OTP Required');
});

test('T13: a second code within a minute is refused with the time to wait', { timeout: 30_000 }, async (t) => {
    const server = await startPingd(t);
    const ask = () => call(server, 'POST', '/api/v1/login', { json: { email: 'ana@example.com' } });
    assert.equal((await ask()).status, 200);
    const refused = await ask();
    assertRefused(refused, 429);
    const wait = Number(refused.headers.get('retry-after'));
    assert.ok(wait > 0 && wait <= 60, `Retry-After: ${wait}`);
});

test('T24: a message is refused that is empty, too long, foreign or changed', { timeout: 30_000 }, async (t) => {
    const server = await startPingd(t);
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const eve = await Person.login(server, 'eve@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;

    assertRefused(await ana.post('/message', { text: 'Hello' }), 400, 'ChatId Required');
    assertRefused(await ana.send(chatId, ''), 400, 'Either text or image is required');
    assertRefused(await ana.send(chatId, 'x'.repeat(4001)), 400);
    assertRefused(await ana.send('0'.repeat(24), 'Hello'), 404, 'Chat not found');
    assertRefused(await eve.send(chatId, 'Hello'), 403, 'You are not a participant of this chat');
    assertRefused(await eve.get(`/message/${chatId}`), 403);
    assertRefused(await ana.newChat(ana), 400);
    assert.deepEqual(await bo.history(chatId), [], 'nothing was stored');

    assert.equal((await ana.send(chatId, '𝄞'.repeat(4000), 'one')).status, 201, 'code points are counted');
    assert.equal((await ana.send(chatId, '𝄞'.repeat(4000), 'one')).status, 200);
    assertRefused(await ana.send(chatId, 'another text', 'one'), 422);
    assert.equal((await bo.history(chatId)).length, 1);
});
