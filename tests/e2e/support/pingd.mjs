// Starts the real pingd on a free port with a data folder of its own, and ends it in every way a server can end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { until } from './wait.mjs';

const readyWithinMs = 15_000;
const stopWithinMs = 12_000; // pingd promises 10 s

/** A port that nobody listens on. It may be taken by somebody else before pingd binds: rare, and then loud. */
export async function freePort() {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address();
    probe.close();
    await once(probe, 'close');
    return port;
}

/** The pingd to test. */
async function findBinary() {
    const binary = process.env.PINGD_BINARY;
    if (!binary) {
        throw new Error('PINGD_BINARY must name the pingd to test, e.g. build/dev/src/pingd');
    }
    await access(binary, constants.X_OK);
    return resolve(binary);
}

class Pingd {
    #command;
    #environment;
    #folder;
    #child = null;
    #output = '';
    #log = '';

    constructor(command, environment, folder, port) {
        this.#command = command;
        this.#folder = folder;
        this.port = port;
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

    /** What it wrote to standard error: its log. */
    get log() {
        return this.#log;
    }

    get dataFolder() {
        return this.#environment.PINGD_DATA__DIR;
    }

    get pid() {
        return this.#child.pid;
    }

    get isRunning() {
        return !hasEnded(this.#child);
    }

    /** The signal that ended the process, once it has ended. */
    async signal() {
        await until('the end of pingd', () => !this.isRunning);
        return this.#child.signalCode;
    }

    /**
     * Starts the process and resolves when /readyz answers 200. Also a restart: port and data stay. `environment`
     * is for this run alone.
     */
    async start(environment = {}) {
        const [program, ...parameters] = this.#command;
        const child = spawn(program, parameters, {
            cwd: this.#folder,
            env: { ...this.#environment, ...environment },
            stdio: ['ignore', 'pipe', 'pipe'],
        });
        this.#child = child;
        child.once('error', (error) => (this.#output += `${error}\n`));
        for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding('utf8').on('data', (text) => (this.#output += text));
        }
        child.stderr.on('data', (text) => (this.#log += text));
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
 * A running server for the test `t`, gone when `t` ends. `environment` holds PINGD_* settings, `flags` come after
 * `pingd serve`; `launcher` is a command that becomes pingd (same process id), such as nsenter; `port` is a free
 * one unless it is given; `run` is the environment of the first run alone.
 */
export async function startPingd(t, environment = {}, { launcher = [], flags = [], port, run } = {}) {
    const command = [...launcher, await findBinary(), 'serve', ...flags];
    const folder = await mkdtemp(join(tmpdir(), 'pingd-e2e-'));
    const server = new Pingd(command, environment, folder, port ?? (await freePort()));
    t.after(() => server.dispose());
    await server.start(run);
    return server;
}

/** Runs `pingd` with these parameters to its end, at most 15 s. Gives {code, out, err}. */
export async function runPingd(parameters, environment = {}) {
    const child = spawn(await findBinary(), parameters, {
        env: { PATH: process.env.PATH, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: readyWithinMs,
        killSignal: 'SIGKILL',
    });
    const result = { code: null, out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => (result.out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (result.err += text));
    [result.code] = await once(child, 'close');
    return result;
}

/**
 * A running `pingd worker` for the test `t`, with settings alone: it has no folder. `child` is its process; `log` what it
 * wrote so far.
 */
export async function startWorker(t, environment) {
    const child = spawn(await findBinary(), ['worker', '--queue', 'send-otp'], {
        env: { PATH: process.env.PATH, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = { child, log: '' };
    for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => (worker.log += text));
    }
    worker.end = async (signal) => {
        if (!hasEnded(child)) {
            const ended = once(child, 'exit');
            child.kill(signal);
            await ended;
        }
        return child.exitCode;
    };
    t.after(() => worker.end('SIGKILL'));
    await until('the worker', () => worker.log.includes('worker of the queue') || hasEnded(child));
    if (hasEnded(child)) {
        throw new Error(`pingd worker did not start. It wrote:\n${worker.log}`);
    }
    return worker;
}

/** The number of a series without labels in /metrics. */
export async function metric(server, name) {
    const answer = await fetch(`${server.url}/metrics`);
    return Number(new RegExp(`^${name} (\\d+)`, 'm').exec(await answer.text())?.[1]);
}

/** The server knows that it has lost a Socket.IO connection: cut off between two polls, only by its silence. */
export function noticeLoss(server) {
    return until('the loss', async () => (await metric(server, 'ping_socketio_lost')) === 1, 60_000);
}
