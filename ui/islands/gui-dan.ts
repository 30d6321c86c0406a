/* A file above 1 MB goes ahead of its form, in pieces: a line that breaks costs one piece, not the file. The form then
 * names the upload ("file.sent") instead of carrying it. Without this script the form sends the file itself. */
import { announce, el, say } from './common';

const LARGE = 1024 * 1024, PIECE = 512 * 1024, LONGEST_MS = 15000;
interface Upload { id: string; offset: number; size: number }
class Refused extends Error {}

const kept = (f: File): string => `khue-up:${f.name}:${f.size}:${f.lastModified}`;
const wait = (ms: number): Promise<void> => new Promise((go) => setTimeout(go, ms));

/* What the server says to this request; a refusal is not tried again, a broken line is. */
async function ask(url: string, options: RequestInit): Promise<Upload> {
	const answer = await fetch(url, { ...options, credentials: 'same-origin', headers: { Accept: 'application/json', ...options.headers } });
	if (answer.ok)
		return await answer.json() as Upload;
	if (answer.status === 409 || answer.status === 503 || answer.status === 429 || answer.status >= 502)
		throw new Error(String(answer.status));
	const told = await answer.json().catch(() => ({})) as { detail?: string; title?: string; errors?: { text?: string }[] };
	throw new Refused(told.errors?.[0]?.text ?? told.detail ?? told.title ?? String(answer.status));
}

async function begin(file: File, token: string): Promise<Upload> {
	const id = sessionStorage.getItem(kept(file));
	const before = id ? await ask(`/tai-len/${id}`, {}).catch((e: unknown) => { if (e instanceof Refused) return null; throw e; }) : null;
	if (before && before.size === file.size)
		return before;
	const up = await ask('/tai-len', { method: 'POST', body: new URLSearchParams({ name: file.name, size: String(file.size), _csrf: token }) });
	sessionStorage.setItem(kept(file), up.id);
	return up;
}

async function send(file: File, token: string, shown: (part: number, waiting: boolean) => void): Promise<string> {
	let up: Upload | null = null;
	for (let pause = 500; ;) {
		try {
			up = up ? await ask(`/tai-len/${up.id}`, {}) : await begin(file, token);
			while (up.offset < up.size) {
				shown(up.offset / up.size, false);
				up = await ask(`/tai-len/${up.id}`, { method: 'PATCH', body: file.slice(up.offset, up.offset + PIECE),
					headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(up.offset), 'X-CSRF-Token': token } });
				pause = 500;
			}
			return up.id;
		} catch (e) {
			if (e instanceof Refused)
				throw e;
			shown(up ? up.offset / up.size : 0, true);
			await wait(pause);
			pause = Math.min(pause * 2, LONGEST_MS);
		}
	}
}

function progress(form: HTMLFormElement): (part: number, waiting: boolean) => void {
	const bar = el('progress', { max: '100', value: '0', 'aria-label': say('Đang gửi tệp', 'Sending the file') });
	const note = el('span', { class: 'nho nhat' });
	const box = el('p', { class: 'hang', 'data-gui-dan': true }, bar, note);
	form.querySelector('[data-gui-dan]')?.remove();
	form.append(box);
	return (part, waiting) => {
		bar.value = Math.floor(part * 100);
		note.textContent = waiting ? say(`${bar.value}% – mất mạng, sẽ gửi tiếp…`, `${bar.value}% – no connection, going on soon…`) : `${bar.value}%`;
	};
}

async function ahead(form: HTMLFormElement, inputs: HTMLInputElement[], button: HTMLElement | null): Promise<void> {
	const token = form.querySelector<HTMLInputElement>('input[name="_csrf"]')?.value ?? '';
	const shown = progress(form);
	announce(say('Đang gửi tệp', 'Sending the file'));
	for (const input of inputs) {
		const file = input.files?.[0];
		if (!file)
			continue;
		const id = await send(file, token, shown);
		form.querySelectorAll(`input[name="${input.name}.sent"]`).forEach((old) => old.remove());
		form.append(el('input', { type: 'hidden', name: `${input.name}.sent`, value: id }));
		input.disabled = true;
		input.dataset['gui'] = '';
	}
	shown(1, false);
	form.requestSubmit(button);
}

export function inPieces(form: HTMLFormElement): void {
	let busy = false;
	form.addEventListener('submit', (e) => {
		const large = [...form.querySelectorAll<HTMLInputElement>('input[type="file"]')].filter((i) => i.name && !i.disabled && !i.multiple && (i.files?.[0]?.size ?? 0) > LARGE);
		if (e.defaultPrevented || !large.length)
			return;
		e.preventDefault();
		if (busy)
			return;
		busy = true;
		const button = (e as SubmitEvent).submitter;
		button?.setAttribute('aria-busy', 'true');
		ahead(form, large, button).catch((why: unknown) => {
			form.querySelector('[data-gui-dan]')?.replaceChildren(el('span', { class: 'loi', role: 'alert' }, why instanceof Error ? why.message : String(why)));
			button?.removeAttribute('aria-busy');
		}).finally(() => { busy = false; });
	});
	/* a page that comes back from the history has its files again */
	window.addEventListener('pageshow', () => {
		form.querySelectorAll('input[name$=".sent"], [data-gui-dan]').forEach((old) => old.remove());
		form.querySelectorAll<HTMLInputElement>('input[type="file"]:disabled[data-gui]').forEach((i) => { i.disabled = false; });
	});
}
