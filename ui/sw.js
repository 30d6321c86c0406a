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
