// CLIENT.md §1.1, "real-time images with preview before sending", and what may go wrong on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connected, meet, openDevice, row, screenshot, send, until } from './support/browser.mjs';
import { give, makeImage, pick, ready, sendPhoto } from './support/images.mjs';

const photos = (page) => page.locator('[data-row] [data-photo] img');
const isLoaded = (image) => image.evaluate((one) => one.complete && one.naturalWidth > 0);

test('images: pick, paste, drop, preview, send, see, open', { timeout: 300_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const anasPage = await openDevice(t, server, ana, `/chat/${chatId}`);
  const bosPage = await openDevice(t, server, bo, `/chat/${chatId}`);
  await Promise.all([connected(anasPage), connected(bosPage)]);
  const buffer = await makeImage(anasPage, 900, 600);
  const button = anasPage.getByRole('button', { name: 'Send', exact: true });

  await t.test('picked, pasted and dropped pictures are previewed, and each can be taken out', async () => {
    assert.equal(await button.isDisabled(), true);
    await pick(anasPage, { name: 'picked.png', buffer });
    await ready(anasPage, 1);
    assert.equal(await button.isDisabled(), false, 'an image alone can be sent');
    await give(anasPage, 'paste', 'pasted.png', buffer);
    await give(anasPage, 'drop', 'dropped.png', buffer);
    await ready(anasPage, 3);
    assert.equal(await anasPage.locator('[data-drop]').count(), 0);
    await anasPage.getByRole('img', { name: 'Preview of pasted.png' }).waitFor();
    await anasPage.getByText('900 × 600').first().waitFor();
    for (const name of ['picked', 'pasted', 'dropped']) {
      await anasPage.getByRole('button', { name: `Remove ${name}.png` }).click();
    }
    await anasPage.locator('[data-attachment]').waitFor({ state: 'detached' });
    assert.equal(await button.isDisabled(), true);
  });

  await t.test('what is no picture is refused with a plain sentence', async () => {
    await pick(anasPage, { name: 'letter.png', buffer: Buffer.from('not a picture') });
    await anasPage.getByRole('alert').getByText('letter.png cannot be sent').waitFor();
    assert.equal(await anasPage.locator('[data-attachment]').count(), 0);
  });

  await t.test('sent with a caption: at once here, live there, nothing jumps, alt text', async () => {
    await pick(anasPage, { name: 'harbour.png', buffer });
    await ready(anasPage, 1);
    await anasPage.locator('textarea').fill('The harbour');
    await anasPage.keyboard.press('Enter');
    await photos(anasPage).first().waitFor();
    await photos(bosPage).first().waitFor();
    const box = await bosPage.locator('[data-row] [data-photo]').first().boundingBox();
    await until('loaded', () => isLoaded(photos(bosPage).first()));
    assert.deepEqual(await bosPage.locator('[data-row] [data-photo]').first().boundingBox(), box, 'reserved');
    assert.ok(Math.abs(box.width / box.height - 1.5) < 0.02);
    assert.match(await photos(bosPage).first().getAttribute('alt'), /^Photo from Ana Morales, \d\d:\d\d$/);
    await bosPage.locator('[data-row]').getByText('The harbour').waitFor();
    await until('no clock', async () => (await anasPage.locator('[data-tick="waiting"]').count()) === 0);
    const [message] = await bo.history(chatId);
    assert.equal(message.messageType, 'image');
    assert.deepEqual([message.image.width, message.image.height, message.text], [900, 600, 'The harbour']);
    // The sender's own picture is not fetched again: its bubble shows the same bytes.
    assert.match(await photos(anasPage).first().getAttribute('src'), /^blob:/);
  });

  await t.test('several pictures are several messages, in order, the text below them', async () => {
    await pick(anasPage, { name: '1.png', buffer }, { name: '2.png', buffer }, { name: '3.png', buffer });
    await ready(anasPage, 3);
    await anasPage.locator('textarea').fill('All three');
    await anasPage.keyboard.press('Enter');
    await until('four', async () => (await bo.history(chatId)).length === 4);
    const sent = (await bo.history(chatId)).slice(1);
    assert.deepEqual(
      sent.map((one) => one.text ?? ''),
      ['', '', 'All three'],
    );
    await until('on the other screen', async () => (await photos(bosPage).count()) === 4);
  });

  await t.test('a picture without a text is called so in the list', async () => {
    await pick(bosPage, { name: 'x.png', buffer });
    await ready(bosPage, 1);
    await bosPage.getByRole('button', { name: 'Send', exact: true }).click();
    await row(anasPage, chatId).getByText('Photo').waitFor();
  });

  await t.test('viewer: keys, zoom, the next picture, Escape, and the focus comes back', async () => {
    await photos(bosPage).first().click();
    const viewer = bosPage.getByRole('dialog', { name: 'Photo' });
    await viewer.waitFor();
    await viewer.locator('img[data-state="loaded"]').waitFor();
    await viewer.getByText('The harbour').waitFor();
    await viewer.getByText('1 of 5').waitFor();
    const zoom = () => viewer.locator('[data-zoom]').getAttribute('data-zoom').then(Number);
    await bosPage.keyboard.press('+');
    assert.equal(await zoom(), 1.5);
    await bosPage.keyboard.press('0');
    assert.equal(await zoom(), 1);
    await viewer.locator('[data-zoom]').dblclick();
    assert.equal(await zoom(), 2.5);
    await bosPage.mouse.wheel(0, 2_000);
    await until('whole again', async () => (await zoom()) === 1);
    await bosPage.keyboard.press('ArrowRight');
    await viewer.getByText('2 of 5').waitFor();
    await viewer.getByRole('button', { name: 'Previous photo' }).click();
    await viewer.getByText('1 of 5').waitFor();
    assert.match(await viewer.getByRole('link', { name: 'Download' }).getAttribute('href'), /^\/.*media/);
    await bosPage.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    assert.equal(await bosPage.evaluate(() => document.activeElement.closest('[data-photo]') !== null), true);
    assert.ok(bosPage.url().endsWith(`/chat/${chatId}`), 'the page is the same');
    await photos(bosPage).first().click();
    await viewer.waitFor();
    await bosPage.goBack();
    await viewer.waitFor({ state: 'detached' });
    assert.ok(bosPage.url().endsWith(`/chat/${chatId}`), 'Back closes it');
  });
});

test('viewer, with fingers: pinch, drag, swipe, double tap', { timeout: 120_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
  const page = await openDevice(t, server, ana, '/', phone);
  for (const shade of [1, 2]) await sendPhoto(server, bo, chatId, await makeImage(page, 900 * shade, 600));
  await page.goto(`${server.url}/chat/${chatId}`);
  await photos(page).nth(1).waitFor();
  await photos(page).first().tap();
  const viewer = page.getByRole('dialog', { name: 'Photo' });
  await viewer.locator('img[data-state="loaded"]').waitFor();
  const zoom = () => viewer.locator('[data-zoom]').getAttribute('data-zoom').then(Number);
  const place = () =>
    viewer.locator('img[data-state="loaded"]').evaluate((image) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      return { x: left + width / 2, y: top + height / 2 };
    });
  const client = await page.context().newCDPSession(page);
  const touch = (type, ...points) =>
    client.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: points.map(([x, y], id) => ({ x, y, id })),
    });
  /** Fingers from one place to another, in ten steps. */
  const gesture = async (from, to) => {
    await touch('touchStart', ...from);
    for (let i = 1; i <= 10; i++) {
      const between = from.map(([x, y], k) => [x + ((to[k][0] - x) * i) / 10, y + ((to[k][1] - y) * i) / 10]);
      await touch('touchMove', ...between);
    }
    await touch('touchEnd');
  };
  const [spread, close] = [
    [
      [95, 422],
      [295, 422],
    ],
    [
      [145, 422],
      [245, 422],
    ],
  ];

  for (const [i, name] of ['1 of 2', '2 of 2'].entries()) {
    await t.test(`pinch and drag, photo ${name}`, async () => {
      await viewer.getByText(name).waitFor();
      await gesture(close, spread);
      await until('twice as large', async () => Math.abs((await zoom()) - 2) < 0.1);
      const before = await place();
      await gesture([[195, 422]], [[235, 422]]);
      await until('dragged with the finger', async () => Math.abs((await place()).x - before.x - 40) < 6);
      const moved = spread.map(([x, y]) => [x - 40, y]);
      const at = await place();
      await gesture(spread, moved);
      assert.ok(Math.abs((await zoom()) - 2) < 0.1, 'two fingers that go the same way change no size');
      await until('dragged with two', async () => Math.abs((await place()).x - at.x + 40) < 6);
      assert.equal(
        await page.evaluate(() => window.visualViewport.scale),
        1,
        'the page itself is not zoomed',
      );
      await gesture(spread, close);
      await gesture(spread, close);
      await until('whole again', async () => (await zoom()) === 1);
      if (i === 0) await gesture([[300, 422]], [[120, 430]]);
    });
  }

  await t.test('a swipe goes back, a double tap zooms', async () => {
    await gesture([[120, 422]], [[300, 430]]);
    await viewer.getByText('1 of 2').waitFor();
    const stage = viewer.locator('[data-zoom]');
    await stage.tap();
    await stage.tap();
    await until('zoomed', async () => (await zoom()) > 1);
    await screenshot(page, 'phone-viewer-zoomed');
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  });
});

test('images: progress, cancel, a lost answer, offline and a reload', { timeout: 300_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const page = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(page);
  const buffer = await makeImage(page, 640, 480);
  const upload = '**/api/v1/message';
  const attachOne = async () => {
    await pick(page, { name: 'photo.png', buffer });
    await ready(page, 1);
  };

  await t.test('shows that it is on its way, and can be taken back', async () => {
    const held = [];
    await page.route(upload, (route) => void held.push(route)); // for ever
    await attachOne();
    await page.keyboard.press('Enter');
    await page.getByRole('progressbar', { name: 'Sending the photo' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Cancel sending' }).click();
    await page.locator('[data-photo]').waitFor({ state: 'detached' });
    // Else Chromium lets it go on when nobody holds it any more, before it has heard that the page gave it up.
    await Promise.all(held.map((route) => route.abort().catch(() => {})));
    await page.unroute(upload);
    await send(page, 'after it');
    await until('the text is not held', async () => (await bo.history(chatId)).length === 1);
  });

  await t.test('an answer that never came makes no second message', async () => {
    let tries = 0;
    await page.route(upload, async (route) => {
      if (tries++ > 0) return route.continue();
      await route.fetch(); // the server has stored it
      return route.abort('connectionreset');
    });
    await attachOne();
    await page.locator('textarea').fill('only once');
    await page.keyboard.press('Enter');
    await until('acknowledged', async () => (await page.locator('[data-tick="waiting"]').count()) === 0);
    await until('tried again', () => tries >= 2);
    const found = (await bo.history(chatId)).filter((one) => one.text === 'only once');
    assert.equal(found.length, 1);
    assert.equal(await page.getByText('only once').count(), 2, 'in the list and in the conversation');
    await page.unroute(upload);
  });

  await t.test('written offline with a picture: delivered in order', async () => {
    await page.context().setOffline(true);
    await page.getByText('You are offline').waitFor();
    await attachOne();
    await page.locator('textarea').fill('from the tunnel');
    await page.keyboard.press('Enter');
    await send(page, 'and a word after it');
    await page.locator('[data-photo]').last().waitFor();
    await page.context().setOffline(false);
    await until('both stored', async () => (await bo.history(chatId)).length === 4);
    const texts = (await bo.history(chatId)).slice(2).map((one) => [one.messageType, one.text]);
    assert.deepEqual(texts, [
      ['image', 'from the tunnel'],
      ['text', 'and a word after it'],
    ]);
  });

  await t.test('a picture that waits is still there after a reload, and goes out then', async () => {
    await page.route(upload, (route) => route.abort('connectionreset'));
    await attachOne();
    await page.locator('textarea').fill('kept');
    await page.keyboard.press('Enter');
    // This one: the message before it may still have its clock, and a reload then comes before this one is kept.
    const kept = page.locator('[data-row]:has([data-tick="waiting"])', { hasText: 'kept' });
    await kept.waitFor();
    await page.reload();
    const waiting = kept.locator('[data-photo] img');
    await waiting.waitFor();
    await until('shown from what is kept', () => isLoaded(waiting));
    await page.unroute(upload);
    await until('stored', async () => (await bo.history(chatId)).at(-1).text === 'kept');
    await until('no clock', async () => (await page.locator('[data-tick="waiting"]').count()) === 0);
  });

  await t.test('a refused picture stays, says why, and comes back into the box', async () => {
    await page.route(upload, (route) =>
      route.fulfill({ status: 415, json: { message: 'Not an image', code: 'unsupported', status: 415 } }),
    );
    await attachOne();
    await page.keyboard.press('Enter');
    await page.getByText('Not sent: Not an image').waitFor();
    await page.unroute(upload);
    await page.getByRole('button', { name: 'Edit' }).click();
    await ready(page, 1);
    assert.equal(await page.getByText('Not sent').count(), 0);
  });

  await t.test('an address that has run out is renewed', async () => {
    const bosPage = await openDevice(t, server, bo, '/');
    await connected(bosPage);
    let refused = 0;
    await bosPage.route('**/media/**', (route) =>
      refused++ === 0 ? route.fulfill({ status: 403, body: '' }) : route.continue(),
    );
    await row(bosPage, chatId).getByRole('link').click();
    await bosPage.getByText('The photo could not be loaded').first().waitFor();
    await bosPage.getByRole('button', { name: 'Try again' }).first().click();
    await bosPage.getByText('The photo could not be loaded').waitFor({ state: 'detached' });
    await until('all loaded', async () => {
      const all = await photos(bosPage).all();
      return (await Promise.all(all.map(isLoaded))).every(Boolean);
    });
  });
});

test('a large picture is made smaller before it leaves', { timeout: 120_000 }, async (t) => {
  const { server, ana, bo, chatId } = await meet(t);
  const page = await openDevice(t, server, ana, `/chat/${chatId}`);
  await connected(page);
  const buffer = await makeImage(page, 3000, 1800, { noise: 20_000 });
  await pick(page, { name: 'large.png', buffer });
  await ready(page, 1);
  await page.keyboard.press('Enter');
  await until('stored', async () => (await bo.history(chatId)).length === 1, 60_000);
  const { width, height } = (await bo.history(chatId))[0].image;
  assert.deepEqual([width, height], [2560, 1536]);
});
