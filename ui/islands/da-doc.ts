/* <form data-da-doc>: what is unread counts as read once its first message stands on the screen of a page that somebody looks at:
 * not in a tab behind others, not while the browser only fetches ahead. Until the server knows, the form's button stays the way. */

function onScreen(message: Element): Promise<void> {
	return new Promise((seen) => {
		const watch = new IntersectionObserver((all) => {
			if (document.visibilityState === 'visible' && all.some((e) => e.isIntersecting)) {
				stop();
				seen();
			}
		});
		/* looked at again after another tab: the observer says anew where the message is */
		const again = (): void => { watch.unobserve(message); watch.observe(message); };
		const stop = (): void => { watch.disconnect(); document.removeEventListener('visibilitychange', again); };
		document.addEventListener('visibilitychange', again);
		watch.observe(message);
	});
}

export function readWhenSeen(form: HTMLFormElement): void {
	const first = document.getElementById('moi');
	if (!first)
		return;
	/* of a long conversation the phone shows the beginning; a place that was asked for, or gone to, stays */
	if (!location.hash && window.scrollY === 0 && first.getBoundingClientRect().top > window.innerHeight)
		first.scrollIntoView({ block: 'center' });
	form.hidden = true;
	const told = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
	/* the page's one key belongs to what is written here; reading twice is reading once */
	told.delete('_key');
	onScreen(first).then(() => fetch(form.action, { method: 'POST', body: told, credentials: 'same-origin', keepalive: true,
		headers: { Accept: 'application/json' } })).then((answer) => {
		if (!answer.ok)
			throw new Error(String(answer.status));
		form.remove();
	}).catch(() => { form.hidden = false; });
}
