// T42: one address or one user takes all it can get, and the others do not notice.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { call, NativeSocket, Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 60_000 };
const perAddress = 100; // the defaults of limits.per_ip and limits.per_user
const perUser = 20;
const servedWithinMs = 1_000;

/** Connections from one address that say nothing. `open` counts those the server has not closed. */
class Flood {
    sockets = [];

    constructor(t, server, localAddress, count) {
        for (let number = 0; number < count; ++number) {
            const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
            socket.on('error', () => {}); // a reset is a way to be closed
            socket.once('connect', () => (socket.isConnected = true));
            socket.once('close', () => (socket.isClosed = true));
            socket.resume();
            this.sockets.push(socket);
        }
        t.after(() => this.end());
    }

    get closed() {
        return this.sockets.filter((socket) => socket.isClosed).length;
    }

    get open() {
        return this.sockets.filter((socket) => socket.isConnected && !socket.isClosed).length;
    }

    end() {
        this.sockets.forEach((socket) => socket.destroy());
    }
}

/** Milliseconds until a new connection from 127.0.0.1 has its answer. */
async function timeToServe(server) {
    const startedAt = performance.now();
    const answer = await call(server, 'GET', '/healthz', { headers: { connection: 'close' } });
    assert.equal(answer.status, 200);
    return performance.now() - startedAt;
}

/** A GET by hand, from an address of our choice. Gives the answer, '' when the server just closes. */
function getFrom(server, localAddress) {
    return new Promise((resolve) => {
        let answer = '';
        const socket = connect({ host: '127.0.0.1', port: server.port, localAddress });
        socket.on('error', () => {});
        socket.setEncoding('latin1').on('data', (text) => (answer += text));
        socket.once('close', () => resolve(answer));
        socket.write('GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    });
}

test('T42: an address keeps at most limits.per_ip connections, and another one is served', limits, async (t) => {
    const server = await startPingd(t);
    const count = 1_000;
    const flood = new Flood(t, server, '127.0.0.2', count);
    await until('the rest to be closed', () => flood.closed >= count - perAddress);
    assert.equal(flood.closed, count - perAddress, 'and no more than the rest');
    const whileFull = await timeToServe(server);
    assert.ok(whileFull < servedWithinMs, `another address waited ${whileFull} ms`);
    assert.equal(flood.open, perAddress);
    assert.equal(await getFrom(server, '127.0.0.2'), '', 'no place is left for that one');

    flood.end();
    await until('its places to be free again', async () => {
        return (await getFrom(server, '127.0.0.2')).startsWith('HTTP/1.1 200');
    });
    t.diagnostic(`${count} connections, ${perAddress} kept, another address served in ${Math.round(whileFull)} ms`);
});

test('T42: the socket of a user that is one too many is closed with 4429', limits, async (t) => {
    const server = await startPingd(t);
    const codeFor = devMailbox(server);
    const ana = await Person.login(server, 'ana@example.com', codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    const sockets = [];
    for (let number = 0; number < perUser; ++number) {
        sockets.push(await ana.connect());
    }
    const tooMany = new NativeSocket(server, { headers: { authorization: `Bearer ${ana.token}` } });
    await tooMany.opened;
    await until('it to be closed', () => !tooMany.isOpen);
    assert.equal((await tooMany.closed).code, 4429);
    assert.deepEqual(tooMany.all, [], 'it heard nothing');
    const desk = await bo.connect(); // another user has places

    await bo.send(chatId, 'to all twenty');
    for (const socket of [...sockets, desk]) {
        assert.equal((await socket.next('newMessage')).text, 'to all twenty');
    }
    await sockets.pop().close();
    sockets.push(await ana.connect());
    assert.ok(sockets.every((socket) => socket.isOpen));
});

/** Seconds of processor time that a process has used (proc(5): utime and stime, 100 ticks a second). */
async function processorSeconds(pid) {
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1].split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
}

test('T42: with 256 file descriptors a flood neither spins nor stays', limits, async (t) => {
    const server = await startPingd(t, { PINGD_LIMITS__PER_IP: '0' }, { launcher: ['prlimit', '--nofile=256:256'] });
    const flood = new Flood(t, server, '127.0.0.2', 400);
    await until('some to be closed', () => flood.closed > 0 && flood.closed + flood.open === 400);
    const seconds = 1;
    const before = await processorSeconds(server.pid);
    await sleep(seconds * 1_000); // what is measured is this second
    const share = ((await processorSeconds(server.pid)) - before) / seconds;
    assert.ok(share < 0.2, `it used ${share * 100} % of a processor`);
    const kept = flood.open;
    assert.ok(kept > 0 && kept < 256, `${kept} kept`);

    flood.end();
    const freedAt = performance.now();
    await until('it to serve again', () => timeToServe(server).catch(() => 0), servedWithinMs);
    const recoveredMs = Math.round(performance.now() - freedAt);
    t.diagnostic(`${kept} of 400 kept, ${Math.round(share * 100)} % of a processor, recovered in ${recoveredMs} ms`);
});
