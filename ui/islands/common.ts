/* What the islands share: the two languages, the sprite, fragments from the server, the live region. */

export const english = document.documentElement.lang === 'en';
export const say = (vi: string, en: string): string => (english ? en : vi);

/* "15:44 23/11", as the pages write it. */
export function moment(at: number): string {
	const d = new Date(at), two = (n: number): string => String(n).padStart(2, '0');
	return `${two(d.getHours())}:${two(d.getMinutes())} ${two(d.getDate())}/${two(d.getMonth() + 1)}`;
}

/* The sprite's address is on the logo of every page. */
const sprite = (document.querySelector('svg.i use, .hieu use')?.getAttribute('href') ?? '').split('#')[0];

export function icon(name: string): SVGSVGElement {
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
	const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
	svg.setAttribute('class', 'i');
	svg.setAttribute('aria-hidden', 'true');
	use.setAttribute('href', `${sprite}#${name}`);
	svg.append(use);
	return svg;
}

/* Drafts stay on a device for a week at most. The mark says when they were last looked through: "0" when there are none, nothing
 * while nobody has looked. */
const MARK = 'khue-draft', DAY = 86_400_000;
export const DRAFT_MS = 7 * DAY;
export function markDrafts(some: boolean): void {
	try {
		localStorage.setItem(MARK, some ? String(Date.now()) : '0');
	} catch {
		/* a private window without storage */
	}
}
export function draftsDue(signedIn: boolean): boolean {
	try {
		const mark = localStorage.getItem(MARK);
		return mark === null ? signedIn : mark !== '0' && !(Math.abs(Date.now() - Number(mark)) < DAY);
	} catch {
		return false;
	}
}
/* Might this device hold drafts? */
export function draftsKept(): boolean {
	try {
		return (localStorage.getItem(MARK) ?? '0') !== '0';
	} catch {
		return false;
	}
}
/* Too old, or of a time that cannot be. */
export const draftOld = (at: number): boolean => !(Math.abs(Date.now() - at) <= DRAFT_MS);
/* The first draft of a device is marked; the look through it comes a day later, and each day after. */
export function markFirst(): void {
	try {
		if ((localStorage.getItem(MARK) ?? '0') === '0')
			markDrafts(true);
	} catch {
		/* as above */
	}
}

type Attributes = Record<string, string | boolean | ((e: Event) => void)>;

/* el('button', {class: 'nut', onclick: f}, 'text', node): attributes as text, handlers as functions, true for a bare one. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		if (typeof value === 'function')
			e.addEventListener(name.slice(2), value);
		else if (value !== false)
			e.setAttribute(name, value === true ? '' : value);
	e.append(...inside);
	return e;
}

interface Policy { createHTML(text: string): string; createScriptURL(url: string): string }
const factory = (window as unknown as { trustedTypes?: { createPolicy(name: string, rules: object): Policy } }).trustedTypes;
const rules = {
	createHTML: (text: string): string => text,
	createScriptURL: (url: string): string => {
		if (url !== '/sw.js')
			throw new TypeError(url);
		return url;
	},
};
/* Markup comes only from our own server, which escaped it; the policy is used in fragment() and for the worker's address. */
export const policy: Policy = factory ? factory.createPolicy('khue', rules) : (rules as Policy);

/* A piece of a page from our own server. Scripts in it do not run. Throws on a network fault or an error page. */
export const fragment = async (url: string, signal?: AbortSignal): Promise<DocumentFragment> => (await wholePage(url, signal))[0];
/* And whose page it is; '': nobody's. */
export async function wholePage(url: string, signal?: AbortSignal): Promise<[DocumentFragment, string]> {
	const answer = await fetch(url, { headers: { 'HX-Request': 'true', Accept: 'text/html' }, credentials: 'same-origin', signal: signal ?? null });
	if (!answer.ok)
		throw new Error(String(answer.status));
	const page = new DOMParser().parseFromString(policy.createHTML(await answer.text()), 'text/html');
	const piece = document.createDocumentFragment();
	piece.append(...page.body.childNodes);
	return [piece, page.querySelector<HTMLMetaElement>('meta[name="khue-user"]')?.content ?? ''];
}

let live: HTMLElement | undefined;
/* Says a sentence to a screen reader. */
export function announce(text: string): void {
	if (!live) {
		live = el('div', { class: 'an', role: 'status', 'aria-live': 'polite' });
		document.body.append(live);
	}
	live.textContent = '';
	setTimeout(() => { live!.textContent = text; }, 50);
}

export const later = (ms: number): ((run: () => void) => void) => {
	let timer = 0;
	return (run) => {
		clearTimeout(timer);
		timer = window.setTimeout(run, ms);
	};
};
export const fold = (text: string): string => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
