// F01 as clients live it: the server dies under load, again and again; three devices come back and resume. In the
// end each has the same history, and every message that was acknowledged is in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Person } from './support/client.mjs';
import { Device } from './support/device.mjs';
import { Ledger } from './support/ledger.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const rounds = 20;
const sendersPerDevice = 3;
const acknowledgedPerRound = 60;

/** Everybody sends over the devices' sockets until the server, killed in the middle, is gone. */
async function sendUntilKilled(server, devices, round, ledger) {
    const enough = ledger.acknowledged.size + acknowledgedPerRound;
    let killed = null;
    const send = async (device, sender) => {
        for (let count = 0; ; ++count) {
            const clientId = `${round}-${device.name}-${sender}-${count}`;
            const answer = await ledger.sendBySocket(device.socket, device.person, device.chatId, clientId);
            if (!answer) {
                return;
            }
            assert.ok(answer.data?.message, JSON.stringify(answer));
            if (ledger.acknowledged.size >= enough && !killed) {
                killed = server.kill9();
            }
        }
    };
    const senders = devices.flatMap((device) =>
        Array.from({ length: sendersPerDevice }, (_, sender) => send(device, sender)),
    );
    await Promise.all(senders);
    assert.ok(killed, `the server ended before it was killed. It wrote:\n${server.output}`);
    await killed;
}

test(`F01: three devices that resume agree after ${rounds} kills under load`, { timeout: 240_000 }, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const devices = [
        new Device('laptop', ana, chatId),
        new Device('phone', ana, chatId),
        new Device('tablet', bo, chatId),
    ];
    const ledger = new Ledger();
    let resumed = 0;

    await Promise.all(devices.map((device) => device.connect()));
    for (let round = 0; round < rounds; ++round) {
        await sendUntilKilled(server, devices, round, ledger);
        await server.start();
        await ledger.repeatUnknown(chatId);
        const missed = await Promise.all(devices.map((device) => device.connect()));
        resumed += missed.flat().length;
        ledger.check(await bo.history(chatId));
    }

    const stored = (await bo.history(chatId)).map(({ _id }) => _id);
    for (const device of devices) {
        assert.deepEqual(device.history(), stored, `${device.name} has the history of the server`);
    }
    assert.equal(stored.length, ledger.acknowledged.size);
    t.diagnostic(`kills=${rounds} acked=${stored.length} lost=0 dup=0 brought by resume=${resumed}`);
});

test('a device that was cut off for 100 messages gets exactly these', { timeout: 60_000 }, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' });
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const phone = new Device('phone', bo, chatId);
    for (let number = 1; number <= 5; ++number) {
        await ana.send(chatId, `before ${number}`);
    }
    await phone.connect();
    phone.socket.cut();
    await phone.socket.closed;
    for (let number = 1; number <= 100; ++number) {
        assert.equal((await ana.send(chatId, `missed ${number}`)).status, 201);
    }
    const missed = await phone.connect();
    assert.deepEqual(
        missed,
        Array.from({ length: 100 }, (_, index) => index + 6),
    );
    assert.deepEqual(await phone.connect(), [], 'nothing comes twice');
});
