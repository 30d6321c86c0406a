/* <form data-bao-tin>: asks the browser whether it may show notices, and sends the address it answers with in the form's own
 * fields. The value is the installation's public key. Where browsers cannot, the form stays hidden and the words after it say so. */
import { el, say } from './common';

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
	Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const text = (buffer: ArrayBuffer | null): string =>
	btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

async function subscribed(key: string): Promise<Record<string, string>> {
	if ((await Notification.requestPermission()) !== 'granted')
		throw new DOMException('', 'NotAllowedError');
	const worker = await navigator.serviceWorker.ready;
	await (await worker.pushManager.getSubscription())?.unsubscribe();
	const made = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
	const system = /Android|iPhone|iPad|Windows|Mac OS|Linux/.exec(navigator.userAgent)?.[0] ?? '';
	const browser = /Edg|OPR|Firefox|Chrome|Safari/.exec(navigator.userAgent)?.[0] ?? '';
	return { endpoint: made.endpoint, key: text(made.getKey('p256dh')), auth: text(made.getKey('auth')), agent: `${browser} ${system}`.trim() };
}

export function tellHere(form: HTMLFormElement): void {
	if (!('PushManager' in window) || !('serviceWorker' in navigator) || !window.isSecureContext)
		return;
	let ready = false;
	form.hidden = false;
	form.nextElementSibling?.remove();           /* what stands there for browsers that cannot */
	form.addEventListener('submit', (e) => {
		if (ready)
			return;
		e.preventDefault();
		subscribed(form.dataset['baoTin'] ?? '').then((answer) => {
			for (const [name, value] of Object.entries(answer))
				(form.elements.namedItem(name) as HTMLInputElement).value = value;
			ready = true;
			form.requestSubmit();
		}).catch((fault: unknown) => {
			const refused = fault instanceof Error && fault.name === 'NotAllowedError';
			form.querySelector('.loi')?.remove();
			form.append(el('p', { class: 'loi', role: 'alert' }, refused ?
				say('Trình duyệt đang chặn thông báo của trang này. Cho phép trong phần cài đặt trang rồi thử lại.', 'The browser blocks notices of this site. Allow them in the settings of the site, then retry.') :
				say('Trình duyệt này chưa đăng ký nhận thông báo được. Hãy thử lại sau.', 'This browser could not be registered. Try again later.')));
		});
	});
}
