import { setTimeout as sleep } from 'node:timers/promises';

export const patienceMs = 10_000;
/** How long the network is cut in the tests of clients that come back. */
export const cutMs = Number(process.env.PINGD_E2E_CUT_MS ?? 0);

/** Asks `look` until it gives something, and returns that. Throws with `what` when it never does. */
export async function until(what, look, limitMs = patienceMs) {
    const deadline = Date.now() + limitMs;
    for (;;) {
        const found = await look();
        if (found) {
            return found;
        }
        if (Date.now() > deadline) {
            throw new Error(`waited ${limitMs} ms for ${what}`);
        }
        await sleep(20);
    }
}

/** Does `step(0)`, `step(1)`... one after the other, spread over that time; gives what they gave. */
export async function spread(count, ms, step) {
    const results = [];
    for (let i = 0; i < count; ++i) {
        results.push(await step(i));
        await sleep(ms / count);
    }
    return results;
}
