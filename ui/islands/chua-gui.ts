/* [data-chua-gui]: marks that this account typed on this device and that no book has yet, book by book, with the way to each. */
import { createStore, entries } from 'idb-keyval';
import { draftOld, el, icon, moment, say } from './common';

interface Draft { at: number; values: unknown[]; name?: string; path?: string }
const store = createStore('khue-draft', 'draft');

export async function unsentMarks(place: HTMLElement, user: string): Promise<void> {
	const all = await entries<string, Draft>(store).catch(() => []);
	const mine = all.filter(([key, d]) => key.startsWith(`${user}|so-diem|`) && !draftOld(d.at) && d.values.length && d.path?.startsWith('/'));
	if (!mine.length)
		return;
	mine.sort(([, a], [, b]) => b.at - a.at);
	place.replaceChildren(el('div', { class: 'bao vang', role: 'status' }, icon('upload'), el('ul', { class: 'm' }, ...mine.map(([, d]) => {
		const when = moment(d.at);
		return el('li', {}, el('a', { href: d.path! }, say(`${d.values.length} điểm chưa gửi: ${d.name}`, `${d.values.length} marks not sent: ${d.name}`)),
			say(` · gõ lúc ${when}, còn giữ trên máy này`, ` · typed at ${when}, kept on this device`));
	}))));
	place.hidden = false;
}
