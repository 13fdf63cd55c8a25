import { setTimeout as sleep } from 'node:timers/promises';

export const patienceMs = 10_000;

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
