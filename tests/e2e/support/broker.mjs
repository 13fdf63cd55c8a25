// A private RabbitMQ, which a test may kill, starve and start again (scripts/private_rabbitmq.sh), and what the
// Node services of the family do with it.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import amqp from 'amqplib';

import { until } from './wait.mjs';

const script = fileURLToPath(new URL('../../../scripts/private_rabbitmq.sh', import.meta.url));
const run = promisify(execFile);

class Broker {
    #folder;
    #child = null;
    url = null;

    constructor(folder) {
        this.#folder = folder;
    }

    /** Also after an end of any kind: the port and the durable messages are there again. */
    async start() {
        this.#child = spawn(script, [this.#folder], { stdio: ['ignore', 'pipe', 'inherit'] });
        let said = '';
        this.#child.stdout.setEncoding('utf8').on('data', (text) => (said += text));
        const ended = once(this.#child, 'exit').then(() => {
            throw new Error('RabbitMQ did not start');
        });
        ended.catch(() => {});
        await Promise.race([until('RabbitMQ', () => said.includes('\n'), 90_000), ended]);
        [this.url] = said.split('\n');
    }

    get port() {
        return Number(new URL(this.url).port);
    }

    async #end() {
        if (this.#child.exitCode === null && this.#child.signalCode === null) {
            await once(this.#child, 'exit');
        }
    }

    /** SIGKILL to the broker itself: nothing is flushed. */
    async kill9() {
        process.kill(Number(await readFile(join(this.#folder, 'pid'), 'utf8')), 'SIGKILL');
        await this.#end();
    }

    async stop() {
        this.#child.kill('SIGTERM');
        await this.#end();
    }

    async dispose() {
        await this.stop();
        await rm(this.#folder, { recursive: true, force: true });
    }

    async ctl(...words) {
        const { stdout } = await run(script, [this.#folder, 'ctl', '--quiet', ...words]);
        return stdout;
    }

    /** Takes the queues away. */
    async clear() {
        const connection = await amqp.connect(this.url);
        const channel = await connection.createChannel();
        await channel.deleteQueue('send-otp');
        await channel.deleteQueue('send-otp.dead');
        await connection.close();
    }

    /** A channel of a Node service, on a connection of its own, until the test ends. */
    async channel(t) {
        const connection = await amqp.connect(this.url);
        connection.on('error', () => {}); // the tests break connections
        t.after(() => connection.close().catch(() => {}));
        const channel = await connection.createChannel();
        channel.on('error', () => {});
        return channel;
    }
}

/** A broker that its owner disposes of. */
export async function openBroker() {
    const broker = new Broker(await mkdtemp(join(tmpdir(), 'ping-rabbitmq-')));
    await broker.start();
    return broker;
}

/** A broker for the test `t` alone. */
export async function startBroker(t) {
    const broker = await openBroker();
    t.after(() => broker.dispose());
    return broker;
}

/** As the services of the family publish a mail: no header, no id. */
export async function publishAsFamily(channel, content) {
    await channel.assertQueue('send-otp', { durable: true });
    channel.sendToQueue('send-otp', Buffer.from(content), { persistent: true });
}

/** All dead letters there are now, parsed; they stay there. */
export async function deadLetters(channel) {
    const letters = [];
    for (;;) {
        const message = await channel.get('send-otp.dead');
        if (!message) {
            break;
        }
        letters.push({ message, letter: JSON.parse(message.content.toString()) });
    }
    letters.forEach(({ message }) => channel.nack(message));
    return letters.map(({ letter }) => letter);
}
