// Keeps the page, the keys and the last status list for a place without network. It sees no fragment.

const KEPT = 'verify-page-1';
const SHELL = ['/c', '/c/c.css', '/c/c.js', '/c/verify.js', '/c/words.js', '/c/keys.json', '/status/1'];

const QUIETLY = { credentials: 'omit', referrerPolicy: 'no-referrer' };

const isOurs = (url) => url.origin === location.origin
  && (SHELL.includes(url.pathname) || /^\/status\/\d+$/.test(url.pathname));

async function keep(request, answer) {
  if (answer.ok) await (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}

/** The network first; without one, what was kept, marked as such. */
async function answer(url) {
  try {
    return await keep(url.pathname, await fetch(url.pathname, { ...QUIETLY, cache: 'no-cache' }));
  } catch (error) {
    const kept = await caches.match(url.pathname);
    if (!kept) throw error;
    const headers = new Headers(kept.headers);
    headers.set('x-kept', 'yes');
    return new Response(await kept.blob(), { headers });
  }
}

async function keepAll() {
  await Promise.all(SHELL.map((path) => fetch(path, QUIETLY).then((got) => keep(path, got)).catch(() => {})));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('verify-page-') && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === 'GET' && isOurs(url)) event.respondWith(answer(url));
});
