// What may go wrong, on a phone: each state is said where it belongs, can be hit with a finger, and has its picture.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { askForCode, connected, meet, openDevice, until } from './support/browser.mjs';
import { examinePhone } from './support/examine.mjs';
import { pick } from './support/images.mjs';

const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const answer = (status, code, message, headers = {}) => ({
  status,
  headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ status, code, message, requestId: 'a1b2c3d4' }),
});

test('errors at the login, on a phone', { timeout: 120_000 }, async (t) => {
  const { server } = await meet(t);
  const page = await openDevice(t, server, null, '/', phone);
  const email = page.getByLabel('E-mail address');

  await t.test('an address that is none, a server that is not there', async () => {
    await email.fill('ana@');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('does not look like').waitFor();
    await examinePhone(page, 'login-wrong');
    await page.route('**/api/v1/login', (route) => route.abort('connectionrefused'));
    await email.fill('grace@example.com');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('cannot be reached').waitFor();
    await examinePhone(page, 'login-network');
    await page.unroute('**/api/v1/login');
  });

  await t.test('asked too often: the time left, and the earlier code can still be entered', async () => {
    await page.route('**/api/v1/login', (route) =>
      route.fulfill(answer(429, 'resend_wait', 'Too many requests', { 'retry-after': '42' })),
    );
    await askForCode(page, 'grace@example.com');
    await page.getByText(/^Resend in 0:4[0-2]/).waitFor();
    await examinePhone(page, 'login-too-often');
    await page.unroute('**/api/v1/login');
  });

  await t.test('a wrong code, and too many of them', async () => {
    const code = page.getByLabel('Six-digit code');
    await page.route('**/api/v1/verify', (route) =>
      route.fulfill(answer(400, 'invalid_otp', 'Invalid or expired OTP')),
    );
    await code.fill('123456');
    await page.getByRole('alert').getByText('not right').waitFor();
    await examinePhone(page, 'code-wrong');
    await page.unroute('**/api/v1/verify');
    await page.route('**/api/v1/verify', (route) =>
      route.fulfill(answer(429, 'too_many_requests', 'Too many requests', { 'retry-after': '90' })),
    );
    await code.fill('123457');
    await page.getByRole('alert').getByText('Too many tries. Try again in 1:30').waitFor();
    await examinePhone(page, 'code-too-often');
  });
});

test('errors in a conversation, on a phone', { timeout: 180_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  await bo.send(chatId, 'Hey! Are you coming to the climbing hall tonight?');
  await ana.send(chatId, 'Yes! Around 7, if the train is on time');
  const page = await openDevice(t, server, ana, '/', phone);
  await connected(page);

  await t.test('everything that can be touched is large enough', async () => {
    await examinePhone(page, 'chats');
    await page.locator(`nav [data-chat="${chatId}"] a`).tap();
    await page.locator('[data-row]').first().waitFor();
    await examinePhone(page, 'conversation');
  });

  await t.test('an image that is too large', async () => {
    // A GIF moves, so it is never made smaller.
    const gif = Buffer.from('R0lGODlhAQABAIAAAP///wAAACwAAAAAAQABAAACAkQBADs=', 'base64');
    const buffer = Buffer.concat([gif, Buffer.alloc(6 * 1024 * 1024)]);
    await pick(page, { name: 'holiday.gif', buffer, mimeType: 'image/gif' });
    await page.getByRole('alert').getByText('holiday.gif is larger than 5 MB').waitFor();
    await examinePhone(page, 'image-too-large');
    await page.reload();
  });

  await t.test('a message that the server refuses for good, and one that waits for the network', async () => {
    const box = page.locator('textarea');
    await box.waitFor();
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await box.fill('Sent from a tunnel');
    await page.getByRole('button', { name: 'Send', exact: true }).tap();
    await page.locator('[data-row] [data-tick="waiting"]').waitFor();
    await examinePhone(page, 'offline');
    await page.getByRole('link', { name: 'Back to the chats' }).tap();
    await page.locator('nav [data-chat]').waitFor();
    await examinePhone(page, 'offline-chats');
    await page.context().setOffline(false);
    await until('sent', async () => (await bo.history(chatId)).length === 3);
    await page.locator(`nav [data-chat="${chatId}"] a`).tap();
    await failOne(page, ana, chatId);
    await page.goto(`${server.url}/chat/${chatId}`);
    await page.getByText(/^Not sent/).waitFor();
    await examinePhone(page, 'message-failed');
    await page.getByRole('button', { name: 'Delete', exact: true }).tap();
    await page.getByText(/^Not sent/).waitFor({ state: 'detached' });
  });

  await t.test('the conversation cannot be loaded', async () => {
    await page.route('**/api/v1/message/**', (route) =>
      route.fulfill(answer(503, 'unavailable', 'Not now', { 'retry-after': '5' })),
    );
    await page.evaluate((id) => indexedDB.deleteDatabase(`ping-${id}`), ana.id);
    await page.goto('about:blank');
    await page.goto(`${server.url}/chat/${chatId}`);
    await page.getByRole('alert').getByText('Something went wrong').waitFor();
    await examinePhone(page, 'conversation-error');
    await page.unroute('**/api/v1/message/**');
    await page.getByRole('button', { name: 'Try again' }).tap();
    await page.locator('[data-row]').first().waitFor();
  });

  await t.test('the session was ended elsewhere: the login says so, and knows the address', async () => {
    assert.equal((await ana.post('/logout-all')).status, 200);
    await page.getByText('You were logged out').waitFor();
    assert.equal(await page.getByLabel('E-mail address').inputValue(), ana.email);
    await examinePhone(page, 'session-expired');
  });
});

/** An older client let a text that is too long into the outbox. */
function failOne(page, user, chat) {
  return page.evaluate(
    ({ name, chat }) =>
      new Promise((resolve) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => {
          const store = request.result.transaction('kept', 'readwrite').objectStore('kept');
          const common = { clientId: 'x1', chatId: chat, createdAt: Date.now(), reason: 'Text is too long' };
          const text = 'I will bring the spare shoes';
          store.put([{ ...common, text, state: 'failed' }], 'outbox').onsuccess = () => resolve(true);
        };
      }),
    { name: `ping-${user.id}`, chat },
  );
}
