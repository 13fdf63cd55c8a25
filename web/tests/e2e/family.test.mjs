// Pages in the way of the MERN family, on other ports of localhost than the server's, in a real Chromium: fetch with
// a bearer token, the token in the cookie `token` that the page sets, and `io(url, {query: {userId}})`.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { openGate } from '../../../tests/e2e/support/gate.mjs';
import { png } from '../../../tests/e2e/support/images.mjs';
import { noticeLoss } from '../../../tests/e2e/support/pingd.mjs';
import { cutMs, spread } from '../../../tests/e2e/support/wait.mjs';
import { meet, patienceMs, startBrowser, until } from './support/browser.mjs';

const library = new URL(
  '../../../tests/e2e/node_modules/socket.io-client/dist/socket.io.min.js',
  import.meta.url,
);

const page = `<!doctype html><title>family</title><script src="/socket.io.min.js"></script><script>
  const token = document.cookie.match(/(?:^|; )token=([^;]*)/)?.[1];
  async function api(path, body) {
    const isJson = body && !(body instanceof FormData);
    const answer = await fetch(server + '/api/v1' + path, {
      method: body ? 'POST' : 'GET',
      headers: { Authorization: 'Bearer ' + token, ...(isJson ? { 'Content-Type': 'application/json' } : {}) },
      body: isJson ? JSON.stringify(body) : body,
    });
    return answer.json();
  }
  async function sendImage(chatId) {
    const canvas = document.createElement('canvas');
    canvas.getContext('2d').fillRect(10, 10, 50, 50);
    const form = new FormData();
    form.append('chatId', chatId);
    form.append('image', await new Promise((resolve) => canvas.toBlob(resolve)), 'square.png');
    return api('/message', form);
  }
  async function widthOf(source) {
    const image = new Image();
    image.src = new URL(source, server);
    await image.decode();
    return image.naturalWidth;
  }
  const events = [];
  let socket, connections = 0, server;
  function open(url, options) {
    server = url;
    socket = io(url, options);
    socket.on('connect', () => ++connections);
    socket.on('connect_error', (error) => events.push({ event: 'connect_error', data: error.message, connections }));
    socket.onAny((event, data) => events.push({ event, data, connections }));
  }
</script>`;

/** The page's own server, on a port of its own. */
async function startSite(t) {
  const script = await readFile(library);
  const site = createServer((request, response) => {
    const isScript = request.url.endsWith('.js');
    response.setHeader('Content-Type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : page);
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => {
    site.closeAllConnections();
    site.close();
  });
  return `http://localhost:${site.address().port}`;
}

/** Somebody's page, logged in as the family does it: the script put the token into a cookie. */
async function visit(t, browser, site, person) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const tab = await context.newPage();
  await tab.goto(site);
  await tab.evaluate((token) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the family's pages do it so
    document.cookie = `token=${token}; path=/; max-age=3600`;
  }, person.token);
  await tab.reload();
  return tab;
}

const heard = (tab, event) =>
  tab.evaluate((name) => events.filter((one) => one.event === name).map((one) => one.data), event);
const saw = (tab, event, matches = () => true) =>
  until(`the event ${event}`, async () => (await heard(tab, event)).find(matches), patienceMs);
const emit = (tab, event, data) =>
  tab.evaluate(([name, value]) => void socket.emit(name, value), [event, data]);
const ask = (tab, event, data) =>
  tab.evaluate(([name, value]) => socket.timeout(20_000).emitWithAck(name, value), [event, data]);
const open = (tab, url, options) => tab.evaluate(([to, how]) => open(to, how), [url, options]);

async function meetOnSite(t) {
  const { server, people, chatId } = await meet(t, ['Ana', 'Bo', 'Eve']);
  const [ana, bo, eve] = people;
  return { browser: await startBrowser(t), server, ana, bo, eve, chatId, site: await startSite(t) };
}

test('a page of the family works across ports of localhost', { timeout: 120_000 }, async (t) => {
  const { browser, server, ana, bo, chatId, site } = await meetOnSite(t);
  const url = `http://localhost:${server.port}`;
  const [anas, bos] = [await visit(t, browser, site, ana), await visit(t, browser, site, bo)];
  await open(anas, url, { query: { userId: ana.id } });
  await open(bos, url, { query: { userId: bo.id } });
  await saw(anas, 'getOnlineUser', (ids) => ids.includes(bo.id));
  assert.equal(await bos.evaluate(() => socket.io.engine.transport.name), 'websocket');

  assert.equal((await bos.evaluate(() => api('/me')))._id, bo.id);
  await emit(bos, 'joinChat', chatId);
  await emit(anas, 'joinChat', chatId);
  await emit(anas, 'typing', { chatId, userId: ana.id });
  assert.deepEqual(await saw(bos, 'userTyping'), { chatId, userId: ana.id });
  const sent = await anas.evaluate((chat) => api('/message', { chatId: chat, text: 'hello' }), chatId);
  assert.equal((await saw(bos, 'newMessage'))._id, sent.message._id);
  await saw(bos, 'userStoppedTyping');
  assert.deepEqual((await saw(anas, 'messagesSeen')).messageIds, [sent.message._id]);

  // Logging out, the family's page calls nothing: it disconnects.
  await bos.evaluate(() => void socket.disconnect());
  await until('Bo is offline', async () => !(await heard(anas, 'getOnlineUser')).at(-1).includes(bo.id));
});

test("T29: the same page with another's id in its query gets its own user's events alone", {
  timeout: 120_000,
}, async (t) => {
  const { browser, server, ana, bo, eve, chatId, site } = await meetOnSite(t);
  const url = `http://localhost:${server.port}`;
  const eves = await visit(t, browser, site, eve);
  await open(eves, url, { query: { userId: bo.id } });
  assert.deepEqual(await saw(eves, 'getOnlineUser'), [eve.id]);
  assert.equal((await ana.send(chatId, 'for Bo')).status, 201);
  const own = (await ana.newChat(eve)).body.chatId;
  assert.equal((await ana.send(own, 'for Eve')).status, 201);
  await saw(eves, 'newMessage', ({ text }) => text === 'for Eve');
  assert.deepEqual(
    (await heard(eves, 'newMessage')).map(({ text }) => text),
    ['for Eve'],
  );
});

test('T27: a page of a foreign origin is refused, with the cookie or without', {
  timeout: 120_000,
}, async (t) => {
  const { browser, server, ana, site } = await meetOnSite(t);
  const foreign = site.replace('localhost', 'localhost.localdomain.localhost');
  const tab = await visit(t, browser, foreign, ana);
  for (const transports of [['polling'], ['websocket']]) {
    await open(tab, `http://localhost:${server.port}`, { transports, forceNew: true, reconnection: false });
    await until('the refusal', async () => (await heard(tab, 'connect_error')).length > 0);
    assert.deepEqual(await heard(tab, 'getOnlineUser'), []);
    await tab.evaluate(() => events.splice(0));
  }
});

for (const transports of [['polling'], ['websocket'], ['polling', 'websocket']]) {
  const name = transports.join(', then ');
  const optionsOf = (person) => ({
    transports,
    auth: { token: person.token },
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
  });

  test(`two pages over ${name}: who is online, joining, typing, messages, images, seen`, {
    timeout: 120_000,
  }, async (t) => {
    const { browser, server, ana, bo, chatId, site } = await meetOnSite(t);
    const url = `http://localhost:${server.port}`;
    const [anas, bos] = [await visit(t, browser, site, ana), await visit(t, browser, site, bo)];
    await open(anas, url, optionsOf(ana));
    await open(bos, url, optionsOf(bo));
    await saw(anas, 'getOnlineUser', (ids) => ids.includes(bo.id));
    for (const tab of [anas, bos]) assert.equal((await ask(tab, 'joinChat', chatId)).chatId, chatId);
    await emit(anas, 'typing', { chatId });
    assert.deepEqual(await saw(bos, 'userTyping'), { chatId, userId: ana.id });

    const { message } = await ask(anas, 'sendMessage', { chatId, text: 'hello' });
    await saw(bos, 'userStoppedTyping');
    await saw(anas, 'messagesSeen', ({ messageIds }) => messageIds.includes(message._id));
    const { message: posted } = await bos.evaluate((chat) => sendImage(chat), chatId);
    await saw(bos, 'messagesSeen', ({ messageIds }) => messageIds.includes(posted._id));
    const { message: last } = await ask(anas, 'sendMessage', { chatId, text: 'nice' });
    for (const tab of [anas, bos]) {
      await saw(tab, 'newMessage', ({ _id }) => _id === last._id);
      const messages = await heard(tab, 'newMessage');
      assert.deepEqual(
        messages.map(({ _id }) => _id),
        [message._id, posted._id, last._id],
      );
      assert.equal(await tab.evaluate((source) => widthOf(source), messages[1].image.url), 300);
    }
    await bos.evaluate(() => void socket.disconnect());
    await until('Bo is offline', async () => !(await heard(anas, 'getOnlineUser')).at(-1).includes(bo.id));
  });

  test(`a page over ${name} comes back after a cut`, { timeout: 120_000 }, async (t) => {
    const { browser, server, ana, bo, chatId, site } = await meetOnSite(t);
    const gate = await openGate(t, server.port);
    const bos = await visit(t, browser, site, bo);
    await open(bos, `http://localhost:${gate.port}`, optionsOf(bo));
    assert.equal((await ask(bos, 'joinChat', chatId)).chatId, chatId);
    const { message } = await ask(bos, 'sendMessage', { chatId, text: 'hello' });
    await saw(bos, 'newMessage', ({ _id }) => _id === message._id);

    await gate.refuse();
    await until('the page has noticed', () => bos.evaluate(() => !socket.connected));
    await noticeLoss(server);
    const missed = await spread(100, cutMs, async (i) => {
      const sent = await (i === 50 ? ana.sendImage(chatId, png(40, 30)) : ana.send(chatId, `missed ${i}`));
      return sent.body.message._id;
    });
    await gate.pass();
    await saw(bos, 'newMessage', ({ _id }) => _id === missed.at(-1));
    const messages = await bos.evaluate(() =>
      events.filter((one) => one.event === 'newMessage' && one.connections === 2).map((one) => one.data),
    );
    const ids = messages.map(({ _id }) => _id);
    assert.equal(new Set(ids).size, ids.length, 'none comes twice on one connection');
    assert.deepEqual(ids.slice(-100), missed);
    assert.equal(await bos.evaluate((source) => widthOf(source), messages.at(-50).image.url), 40);
    await until('all has been seen', async () => {
      const row = (await ana.get('/chat/all')).body.chats.find(({ chat }) => chat._id === chatId);
      return row.chat.peer.readSeq === row.chat.lastSeq;
    });
  });
}
