// CLIENT.md §1.1: login with a code and a timer that the server decides.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { askForCode, codeFor, openDevice, startBrowser, startServer, until } from './support/browser.mjs';

/** Somebody who is not logged in comes to a server. */
async function visit(t, path = '/') {
  await startBrowser(t);
  const server = await startServer(t);
  return { server, page: await openDevice(t, server, null, path) };
}

async function secondsShown(page) {
  const text = await page.getByText(/^Resend in/).textContent();
  const [, minutes, seconds] = text.match(/(\d+):(\d\d)/);
  return Number(minutes) * 60 + Number(seconds);
}

test('login: code by mail, countdown from the server, wrong and pasted codes', {
  timeout: 180_000,
}, async (t) => {
  const { page, server } = await visit(t);
  const email = 'ana+ping@example.com';
  await page.getByLabel('E-mail address').waitFor();

  await t.test('an empty and a wrong address are said at the field, which keeps the focus', async () => {
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByRole('alert').getByText('Enter your e-mail address').waitFor();
    await page.keyboard.type('nonsense');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('does not look like').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'email');
  });

  await t.test('the address is in no URL, the timer runs and survives a reload', async () => {
    await askForCode(page, email);
    assert.doesNotMatch(page.url(), /ana/);
    const before = await secondsShown(page);
    assert.ok(before > 50 && before <= 60, `${before} s`);
    const began = Date.now();
    await page.reload();
    const after = await secondsShown(page);
    const passed = (Date.now() - began) / 1000;
    assert.ok(Math.abs(before - passed - after) <= 2, `${before} s, then ${after} s after ${passed} s`);
    assert.equal(await page.getByRole('button', { name: 'Send a new code' }).count(), 0);
  });

  await t.test('a wrong code keeps the digits, selected', async () => {
    const right = await codeFor(server, email);
    const wrong = right === '000000' ? '000001' : '000000';
    await page.getByLabel('Six-digit code').fill(wrong);
    await page.getByRole('alert').getByText('not right').waitFor();
    const input = await page.evaluate(() => {
      const { value, selectionStart, selectionEnd, scrollLeft } = document.activeElement;
      return { value, selected: selectionEnd - selectionStart, scrollLeft };
    });
    assert.deepEqual(input, { value: wrong, selected: 6, scrollLeft: 0 }, 'all six are to be seen');
  });

  await t.test('a pasted code with spaces and words logs in by itself', async () => {
    const code = await codeFor(server, email);
    await page.getByLabel('Six-digit code').fill(`Your code: ${code.slice(0, 3)} ${code.slice(3)}`);
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
    await until('the address', () => new URL(page.url()).pathname === '/');
    await page.getByText('No conversations yet').waitFor();
  });

  await t.test('the token is out of the reach of scripts, and a reload stays logged in', async () => {
    assert.equal(await page.evaluate(() => document.cookie), '');
    await page.goto(`${server.url}/login`);
    await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  });
});

test('login: a clock that runs fast cannot ask early: the server says how long', {
  timeout: 120_000,
}, async (t) => {
  const { page } = await visit(t);
  await page.clock.install();
  await askForCode(page, 'bo@example.com');
  await page.getByText(/^Resend in/).waitFor();
  await page.clock.fastForward(61_000);
  await page.getByRole('button', { name: 'Send a new code' }).click();
  await page.getByText(/^Resend in/).waitFor();
  assert.ok((await secondsShown(page)) > 20);
});

test('login: without a server it says so, and keeps what was typed', { timeout: 120_000 }, async (t) => {
  const { page, server } = await visit(t);
  await page.getByLabel('E-mail address').fill('chiara@example.com');
  await server.stop();
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('cannot be reached').waitFor();
  assert.equal(await page.getByLabel('E-mail address').inputValue(), 'chiara@example.com');
  await server.start();
  await page.keyboard.press('Enter');
  await page.getByLabel('Six-digit code').waitFor();
});

test('login: after a sleep of the machine the time left is right, and the button comes when it may', {
  timeout: 120_000,
}, async (t) => {
  const { page } = await visit(t);
  await page.clock.install();
  await askForCode(page, 'dora@example.com');
  await page.getByText(/^Resend in/).waitFor();
  const before = await secondsShown(page);
  await page.clock.fastForward(30_000); // the timers of the time between never ran
  await until('the time left', async () => Math.abs((await secondsShown(page)) - (before - 30)) <= 1);
  await page.clock.fastForward((await secondsShown(page)) * 1000 - 2_000);
  assert.equal(await page.getByRole('button', { name: 'Send a new code' }).count(), 0, 'never early');
  await page.clock.fastForward(2_500);
  await page.getByRole('button', { name: 'Send a new code' }).waitFor();
});

test('dev mailbox: the login screens lead to it, and a code is used from there', {
  timeout: 120_000,
}, async (t) => {
  const { page, server } = await visit(t, '/mailbox');
  await page.getByText('No mail yet').waitFor();
  await page.getByRole('link', { name: 'Back to the login' }).click();
  await askForCode(page, 'emil@example.com');
  await page.getByRole('link', { name: 'dev mailbox' }).click();
  const mail = page.locator('[data-mail="emil@example.com"]');
  const code = await codeFor(server, 'emil@example.com');
  assert.equal(await mail.locator('output').textContent(), code);
  await mail.getByText('Text of the mail').click();
  await mail.locator('.message-text').getByText(code).waitFor();
  await mail.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.getByRole('navigation', { name: 'Conversations' }).waitFor();
  await page.goto(`${server.url}/mailbox`);
  await mail.waitFor();
  assert.equal(
    await page.getByRole('button', { name: 'Log in', exact: true }).count(),
    0,
    'logged in already',
  );
});
