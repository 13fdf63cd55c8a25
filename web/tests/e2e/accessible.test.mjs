// axe on every screen and state, in both themes, at 320 and 1280 px; the whole main job by keyboard alone; screenshots.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  codeFor,
  connected,
  makePerson,
  openDevice,
  screenshot,
  send,
  startBrowser,
  startServer,
  texts,
  until,
} from './support/browser.mjs';
import { examine } from './support/examine.mjs';
import { makeImage, pick, ready } from './support/images.mjs';

async function fill(ana, people) {
  const lines = {
    'Bo Lindqvist': 'They do. He is terrified.',
    'Chiara Rossi': 'Did you see the new espresso place on Rua Nova? ☕',
    'Dmitri Volkov': 'The build is green again',
    'Emma Nguyen': 'See you on Thursday!',
    'Farid Haddad': 'Thanks a lot 🙏',
  };
  const chats = {};
  for (const person of [...people].reverse()) {
    chats[person.name] = (await person.newChat(ana)).body.chatId;
    if (person.name !== 'Bo Lindqvist') await person.send(chats[person.name], lines[person.name]);
  }
  const [bo] = people;
  const chatId = chats[bo.name];
  const talk = [
    [bo, 'Hey! Are you coming to the climbing hall tonight?'],
    [ana, 'Yes! Around 7, if the train is on time'],
    [ana, 'Which is never 😄'],
    [bo, 'Perfect. I booked two spots, and Emma might join us with her brother who has never climbed before'],
    [ana, 'Great, I will bring the spare shoes'],
    [bo, '👍'],
    [ana, 'Do they still have that overhang in the back? I would love to see Dmitri lose the bet.'],
    [bo, lines['Bo Lindqvist']],
  ];
  for (const [person, text] of talk) await person.send(chatId, text);
  return { chatId, chats };
}

test('axe finds nothing: every screen and state, both themes, 320 and 1280 px', {
  timeout: 420_000,
}, async (t) => {
  await startBrowser(t);
  const server = await startServer(t);
  const names = ['Bo Lindqvist', 'Chiara Rossi', 'Dmitri Volkov', 'Emma Nguyen', 'Farid Haddad'];
  const people = [];
  for (const name of names) people.push(await makePerson(server, name));
  const ana = await makePerson(server, 'Ana Morales');

  await t.test('login and verify', async () => {
    const page = await openDevice(t, server, null);
    await page.getByLabel('E-mail address').waitFor();
    await examine(page, 'login');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await examine(page, 'login-error');
    await page.getByLabel('E-mail address').fill('grace@example.com');
    await page.keyboard.press('Enter');
    await page.getByLabel('Six-digit code').fill('123');
    await examine(page, 'verify');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await examine(page, 'verify-error');
    await page.getByRole('link', { name: 'dev mailbox' }).click();
    await page.locator('[data-mail]').first().waitFor();
    await examine(page, 'mailbox');
    await page.context().close();
  });

  const page = await openDevice(t, server, ana);
  await connected(page);

  await t.test('no conversation yet', async () => {
    await page.getByText('No conversations yet').waitFor();
    await page.getByText('Say hello to').waitFor();
    await examine(page, 'chats-empty');
  });

  const { chatId, chats } = await fill(ana, people);

  await t.test('chats, conversation, typing, switcher, keys', async () => {
    await examine(page, 'chats');
    const bosPage = await openDevice(t, server, people[0], `/chat/${chatId}`);
    await connected(bosPage);
    await page.locator(`nav [data-chat="${chatId}"] a`).click();
    await page.locator('[data-divider]').waitFor();
    await examine(page, 'conversation');
    await send(page, 'On my way');
    await until('the tick', async () => (await page.locator('[data-tick="seen"]').count()) > 3);
    await bosPage.locator('textarea').pressSequentially('Gr');
    await page.locator('[data-typing]').waitFor();
    await screenshot(page, 'typing-1280');
    await bosPage.context().close();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('em');
    await page.getByRole('option').first().waitFor();
    await until('the search', async () => (await page.getByText('Searching…').count()) === 0);
    await examine(page, 'switcher');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await examine(page, 'keys');
    await page.keyboard.press('Escape');
  });

  await t.test('photos: before sending, on the way, in the conversation, in the viewer', async () => {
    const buffer = await makeImage(page, 900, 600);
    await pick(page, { name: 'harbour.png', buffer });
    await ready(page, 1);
    await examine(page, 'photo-preview');
    await pick(page, { name: 'letter.txt', buffer: Buffer.from('hello'), mimeType: 'text/plain' });
    await page.getByRole('alert').waitFor();
    await examine(page, 'photo-refused');
    await page.route('**/api/v1/message', () => {});
    await page.locator('textarea').fill('The harbour this morning');
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar').waitFor({ state: 'attached' });
    await examine(page, 'photo-sending');
    await page.unroute('**/api/v1/message');
    await page.reload();
    await page.locator('[data-photo] img').waitFor();
    await until('sent', async () => (await page.locator('[data-tick="waiting"]').count()) === 0);
    await examine(page, 'photo');
    await page.locator('[data-photo] button').click();
    await page.locator('dialog img[data-state="loaded"]').waitFor();
    await examine(page, 'viewer');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const other = await openDevice(t, server, people[0], '/');
    await other.route('**/media/**', (route) => route.fulfill({ status: 404, body: '' }));
    await other.goto(`${server.url}/chat/${chatId}`);
    await other.getByText('The photo could not be loaded').waitFor();
    await examine(other, 'photo-failed');
    await other.context().close();
  });

  await t.test('an empty conversation, one that is not there, an address that is not', async () => {
    const empty = (await people[4].newChat(people[3])).body.chatId;
    const other = await openDevice(t, server, people[4], `/chat/${empty}`);
    await other.getByRole('button', { name: /Say hello/ }).waitFor();
    await examine(other, 'conversation-empty');
    await other.goto(`${server.url}/chat/${'0'.repeat(24)}`);
    await other.getByText('does not exist').waitFor();
    await examine(other, 'conversation-unknown');
    await other.context().close();
  });

  await t.test('profile, in three languages', async () => {
    await page.goto(`${server.url}/profile`);
    await page.getByText('This device').waitFor();
    await examine(page, 'profile');
    await page.getByLabel('Your name').fill(' ');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await examine(page, 'profile-error');
    // Not offered outside of development: it shows texts that are not translated, and layouts that are too tight.
    assert.equal(await page.locator('option[value="en-XA"]').count(), 0);
    const speak = (locale) =>
      page.evaluate(
        (tag) => localStorage.setItem('ping.preferences', JSON.stringify({ locale: tag })),
        locale,
      );
    await speak('en-XA');
    await page.reload();
    await page
      .getByText(/^\[.*\]$/)
      .first()
      .waitFor();
    await examine(page, 'profile-pseudo');
    await page.goto(`${server.url}/chat/${chatId}`);
    await page.locator('[data-row]').first().waitFor();
    await examine(page, 'conversation-pseudo');
    await speak('de');
    await page.goto(`${server.url}/profile`);
    await page.getByText('Dieses Gerät').waitFor();
    await examine(page, 'profile-de');
    await page.evaluate(() => localStorage.removeItem('ping.preferences'));
  });

  await t.test('offline, and with messages that wait', async () => {
    await page.goto(`${server.url}/chat/${chats['Emma Nguyen']}`);
    await connected(page);
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await send(page, 'Sent from a tunnel');
    await page.locator('[data-row] [data-tick="waiting"]').waitFor();
    await examine(page, 'offline');
    await page.context().setOffline(false);
  });
});

test('forced colours and a text of twice the size lose nothing', { timeout: 120_000 }, async (t) => {
  await startBrowser(t);
  const server = await startServer(t);
  const ana = await makePerson(server, 'Ana Morales');
  const bo = await makePerson(server, 'Bo Lindqvist');
  const chatId = (await bo.newChat(ana)).body.chatId;
  await bo.send(chatId, 'Hello');
  const page = await openDevice(t, server, ana, `/chat/${chatId}`, { forcedColors: 'active' });
  await page.locator('[data-row]').waitFor();
  await screenshot(page, 'forced-colours');
  await page.emulateMedia({ forcedColors: 'none' });
  await page.evaluate(() => (document.documentElement.style.fontSize = '32px'));
  await page.setViewportSize({ width: 400, height: 900 });
  await page.waitForTimeout(200);
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0);
  assert.equal(await page.locator('textarea').isVisible(), true);
  assert.equal(await page.getByRole('button', { name: 'Send' }).isVisible(), true);
  await screenshot(page, 'large-text');
});

test('the whole job by keyboard alone', { timeout: 180_000 }, async (t) => {
  await startBrowser(t);
  const server = await startServer(t);
  const bo = await makePerson(server, 'Bo Lindqvist');
  const page = await openDevice(t, server, null);
  const keys = page.keyboard;
  await page.getByLabel('E-mail address').waitFor();
  await keys.type('ana@example.com');
  await keys.press('Enter');
  await page.getByLabel('Six-digit code').waitFor();
  await keys.type(await codeFor(server, 'ana@example.com'));
  await page.getByText('No conversations yet').waitFor();
  await keys.press('Control+k');
  await page.getByRole('combobox').waitFor();
  await keys.type('bo lind');
  await page.getByRole('option', { name: /Bo/ }).waitFor();
  await keys.press('Enter');
  await until('the box has the focus', () =>
    page.evaluate(() => document.activeElement.tagName === 'TEXTAREA'),
  );
  await keys.type('first');
  await keys.press('Shift+Enter');
  await keys.type('second line');
  await keys.press('Enter');
  await until('the bubble', async () => (await texts(page)).includes('first\nsecond line'));
  const chatId = new URL(page.url()).pathname.split('/').at(-1);
  await until('stored', async () => (await bo.history(chatId)).length === 1);

  const focusedInside = (selector) =>
    page.evaluate((one) => document.activeElement.closest(one) !== null, selector);
  await keys.press('Shift+F6');
  assert.equal(await focusedInside('main'), true);
  await keys.press('F6');
  await keys.press('F6');
  assert.equal(await focusedInside('nav'), true, 'F6 goes round the parts of the page');
  await keys.press('Tab');
  assert.equal(await focusedInside('[data-part="account"]'), true, 'the list is one stop; then profile');
  await keys.press('Enter');
  await page.getByLabel('Your name').waitFor();
  await keys.press('Tab');
  assert.equal(
    await page.evaluate(() => document.activeElement.name),
    'name',
    'on from the page, not its link',
  );
  await keys.press('Control+a');
  await keys.type('Ana by keys');
  await keys.press('Enter');
  await page.getByText('Saved').waitFor();
  await keys.press('Alt+ArrowDown');
  await page.locator('[data-row]').waitFor();
  await keys.press('Control+/');
  await page.getByRole('dialog').waitFor();
  await keys.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('[role="log"]').focus();
  await keys.press('ArrowUp');
  assert.equal(await page.evaluate(() => 'row' in document.activeElement.dataset), true);
  await keys.type('typed from the list');
  assert.equal(await page.locator('textarea').inputValue(), 'typed from the list');
  await keys.press('Enter');
  await until('sent', async () => (await bo.history(chatId)).length === 2);

  const chooser = page.waitForEvent('filechooser');
  await keys.press('Control+Shift+u');
  const buffer = await makeImage(page, 300, 200);
  await (await chooser).setFiles({ name: 'harbour.png', mimeType: 'image/png', buffer });
  await ready(page, 1);
  assert.equal(await focusedInside('textarea'), true, 'the caption can be written at once');
  await keys.type('The harbour');
  await keys.press('Enter');
  await until('the photo is sent', async () => (await bo.history(chatId)).at(-1).text === 'The harbour');

  for (let i = 0; i < 6 && !(await focusedInside('nav')); i++) await keys.press('F6');
  await keys.press('Tab');
  await keys.press('Tab');
  await keys.press('Enter');
  await page.getByLabel('E-mail address').waitFor();
  assert.equal(
    await page.evaluate(() => document.activeElement.name),
    'email',
    'the next one can type at once',
  );
});
