/* Khuê's service worker. Keeps the interface's own files and the offline page; never keeps a page, for it may be personal and
 * school computers are shared. VERSION and FILES are filled in by build/finish.mjs. */
const CACHE = 'khue-VERSION', OFFLINE = '/ngoai-tuyen', FILES = [];

self.addEventListener('install', (e) => {
	e.waitUntil(caches.open(CACHE).then((c) => c.addAll([OFFLINE, ...FILES])).then(() => self.skipWaiting()));
});
self.addEventListener('activate', (e) => {
	e.waitUntil(caches.keys().then((keys) => Promise.all(keys.filter((k) => k.startsWith('khue-') && k !== CACHE).map((k) => caches.delete(k))))
		.then(() => self.clients.claim()));
});
self.addEventListener('fetch', (e) => {
	const url = new URL(e.request.url);
	if (e.request.method !== 'GET' || url.origin !== location.origin)
		return;
	if (e.request.mode === 'navigate')
		e.respondWith(fetch(e.request).catch(() => caches.match(OFFLINE).then((page) => page ?? Response.error())));
	else if (url.pathname.startsWith('/a/'))
		e.respondWith(caches.match(e.request).then((kept) => kept ?? fetch(e.request).then((answer) => {
			if (answer.ok) {
				const copy = answer.clone();
				e.waitUntil(caches.open(CACHE).then((c) => c.put(e.request, copy)));
			}
			return answer;
		})));
});
