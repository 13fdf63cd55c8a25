// What a bad network and a dying server may not do: lose, double or reorder a message.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connected, kept, meet, openDevice, row, send, texts, until } from './support/browser.mjs';

test('written offline, kept over a reload, delivered once and in order', { timeout: 180_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  // With the service worker: the page must open without a network.
  const page = await openDevice(t, server, ana, `/chat/${chatId}`, { serviceWorkers: 'allow' });
  await connected(page);
  await send(page, 'before');
  await until('the first', async () => (await bo.history(chatId)).length === 1);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await until('kept files', () => page.evaluate(async () => (await caches.match('/')) !== undefined));
  await kept(page, ana, 'before');

  const network = page.context();
  await network.setOffline(true);
  await page.getByText('You are offline').waitFor();
  const written = ['one', 'two', 'three', 'four', 'five'];
  for (const text of written) await send(page, text);
  assert.equal((await page.locator('[data-tick="waiting"]').count()) >= 5, true);
  await page.reload();
  await page.locator('textarea').waitFor();
  await until('all bubbles', async () => (await texts(page)).join() === ['before', ...written].join());

  await network.setOffline(false);
  await until('all stored', async () => (await bo.history(chatId)).length === 6);
  assert.deepEqual(
    (await bo.history(chatId)).map((one) => one.text),
    ['before', ...written],
  );
  await until('no clock left', async () => (await page.locator('[data-tick="waiting"]').count()) === 0);
  assert.deepEqual(await texts(page), ['before', ...written]);
});

test('a hundred written offline arrive in order, each once, though the server takes sixty at a time', {
  timeout: 180_000,
}, async (t) => {
  const { server, ana, bo, chatId } = await meet(t, undefined, { PINGD_LIMITS__PER_USER: '20' });
  const page = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(page);
  const network = page.context();
  await network.setOffline(true);
  await page.getByText('You are offline').waitFor();
  const written = Array.from({ length: 100 }, (_, i) => `message ${i}`);
  for (const text of written) await send(page, text);

  await network.setOffline(false);
  const waiting = page.locator('[data-tick="waiting"]');
  await until('no clock left', async () => (await waiting.count()) === 0, 60_000);
  assert.equal(await page.locator('[data-tick="failed"]').count(), 0);
  const stored = (await bo.history(chatId)).map((one) => one.text);
  assert.deepEqual(stored, written);
});

test('the server is killed and restarted in mid-conversation', { timeout: 240_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const anasPage = await openDevice(t, server, ana, `/chat/${chatId}`);
  const bosPage = await openDevice(t, server, bo, `/chat/${chatId}`);
  await Promise.all([connected(anasPage), connected(bosPage)]);
  const expected = { a: [], b: [] };
  for (let i = 0; i < 12; i++) {
    await send(anasPage, `a${i}`);
    await send(bosPage, `b${i}`);
    expected.a.push(`a${i}`);
    expected.b.push(`b${i}`);
    if (i === 3) await server.kill9();
    if (i === 6) await server.start();
    if (i === 8) await server.stop();
    if (i === 9) await server.start();
  }
  await until('everything stored', async () => (await ana.history(chatId)).length >= 24, 60_000);
  const stored = (await ana.history(chatId)).map((one) => one.text);
  assert.equal(stored.length, 24, 'nothing twice');
  assert.deepEqual(
    stored.filter((text) => text.startsWith('a')),
    expected.a,
  );
  assert.deepEqual(
    stored.filter((text) => text.startsWith('b')),
    expected.b,
  );
  for (const page of [anasPage, bosPage]) {
    await until('the same on the screen', async () => (await texts(page)).join() === stored.join());
    assert.equal(await page.locator('[data-tick="waiting"], [data-tick="failed"]').count(), 0);
  }
});

test('two tabs: one outbox, one draft, the same messages', { timeout: 180_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const first = await openDevice(t, server, ana, `/chat/${chatId}`);
  const second = await first.context().newPage();
  await second.goto(`${server.url}/chat/${chatId}`);
  await Promise.all([connected(first), connected(second)]);

  await first.locator('textarea').fill('a draft');
  await until('the draft', async () => (await second.locator('textarea').inputValue()) === 'a draft');
  await first.locator('textarea').fill('');

  await first.context().setOffline(true);
  await first.getByText('You are offline').waitFor();
  await send(first, 'from the first');
  await until('the second tab shows it', async () => (await texts(second)).includes('from the first'));
  await send(second, 'from the second');
  await first.context().setOffline(false);
  await until('both stored', async () => (await bo.history(chatId)).length === 2);
  const stored = (await bo.history(chatId)).map((one) => one.text);
  assert.deepEqual([...stored].sort(), ['from the first', 'from the second']);
  for (const page of [first, second]) {
    await until('once on the screen', async () => (await texts(page)).join() === stored.join());
  }
});

test('a failed message stays, says why, and can be sent again or taken back', {
  timeout: 120_000,
}, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const page = await openDevice(t, server, ana, '/');
  await connected(page);
  // An older client let it into the outbox: the server refuses it for good.
  await page.evaluate(
    ({ user, chat }) =>
      new Promise((resolve) => {
        const request = indexedDB.open(`ping-${user}`);
        request.onsuccess = () => {
          const store = request.result.transaction('kept', 'readwrite').objectStore('kept');
          const item = {
            clientId: 'x1',
            chatId: chat,
            text: 'x'.repeat(4001),
            createdAt: 1,
            state: 'queued',
            reason: null,
          };
          store.put([item], 'outbox').onsuccess = () => resolve(true);
        };
      }),
    { user: ana.id, chat: chatId },
  );
  await page.goto(`${server.url}/chat/${chatId}`);
  await page.getByText(/^Not sent: /).waitFor();
  assert.equal((await bo.history(chatId)).length, 0);
  await page.getByRole('button', { name: 'Edit' }).click();
  assert.equal((await page.locator('textarea').inputValue()).length, 4001);
  await page.getByText('1 characters too many').waitFor();
  assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true);
  await send(page, 'shorter');
  await until('stored', async () => (await bo.history(chatId)).length === 1);
  await row(page, chatId).getByText('shorter').waitFor();
});
