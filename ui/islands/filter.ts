/* Filters a long page of links as one types; the form underneath asks the server for the same. */
import { announce, el, fold, icon, say } from './common';

export function filter(input: HTMLInputElement): void {
	const root = document.querySelector(input.dataset['filter'] ?? '');
	if (!root)
		return;
	input.addEventListener('input', () => {
		const words = fold(input.value).split(/\s+/).filter(Boolean);
		let n = 0;
		root.querySelectorAll('section').forEach((group) => {
			let some = false;
			group.querySelectorAll('li').forEach((item) => {
				const text = fold(`${group.querySelector('h2')?.textContent ?? ''} ${item.textContent ?? ''}`);
				item.hidden = !words.every((w) => text.includes(w));
				some ||= !item.hidden;
				n += item.hidden ? 0 : 1;
			});
			group.hidden = !some;
		});
		announce(say(`${n} chức năng`, `${n} functions`));
	});
}

/* Many filters (on a phone: all) fold away behind a button, but for those in use. */
export function foldFilters(form: HTMLFormElement): void {
	const [shown, most] = matchMedia('(max-width: 720px)').matches ? [1, 2] : [4, 6];
	const more = [...form.querySelectorAll(`:scope > .o:nth-of-type(n + ${shown + 1}):not(.nut-loc)`)];
	const idle = more.filter((o) => {
		const used = [...o.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')].some((f) => f.value !== '');
		o.classList.toggle('dung', used);
		return !used;
	});
	if (idle.length === 0 || form.querySelectorAll(':scope > .o').length <= most)
		return;
	const button = el('button', { type: 'button', class: 'nut phu mo-loc', 'aria-expanded': 'false' }, icon('adjustments'), say('Thêm điều kiện', 'More filters'));
	button.addEventListener('click', () => {
		form.classList.remove('thu');
		button.remove();
		idle[0]?.querySelector<HTMLElement>(':is(input:not([type="hidden"]), select)')?.focus();
	});
	form.classList.add('thu');
	form.append(button);
}
