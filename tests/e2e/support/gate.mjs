// A TCP proxy that breaks: between pingd and a server it needs, for tests of faults.
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

class Gate {
    #server;
    #target;
    #pairs = new Set(); // [client's socket, server's socket]
    #mode = 'pass';
    #delayMs = 0;

    constructor(target) {
        this.#target = target;
        this.#server = createServer({ pauseOnConnect: true }, (client) => this.#accept(client));
    }

    async listen() {
        this.#server.listen(this.port ?? 0, '127.0.0.1');
        await once(this.#server, 'listening');
        this.port = this.#server.address().port;
    }

    #accept(client) {
        const server = connect(this.#target, '127.0.0.1');
        const pair = [client, server];
        this.#pairs.add(pair);
        for (const [from, to] of [pair, [server, client]]) {
            from.on('error', () => {}); // shows as a close
            from.on('close', () => {
                // In a black hole nobody hears of the other's end.
                if (this.#mode !== 'blackhole') {
                    to.destroy();
                    this.#pairs.delete(pair);
                }
            });
            from.on('data', (chunk) => this.#carry(chunk, to, to === server));
        }
        client.resume();
    }

    #carry(chunk, to, isRequest) {
        if (this.#mode === 'blackhole') {
            return;
        }
        if (this.#delayMs > 0 && isRequest) {
            setTimeout(() => to.write(chunk), this.#delayMs);
        } else {
            to.write(chunk);
        }
    }

    /** Everything goes through, from now on. What a black hole has swallowed is gone. */
    async pass() {
        const wasClosed = this.#mode === 'refuse';
        this.#mode = 'pass';
        this.#delayMs = 0;
        if (wasClosed) {
            await this.listen();
        }
    }

    /** Connections stay and new ones are taken, but no byte comes through and no end. */
    blackhole() {
        this.#mode = 'blackhole';
    }

    /** Every round trip takes so much longer. */
    delay(ms) {
        this.#delayMs = ms;
    }

    /** Ends all connections with RST; nobody listens any more. */
    async refuse() {
        this.#mode = 'refuse';
        const closed = once(this.#server, 'close');
        this.#server.close();
        this.reset();
        await closed;
    }

    /** Ends all connections with RST. New ones are taken. */
    reset() {
        for (const pair of this.#pairs) {
            pair.forEach((socket) => socket.resetAndDestroy());
        }
        this.#pairs.clear();
    }

    get connections() {
        return this.#pairs.size;
    }

    async close() {
        if (this.#mode !== 'refuse') {
            await this.refuse();
        }
    }
}

/** A gate to a port of loopback, for the test `t`. `gate.port` is the way in. */
export async function openGate(t, targetPort) {
    const gate = new Gate(targetPort);
    await gate.listen();
    t.after(() => gate.close());
    return gate;
}
