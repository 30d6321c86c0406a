/* form[action="/dang-xuat"]: signing out takes every draft of this device away. Marks that no book has yet are named first. */
import { entries } from 'idb-keyval';
import { draftOld, el, icon, say } from './common';
import { draftStore, wipeDrafts } from './draft';

export async function leave(form: HTMLFormElement): Promise<void> {
	const all = await entries<string, { at: number; values: unknown[]; name?: string }>(draftStore).catch(() => []);
	const marks = all.filter(([key, d]) => key.includes('|so-diem|') && !draftOld(d.at) && d.values.length).map(([, d]) => d);
	const go = async () => {
		await wipeDrafts();
		form.submit();
	};
	if (!marks.length)
		return go();
	const back = document.activeElement as HTMLElement | null;
	const dialog = el('dialog', { class: 'hop', 'aria-labelledby': 'hop-ra' },
		el('div', { class: 'hop-dau' }, el('h2', { id: 'hop-ra' }, say('Còn điểm chưa gửi lên sổ', 'There are marks that were not sent')),
			el('button', { type: 'button', class: 'nut-dong', 'aria-label': say('Đóng', 'Close'), onclick: () => dialog.close() }, icon('x'))),
		el('div', { class: 'hop-than' }, el('ul', {}, ...marks.map((d) => el('li', {}, say(`${d.values.length} điểm: ${d.name}`, `${d.values.length} marks: ${d.name}`)))),
			el('p', { class: 'bao vang' }, say('Điểm này mới giữ trên máy này. Đăng xuất là xóa.', 'They are on this device only. Signing out deletes them.')),
			el('p', { class: 'hang' }, el('a', { class: 'nut', href: '/gradebook' }, say('Đến sổ điểm để gửi', 'To the books, to send them')),
				el('button', { type: 'button', class: 'nut phu do', onclick: () => { dialog.close(); void go(); } }, say('Xóa và đăng xuất', 'Delete and sign out')))));
	dialog.addEventListener('close', () => { dialog.remove(); back?.focus(); });
	document.body.append(dialog);
	dialog.showModal();
}
