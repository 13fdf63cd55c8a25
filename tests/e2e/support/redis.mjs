// A private redis-server for a test: on a free port of loopback, with its files in a folder of its own.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { freePort } from './pingd.mjs';
import { until } from './wait.mjs';

class Redis {
    #folder;
    #child = null;

    constructor(folder, port) {
        this.#folder = folder;
        this.port = port;
        this.url = `redis://127.0.0.1:${port}`;
    }

    /** Starts it; also again, on the same data. `settings` are redis-server's, such as `--maxmemory`. */
    async start(settings = [], { waits = true } = {}) {
        this.#child = spawn(
            'redis-server',
            ['--bind', '127.0.0.1', '--port', this.port, '--dir', this.#folder, '--save', '', '--appendonly', 'yes',
                '--appendfsync', 'everysec', '--enable-debug-command', 'yes', ...settings],
            { stdio: 'ignore' },
        );
        if (waits) {
            await until('redis-server', async () => (await this.answers('PING')) === 'PONG');
        }
    }

    /** What redis-cli prints; '' when the server does not answer within a second. */
    answers(...command) {
        return new Promise((resolve) => {
            execFile('redis-cli', ['-p', this.port, ...command], { timeout: 1000 }, (error, out) =>
                resolve(error ? '' : out.trim()),
            );
        });
    }

    /** The same, and an error where Redis says one. */
    async run(...command) {
        const answer = await this.answers(...command);
        if (!answer || /^(\(error\)|[A-Z]+ .*error|ERR)/.test(answer)) {
            throw new Error(`redis-cli ${command.join(' ')}: ${answer || 'no answer'}`);
        }
        return answer;
    }

    /** Sends a command and does not wait for its end. */
    begin(...command) {
        spawn('redis-cli', ['-p', this.port, ...command], { stdio: 'ignore' });
    }

    async kill9() {
        const ended = once(this.#child, 'exit');
        if (this.#child.exitCode === null && this.#child.signalCode === null) {
            this.#child.kill('SIGKILL');
            await ended;
        }
    }

    /** Copies its files away, or back. The server must be down for the latter. */
    async keepFiles() {
        await cp(this.#folder, `${this.#folder}-kept`, { recursive: true });
    }
    async bringFilesBack() {
        await rm(this.#folder, { recursive: true });
        await cp(`${this.#folder}-kept`, this.#folder, { recursive: true });
    }

    /** Everything in its files, as text of one byte a character. */
    async fileBytes() {
        const names = await readdir(this.#folder, { recursive: true, withFileTypes: true });
        const files = names.filter((one) => one.isFile());
        const texts = await Promise.all(files.map((one) => readFile(join(one.parentPath ?? one.path, one.name), 'latin1')));
        return texts.join('\n');
    }

    async dispose() {
        await this.kill9();
        await rm(this.#folder, { recursive: true, force: true });
        await rm(`${this.#folder}-kept`, { recursive: true, force: true });
    }
}

/** A running Redis for the test `t`, gone when `t` ends. */
export async function startRedis(t, settings = []) {
    const folder = await mkdtemp(join(tmpdir(), 'ping-redis-'));
    const redis = new Redis(folder, await freePort());
    t.after(() => redis.dispose());
    await redis.start(settings);
    return redis;
}
