// CLIENT.md §1.1: who is online, and who types. Most of it is waiting, so what can wait together does.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connected, makePerson, meet, openDevice, row, until, within } from './support/browser.mjs';

/** What API.md §5 keeps somebody online for after a connection was lost. */
const graceMs = 8_000;

const isOnline = async (page, chatId) =>
  (await row(page, chatId).getByText('online', { exact: true }).count()) > 0;

test('presence: a connection, a closed tab, a dead network', { timeout: 120_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const chiara = await makePerson(server, 'Chiara Rossi');
  const hers = (await ana.newChat(chiara)).body.chatId;
  const anasPage = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(anasPage);
  const presence = anasPage.locator('[data-presence]');
  await presence.getByText('Offline').or(presence.getByText('Last seen')).waitFor();

  const [bosPage, chiarasPage] = [
    await openDevice(t, server, bo, '/'),
    await openDevice(t, server, chiara, '/'),
  ];
  await Promise.all([connected(bosPage), connected(chiarasPage)]);
  await within(t, 'online after connecting', 1_000, async () => {
    const shown = await presence.getByText('Online').count();
    return shown > 0 && (await isOnline(anasPage, chatId)) && (await isOnline(anasPage, hers));
  });

  // Two of Bo's tabs, one of them closed, and Chiara's network dies at the same time.
  const second = await bosPage.context().newPage();
  await second.goto(server.url);
  await connected(second);
  await second.close();
  await Promise.all([
    (async () => {
      await anasPage.waitForTimeout(1_500); // longer than a change takes to be told
      assert.equal(await isOnline(anasPage, chatId), true, 'another tab is still open');
      await bosPage.goto('about:blank');
      // A second to show it, and before that the grace, which hides reloads.
      await within(
        t,
        'offline after the tab was closed',
        graceMs + 1_000,
        async () => !(await isOnline(anasPage, chatId)),
      );
      await presence.getByText(/^Last seen/).waitFor();
      await bosPage.goto(server.url);
      await until('online again', () => isOnline(anasPage, chatId));
    })(),
    (async () => {
      await chiarasPage.context().setOffline(true);
      await within(
        t,
        'offline after the network died',
        30_000,
        async () => !(await isOnline(anasPage, hers)),
      );
    })(),
  ]);
});

test('typing shows at once, and stops by itself', { timeout: 120_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  // In an empty conversation only the header says it.
  await ana.send(chatId, 'And then?');
  const anasPage = await openDevice(t, server, ana, `/chat/${chatId}`, { reducedMotion: 'reduce' });
  const bosPage = await openDevice(t, server, bo, `/chat/${chatId}`);
  await Promise.all([connected(anasPage), connected(bosPage)]);
  const words = anasPage.locator('[data-presence]').getByText('is typing');
  const dots = anasPage.locator('[data-typing]');
  const box = bosPage.locator('textarea');

  await t.test('dots, still under reduced motion', async () => {
    await box.focus();
    await bosPage.keyboard.press('H');
    await within(t, 'typing appears', 300, async () => (await words.count()) > 0);
    const began = performance.now();
    await dots.waitFor();
    const moving = await dots
      .locator('.typing-dot')
      .first()
      .evaluate((dot) => {
        const { animationDuration, animationIterationCount } = getComputedStyle(dot);
        return Number.parseFloat(animationDuration) > 0.001 && animationIterationCount !== '1';
      });
    assert.equal(moving, false);
    const left = 6_000 - (performance.now() - began);
    await within(t, 'typing disappears', left, async () => (await words.count()) === 0);
  });

  await t.test('an empty box stops it', async () => {
    await bosPage.keyboard.press('m');
    await words.waitFor();
    await box.fill('');
    await within(t, 'an empty box stops it', 1_000, async () => (await words.count()) === 0);
  });

  await t.test('the peer vanishes while typing: the dots go', async () => {
    await box.pressSequentially('I was just');
    await dots.waitFor();
    await bosPage.context().close();
    await within(t, 'the dots go', 6_000, async () => (await dots.count()) === 0);
  });
});
