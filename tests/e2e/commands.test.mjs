// What an operator runs: the commands of pingd, their texts and exit codes, and what a service manager hears.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { freePort, runPingd, startPingd } from './support/pingd.mjs';
import { until } from './support/wait.mjs';

const limits = { timeout: 60_000 };

async function makeFolder(t) {
    const folder = await mkdtemp(join(tmpdir(), 'pingd-e2e-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    return folder;
}

async function checkConfig(t, text) {
    const file = join(await makeFolder(t), 'pingd.toml');
    await writeFile(file, text);
    return { file, ...(await runPingd(['check-config', '--config', file])) };
}

test('--help fits a terminal, and version says what this is', limits, async () => {
    const help = await runPingd(['--help']);
    assert.deepEqual([help.code, help.err], [0, '']);
    const lines = help.out.trimEnd().split('\n');
    assert.ok(lines.length <= 24, `${lines.length} lines`);
    lines.forEach((line) => assert.ok(line.length <= 80, line));
    for (const command of ['serve', 'worker', 'check-config', 'healthcheck', 'version']) {
        assert.match(help.out, new RegExp(`^  ${command} `, 'm'));
        const own = await runPingd([command, '--help']);
        assert.deepEqual([own.code, own.err], [0, ''], command);
    }
    const version = await runPingd(['version']);
    assert.deepEqual([version.code, version.err], [0, '']);
    assert.match(version.out, /^pingd \d+\.\d+\.\d+\S*\n/);
    for (const wrong of [[], ['serv'], ['serve', '--no-such-flag']]) {
        const refused = await runPingd(wrong);
        assert.equal(refused.code, 2, JSON.stringify(refused));
        assert.match(refused.err, /^pingd: .+\nTry pingd --help\.\n$/);
    }
});

test('check-config: a wrong key is named with its place and what was meant', limits, async (t) => {
    const text = '[server]\nlisten = ["127.0.0.1:8080"]\n\n[limits]\n  per_ipp = 3\n';
    const { file, ...wrong } = await checkConfig(t, text);
    assert.deepEqual([wrong.code, wrong.out], [2, ''], wrong.err);
    assert.match(wrong.err, /^\S+:5:3: .*per_ipp.*did you mean .*per_ip\b/m);
    assert.ok(wrong.err.startsWith(`${file}:`), wrong.err);
    const served = await runPingd(['serve', '--config', file]);
    assert.deepEqual([served.code, served.err], [2, wrong.err], 'serve refuses it in the same words');
    const right = await checkConfig(t, '[limits]\nper_ip = 3\n');
    assert.deepEqual([right.code, right.err], [0, '']);
});

test('a setting that nothing goes by yet is one warning at the start, and the server runs', limits, async (t) => {
    const file = join(await makeFolder(t), 'pingd.toml');
    await writeFile(file, '[shop]\nreserve_ttl = "15m"\n[node]\nid = "one"\nurl = "http://one.example"\n');
    const checked = await runPingd(['check-config', '--config', file]);
    assert.deepEqual([checked.code, checked.err], [0, '']);
    assert.match(checked.out, /Without effect in this version: .*node\.url/);
    const server = await startPingd(t, { PINGD_CONFIG: file });
    const warnings = server.log.split('\n').filter((line) => line.includes('config.without_effect'));
    assert.equal(warnings.length, 1, server.log);
    assert.match(warnings[0], /node\.id, node\.url/);
});

test('T22: a weak auth.secret starts nothing and is not shown', limits, async (t) => {
    for (const secret of ['swordfish', 'password'.repeat(8), 'a'.repeat(64)]) {
        const weak = await checkConfig(t, `[auth]\nsecret = "${secret}"\n`);
        assert.equal(weak.code, 2, secret);
        assert.match(weak.err, /pingd\.toml:2:\d+: auth\.secret /);
        assert.ok(!`${weak.out}${weak.err}`.includes(secret), 'not printed');
        const fromEnvironment = await runPingd(['check-config'], { PINGD_AUTH__SECRET: secret });
        assert.equal(fromEnvironment.code, 2);
        assert.match(fromEnvironment.err, /^PINGD_AUTH__SECRET: /);
        assert.ok(!fromEnvironment.err.includes(secret), 'not printed');
        const served = await runPingd(['serve'], { PINGD_AUTH__SECRET: secret });
        assert.deepEqual([served.code, served.out, served.err], [2, '', fromEnvironment.err]);
    }
});

test('check-config: an engine that is not there yet is refused with its line', limits, async (t) => {
    const planned = await checkConfig(t, '# the store\n[store]\nengine = "mongodb"\n');
    assert.equal(planned.code, 2);
    assert.match(planned.err, /pingd\.toml:3:\d+: store\.engine .*mongodb/);
});

test('healthcheck answers whether the server is ready, and --wait waits for it', limits, async (t) => {
    const port = await freePort();
    const address = ['--listen', `127.0.0.1:${port}`];
    const none = await runPingd(['healthcheck', ...address]);
    assert.equal(none.code, 1);
    assert.match(none.err, new RegExp(`^pingd at 127\\.0\\.0\\.1:${port} is not ready: .+\\n$`));
    const startedAt = performance.now();
    assert.equal((await runPingd(['healthcheck', '--wait', '1', ...address])).code, 1);
    const waited = performance.now() - startedAt;
    assert.ok(waited > 500 && waited < 3_000, `--wait 1 took ${waited} ms`);

    const waiting = runPingd(['healthcheck', '--wait', '30', ...address]);
    const server = await startPingd(t, {}, { port });
    assert.deepEqual(await waiting, { code: 0, out: 'ready\n', err: '' });
    assert.deepEqual(await runPingd(['healthcheck', ...address]), { code: 0, out: 'ready\n', err: '' });
    assert.equal(await server.stop(), 0);
    assert.equal((await runPingd(['healthcheck', ...address])).code, 1);
});

/** Node has no datagram sockets of AF_UNIX. Prints `bound`, then a line for each datagram. */
const receiver = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1].replace("@", "\\0", 1))
print("bound", flush=True)
while True:
    print(repr(s.recv(4096).decode()), flush=True)
`;

async function listenForStates(t, path) {
    const child = spawn('python3', ['-c', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    t.after(() => child.kill());
    const heard = { text: '' };
    child.once('error', (error) => (heard.text += `${error}\n`));
    child.stdout.setEncoding('utf8').on('data', (text) => (heard.text += text));
    await until('the receiver', () => heard.text.endsWith('\n'));
    return heard;
}

test('serve without enough files to open says so and ends with 1', limits, async (t) => {
    const folder = await makeFolder(t);
    const script = 'ulimit -n 16; exec "$0" serve --data-dir "$1"';
    const run = spawnSync('sh', ['-c', script, process.env.PINGD_BINARY, folder], { encoding: 'utf8', env: {} });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stderr, /^pingd: needs at least \d+ open files, and the limit is 16: raise it .*\n$/);
});

test('a service manager hears READY=1 when pingd serves and STOPPING=1 at SIGTERM', limits, async (t) => {
    const folder = await makeFolder(t);
    for (const path of [join(folder, 'notify'), `@pingd-e2e-${process.pid}`]) {
        const heard = await listenForStates(t, path);
        assert.equal(heard.text, 'bound\n');
        const server = await startPingd(t, { NOTIFY_SOCKET: path });
        await until('READY=1', () => heard.text === "bound\n'READY=1'\n");
        assert.equal(await server.stop(), 0);
        await until('STOPPING=1', () => heard.text === "bound\n'READY=1'\n'STOPPING=1'\n");
    }
    const deaf = await startPingd(t, { NOTIFY_SOCKET: join(folder, 'nobody') });
    assert.equal(await deaf.stop(), 0, 'nobody there is no reason to fail');
});
