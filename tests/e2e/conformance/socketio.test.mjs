// What Socket.IO, protocol revision 5, asks of a server: the 32 cases of the official suite (FIELD.md §3.2), 16 of which
// are Engine.IO's.
import assert from 'node:assert/strict';
import { describe } from 'node:test';

import { EnginePath } from './support/engine.mjs';
import { serverForAllTests } from './support/server.mjs';
import { timely } from './support/timely.mjs';
import { describeTransport, heartbeats } from './support/transport.mjs';

const path = new EnginePath(serverForAllTests(), '/socket.io/');

describeTransport(path, { say: '40', hear: ['40\\{"sid":', '42\\["auth",\\{\\}\\]'] });

/** A client in the main namespace: the answer to the connect and the `auth` event have been read. */
async function connected() {
    const wire = await path.openSocket();
    wire.send('40');
    await wire.message();
    await wire.message();
    return wire;
}

describe('connect', () => {
    for (const [name, packet, head, auth] of [
        ['to the main namespace', '40', '40', '42["auth",{}]'],
        ['to the main namespace with a payload', '40{"token":"123"}', '40', '42["auth",{"token":"123"}]'],
        ['to another namespace', '40/custom,', '40/custom,', '42/custom,["auth",{}]'],
        ['to another namespace with a payload', '40/custom,{"token":"abc"}', '40/custom,', '42/custom,["auth",{"token":"abc"}]'],
    ]) {
        timely(`${name}: a sid and nothing else, then what the application says`, async () => {
            const wire = await path.openSocket();
            wire.send(packet);
            const answer = await wire.message();
            assert.equal(answer.slice(0, head.length), head);
            const payload = JSON.parse(answer.slice(head.length));
            assert.deepEqual(Object.keys(payload), ['sid']);
            assert.equal(typeof payload.sid, 'string');
            assert.equal(await wire.message(), auth);
            wire.end();
        });
    }

    timely('to a namespace that is none: refused by name', async () => {
        const wire = await path.openSocket();
        wire.send('40/random');
        assert.equal(await wire.message(), '44/random,{"message":"Invalid namespace"}');
        wire.end();
    });

    timely('what is no packet ends the session', async () => {
        const wire = await path.openSocket();
        wire.send('4abc');
        await wire.close();
    });

    timely('who connects to no namespace is cut off', async () => {
        const wire = await path.openSocket();
        await wire.close();
    }, heartbeats);
});

describe('disconnect', () => {
    timely('from the main namespace: the transport stays', async () => {
        const wire = await connected();
        wire.send('41');
        assert.equal(await wire.message(), '2');
        wire.end();
    }, heartbeats);

    timely('from another namespace: the main one goes on', async () => {
        const wire = await connected();
        wire.send('40/custom');
        await wire.message();
        await wire.message();
        wire.send('41/custom');
        wire.send('42["message","message to main namespace"]');
        assert.equal(await wire.message(), '42["message-back","message to main namespace"]');
        wire.end();
    });
});

describe('messages', () => {
    timely('an event comes back with its arguments as they are', async () => {
        const wire = await connected();
        wire.send('42["message",1,"2",{"3":[true]}]');
        assert.equal(await wire.message(), '42["message-back",1,"2",{"3":[true]}]');
        wire.end();
    });

    timely('an event with attachments comes back with them right behind it', async () => {
        const wire = await connected();
        wire.send('452-["message",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
        wire.send(Buffer.from([1, 2, 3]));
        wire.send(Buffer.from([4, 5, 6]));
        assert.equal(
            await wire.message(),
            '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
        );
        assert.deepEqual(await wire.message(), Buffer.from([1, 2, 3]));
        assert.deepEqual(await wire.message(), Buffer.from([4, 5, 6]));
        wire.end();
    });

    timely('an event is acknowledged', async () => {
        const wire = await connected();
        wire.send('42456["message-with-ack",1,"2",{"3":[false]}]');
        assert.equal(await wire.message(), '43456[1,"2",{"3":[false]}]');
        wire.end();
    });

    timely('an event with attachments is acknowledged with them', async () => {
        const wire = await connected();
        wire.send('452-789["message-with-ack",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]');
        wire.send(Buffer.from([1, 2, 3]));
        wire.send(Buffer.from([4, 5, 6]));
        assert.equal(
            await wire.message(),
            '462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
        );
        assert.deepEqual(await wire.message(), Buffer.from([1, 2, 3]));
        assert.deepEqual(await wire.message(), Buffer.from([4, 5, 6]));
        wire.end();
    });

    for (const [name, packet] of [
        ['an unknown type', '4abc'],
        ['a payload that is no array', '42{}'],
        ['an id that is no number', '42abc["message-with-ack",1,"2",{"3":[false]}]'],
    ]) {
        timely(`${name} ends the session`, async () => {
            const wire = await connected();
            wire.send(packet);
            await wire.close();
        });
    }
});
