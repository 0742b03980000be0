// Opens the pages without a line. Keeps the door and one program behind it with their style and fonts, all of one build, and nothing else: no
// answer of the API passes through here.
const BUILD = '__BUILD__';
// The program of a phone of a family, or that of the staff: as boot.js said.
const FILES = [...__COMMON__, ...(new URL(location).searchParams.has('family') ? __FAMILY__ : __STAFF__)];
// As long as this a slow line may take for the page itself before the kept one is shown.
const PATIENCE = 3000;

addEventListener('install', (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(BUILD);
    // What the browser has under a name with a hash is the thing itself; the page is asked for anew.
    await cache.addAll(FILES);
    await cache.add(new Request('/', { cache: 'no-cache' }));
    await skipWaiting();
  })());
});

addEventListener('activate', (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== BUILD) await caches.delete(name);
    await clients.claim();
  })());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (FILES.includes(url.pathname)) event.respondWith(kept(url.pathname, request));
  // An address of the pages, not one of the API, its document, or a file.
  else if (request.mode === 'navigate' && !/^\/(api|docs|health|metrics)(\/|$)|\.[a-z]+$/.test(url.pathname)) event.respondWith(page(request));
});

async function kept(path, request) {
  return (await (await caches.open(BUILD)).match(path, { ignoreVary: true })) ?? fetch(request);
}

// The newest page where the server answers in time: it says which build is in force.
async function page(request) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(request, { signal: stop.signal, cache: 'no-cache' });
    if (answer.status < 500) return answer;
  } catch { /* no line */ } finally {
    clearTimeout(timer);
  }
  return (await (await caches.open(BUILD)).match('/', { ignoreVary: true })) ?? Response.error();
}
