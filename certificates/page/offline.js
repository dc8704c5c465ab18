// Keeps the page, the keys and the last status list for a place without network. It sees no fragment.

const KEPT = 'verify-page-2';
const SHELL = ['/c', '/c/c.css', '/c/c.js', '/c/cbor.js', '/c/cose.js', '/c/ed25519.js', '/c/facts.js', '/c/files.js',
  '/c/verify.js', '/c/words.js', '/c/keys.json', '/status/1'];

const QUIETLY = { credentials: 'omit', referrerPolicy: 'no-referrer' };

const isOurs = (url) => url.origin === location.origin
  && (SHELL.includes(url.pathname) || /^\/(status|c\/proved\/[0-9a-f]{16})\/\d+$/.test(url.pathname));

async function keep(request, answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(request, answer.clone());
  return answer;
}

/** The network first, for a while; where it fails, what was kept, marked as such. */
async function answer(url) {
  const kept = await caches.match(url.pathname);
  try {
    const got = await fetch(url.pathname, { ...QUIETLY, cache: 'no-cache', signal: kept && patience() });
    if (got.ok || !kept) return await keep(url.pathname, got);
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
