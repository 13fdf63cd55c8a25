// T47: texts that were made to break a database, a terminal, a page or a log. They come back as they were or are
// refused, and the log stays one JSON object a line, without anything that is private.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';

import { call, Person } from './support/client.mjs';
import { devMailbox } from './support/mail.mjs';
import { startPingd } from './support/pingd.mjs';

const limits = { timeout: 60_000 };
const mark = 'zebra7'; // in everything private: so it can be looked for in the log
const texts = [
    `${mark}'; DROP TABLE messages; --`,
    `${mark}" OR "1"="1`,
    `${mark}'||(SELECT group_concat(sql) FROM sqlite_schema)||'`,
    `${mark} ?1 :name @name $name %s %n {} {0}`,
    `${mark}\n{"time":"2030-01-01T00:00:00.000Z","level":"info","event":"forged"}`,
    `${mark}\r\nSet-Cookie: forged=1\r\n\r\n`,
    `${mark}\u001b[2J\u001b]0;title\u0007\u009b31m`,
    `${mark}\u0000after a zero`,
    `${mark}\u202Eevil\u2066\u2069`,
    `${mark} 👩‍👩‍👧‍👦 𝄞 \u{10FFFF}`,
    `${mark}</script><script>alert(1)</script><img src=x onerror=alert(1)>`,
    `${mark}\\u0000 \\" \\\\ \u2028\u2029\uFEFF\uFFFD`,
    `${mark}${'A'.repeat(3_900)}`,
];
// Control characters, line ends, bidi controls.
const invisible = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Sends raw bytes and gives the first line of the answer. */
async function rawRequest(server, head) {
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    let answer = '';
    socket.setEncoding('latin1').on('data', (text) => (answer += text));
    socket.on('error', () => {}); // the server may close while we still write
    socket.write(Buffer.isBuffer(head) ? head : Buffer.from(head, 'utf8'));
    await once(socket, 'close');
    return answer.split('\r\n')[0];
}

async function tryMessages(ana, bo, chatId) {
    const desk = await bo.connect();
    const phone = await ana.connect();
    const kept = [];
    for (const [index, text] of texts.entries()) {
        const sent = index % 2 ? await ana.send(chatId, text) : await phone.ask('sendMessage', { chatId, text });
        const message = sent.body?.message ?? sent.data?.message;
        if (!message?._id) {
            assert.ok(sent.status === 400 || sent.error?.code, `${JSON.stringify(text)}: ${JSON.stringify(sent)}`);
            continue;
        }
        assert.equal(message.text, text);
        assert.equal((await desk.next('newMessage')).text, text);
        kept.push(text);
    }
    assert.deepEqual((await bo.history(chatId)).map((message) => message.text), kept);
    assert.equal((await bo.get('/chat/all')).body.chats[0].chat.latestMessage.text, kept.at(-1));
    assert.ok(kept.length >= texts.length - 1, 'only the zero may be refused');
    for (const escape of ['\\ud800', '\\udc00\\ud800']) {
        const body = `{"chatId":"${chatId}","text":"${mark}${escape}"}`;
        const headers = { 'content-type': 'application/json' };
        const answer = await call(ana.server, 'POST', '/api/v1/message', { token: ana.token, body, headers });
        assert.equal(answer.status, 400, `half a character: ${escape}`);
    }
    phone.emit(`${mark}\u001b[31m\n'--`, { chatId });
    assert.equal((await phone.next('error')).code, 'unknown_event');
}

async function tryNames(ana, bo) {
    for (const text of [...texts, `${mark} ${'é'.repeat(43)}`]) {
        const renamed = await ana.post('/update/user', { name: text });
        const clean = text.replace(invisible, '');
        if ([...clean].length > 50) {
            assert.equal(renamed.status, 400, JSON.stringify(renamed.body));
            continue;
        }
        assert.equal(renamed.status, 200, JSON.stringify(renamed.body));
        assert.equal(renamed.body.user.name, clean, 'all but what nobody sees');
        assert.equal((await bo.get(`/user/${ana.id}`)).body.name, clean);
        const found = await bo.get(`/user/all?search=${encodeURIComponent(clean)}`);
        assert.deepEqual(found.body.map((user) => user._id), [ana.id], `searched for ${clean}`);
    }
}

async function tryAddresses(ana) {
    const isRefused = (answer) => [400, 404, 414].includes(answer.status) && typeof answer.body.message === 'string';
    for (const text of texts.map((one) => encodeURIComponent(one))) {
        for (const path of [`/user/${text}`, `/message/${text}`, `/chat/${text}/seen`, `/${text}`]) {
            const answer = await ana.get(path.replaceAll(mark, 'path'));
            assert.ok(isRefused(answer) || answer.status === 405, `${path}: ${answer.status}`);
        }
        const searched = await ana.get(`/user/all?search=${text}`);
        assert.ok(isRefused(searched) || searched.status === 200, `${text}: ${searched.status}`);
        for (const name of ['limit', 'before']) {
            assert.ok(isRefused(await ana.get(`/chat/all?${name}=${text}`)), `${name}=${text}`);
        }
    }
    const wildcards = await ana.get(`/user/all?search=${encodeURIComponent('%_*')}`);
    assert.deepEqual(wildcards.body, [], 'wildcards of LIKE and GLOB are plain characters');
}

async function tryRawHeads(server, token) {
    const agents = [...texts.map((text) => text.replace(/[\r\n]/g, ' ')), 'x'.repeat(6_000), 'x'.repeat(1_000_000)];
    for (const agent of agents) {
        const fields = ['Host: a', 'Connection: close', `Authorization: Bearer ${token}`, `User-Agent: ${agent}`];
        const line = await rawRequest(server, ['GET /api/v1/me HTTP/1.1', ...fields, '', ''].join('\r\n'));
        const expected = agent.length > 8_000 ? /^HTTP\/1\.1 431 / : /^HTTP\/1\.1 (200|400) /;
        assert.match(line, expected, JSON.stringify(agent.slice(0, 80)));
    }
    const paths = ['\u001b[31m', '%00', '%0a%0dforged', '\'"--', 'a\tb', '%ff%fe', '<script>', '..%2f..%2fetc'];
    for (const target of paths.map((path) => `/${path}`)) {
        const line = await rawRequest(server, `GET ${target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
        assert.match(line, /^HTTP\/1\.1 40[04] /, JSON.stringify(target));
    }
    const latin = Buffer.from('GET /\xff HTTP/1.1\r\nHost: a\r\nUser-Agent: \xe9\xff\r\n\r\n', 'latin1');
    assert.match(await rawRequest(server, latin), /^HTTP\/1\.1 400 /);
}

/** The code and the device of a login whose User-Agent is hostile. */
async function tryDevice(server, codeFor, userAgent) {
    const email = 'eve@example.com';
    const headers = { 'user-agent': userAgent };
    const asked = await call(server, 'POST', '/api/v1/login', { json: { email }, headers });
    assert.equal(asked.status, 200);
    const otp = await codeFor(email);
    const json = { email, otp, flowId: asked.body.flowId };
    const verified = await call(server, 'POST', '/api/v1/verify', { json, headers });
    assert.equal(verified.status, 200, JSON.stringify(verified.body));
    return { otp, flowId: json.flowId, token: verified.body.token };
}

function checkLog(log, secrets) {
    const lines = log.trimEnd().split('\n');
    assert.ok(lines.length > 100, 'there is a log');
    for (const line of lines) {
        const entry = JSON.parse(line); // throws with the line
        assert.equal(typeof entry, 'object');
        assert.match(entry.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
        assert.match(entry.level, /^(debug|info|warn|error)$/);
        assert.match(entry.event, /^[a-z_.]+$/, 'no event of others');
        assert.doesNotMatch(line, invisible, 'nothing that steers a terminal');
        for (const secret of secrets) {
            assert.doesNotMatch(line, secret);
        }
    }
    assert.ok(!lines.some((line) => line.includes('"level":"error"')), `no error: ${log}`);
    return lines.length;
}

test('T47: hostile texts come back as they were or are refused, and the log stays whole', limits, async (t) => {
    const flags = ['--log-format', 'json', '--log-level', 'debug'];
    const server = await startPingd(t, { PINGD_LIMITS__PER_USER: '0' }, { flags });
    const codes = [];
    const codeFor = async (address) => {
        codes.push(await devMailbox(server)(address));
        return codes.at(-1);
    };
    const ana = await Person.login(server, `ana.${mark}@example.com`, codeFor);
    const bo = await Person.login(server, 'bo@example.com', codeFor);
    const { chatId } = (await ana.newChat(bo)).body;
    await tryMessages(ana, bo, chatId);
    await tryNames(ana, bo);
    await tryAddresses(ana);
    const eve = await tryDevice(server, codeFor, `${mark}'; DROP TABLE sessions; --</script>`);
    await tryRawHeads(server, eve.token);

    assert.equal((await call(server, 'GET', '/api/v1/me', { token: eve.token })).body.email, 'eve@example.com');
    assert.equal((await bo.history(chatId)).length >= texts.length - 1, true, 'the tables are all there');
    assert.equal(await server.stop(), 0);
    const signatures = [ana.token, bo.token, eve.token].map((token) => token.split('.')[2]);
    const words = ['example\\.com', mark, eve.flowId, ...signatures].map((word) => new RegExp(word));
    const digits = codes.map((code) => new RegExp(`(?<![\\w.])${code}(?!\\w)`)); // ids and times have digits too
    const lines = checkLog(server.log, [...words, ...digits]);
    t.diagnostic(`${texts.length} texts, ${lines} lines of log`);
});
