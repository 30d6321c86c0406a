/* Filters a long page of links as one types; the form underneath asks the server for the same. */
import { announce, fold, say } from './common';

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
