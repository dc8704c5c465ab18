/* Keeps the scanner's page and its files for a place without network; no list, no answer, no other page. */
const PAGE = /^\/staff\/sessions\/[0-9a-f-]{36}\/scan$/;
const PATIENCE_MS = 4000;

function patient(request) {
  const late = new Promise((_, reject) => { setTimeout(reject, PATIENCE_MS, new Error('slow')); });
  return Promise.race([fetch(request), late]);
}

async function keep(key, answer) {
  if (answer.ok && !answer.redirected) await (await caches.open(KEPT)).put(key, answer.clone());
  return answer;
}

/* The network first, unless it is broken; else the page as it was. One with an answer on it (it has
   a query, and perhaps a name) is not kept. */
async function page(request, url) {
  let answer;
  try {
    answer = await patient(request);
    if (answer.status < 500) return url.search ? answer : await keep(url.pathname, answer);
  } catch (error) { answer = Response.error(); }
  return (await caches.match(url.pathname)) || answer;
}

/* Hashed files never change: what was kept is right. */
async function file(request) {
  return (await caches.match(request)) || keep(request, await fetch(request));
}

async function install() {
  const cache = await caches.open(KEPT);
  await cache.addAll(SHELL);
  for (const name of await caches.keys()) {
    if (name === KEPT || !name.startsWith('scanner-')) continue;
    const old = await (await caches.open(name)).keys();
    const paths = old.map((each) => new URL(each.url).pathname).filter((path) => PAGE.test(path));
    await Promise.all(paths.map((path) => fetch(path).then((answer) => keep(path, answer)).catch(() => {})));
  }
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith('scanner-') && name !== KEPT).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(activate()));
self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (PAGE.test(url.pathname)) event.respondWith(page(event.request, url));
  else if (url.pathname.startsWith('/static/')) event.respondWith(file(event.request));
});
