/* [data-chua-gui]: marks that this account typed on this device and that no book has yet, book by book, with the way to each and what
 * they are: whoever the class was taken from cannot open its book any more, and has to hand them on. */
import { createStore, del, entries } from 'idb-keyval';
import { draftOld, el, icon, moment, say } from './common';

interface Draft { at: number; values: [pupil: string, column: string, was: string, to: string, name?: string][]; name?: string; path?: string }
const store = createStore('khue-draft', 'draft');

export async function unsentMarks(place: HTMLElement, user: string): Promise<void> {
	const all = await entries<string, Draft>(store).catch(() => []);
	const mine = all.filter(([key, d]) => key.startsWith(`${user}|so-diem|`) && !draftOld(d.at) && d.values.length && d.path?.startsWith('/'));
	if (!mine.length)
		return;
	mine.sort(([, a], [, b]) => b.at - a.at);
	place.replaceChildren(el('div', { class: 'bao vang', role: 'status' }, icon('upload'), el('ul', { class: 'm' }, ...mine.map(([key, d]) => {
		const when = moment(d.at);
		const line: HTMLElement = el('li', {}, el('a', { href: d.path! }, say(`${d.values.length} điểm chưa gửi: ${d.name}`, `${d.values.length} marks not sent: ${d.name}`)),
			say(` · gõ lúc ${when}, còn giữ trên máy này`, ` · typed at ${when}, kept on this device`),
			el('details', {}, el('summary', {}, say('Xem các điểm ấy', 'See these marks')),
				el('ul', { class: 'm nho' }, ...d.values.map((v) => el('li', {}, `${v[4] ?? ''} · ${v[1].toUpperCase()}: `, el('b', {}, v[3] || say('xóa', 'cleared'))))),
				el('button', { type: 'button', class: 'nut phu gon', onclick: () => { void del(key, store); line.remove(); } }, say('Bỏ các điểm này', 'Discard these marks'))));
		return line;
	}))));
	place.hidden = false;
}
