// People with a real Chromium each, against a real pingd.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

import { call, Person } from '../../../../tests/e2e/support/client.mjs';
import { startPingd } from '../../../../tests/e2e/support/pingd.mjs';

export const patienceMs = 30_000;
/** All of axe in both themes, as `scripts/test.sh --all` asks for. */
export const isThorough = process.env.PING_THOROUGH === '1';

/** After the last test of a file nobody takes the browser any more. */
const idleMs = 300;

let browser;
let users = 0;
let closing;

function closeWhenIdle() {
  clearTimeout(closing);
  closing = setTimeout(async () => {
    const idle = await browser;
    if (users > 0 || !idle) return;
    // A test's own contexts are closed after it.
    if (idle.contexts().length > 0) return closeWhenIdle();
    browser = undefined;
    await idle.close();
  }, idleMs);
}

/** One browser for all tests of a file; each person has a context, which shares nothing with the others. */
export async function startBrowser(t) {
  clearTimeout(closing);
  users++;
  t.after(() => {
    if (--users === 0) closeWhenIdle();
  });
  browser ??= chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    // As root, and in a container with a small /dev/shm, Chromium does not start otherwise.
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  return browser;
}

/** A server that does not stop tests for being many requests from one address, or of one person. */
export async function startServer(t, environment = {}) {
  const flags = process.env.PING_WEB_DIR ? ['--web-dir', process.env.PING_WEB_DIR] : [];
  const limits = { PINGD_LIMITS__PER_IP: '0', PINGD_LIMITS__PER_USER: '0' };
  return startPingd(t, { ...limits, ...environment }, { flags });
}

/** The newest code for an address, other than `old`. */
export async function codeFor(server, email, old) {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const mails = (await call(server, 'GET', '/dev/mailbox.json')).body;
    const code = mails.find((mail) => mail.to === email)?.text.match(/\b\d{6}\b/)?.[0];
    if (code && code !== old) return code;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error(`no code came for ${email}`);
}

/** Somebody with an account, by REST alone. */
export async function makePerson(server, name) {
  const email = `${name.toLowerCase().replace(/\W+/g, '.')}@example.com`;
  const person = await Person.login(server, email, (address) => codeFor(server, address));
  await person.post('/update/user', { name });
  person.name = name;
  person.email = email;
  return person;
}

/** A server with these people; the first two have a chat. */
export async function meet(t, names = ['Ana Morales', 'Bo Lindqvist'], environment = {}) {
  const [, server] = await Promise.all([startBrowser(t), startServer(t, environment)]);
  const people = await Promise.all(names.map((name) => makePerson(server, name)));
  const [ana, bo] = people;
  const chatId = (await ana.newChat(bo)).body.chatId;
  return { server, people, ana, bo, chatId };
}

/** As who is on the login page: gives the address, and waits for where its code is asked for. */
export async function askForCode(page, email) {
  await page.getByLabel('E-mail address').fill(email);
  await page.keyboard.press('Enter');
  await page.getByLabel('Six-digit code').waitFor();
}

/** Messages that two people write in turn, as fast as the server lets them. */
export async function talk(chatId, people, texts) {
  for (let i = 0; i < texts.length; ) {
    const { status } = await people[i % people.length].send(chatId, texts[i]);
    if (status === 429) await new Promise((done) => setTimeout(done, 200));
    else i++;
  }
}

/** Waits until what the page keeps for its next start has this text in it. */
export async function kept(page, person, text) {
  const found = () =>
    page.evaluate(
      ({ name, wanted }) =>
        new Promise((resolve) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => {
            const database = opening.result;
            const asked = database.transaction('kept').objectStore('kept').get('snapshot');
            asked.onsuccess = () => {
              database.close();
              resolve(JSON.stringify(asked.result ?? '').includes(wanted));
            };
          };
        }),
      { name: `ping-${person.id}`, wanted: text },
    );
  await until('the snapshot', found);
}

/** A device of theirs with the client open, logged in. Page errors and foreign requests fail the test. */
export async function openDevice(t, server, person, path = '/', options = {}) {
  const context = await (await browser).newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    serviceWorkers: 'block',
    ...options,
  });
  if (person)
    await context.addCookies([
      { name: 'ping_session', value: person.token, url: server.url, httpOnly: true },
    ]);
  const page = await context.newPage();
  watch(t, page, server);
  t.after(() => context.close());
  await page.goto(server.url + path);
  if (person) await page.locator('nav').waitFor({ state: 'attached', timeout: patienceMs });
  return page;
}

export function watch(t, page, server) {
  page.setDefaultTimeout(patienceMs);
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (/Content Security Policy|Minified React error/.test(message.text())) faults.push(message.text());
  });
  page.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    if (/^https?:/.test(protocol) && origin !== server.url) faults.push(`foreign request: ${request.url()}`);
  });
  t.after(() => assert.deepEqual(faults, []));
}

/** Waits until `check` says something true; gives it. */
export async function until(what, check, withinMs = patienceMs) {
  const deadline = Date.now() + withinMs;
  let last;
  while (Date.now() < deadline) {
    last = await check();
    if (last) return last;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${what} did not come true within ${withinMs} ms`);
}

/** As `until`, and says how long it took: the acceptance rules of CLIENT.md §1.1 have times. */
export async function within(t, what, limitMs, check) {
  const began = performance.now();
  await until(what, check);
  const took = Math.round(performance.now() - began);
  t.diagnostic(`${what}: ${took} ms, at most ${limitMs}`);
  assert.ok(took <= limitMs, `${what}: ${took} ms, at most ${limitMs}`);
}

/** What the page is told of its own tab: looked at, or in the background. */
export async function setVisible(page, isVisible) {
  await page.evaluate((visible) => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (visible ? 'visible' : 'hidden'),
    });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isVisible);
}

/** The texts of the bubbles, top to bottom. */
export function texts(page) {
  return page.locator('[data-row] .message-text').allTextContents();
}

export function row(page, chatId) {
  return page.locator(`nav [data-chat="${chatId}"]`);
}

export async function send(page, text) {
  await page.locator('textarea').fill(text);
  await page.keyboard.press('Enter');
}

/** Waits until the page is connected: presence is known then. */
export async function connected(page) {
  await page.locator('[data-connected]').waitFor({ state: 'attached' });
}

/** Into PING_SCREENSHOTS, when that is set. */
export async function screenshot(page, name) {
  const folder = process.env.PING_SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
