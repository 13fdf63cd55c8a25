// A server that was updated has the files of the older page no more: what needs one says so, and the rest goes on.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connected, meet, openDevice, row, texts } from './support/browser.mjs';

const sentence = /could not be shown.*reload/;

/** From now on this page's browser does not get the files whose names begin so. */
function remove(page, ...names) {
  const gone = new RegExp(`/assets/(${names.join('|')})-[^/]*\\.js$`);
  return page.context().route(gone, (route) => route.fulfill({ status: 404, body: 'gone' }));
}

test('a dialog whose file is gone says so, can be closed, and the page below stays', {
  timeout: 120_000,
}, async (t) => {
  const { server, ana, chatId } = await meet(t);
  await ana.send(chatId, 'still here');
  const page = await openDevice(t, server, null, '/login');
  await remove(page, 'switcher', 'help');
  const cookie = { name: 'ping_session', value: ana.token, url: server.url, httpOnly: true };
  await page.context().addCookies([cookie]);
  await page.goto(`${server.url}/chat/${chatId}`);
  await connected(page);
  for (const keys of ['Control+k', 'Control+/']) {
    await page.keyboard.press(keys);
    const dialog = page.getByRole('dialog');
    await dialog.getByText(sentence).waitFor();
    assert.equal(await dialog.getByRole('button', { name: 'Reload' }).count(), 1);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(await texts(page), ['still here']);
    assert.equal(await row(page, chatId).count(), 1);
  }
});

test('a page whose file is gone says so in words', { timeout: 120_000 }, async (t) => {
  const { server } = await meet(t);
  const page = await openDevice(t, server, null, '/login');
  await remove(page, 'mailbox', 'chat');
  await page.goto(`${server.url}/mailbox`);
  await page.getByRole('alert').getByText(sentence).waitFor();
  await page.context().unrouteAll();
  await page.getByRole('button', { name: 'Reload' }).click();
  await page.getByRole('heading', { name: 'Dev mailbox' }).waitFor();
});
