// T23 over a crash: what was logged out before a kill -9 stays logged out.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const rounds = 5;

function me(server, token) {
    return call(server, 'GET', '/api/v1/me', { token });
}

const limits = { timeout: 120_000 };

test('T23: kill -9 right after the 200 of a logout brings no session back', limits, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0' });
    const codeFor = devMailbox(server);
    const kept = await Person.login(server, 'kept@example.com', codeFor);
    for (let round = 0; round < rounds; ++round) {
        const leaving = await Person.login(server, `ana${round}@example.com`, codeFor);
        const path = round % 2 === 0 ? '/logout' : '/logout-all';
        assert.equal((await leaving.post(path, {})).status, 200);
        await server.kill9();
        await server.start();
        const answers = await Promise.all(Array.from({ length: 50 }, () => me(server, leaving.token)));
        answers.forEach((answer) => {
            assert.equal(answer.status, 401);
            assert.equal(answer.body.message, 'Please Login - Session expired');
        });
        assert.equal((await me(server, kept.token)).status, 200, 'others stay logged in');
    }
});
