/* Drafts: what is typed into form[data-draft] stays on this device until it is saved, thrown away or the user signs out,
 * for a week at most. A form that draws its fields itself hears "filled" when a draft was put back.
 * Passwords, files and hidden inputs are never kept. */
import { createStore, del, entries, get, set, clear } from 'idb-keyval';
import { announce, draftOld, el, icon, later, markDrafts, markFirst, moment, say } from './common';

/* unsent: it was sent when the session had ended, so the form fills itself again. once: the key that its form would send
 * or did send it with, and what of (said): its answer may have been lost on the way, and the same sent again under the
 * same key is answered as the first was. */
interface Draft { at: number; path: string; values: [string, string][]; rev?: string; unsent?: boolean; once?: string; said?: number }
interface Sent { key: string; draft: Draft }
const SENT = 'khue-draft-sent';
export const draftStore = createStore('khue-draft', 'draft');
const store = draftStore;

function fields(form: HTMLFormElement): (HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[] {
	return [...form.elements].filter((e): e is HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement =>
		(e instanceof HTMLInputElement && !['hidden', 'password', 'file', 'submit', 'button', 'date'].includes(e.type))
		|| e instanceof HTMLSelectElement || e instanceof HTMLTextAreaElement);
}

function read(form: HTMLFormElement): [string, string][] {
	const values: [string, string][] = [];
	for (const f of fields(form))
		if (f.name && (!(f instanceof HTMLInputElement) || (f.type !== 'radio' && f.type !== 'checkbox') || f.checked))
			values.push([f.name, f.value]);
	form.querySelectorAll<HTMLInputElement>('vn-chon > input[type="hidden"]').forEach((h) => values.push([h.name, h.value]));
	return values;
}

function write(form: HTMLFormElement, values: [string, string][]): void {
	const byName = new Map<string, string[]>();
	values.forEach(([n, v]) => byName.set(n, [...(byName.get(n) ?? []), v]));
	for (const f of fields(form))
		if (f instanceof HTMLInputElement && (f.type === 'radio' || f.type === 'checkbox'))
			f.checked = byName.get(f.name)?.includes(f.value) ?? false;
		else if (byName.has(f.name))
			f.value = byName.get(f.name)![0]!;
	form.querySelectorAll<HTMLInputElement>('vn-chon > input[type="hidden"]').forEach((h) => { h.value = byName.get(h.name)?.[0] ?? h.value; });
}

/* A number for all that the form would send but the tokens of its page; none with a password or a file in it. */
function said(form: HTMLFormElement): number | undefined {
	let n = 2166136261;

	if (form.querySelector('input[type="password"]'))
		return undefined;
	for (const [name, value] of new FormData(form)) {
		if (name.startsWith('_'))
			continue;
		if (typeof value !== 'string' && value.size)
			return undefined;
		for (const c of `${name}\0${typeof value === 'string' ? value : ''}\0`)
			n = Math.imul(n ^ c.codePointAt(0)!, 16777619);
	}
	return n;
}

function typed(form: HTMLFormElement): boolean {
	return fields(form).some((f) => !(f instanceof HTMLSelectElement) && f.type !== 'radio' && f.type !== 'checkbox' && f.value !== f.defaultValue);
}

export async function drafts(form: HTMLFormElement, user: string): Promise<void> {
	const key = `${user}|${form.dataset['draft']}`;
	const wait = later(700);
	const before = JSON.stringify(read(form));
	const refused = document.getElementById('loi') !== null;     /* the server gave the input back itself */
	const rev = form.querySelector<HTMLInputElement>('input[name="rev"]')?.value ?? '';
	const token = form.querySelector<HTMLInputElement>('input[name="_key"]'), fresh = token?.value ?? '';
	const now = (): Draft => ({ at: Date.now(), path: location.pathname, values: read(form), rev, once: token?.value, said: said(form) });
	const keep = (): void => wait(() => {
		markFirst();
		set(key, now(), store).then(() => { form.dataset['kept'] = ''; }).catch(() => undefined);
	});
	let old: Draft | undefined, again: Draft | undefined;        /* again: what the form was filled in with */

	form.addEventListener('input', keep);
	form.addEventListener('submit', () => {
		const sum = said(form);
		if (token)
			token.value = again?.once && sum !== undefined && sum === again.said ? again.once : fresh;
		sessionStorage.setItem(SENT, JSON.stringify({ key, draft: now() } satisfies Sent));
	});
	if (!refused && typed(form))                                 /* faster than this script came */
		keep();
	try {
		old = await get<Draft>(key, store);
	} catch {
		return;                                              /* a private window without storage */
	}
	if (old && !refused && JSON.stringify(old.values) !== before) {
		const when = moment(old.at);
		const kept = old, expired = kept.unsent === true && kept.rev === rev, was = read(form);
		const fill = (values: [string, string][], from?: Draft): void => { again = from; write(form, values); form.dispatchEvent(new Event('filled')); };
		const note = el('div', { class: 'bao lam', role: 'status' }, icon('history'),
			el('p', {}, expired ? say(`Phiên làm việc đã hết lúc bạn gửi (${when}): biểu mẫu này đã được điền lại, chưa được lưu. Xem lại rồi gửi.`,
				`Your session had ended when you sent this (${when}): the form is filled in again and not saved. Look at it, then send it.`)
				: say(`Có bản nháp chưa lưu, lúc ${when}.`, `There is an unsaved draft of ${when}.`)));
		if (expired)
			fill(kept.values, kept);
		else
			note.append(el('button', { type: 'button', class: 'nut phu gon', onclick: () => { fill(kept.values, kept); note.remove(); announce(say('Đã điền bản nháp', 'The draft is filled in')); } }, say('Điền lại', 'Fill in')));
		note.append(el('button', { type: 'button', class: 'nut phu gon', onclick: () => { void del(key, store); if (expired) fill(was); note.remove(); } }, say('Bỏ', 'Discard')));
		form.before(note);
	}
}

/* What was sent and answered by a page that says it was not saved is a draft of its sender's again, and only then does that
 * page say that it is kept. */
async function takeBack(sent: Sent, page: HTMLElement): Promise<void> {
	markFirst();
	await set(sent.key, { ...sent.draft, unsent: page.dataset['chuaLuu'] === '401' }, store);
	page.querySelectorAll<HTMLElement>('[data-giu]').forEach((p) => { p.textContent = p.dataset['giu'] ?? ''; });
}

/* A form that was sent and not given back has been saved: its draft goes. Old drafts go too, those of the gradebook as well. */
export async function tidyDrafts(): Promise<void> {
	const note = sessionStorage.getItem(SENT), page = document.querySelector<HTMLElement>('[data-chua-luu]'), here = document.querySelector<HTMLFormElement>('form[data-draft]')?.dataset['draft'];
	sessionStorage.removeItem(SENT);
	try {
		const sent = note ? JSON.parse(note) as Sent : undefined;
		if (sent && page)
			await takeBack(sent, page);
		else if (sent && !document.getElementById('loi') && !(here && sent.key.endsWith(`|${here}`)))
			await del(sent.key, store);
		let left = 0;
		for (const [key, draft] of await entries<string, Draft>(store))
			if (draftOld(draft.at))
				await del(key, store);
			else
				left++;
		markDrafts(left > 0);
	} catch {
		/* a private window without storage: there is nothing to tidy */
	}
}

export const wipeDrafts = (): Promise<void> => clear(store).then(() => markDrafts(false)).catch(() => undefined);
