/* ol[data-pham-chat]: the qualities of a primary class. Beside each pupil's text box ("T T Đ C …", the quick way with a keyboard)
 * a button opens the same as choices, one row a quality, that a thumb can reach. The box stays what is posted: without this
 * script it is all there is. */
import { announce, el, icon, say } from './common';

interface Quality { name: string; group: string }
interface Word { letter: string; label: string }

let panels = 0;

const NONE = '·';     /* not chosen yet: the server refuses it, so nothing half done is saved */

/* "t t đ", "TTĐ": letters as the server reads them, with or without blanks; empty where none is chosen yet. */
function read(box: HTMLInputElement, words: Word[]): string[] {
	return [...box.value.toUpperCase().replace(/D/g, 'Đ')].filter((x) => x === NONE || words.some((w) => w.letter === x)).map((x) => (x === NONE ? '' : x));
}

function panel(box: HTMLInputElement, name: string, qualities: Quality[], words: Word[], next: (() => void) | undefined, done: () => void): HTMLElement {
	const id = ++panels;
	const given = read(box, words);
	const radios: HTMLInputElement[][] = [];
	const body = el('div', { class: 'pc-bang', role: 'group', 'aria-label': name });
	const write = () => {
		const now = radios.map((row) => row.find((r) => r.checked)?.value ?? '');
		box.value = now.some((x) => x) ? now.map((x) => x || NONE).join(' ') : '';
		box.dispatchEvent(new Event('input', { bubbles: true }));
		left.textContent = now.includes('') ? say(`Còn ${now.filter((x) => !x).length} mục`, `${now.filter((x) => !x).length} left`) : say('Đủ', 'Complete');
	};
	const left = el('span', { class: 'nho nhat' });
	const all = el('div', { class: 'hang pc-het' }, el('span', { class: 'nho' }, say('Tất cả', 'All')), ...words.map((w) => {
		const b = el('button', { type: 'button', class: 'nut phu gon', 'aria-label': `${say('Tất cả', 'All')}: ${w.label}` }, w.letter);
		b.addEventListener('click', () => {
			radios.forEach((row) => row.forEach((r) => { r.checked = r.value === w.letter; }));
			write();
			announce(`${name}: ${say('tất cả', 'all')} ${w.label}`);
		});
		return b;
	}), left);
	body.append(all);
	qualities.forEach((q, k) => {
		if (q.group)
			body.append(el('p', { class: 'pc-nhom' }, q.group));
		const row = el('fieldset', { class: 'pc-dong' }, el('legend', {}, q.name));
		radios.push(words.map((w) => {
			/* of no form: the box is what is sent */
			const r = el('input', { type: 'radio', name: `pc-${id}-${k}`, value: w.letter, form: '' });
			r.checked = given[k] === w.letter;
			r.addEventListener('change', write);
			row.append(el('label', { title: w.label }, r, el('span', {}, w.letter), el('span', { class: 'an' }, ` ${w.label}`)));
			return r;
		}));
		body.append(row);
	});
	const close = el('button', { type: 'button', class: 'nut phu' }, say('Xong', 'Done'));
	close.addEventListener('click', done);
	const on = next && el('button', { type: 'button', class: 'nut' }, say('Em sau', 'Next pupil'), icon('chevron-right'));
	on?.addEventListener('click', () => {
		done();
		next!();
	});
	body.append(el('div', { class: 'hang' }, ...(on ? [on] : []), close));
	if (given.length)
		write();
	return body;
}

export function qualities(list: HTMLOListElement): void {
	const names = [...list.children].map((li): Quality => ({ name: li.textContent?.trim() ?? '', group: (li as HTMLElement).dataset['nhom'] ?? '' }));
	const words = (list.dataset['phamChat'] ?? '').split('|').filter(Boolean).map((w): Word => {
		const [letter, label] = w.split('=');
		return { letter: letter ?? '', label: label ?? '' };
	});
	const boxes = [...document.querySelectorAll<HTMLInputElement>('input[name$=".qualities"]')];
	const openers: (() => void)[] = [];

	boxes.forEach((box, i) => {
		const name = box.closest('tr')?.querySelector('th')?.firstChild?.textContent?.trim() ?? '';
		const sum = el('span', {});
		const button = el('button', { type: 'button', class: 'nut phu gon pc-mo', 'aria-expanded': 'false' }, icon('list'), sum, el('span', { class: 'an' }, `: ${name}`));
		const draw = () => {
			const given = read(box, words).filter((x) => x);
			const count = words.map((w) => [given.filter((x) => x === w.letter).length, w.letter] as const).filter(([n]) => n);
			sum.textContent = given.length ? count.map(([n, w]) => `${n} ${w}`).join(', ') + (given.length < names.length ? say(` (còn ${names.length - given.length})`, ` (${names.length - given.length} left)`) : '') : say('Chọn mức', 'Choose');
		};
		let open: HTMLElement | undefined;
		const shut = () => {
			open?.remove();
			open = undefined;
			button.setAttribute('aria-expanded', 'false');
			draw();
		};
		const show = () => {
			if (open)
				return;
			open = panel(box, name, names, words, i + 1 < boxes.length ? () => openers[i + 1]?.() : undefined, () => {
				shut();
				button.focus();
			});
			button.setAttribute('aria-expanded', 'true');
			button.after(open);
			button.scrollIntoView({ block: 'start' });
			open.querySelector<HTMLElement>('button')?.focus({ preventScroll: true });
		};
		button.addEventListener('click', () => (open ? shut() : show()));
		box.addEventListener('input', draw);
		box.after(button);
		box.classList.add('pc-o');
		openers.push(show);
		draw();
	});
}
