// The service worker: the page opens without a network, and at once with one. It keeps the built files and nothing
// else: no answer of the API, no mailbox. vite.config.ts puts the list of files in.
const version = '__VERSION__';
const shell = __SHELL__;
const cacheName = `ping-${version}`;
const navigationWaitMs = 1000;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.addAll(shell))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))),
      )
      .then(() => self.clients.claim()),
  );
});

/** The server's page when it answers soon, so that a new version shows at once; else the kept one. */
async function page(request) {
  const kept = await caches.match('/');
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), navigationWaitMs));
  const fresh = fetch(request).then((answer) => (answer.ok ? answer : kept));
  return Promise.race([fresh.catch(() => kept), late]);
}

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

const isPage = /^\/(|login|verify|profile|mailbox|chat\/[^/]+)$/;

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && isPage.test(url.pathname)) event.respondWith(page(request));
  else if (shell.includes(url.pathname)) event.respondWith(file(request));
});
