// The first chat of the README, run as it is printed there.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { startPingd } from './support/pingd.mjs';

/** The ```sh blocks that follow an HTML comment `<!-- test: NAME -->`, in order, as one script. */
function markedScript(markdown, name) {
    const block = new RegExp(`<!-- test: ${name} -->\\s*\`\`\`sh\\n(.*?)\`\`\``, 'gs');
    return [...markdown.matchAll(block)].map((match) => match[1]).join('\n');
}

async function runInBash(script, environment) {
    const bash = spawn('bash', ['-euo', 'pipefail', '-c', script], {
        env: { PATH: process.env.PATH, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [bash.stdout, bash.stderr]) {
        stream.setEncoding('utf8').on('data', (text) => (output += text));
    }
    const [code] = await once(bash, 'close');
    return { code, output };
}

test('the first chat of the README works as printed', { timeout: 60_000 }, async (t) => {
    const markdown = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const script = markedScript(markdown, 'first-chat');
    assert.match(script, /curl/, 'README.md has its marked blocks');
    const server = await startPingd(t);
    const { code, output } = await runInBash(script, { PING_URL: server.url });
    assert.equal(code, 0, output);
    assert.match(output, /"text":"Hello Bo!"/, output);
});
