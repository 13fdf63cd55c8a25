// T45: what a browser does with an image's link, whatever is in the file.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';

import { gif, png } from '../../../tests/e2e/support/images.mjs';
import { meet, startBrowser } from './support/browser.mjs';

// As a page or as a script it would ask for /ran.
const payload = '<script>new Image().src="/ran"</script><img src="/ran">';

/** A page of another origin, as the family's frontends are. */
async function startPage(t) {
  const server = createServer((_, answer) => answer.end('<!doctype html><p>host')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://localhost:${server.address().port}/`;
}

/** Whether the browser shows it as an image, and whether it runs it as a script. */
function use(src) {
  const shown = new Image();
  shown.src = src;
  const element = document.createElement('script');
  element.src = src;
  const ran = new Promise((resolve) => {
    element.onload = () => resolve(true);
    element.onerror = () => resolve(false);
  });
  document.body.append(element);
  return Promise.all([shown.decode().then(() => shown.naturalWidth), ran]);
}

test('T45: no script in a polyglot runs, and it shows in a plain <img>', { timeout: 60_000 }, async (t) => {
  const { server, ana, chatId } = await meet(t);
  const browser = await startBrowser(t);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const foreign = await startPage(t);
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));

  for (const file of [png(40, 30, { comment: payload }), gif(1, { comment: payload })]) {
    const polyglot = Buffer.concat([file, Buffer.from(payload)]);
    const sent = await ana.sendImage(chatId, polyglot, { type: 'text/html', name: 'x.html' });
    assert.equal(sent.status, 201, JSON.stringify(sent.body));
    const { image } = sent.body.message;
    const url = server.url + image.url;

    const opened = await page.goto(url);
    assert.match(opened.headers()['content-type'], /^image\//);

    await page.goto(foreign);
    assert.deepEqual(await page.evaluate(use, url), [image.width, false]);
  }
  assert.ok(requests.some((url) => url.includes('/api/v1/media/')));
  assert.deepEqual(
    requests.filter((url) => url.includes('/ran')),
    [],
  );
});
