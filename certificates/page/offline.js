// Keeps the page, the keys and the last status lists for a place without network. It sees no fragment.

const SHELL = ['/c', '/c/c.css', '/c/c.js', '/c/cbor.js', '/c/cose.js', '/c/ed25519.js', '/c/facts.js', '/c/files.js',
  '/c/verify.js', '/c/words.js'];
// The files change together, and then this name does: `make schemas` makes it of them.
const PAGE = 'verify-page-c462d3274666ea9d';
const LISTS = 'verify-lists';
const FIRST_LISTS = ['/c/keys.json', '/status/1'];

const QUIETLY = { credentials: 'omit', referrerPolicy: 'no-referrer' };

const isList = (path) => path === '/c/keys.json' || /^\/(status|c\/proved\/[0-9a-f]{16})\/\d+$/.test(path);

async function keep(path, answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(LISTS)).put(path, answer.clone());
  return answer;
}

/** The network first, for a while; where it fails, what was kept, marked as such. */
async function list(path) {
  const kept = await caches.match(path, { cacheName: LISTS });
  try {
    const got = await fetch(path, { ...QUIETLY, cache: 'no-cache', signal: kept && patience() });
    if (got.ok || !kept) return await keep(path, got);
  } catch (error) {
    if (!kept) throw error;
  }
  const headers = new Headers(kept.headers);
  headers.set('x-kept', 'yes');
  return new Response(await kept.blob(), { headers });
}

function patience() {
  const waiting = new AbortController();
  setTimeout(() => waiting.abort(), 4000);
  return waiting.signal;
}

const file = async (path) => (await caches.match(path, { cacheName: PAGE })) || fetch(path, QUIETLY);

/** All the files or none: a page of two versions would judge by neither. */
async function install() {
  const cache = await caches.open(PAGE);
  await Promise.all(SHELL.map(async (path) => {
    const got = await fetch(path, { ...QUIETLY, cache: 'reload' });
    if (!got.ok || got.redirected) throw new Error(path);
    await cache.put(path, got);
  }));
  await Promise.all(FIRST_LISTS.map((path) => list(path).catch(() => {})));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('verify-page-') && name !== PAGE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== location.origin) return;
  if (SHELL.includes(pathname)) event.respondWith(file(pathname));
  else if (isList(pathname)) event.respondWith(list(pathname));
});
