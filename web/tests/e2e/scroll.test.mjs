// What somebody reads stays where it is: at most one pixel of drift over 500 changes around it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connected, meet, openDevice, send, talk, until } from './support/browser.mjs';
import { makeImage, sendPhoto } from './support/images.mjs';

const loaded = 400;

/** The second row that is wholly visible, and how far it is below the upper edge of the list. */
function anchorOf(page, key) {
  return page.evaluate((wanted) => {
    const list = document.querySelector('[role="log"]');
    const edge = list.getBoundingClientRect().top;
    const rows = [...list.querySelectorAll('[data-row]')];
    const chosen = wanted
      ? rows.find((row) => row.dataset.row === wanted)
      : rows.filter((row) => row.getBoundingClientRect().top >= edge)[1];
    return chosen ? { key: chosen.dataset.row, top: chosen.getBoundingClientRect().top - edge } : null;
  }, key);
}

/** After the browser has laid out and painted. */
const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

/**
 * One change of what is around the reader, in the page: some row, above or below, takes another height, or an image loads
 * again, later than the rows. Says where the row is after the next picture of the screen was made.
 */
function changeAndMeasure(page, kind, seed, key) {
  return page.evaluate(
    async ({ kind, seed, key }) => {
      const some = (selector) => {
        const all = document.querySelectorAll(selector);
        return all[seed % all.length];
      };
      if (kind === 'height') some('[data-row] > div').style.minHeight = `${20 + (seed % 260)}px`;
      if (kind === 'image') {
        const image = some('[data-photo] img');
        const src = image?.src;
        if (image) image.src = 'data:,';
        if (image) image.src = src;
      }
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const list = document.querySelector('[role="log"]');
      const row = list.querySelector(`[data-row="${key}"]`);
      return row && row.getBoundingClientRect().top - list.getBoundingClientRect().top;
    },
    { kind, seed, key },
  );
}

test('scroll anchor: drift at most 1 px over 500 random changes', { timeout: 300_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const page = await openDevice(t, server, ana, '/');
  const photo = await makeImage(page, 400, 300);
  const words =
    'climbing tonight maybe later with everybody who has a rope and no fear of the overhang'.split(' ');
  const texts = Array.from(
    { length: loaded },
    (_, i) => `${i} ${words.slice(0, 1 + (i % words.length)).join(' ')}`,
  );
  for (let i = 0; i < loaded; i += 25) {
    await talk(chatId, [ana, bo], texts.slice(i, i + 25));
    await sendPhoto(server, bo, chatId, photo);
  }
  await page.goto(`${server.url}/chat/${chatId}`);
  await connected(page);
  await page.locator('[data-row]').first().waitFor();
  await page.evaluate(() => {
    const list = document.querySelector('[role="log"]');
    list.scrollTop = list.scrollHeight / 2;
  });
  await painted(page);
  const held = await anchorOf(page);
  assert.ok(held);

  let seed = 42;
  const random = (n) => {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    return seed % n;
  };
  let worst = 0;
  let appended = 0;
  for (let i = 0; i < 500; i++) {
    const kind = random(10);
    const inPage = kind < 3 ? 'height' : kind < 6 ? 'image' : 'none';
    if (kind === 6 && appended++ < 40) await bo.send(chatId, `new ${i}`);
    if (kind === 7) await page.setViewportSize({ width: 900 + random(400), height: 500 + random(400) });
    if (kind === 8) await page.locator('textarea').fill('line\n'.repeat(random(6)));
    if (kind === 9) await page.emulateMedia({ colorScheme: random(2) ? 'dark' : 'light' });
    const top = await changeAndMeasure(page, inPage, random(1000), held.key);
    assert.ok(top !== null, `row ${held.key} is gone after change ${i}`);
    worst = Math.max(worst, Math.abs(top - held.top));
    assert.ok(Math.abs(top - held.top) <= 1, `change ${i} (kind ${kind}): ${top - held.top} px`);
  }
  t.diagnostic(`worst drift ${worst.toFixed(2)} px`);
});

test('scroll: history loads above without moving what is read; few rows are mounted', {
  timeout: 180_000,
}, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const messages = Array.from({ length: 360 }, (_, i) => `message ${i}`);
  await talk(chatId, [bo, ana], messages);
  const page = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(page);
  await page.getByText('message 359', { exact: true }).last().waitFor();
  const reached = () => page.getByText('This is the start of your conversation').count();
  for (let steps = 0; steps < 200 && (await reached()) === 0; steps++) {
    await page.evaluate(() => {
      const list = document.querySelector('[role="log"]');
      list.scrollTop = Math.max(60, list.scrollTop - 500);
    });
    const before = await anchorOf(page);
    await page.waitForTimeout(60); // a page of history may come meanwhile
    const after = await anchorOf(page, before.key);
    assert.ok(
      after && Math.abs(after.top - before.top) <= 1,
      `step ${steps}: ${after && after.top - before.top} px`,
    );
    const mounted = await page.locator('[data-row]').count();
    assert.ok(mounted <= 260, `${mounted} rows`);
    if (steps > 40) await page.evaluate(() => (document.querySelector('[role="log"]').scrollTop = 0));
  }
  assert.equal(await reached(), 1);
  assert.ok((await page.evaluate(() => document.querySelectorAll('*').length)) <= 3000);
  await page.keyboard.press('Escape');
  await page.getByText('message 359', { exact: true }).last().waitFor();
  await painted(page);
  const below = () =>
    page.evaluate(() => {
      const list = document.querySelector('[role="log"]');
      return list.scrollHeight - list.scrollTop - list.clientHeight;
    });
  await until('the end', async () => (await below()) < 2);
  // Somebody who reads above is not pulled down; the pill counts. (A jump of the script's in the frame in which rows are
  // measured is taken back, as if it had been the rows' doing: a finger or a wheel goes on.)
  await until('a place above', async () => {
    if ((await below()) > 500) return true;
    await page.evaluate(() => {
      document.querySelector('[role="log"]').scrollTop -= 900;
    });
    await painted(page);
    await painted(page);
    return false;
  });
  const reading = await anchorOf(page);
  await bo.send(chatId, 'are you there?');
  await page.getByRole('button', { name: /1 new message/ }).waitFor();
  const after = await anchorOf(page, reading.key);
  assert.ok(Math.abs(after.top - reading.top) <= 1);
  await page.getByRole('button', { name: /1 new message/ }).click();
  await page.locator('[data-row]').getByText('are you there?').waitFor();
});

test('Ctrl+Home shows the first message, and there it stays; also one of my own', {
  timeout: 120_000,
}, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const messages = Array.from({ length: 150 }, (_, i) => `message ${i}`);
  // From a browser, with a clientId: such a row has another key than the message's id.
  const page = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(page);
  await send(page, messages[0]);
  await until('the first', async () => (await bo.history(chatId)).length === 1);
  await talk(chatId, [bo, ana], messages.slice(1));
  await page.getByText('message 149', { exact: true }).last().waitFor();
  const first = page.locator('[data-row]').getByText('message 0', { exact: true });
  await page.keyboard.press('Control+End');
  await until('few rows', async () => (await first.count()) === 0);

  await page.keyboard.press('Control+Home');
  await first.waitFor();
  const top = () =>
    page.evaluate(() => {
      const list = document.querySelector('[role="log"]');
      const [row] = list.querySelectorAll('[data-row]');
      return { text: row.textContent, scrollTop: list.scrollTop };
    });
  await painted(page);
  const shown = await top();
  assert.match(shown.text, /message 0/);
  assert.equal(shown.scrollTop, 0);
  const held = await anchorOf(page);
  await page.getByText('This is the start of your conversation').waitFor();
  await bo.send(chatId, 'meanwhile');
  await page.setViewportSize({ width: 900, height: 600 });
  await page.waitForTimeout(500);
  await painted(page);
  const after = await anchorOf(page, held.key);
  assert.ok(after && Math.abs(after.top - held.top) <= 1, `${after?.top} px, was ${held.top}`);
  assert.match((await top()).text, /message 0/);
});
