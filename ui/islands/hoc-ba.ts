/* <form data-hoc-ba="KEYS">: the browser checks a transcript's code by itself, with the keys that stand in the page; the service
 * worker keeps that page, so that this works without a network. What stands in the server's place is what the code says and whether
 * its signature holds; whether a newer issue has replaced it only the server knows. The bytes: src/mod/transcript/statement.h. */
import { el, icon, say } from './common';
import { verifyAsync } from '@noble/ed25519';

type Bytes = Uint8Array<ArrayBuffer>;
interface Statement { version: number; level: number; issued: number; first: number; last: number; initials: string; school: string; sha256: Bytes; body: Bytes; signature: Bytes }
const SIGNATURE = 64, TEXT_MOST = 1024;

/* Throws on anything that is not base64url. */
const bytes = (text: string): Bytes => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const hex = (b: Bytes): string => Array.from(b, (v) => v.toString(16).padStart(2, '0')).join('');

/* The code itself, or the address it stands in. */
export function codeIn(text: string): string {
	const at = text.indexOf('m=');
	return (at < 0 ? text : text.slice(at + 2)).split('&')[0]!.trim();
}

function read(code: string): Statement | null {
	try {
		if (code.length > TEXT_MOST || !/^[\w-]+$/.test(code))
			return null;
		const all = bytes(code), body = all.slice(0, -SIGNATURE), view = new DataView(body.buffer);
		let at = 0;
		const take = (n: number): Bytes => {
			if (at + n > body.length)
				throw new RangeError('short');
			return body.slice(at, at += n);
		};
		const number = (n: number): number => take(n).reduce((v, b) => v * 256 + b, 0);
		const words = (): string => new TextDecoder('utf-8', { fatal: true }).decode(take(number(1)));
		if (number(1) !== 1)
			return null;
		take(8);
		const version = number(2), level = number(1), issued = view.getInt32(at);
		take(4);
		const s = { version, level, issued, first: number(2), last: number(2), initials: words(), school: words(), sha256: take(32) };
		return at === body.length && level <= 2 ? { ...s, body, signature: all.slice(-SIGNATURE) } : null;
	} catch {
		return null;
	}
}

/* The browser's own Ed25519; where it has none, the library's. */
async function holds(key: Bytes, s: Statement): Promise<boolean> {
	const prefix = new TextEncoder().encode('khue-transcript-1\n'), message = new Uint8Array(prefix.length + s.body.length);
	message.set(prefix);
	message.set(s.body, prefix.length);
	try {
		const own = await crypto.subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']);
		return await crypto.subtle.verify('Ed25519', own, s.signature, message);
	} catch {
		return verifyAsync(s.signature, message, key, { zip215: false }).catch(() => false);
	}
}

type Verdict = 'good' | 'forged' | 'unknown' | 'no_key' | 'unreadable';
async function judge(s: Statement | null, keys: Bytes[], keptOn: number): Promise<Verdict> {
	if (!s)
		return 'unreadable';
	if (!keys.length)
		return 'no_key';
	for (const key of keys)
		if (await holds(key, s))
			return 'good';
	/* a key that came after these ones would not be known here */
	return s.issued >= keptOn ? 'unknown' : 'forged';
}

const date = (day: number): string => {
	const d = new Date(day * 86_400_000);
	return `${String(d.getUTCDate()).padStart(2, '0')}/${String(d.getUTCMonth() + 1).padStart(2, '0')}/${d.getUTCFullYear()}`;
};
const told = (v: Verdict, keptOn: number): string => ({
	good: say('Chữ ký đúng: bản học bạ này do nhà trường phát hành.', 'The signature is right: the school issued this transcript.'),
	forged: say('Sai: chữ ký không khớp. Mã này bị sửa hoặc không do hệ thống này phát hành.', 'False: the signature does not fit. This code was altered or was not issued here.'),
	unknown: say(`Chưa kết luận được: chữ ký không khớp khóa nào lưu trong máy này, nhưng bản ghi ngày phát hành từ ngày lưu khóa (${date(keptOn)}) trở đi nên có thể ký bằng khóa mới. Nối mạng rồi kiểm tra lại.`,
		`Cannot be told: no key kept on this device fits, but the code says it was issued on or after the day they were kept (${date(keptOn)}), perhaps with a newer key. Connect and check again.`),
	no_key: say('Máy này chưa lưu khóa công khai nào: cần mạng để kiểm tra.', 'No public key is kept on this device: a network is needed.'),
	unreadable: say('Không đọc được: đây không phải nội dung mã QR của học bạ.', 'Cannot be read: this is not the QR code of a transcript.'),
})[v];

/* In the server's place. */
function show(form: HTMLFormElement, verdict: Verdict, s: Statement | null, keptOn: number): void {
	const good = verdict === 'good', words = el('div', {}, el('p', {}, el('b', {}, told(verdict, keptOn))));
	if (good)
		words.append(el('p', {}, say('Đang không có mạng: có bản mới hơn thay thế hay không thì cần mạng mới biết.', 'There is no network: whether a newer issue has replaced this one cannot be known without it.')));
	words.append(el('p', { class: 'nho' }, say(`Trình duyệt này tự kiểm tra, bằng khóa lưu ngày ${date(keptOn)}.`, `Checked by this browser, with the keys kept on ${date(keptOn)}.`)));
	form.before(el('div', { class: `bao ${good ? 'luc' : verdict === 'forged' || verdict === 'unreadable' ? 'do' : 'vang'}`, role: 'status' }, words));
	const frame = document.querySelector<HTMLTemplateElement>('#hb-mau');
	if (!good || !s || !frame)
		return;
	const facts = frame.content.cloneNode(true) as DocumentFragment;
	const values: Record<string, string> = { initials: s.initials, school: s.school, level: form.dataset['cap']?.split('|')[s.level] ?? '', years: `${s.first} – ${s.last}`,
		version: String(s.version), issued: date(s.issued), digest: hex(s.sha256) };
	facts.querySelectorAll<HTMLElement>('[data-o]').forEach((d) => { d.textContent = values[d.dataset['o']!] ?? ''; });
	form.before(facts);
}

/* Under what the server said. */
function second(box: HTMLElement, verdict: Verdict): void {
	if (verdict === 'good')
		box.firstElementChild?.append(el('p', { class: 'nho' }, say('Trình duyệt này cũng tự kiểm tra bằng khóa công khai: chữ ký đúng.', 'This browser checked with the public key as well: the signature is right.')));
	else if (box.classList.contains('luc'))
		box.firstElementChild?.append(el('p', { class: 'loi' }, say('Trình duyệt này tự kiểm tra thì chữ ký không khớp: đừng tin kết quả trên.', 'This browser checked by itself and the signature does not fit: do not trust the answer above.')));
}

/* The worker keeps the page and every file of ours it was drawn with. */
async function keep(form: HTMLFormElement): Promise<void> {
	const worker = (await navigator.serviceWorker.ready).active;
	const files = new Set(performance.getEntriesByType('resource').map((r) => new URL(r.name)).filter((u) => u.origin === location.origin && u.pathname.startsWith('/a/')).map((u) => u.pathname));
	const channel = new MessageChannel();
	channel.port1.onmessage = (e) => {
		if (e.data)
			form.append(el('p', { class: 'nho nhat', 'data-da-giu': true }, say('Trang này đã lưu trong máy: lần sau kiểm tra được cả khi mất mạng.', 'This page is kept on the device: next time it works without a network.')));
	};
	worker?.postMessage({ keep: [...files] }, [channel.port2]);
}

interface Detector { detect(image: ImageBitmapSource): Promise<{ rawValue: string }[]> }
const detectors = window as unknown as { BarcodeDetector?: { new(how: { formats: string[] }): Detector; getSupportedFormats(): Promise<string[]> } };

/* Where the browser reads QR codes itself: its camera, or a picture. Elsewhere the telephone's own camera opens the address. */
async function scanner(form: HTMLFormElement, area: HTMLTextAreaElement): Promise<void> {
	if (!detectors.BarcodeDetector || !(await detectors.BarcodeDetector.getSupportedFormats()).includes('qr_code'))
		return;
	const detector = new detectors.BarcodeDetector({ formats: ['qr_code'] }), note = el('p', { class: 'loi', role: 'alert', hidden: true });
	const wrong = (text: string): void => { note.textContent = text; note.hidden = false; };
	const found = async (image: ImageBitmapSource): Promise<boolean> => {
		const code = (await detector.detect(image))[0]?.rawValue;
		if (code) {
			area.value = code;
			form.requestSubmit();
		}
		return !!code;
	};
	const picture = el('input', { type: 'file', accept: 'image/*', class: 'an', tabindex: '-1', 'aria-label': say('Ảnh có mã QR', 'Picture of a QR code') });
	picture.addEventListener('change', () => {
		const file = picture.files?.[0];
		if (file)
			createImageBitmap(file).then(found).then((good) => { if (!good) wrong(say('Không thấy mã QR trong ảnh.', 'There is no QR code in the picture.')); })
				.catch(() => wrong(say('Không mở được ảnh.', 'The picture cannot be opened.')));
	});
	const film = el('video', { class: 'may-anh', playsinline: true, muted: true, hidden: true, 'aria-label': say('Hình từ máy ảnh', 'Picture of the camera') });
	const stop = (): void => {
		(film.srcObject as MediaStream | null)?.getTracks().forEach((t) => t.stop());
		film.srcObject = null;
		film.hidden = true;
	};
	const watch = async (): Promise<void> => {
		film.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
		film.hidden = false;
		await film.play();
		while (film.srcObject && !(await found(film).catch(() => false)))
			await new Promise((r) => setTimeout(r, 250));
		stop();
	};
	document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'hidden') stop(); });
	form.querySelector('.hang')?.append(
		el('button', { type: 'button', class: 'nut phu', onclick: () => { note.hidden = true; if (film.srcObject) stop(); else watch().catch(() => wrong(say('Không dùng được máy ảnh. Cho phép trong phần cài đặt trang, hoặc chọn ảnh.', 'The camera cannot be used. Allow it in the settings of the site, or choose a picture.'))); } },
			icon('camera'), say('Quét mã', 'Scan')),
		el('button', { type: 'button', class: 'nut phu', onclick: () => { note.hidden = true; picture.click(); } }, say('Chọn ảnh', 'Choose a picture')), picture);
	form.append(film, note);
}

export async function transcripts(form: HTMLFormElement): Promise<void> {
	const area = form.querySelector('textarea')!, box = document.querySelector<HTMLElement>('[data-may-chu]');
	const code = codeIn(box ? area.value : new URLSearchParams(location.search).get('m') ?? ''), keptOn = Number(form.dataset['ngay']);
	if (code && window.isSecureContext) {
		const s = read(code), keys = (form.dataset['hocBa'] ?? '').split(' ').filter(Boolean).map(bytes);
		const verdict = await judge(s, keys, keptOn);
		area.value = code;
		if (box)
			second(box, verdict);
		else
			show(form, verdict, s, keptOn);
	}
	void scanner(form, area).catch(() => undefined);
	if ('serviceWorker' in navigator && window.isSecureContext && navigator.onLine)
		void keep(form).catch(() => undefined);
}
