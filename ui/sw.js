/* Khuê's service worker. Keeps the interface's own files and the offline page; keeps no other page, for it may be personal and
 * school computers are shared, but one: the public check of transcripts, as anybody gets it who is not signed in, once it was visited. VERSION and FILES are filled in by build/finish.mjs. */
const CACHE = 'khue-VERSION', OFFLINE = '/ngoai-tuyen', FILES = [];
const KEPT = 'khue-giu', CHECK = '/tra-cuu/hoc-ba';

self.addEventListener('install', (e) => {
	e.waitUntil(caches.open(CACHE).then((c) => c.addAll([OFFLINE, ...FILES])).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (e) => {
	e.waitUntil(caches.keys().then((keys) => Promise.all(keys.filter((k) => k.startsWith('khue-') && k !== CACHE && k !== KEPT).map((k) => caches.delete(k))))
		.then(() => self.clients.claim()));
});
/* The page, without who asks and without a code, and what it is drawn with; all of it, or what was kept before stays. */
async function keepCheck(files) {
	const cache = await caches.open(KEPT), got = await Promise.all([[CHECK, { credentials: 'omit' }], ...files.map((f) => [f, {}])]
		.map(async ([url, how]) => [url, await fetch(url, how)]));
	if (got.some(([, answer]) => !answer.ok || answer.redirected))
		return false;
	await Promise.all(got.map(([url, answer]) => cache.put(url, answer)));
	const now = new Set(got.map(([url]) => url));
	await Promise.all((await cache.keys()).filter((r) => !now.has(new URL(r.url).pathname)).map((r) => cache.delete(r)));
	return true;
}
self.addEventListener('message', (e) => {
	const files = e.data?.keep;
	if (Array.isArray(files) && files.length < 100 && files.every((f) => /^\/a\/[\w.-]+$/.test(f)))
		e.waitUntil(keepCheck(files).catch(() => false).then((done) => e.ports[0]?.postMessage(done)));
});
const withoutNetwork = async (url) => (url.pathname.endsWith(CHECK) && await caches.match(CHECK, { cacheName: KEPT, ignoreVary: true })) ||
	await caches.match(OFFLINE) || Response.error();
self.addEventListener('fetch', (e) => {
	const url = new URL(e.request.url);
	if (e.request.method !== 'GET' || url.origin !== location.origin)
		return;
	if (e.request.mode === 'navigate')
		e.respondWith(fetch(e.request).catch(() => withoutNetwork(url)));
	else if (url.pathname.startsWith('/a/'))
		e.respondWith(caches.match(e.request).then((kept) => kept ?? fetch(e.request).then((answer) => {
			if (answer.ok) {
				const copy = answer.clone();
				e.waitUntil(caches.open(CACHE).then((c) => c.put(e.request, copy)));
			}
			return answer;
		})));
});

/* A notice, as the server wrote it for this browser: without names unless its reader allowed them. A tap opens it. */
self.addEventListener('push', (e) => {
	let told = {};
	try {
		told = e.data.json();
	} catch {
		/* not ours: shown as a bare notice, for a browser ends whoever shows nothing */
	}
	const url = typeof told.url === 'string' && told.url.startsWith('/') && !told.url.startsWith('//') ? told.url : '/thong-bao';
	e.waitUntil(self.registration.showNotification(told.title || 'Khuê', { body: told.body || '', icon: '/icon-192.png', lang: 'vi', tag: url, data: url }));
});
self.addEventListener('notificationclick', (e) => {
	e.notification.close();
	e.waitUntil(self.clients.openWindow(e.notification.data));
});
