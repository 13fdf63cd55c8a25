// Two people who chat all the time, by REST and by socket, so that a test sees what a fault does to others.
import { setTimeout as sleep } from 'node:timers/promises';

import { Person } from './client.mjs';

const pauseMs = 20;

export class Chatter {
    errors = [];
    #times = [];
    #isOver = false;
    #loop;

    /** Both log in with codes that `codeFor` reads, then begin to chat. */
    static async start(server, codeFor, name = 'chatter') {
        const chatter = new Chatter();
        const ana = await Person.login(server, `${name}.ana@example.com`, codeFor);
        const bo = await Person.login(server, `${name}.bo@example.com`, codeFor);
        const { chatId } = (await ana.newChat(bo)).body;
        const [desk, phone] = [await bo.connect(), await ana.connect()];
        chatter.#loop = chatter.#run(ana, phone, desk, chatId);
        return chatter;
    }

    async #run(ana, phone, desk, chatId) {
        for (let number = 0; !this.#isOver; ++number) {
            const text = `message ${number}`;
            const begin = performance.now();
            try {
                const sent =
                    number % 2 === 0 ? (await ana.send(chatId, text)).status === 201
                        : 'data' in (await phone.ask('sendMessage', { chatId, text }));
                const heard = await desk.next('newMessage');
                if (!sent || heard.text !== text) {
                    throw new Error(`${text}: sent ${sent}, heard ${heard.text}`);
                }
            } catch (error) {
                this.errors.push(error.message);
            }
            this.#times.push(performance.now() - begin);
            await sleep(pauseMs);
        }
        await Promise.all([phone.close(), desk.close()]);
    }

    /** The times since the last call, in ms: {count, p50, p99}. */
    takeTimes() {
        const times = this.#times.splice(0).sort((a, b) => a - b);
        const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(times.length * share))]);
        return { count: times.length, p50: at(0.5), p99: at(0.99) };
    }

    async stop() {
        this.#isOver = true;
        await this.#loop;
    }
}
