/* app.ts -- what every page runs. Everything here improves a page that works without it; each island is fetched only where
 * its element stands. */
import { draftsDue, draftsKept, policy } from './islands/common';
import { bulk } from './islands/bulk';
import { filter, foldFilters } from './islands/filter';
import { openPalette } from './islands/palette';
import { toast } from './islands/toast';

const one = <E extends HTMLElement>(selector: string): E | null => document.querySelector<E>(selector);
document.documentElement.classList.add('co-js');

function search(): void {
	const input = one<HTMLInputElement>('input[data-palette]');
	if (!input)
		return;
	document.addEventListener('keydown', (e) => {
		const typing = e.target instanceof HTMLElement && (e.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName));
		if (((e.ctrlKey || e.metaKey) && !e.altKey && !e.shiftKey && e.key.toLowerCase() === 'k') || (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey)) {
			e.preventDefault();
			openPalette(input);
		}
	});
	input.addEventListener('pointerdown', (e) => { e.preventDefault(); openPalette(input); });
	input.addEventListener('input', () => openPalette(input));
	document.querySelectorAll<HTMLElement>('[data-mo-tim]').forEach((a) => a.addEventListener('click', (e) => { e.preventDefault(); openPalette(input); }));
}

function switcher(): void {
	one<HTMLAnchorElement>('a[data-dialog="ngu"]')?.addEventListener('click', (e) => {
		if (e.ctrlKey || e.metaKey || e.shiftKey)
			return;
		e.preventDefault();
		const link = e.currentTarget as HTMLAnchorElement;
		import('./islands/dialog').then((d) => d.openSwitcher(link)).catch(() => { location.href = link.href; });
	});
}

/* A second press on a form that is on its way sends nothing; its idempotency key would make it harmless anyway. */
function once(): void {
	document.addEventListener('submit', (e) => {
		const form = e.target as HTMLFormElement;
		if (e.defaultPrevented || form.method !== 'post')
			return;
		if (form.dataset['dangGui'] !== undefined) {
			e.preventDefault();
			return;
		}
		form.dataset['dangGui'] = '';
		(e as SubmitEvent).submitter?.setAttribute('aria-busy', 'true');
	});
	window.addEventListener('pageshow', () => document.querySelectorAll<HTMLFormElement>('form[data-dang-gui]').forEach((f) => {
		delete f.dataset['dangGui'];
		f.querySelector('[aria-busy]')?.removeAttribute('aria-busy');
	}));
}

function menus(): void {
	const open = () => document.querySelectorAll<HTMLDetailsElement>('details.tk-muc[open]');
	document.addEventListener('click', (e) => open().forEach((d) => { if (!d.contains(e.target as Node)) d.open = false; }));
	document.addEventListener('keydown', (e) => {
		if (e.key === 'Escape')
			open().forEach((d) => { d.open = false; d.querySelector('summary')?.focus(); });
	});
}

function islands(): void {
	const user = one<HTMLMetaElement>('meta[name="khue-user"]')?.content;
	const form = one<HTMLFormElement>('form[data-draft]');
	if (one('vn-ngay'))
		void import('./islands/ngay');
	if (one('vn-chon'))
		void import('./islands/chon');
	if (one('textarea[maxlength]'))
		void import('./islands/dem').then((d) => document.querySelectorAll<HTMLTextAreaElement>('textarea[maxlength]').forEach(d.letters));
	if (one('vn-tep'))
		void import('./islands/tep');
	if (user && one('form input[type="file"]'))       /* pieces are somebody's: without an account the form sends its file itself */
		void import('./islands/gui-dan').then((d) => document.querySelectorAll<HTMLFormElement>('form:has(input[type="file"])').forEach(d.inPieces));
	const roll = one<HTMLFormElement>('form[data-attendance]');
	if (roll)
		void import('./islands/diem-danh').then((d) => d.attendance(roll));
	const cover = one<HTMLSelectElement>('form.don[action*="/cover"] select[name="slot"]')?.form;
	if (cover)
		void import('./islands/tiet').then((d) => d.lessonsOfDay(cover));
	if (one('form[data-passkey]'))
		void import('./islands/khoa').then((d) => document.querySelectorAll<HTMLFormElement>('form[data-passkey]').forEach(d.passkey));
	const told = one<HTMLFormElement>('form[data-bao-tin]');
	if (told)
		void import('./islands/bao-tin').then((d) => d.tellHere(told));
	const read = one<HTMLFormElement>('form[data-da-doc]');
	if (read)
		void import('./islands/da-doc').then((d) => d.readWhenSeen(read));
	const qualities = one<HTMLOListElement>('ol[data-pham-chat]');
	if (qualities)
		void import('./islands/pham-chat').then((d) => d.qualities(qualities));
	const transcript = one<HTMLFormElement>('form[data-hoc-ba]');
	if (transcript)
		void import('./islands/hoc-ba').then((d) => d.transcripts(transcript));
	const book = one<HTMLFormElement>('form[data-gradebook]');
	if (book && user)
		void import('./islands/so-diem').then((d) => d.gradebook(book, user));
	const unsent = one('[data-chua-gui]');
	if (unsent && user && draftsKept())
		void import('./islands/chua-gui').then((d) => d.unsentMarks(unsent, user));
	if (one('[hx-get],[hx-post]'))
		void import('./islands/htmx');
	if (draftsDue(user !== undefined) || (user && form?.dataset['draft']) || ((user || one('[data-chua-luu]')) && sessionStorage.getItem('khue-draft-sent')))
		void import('./islands/draft').then((d) => d.tidyDrafts().then(() => (user && form?.dataset['draft'] ? d.drafts(form, user) : undefined)));
	document.querySelectorAll<HTMLFormElement>('form[action="/dang-xuat"]').forEach((f) => f.addEventListener('submit', (e) => {
		if (!draftsKept())
			return;
		e.preventDefault();
		void import('./islands/ra').then((d) => d.leave(f)).catch(() => f.submit());
	}));
}

/* What an answer says is about what was sent for it: it goes as soon as that is changed or sent anew. */
function stale(): void {
	for (const what of ['input', 'submit'])
		one('main')?.addEventListener(what, () => document.querySelectorAll('[data-cu]').forEach((e) => e.remove()), { capture: true });
}

search();
stale();
switcher();
once();
menus();
islands();
document.querySelectorAll<HTMLElement>('.bao.noi').forEach(toast);
document.querySelectorAll<HTMLElement>('[data-bulk]').forEach(bulk);
document.querySelectorAll<HTMLInputElement>('[data-filter]').forEach(filter);
document.querySelectorAll<HTMLFormElement>('form.loc').forEach(foldFilters);
document.querySelectorAll<HTMLElement>('[data-in]').forEach((b) => { b.hidden = false; b.addEventListener('click', () => window.print()); });
one('#loi')?.focus();
if ('serviceWorker' in navigator && window.isSecureContext)
	navigator.serviceWorker.register(policy.createScriptURL('/sw.js')).catch(() => undefined);
