// The server of tests/conformance, on a free port, for all tests of a file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { after, before } from 'node:test';

import { freePort } from '../../support/pingd.mjs';

export const pingInterval = 300;
export const pingTimeout = 200;

/** Starts the server before the file's tests and ends it behind them. The object's `url` is there once they run. */
export function serverForAllTests() {
    const server = { url: '', wsUrl: '', child: null };
    before(async () => {
        const binary = process.env.PING_CONFORMANCE_BINARY;
        if (!binary) {
            throw new Error('PING_CONFORMANCE_BINARY must name build/dev/tests/conformance/ping_socketio_conformance');
        }
        const port = await freePort();
        server.child = spawn(resolve(binary), [String(port)], { stdio: ['ignore', 'pipe', 'inherit'] });
        await Promise.race([
            once(server.child.stdout, 'data'),
            once(server.child, 'exit').then(() => Promise.reject(new Error('the server ended at once'))),
        ]);
        server.url = `http://127.0.0.1:${port}`;
        server.wsUrl = `ws://127.0.0.1:${port}`;
    });
    after(async () => {
        const { child } = server;
        if (child && child.exitCode === null) {
            const ended = once(child, 'exit');
            child.kill('SIGTERM');
            await ended;
        }
    });
    return server;
}
