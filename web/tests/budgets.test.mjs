// What the built client may weigh (CLIENT.md §1.17). 1 kB is 1000 bytes. Run after `npm run build`.
import assert from 'node:assert/strict';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const dist = new URL('../dist/', import.meta.url).pathname;
const kB = 1000;

const page = await readFile(join(dist, 'index.html'), 'utf8');
const assets = await readdir(join(dist, 'assets'));
const scripts = assets.filter((name) => name.endsWith('.js'));

async function weigh(names, ending) {
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(dist, 'assets', name + ending))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function linked(ending) {
  return assets.filter((name) => name.endsWith(ending) && page.includes(`/assets/${name}`));
}

/** Chunks that only some pages or languages load. */
const lazy =
  /^(profile|switcher|viewer_layer|mailbox|new_chat|first_people|attachment_strip|prepare_image|send_image|help|de|pseudo)-/;

function under(size, limit, what) {
  assert.ok(size <= limit * kB, `${what}: ${(size / kB).toFixed(1)} kB, at most ${limit} kB`);
}

test('login route: script and style', async () => {
  under(await weigh(linked('.js'), '.gz'), 82, 'script, gzip');
  under(await weigh(linked('.js'), '.br'), 71, 'script, brotli');
  under(await weigh(linked('.css'), '.gz'), 8, 'style, gzip');
});

test('chat route: all scripts it loads', async () => {
  const chat = scripts.filter((name) => !lazy.test(name));
  under(await weigh(chat, '.gz'), 110, 'script, gzip');
  under(await weigh(chat, '.br'), 96, 'script, brotli');
});

test('lazy chunks: a locale, the profile, the switcher', async () => {
  for (const name of scripts.filter((one) => lazy.test(one))) under(await weigh([name], '.gz'), 5, name);
});

test('service worker, page, and all that is embedded', async () => {
  under((await stat(join(dist, 'sw.js.gz'))).size, 3, 'service worker');
  under(page.length, 2, 'page');
  const all = await readdir(dist, { recursive: true, withFileTypes: true });
  const copies = all.filter((entry) => entry.isFile() && /\.(br|gz)$/.test(entry.name));
  const sizes = await Promise.all(
    copies.map(async (entry) => (await stat(join(entry.parentPath ?? entry.path, entry.name))).size),
  );
  under(
    sizes.reduce((sum, size) => sum + size, 0),
    600,
    'embedded',
  );
});

test('the page asks nobody else for anything, and has no inline script', async () => {
  const addresses = page.match(/(?:src|href)="[^"]+"/g) ?? [];
  for (const address of addresses) assert.match(address, /="\//);
  assert.doesNotMatch(page, /<script(?![^>]*\bsrc=)/);
});
