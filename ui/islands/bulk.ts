/* Ticking rows: the bar shows when something is ticked, says how many; one box ticks the page; Shift ticks a range. */
import { announce, el, say } from './common';

export function bulk(bar: HTMLElement): void {
	const form = bar.closest('form');
	if (!form)
		return;
	const boxes = [...form.querySelectorAll<HTMLInputElement>('input[name="ids"]')];
	const all = form.querySelector<HTMLInputElement>('input[name="all"]');
	const count = bar.querySelector<HTMLElement>('[data-count]');
	const head = form.querySelector('thead .tick');
	const page = el('input', { type: 'checkbox', 'aria-label': say('Chọn cả trang', 'Choose the whole page') });
	let last = -1;

	const draw = (aloud: boolean) => {
		const n = boxes.filter((b) => b.checked).length;
		const text = say(`Đã chọn ${n}`, `${n} chosen`);
		page.checked = n > 0 && n === boxes.length;
		page.indeterminate = n > 0 && n < boxes.length;
		bar.classList.toggle('rong', n === 0 && !all?.checked);
		if (count)
			count.textContent = text;
		if (aloud)
			announce(text);
	};
	head?.replaceChildren(page);
	page.addEventListener('change', () => {
		boxes.forEach((b) => { b.checked = page.checked; });
		if (all && !page.checked)
			all.checked = false;
		draw(true);
	});
	boxes.forEach((b, i) => b.addEventListener('click', (e) => {
		if ((e as MouseEvent).shiftKey && last >= 0)
			for (let k = Math.min(i, last); k <= Math.max(i, last); k++)
				boxes[k]!.checked = b.checked;
		last = i;
		draw(true);
	}));
	all?.addEventListener('change', () => draw(false));
	draw(false);
}
