// CLIENT.md §1.1, row by row: two people and a third device on a real server.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  connected,
  makePerson,
  meet,
  openDevice,
  row,
  send,
  setVisible,
  talk,
  texts,
  until,
  within,
} from './support/browser.mjs';

const everybody = ['Ana Morales', 'Bo Lindqvist', 'Chiara Rossi'];
const tick = (page) => page.locator('[data-row] [data-tick]').last().getAttribute('data-tick');

test('two people chat', { timeout: 300_000 }, async (t) => {
  const { server, people, chatId } = await meet(t, everybody);
  const [ana, bo, chiara] = people;
  const anasPage = await openDevice(t, server, ana, `/chat/${chatId}`);
  const bosPage = await openDevice(t, server, bo, '/');
  await Promise.all([connected(anasPage), connected(bosPage)]);

  await t.test('send is disabled while the box is empty or blank; Enter does nothing then', async () => {
    const button = anasPage.getByRole('button', { name: 'Send' });
    assert.equal(await button.isDisabled(), true);
    await anasPage.locator('textarea').fill('  \n ');
    assert.equal(await button.isDisabled(), true);
    await anasPage.keyboard.press('Enter');
    assert.deepEqual(await texts(anasPage), []);
    await anasPage.locator('textarea').fill(' a ');
    assert.equal(await button.isDisabled(), false);
    await anasPage.locator('textarea').fill('');
  });

  await t.test('a message arrives, with its time, and counts as unread until it is seen', async () => {
    await send(anasPage, 'Hello Bo');
    await until('the bubble', async () => (await texts(anasPage)).includes('Hello Bo'));
    await row(bosPage, chatId).getByText('Hello Bo').waitFor();
    await row(bosPage, chatId).getByText('1 unread message').waitFor({ state: 'attached' });
    await until('the title', async () => (await bosPage.title()) === '(1) Ping');
    const time = anasPage.locator('[data-row] time').last();
    assert.match(await time.getAttribute('datetime'), /^\d{4}-\d\d-\d\dT/);
    assert.match(await time.getAttribute('title'), /\d{4}/);
    await anasPage.getByRole('region', { name: 'Today' }).waitFor({ state: 'attached' });
  });

  await t.test(
    'unread counts: the same in a second tab, kept over a reload, never of own messages',
    async () => {
      const second = await bosPage.context().newPage();
      await second.goto(server.url);
      await row(second, chatId).getByText('1 unread message').waitFor({ state: 'attached' });
      await bosPage.reload();
      await row(bosPage, chatId).getByText('1 unread message').waitFor({ state: 'attached' });
      assert.equal(
        await row(anasPage, chatId)
          .getByText(/unread message/)
          .count(),
        0,
      );
      await second.close();
    },
  );

  await t.test('what is read in one tab is read in the other within a second', async () => {
    const [one, two] = [bosPage, await bosPage.context().newPage()];
    await two.goto(server.url);
    await row(two, chatId).getByText('1 unread message').waitFor({ state: 'attached' });
    await one.bringToFront();
    const dora = await makePerson(server, 'Dora Lang');
    const made = (await dora.newChat(bo)).body.chatId;
    await dora.send(made, 'For both tabs');
    for (const page of [one, two]) {
      await row(page, made).getByText('1 unread message').waitFor({ state: 'attached' });
    }
    await row(one, made).getByRole('link').click();
    const unread = (page) => row(page, made).getByText(/unread message/);
    await until('read here', async () => (await unread(one).count()) === 0);
    await within(t, 'read in the other tab', 1_000, async () => (await unread(two).count()) === 0);
    await two.close();
    await bosPage.goto(server.url);
  });

  await t.test('grey double tick on delivery, blue when it was seen, live', async () => {
    await until('delivered or more', async () => ['delivered', 'seen'].includes(await tick(anasPage)));
    assert.equal(await tick(anasPage), 'delivered', 'nobody has looked at it yet');
    await bosPage.bringToFront();
    await row(bosPage, chatId).getByRole('link').click();
    await until('seen', async () => (await tick(anasPage)) === 'seen');
    await until('nothing unread', async () => (await bosPage.title()) === 'Ping');
    await anasPage
      .getByText(/^Seen \d\d:\d\d$/)
      .first()
      .waitFor({ state: 'attached' });
  });

  await t.test(
    'a message is seen when it was on the screen of a tab that is looked at, not before',
    async () => {
      await setVisible(bosPage, false);
      await send(anasPage, 'Are you there?');
      await bosPage.locator('[data-row]').getByText('Are you there?').waitFor();
      await until('delivered', async () => (await tick(anasPage)) === 'delivered');
      await anasPage.waitForTimeout(800); // longer than what makes a message seen
      assert.equal(await tick(anasPage), 'delivered', 'the tab is in the background');
      await setVisible(bosPage, true);
      // 300 ms on the screen, 300 ms in which reports are gathered, 200 ms for the way.
      await within(t, 'blue after looking', 1_000, async () => (await tick(anasPage)) === 'seen');
      await send(anasPage, 'Now you see it');
      await within(t, 'blue while looking', 1_000, async () => (await tick(anasPage)) === 'seen');
    },
  );

  await t.test(
    'the newest conversation is on top, a first message of somebody new inserts its row',
    async () => {
      const made = (await chiara.newChat(ana)).body.chatId;
      await chiara.send(made, 'Ciao');
      await row(anasPage, made).getByText('Ciao').waitFor();
      const order = () =>
        anasPage.locator('nav [data-chat]').evaluateAll((all) => all.map((one) => one.dataset.chat));
      assert.deepEqual(await order(), [made, chatId]);
      await send(bosPage, 'Back on top');
      await until('the order', async () => (await order())[0] === chatId);
    },
  );

  await t.test(
    'new conversation from anywhere: Ctrl+K, type, Enter; an old one is opened, not doubled',
    async () => {
      await bosPage.keyboard.press('Control+k');
      await bosPage.getByRole('combobox').waitFor();
      await bosPage.keyboard.type('chiara');
      await bosPage.getByRole('option', { name: /Chiara/ }).waitFor();
      await bosPage.keyboard.press('Enter');
      await until(
        'the new chat',
        async () => bosPage.url().includes('/chat/') && !bosPage.url().includes(chatId),
      );
      const url = bosPage.url();
      await bosPage.getByText('No messages yet').first().waitFor();
      await bosPage.keyboard.press('Control+k');
      await bosPage.keyboard.type('ana');
      await bosPage.getByRole('option', { name: /Ana/ }).waitFor();
      await bosPage.keyboard.press('Enter');
      await until('the old chat', () => bosPage.url().includes(chatId));
      await bosPage.keyboard.press('Control+k');
      await bosPage.keyboard.type('chiara');
      await bosPage.getByRole('option', { name: /Chiara/ }).waitFor();
      await bosPage.keyboard.press('Enter');
      await until('the same chat', () => bosPage.url() === url);
      assert.equal(await bosPage.locator('nav [data-chat]').count(), 3);
    },
  );

  await t.test('a rename shows in others’ open lists and headers', async () => {
    await bosPage.getByRole('link', { name: /^Profile/ }).click();
    await bosPage.getByLabel('Your name').fill('Bo L.');
    await bosPage.keyboard.press('Enter');
    const shown = async () =>
      (await anasPage.getByRole('heading', { name: 'Bo L.' }).count()) > 0 &&
      (await row(anasPage, chatId).getByText('Bo L.').count()) > 0;
    await within(t, 'the new name at the other one', 1_000, shown);
    await bosPage.getByText('Saved').waitFor();
    await bosPage.getByText('This device').waitFor();
  });

  await t.test(
    'online and offline of others; after a logout at once, and every tab of it goes to the login',
    async () => {
      const presence = anasPage.locator('[data-presence]');
      await presence.getByText('Online').waitFor();
      const second = await bosPage.context().newPage();
      await second.goto(server.url);
      await connected(second);
      await bosPage.getByRole('button', { name: 'Log out', exact: true }).first().click();
      const isOnline = async () => (await presence.getByText('Online').count()) > 0;
      await within(t, 'offline after the logout', 1_000, async () => !(await isOnline()));
      await bosPage.getByLabel('E-mail address').waitFor();
      await second.getByLabel('E-mail address').waitFor();
      assert.equal((await bo.get('/me')).status, 401, 'the session is over on the server');
    },
  );
});

test('yesterday’s messages: the date at each, the day above them stays on the screen', {
  timeout: 120_000,
}, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const messages = Array.from({ length: 40 }, (_, i) => `message ${i}`);
  await talk(chatId, [ana, bo], messages);
  const page = await openDevice(t, server, ana, '/');
  await page.clock.setFixedTime(new Date(Date.now() + 86_400_000));
  await page.goto(`${server.url}/chat/${chatId}`);
  await page.locator('[data-row]').last().waitFor();
  const time = page.locator('[data-row] time').last();
  assert.match(await time.textContent(), /^\d{1,2} \w{3,4},? \d\d:\d\d$/);
  await row(page, chatId).getByText('Yesterday').waitFor();
  await page.getByRole('region', { name: 'Yesterday' }).waitFor({ state: 'attached' });
  for (const share of [0.2, 0.5, 0.9]) {
    const gap = await page.evaluate((part) => {
      const list = document.querySelector('[role="log"]');
      list.scrollTop = list.scrollHeight * part;
      return list.querySelector('h2').getBoundingClientRect().top - list.getBoundingClientRect().top;
    }, share);
    assert.ok(gap >= 0 && gap < 40, `the day is ${gap} px below the edge`);
  }
});

test('profile and logout are at most two Tab stops from the list', { timeout: 120_000 }, async (t) => {
  const { server, ana, chatId } = await meet(t);
  const page = await openDevice(t, server, ana, '/');
  await connected(page);
  await row(page, chatId).getByRole('link').focus();
  const focused = () =>
    page.evaluate(
      () => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent,
    );
  await page.keyboard.press('Tab');
  assert.match(await focused(), /^Profile: /);
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Log out');
});
