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

/* Many filters (on a phone: all) fold away behind a button, unless one is in use. */
export function foldFilters(form: HTMLFormElement): void {
	const most = matchMedia('(max-width: 720px)').matches ? 2 : 6;
	const inUse = [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`.o:nth-of-type(n + ${most === 2 ? 2 : 5}) :is(input, select)`)].some((f) => f.value !== '');
	if (form.querySelectorAll(':scope > .o').length <= most || inUse)
		return;
	const button = el('button', { type: 'button', class: 'nut phu mo-loc', 'aria-expanded': 'false' }, icon('adjustments'), say('Thêm điều kiện', 'More filters'));
	button.addEventListener('click', () => {
		form.classList.remove('thu');
		button.remove();
		form.querySelector<HTMLElement>(`.o:nth-of-type(${most === 2 ? 2 : 5}) :is(input:not([type="hidden"]), select)`)?.focus();
	});
	form.classList.add('thu');
	form.append(button);
}
