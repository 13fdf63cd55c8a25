// Starts the real pingd on a free port with a data folder of its own, and ends it in every way a server can end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const readyWithinMs = 15_000;
const stopWithinMs = 12_000; // pingd promises 10 s

/** A port that nobody listens on. It may be taken by somebody else before pingd binds: rare, and then loud. */
async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

class Pingd {
    #binary;
    #environment;
    #folder;
    #child = null;
    #output = '';

    constructor(binary, environment, folder, port) {
        this.#binary = binary;
        this.#folder = folder;
        this.url = `http://127.0.0.1:${port}`;
        this.#environment = {
            PATH: process.env.PATH,
            PINGD_SERVER__LISTEN: `127.0.0.1:${port}`,
            PINGD_DATA__DIR: join(folder, 'data'),
            ...environment,
        };
    }

    /** Everything the server wrote so far, for the message of a failed test. */
    get output() {
        return this.#output;
    }

    /** Starts the process and resolves when /readyz answers 200. Also a restart: port and data stay. */
    async start() {
        const child = spawn(this.#binary, ['serve'], {
            cwd: this.#folder,
            env: this.#environment,
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.#child = child;
        child.once('error', (error) => (this.#output += `${error}\n`));
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
        }
        const deadline = Date.now() + readyWithinMs;
        while (!(await this.#isReady())) {
            if (hasEnded(child) || Date.now() > deadline) {
                await this.kill9();
                throw new Error(`pingd did not become ready (${child.exitCode}). It wrote:\n${this.#output}`);
            }
            await sleep(20);
        }
    }

    async #isReady() {
        if (!this.#child.pid) {
            return false;
        }
        try {
            const answer = await fetch(`${this.url}/readyz`, { headers: { connection: 'close' } });
            await answer.arrayBuffer();
            return answer.status === 200;
        } catch {
            return false; // not listening yet
        }
    }

    /** SIGTERM. Resolves with the exit code; throws when the server does not end in time. */
    async stop() {
        return this.#end('SIGTERM');
    }

    /** What a power cut does to the process: nothing is flushed, nobody is told. */
    async kill9() {
        return this.#end('SIGKILL');
    }

    async #end(signal) {
        const child = this.#child;
        if (!child || hasEnded(child)) {
            return child?.exitCode ?? null;
        }
        const ended = once(child, 'exit');
        child.kill(signal);
        const late = new AbortController();
        const guard = sleep(stopWithinMs, 'late', { signal: late.signal }).catch(() => 'in time');
        if ((await Promise.race([ended, guard])) === 'late') {
            child.kill('SIGKILL');
            throw new Error(`pingd did not end within ${stopWithinMs} ms of ${signal}. It wrote:\n${this.#output}`);
        }
        late.abort();
        return child.exitCode;
    }

    /** Ends the server, however it is, and removes its folder. */
    async dispose() {
        await this.kill9();
        await rm(this.#folder, { recursive: true, force: true });
    }
}

/** Also true when it never began: then it must not be signalled, Node would take the whole process group. */
function hasEnded(child) {
    return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * A running server for the test `t`, gone when `t` ends. `environment` holds PINGD_* settings.
 */
export async function startPingd(t, environment = {}) {
    const binary = process.env.PINGD_BINARY;
    if (!binary) {
        throw new Error('PINGD_BINARY must name the pingd to test, e.g. build/dev/src/pingd');
    }
    await access(binary, constants.X_OK);
    const folder = await mkdtemp(join(tmpdir(), 'pingd-e2e-'));
    const server = new Pingd(binary, environment, folder, await freePort());
    t.after(() => server.dispose());
    await server.start();
    return server;
}
