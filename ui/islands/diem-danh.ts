/* form[data-attendance]: a class as tiles. A tap moves a pupil on through the choices of its radios; "the rest are present" fills
 * what nobody touched. The radios underneath are what is posted, so the page works without this script. */
import { announce, el, icon, say } from './common';

const icons: Record<string, string> = { present: 'circle-check', excused: 'mail', unexcused: 'circle-x', late: 'clock' };

export function attendance(form: HTMLFormElement): void {
	const tiles = [...form.querySelectorAll<HTMLFieldSetElement>('.o-diem-danh')];
	const sum = el('p', { class: 'tong-dd' });
	const rest = el('button', { type: 'button', class: 'nut phu' }, icon('check'), say('Còn lại có mặt', 'The rest are present'));
	const redraw: (() => void)[] = [];
	const touched = (): boolean => form.dispatchEvent(new Event('input'));     /* a tap is no input of its own: the draft hears it */

	tiles.forEach((tile, i) => {
		const radios = [...tile.querySelectorAll<HTMLInputElement>('input[type="radio"]')];
		const name = tile.querySelector('legend')?.textContent?.trim() ?? '';
		const state = el('span', { class: 'tt' });
		const number = el('span', { class: 'stt', 'aria-hidden': 'true' }, String(i + 1));
		const button = el('button', { type: 'button', class: 'o-bam' }, number, el('b', {}, name), ' ', state);
		const draw = () => {
			const now = radios.find((r) => r.checked);
			const label = now?.closest('label')?.textContent?.trim() ?? say('Chưa điểm danh', 'Not taken');
			button.dataset['tt'] = now?.value ?? '';
			state.replaceChildren(...(now && icons[now.value] ? [icon(icons[now.value]!)] : []), label);
		};
		button.disabled = radios.every((r) => r.disabled);
		button.addEventListener('click', () => {
			const next = radios[(radios.findIndex((r) => r.checked) + 1) % radios.length];
			if (next)
				next.checked = true;
			draw();
			count();
			touched();
			announce(`${name}: ${state.textContent ?? ''}`);
		});
		radios.forEach((r) => { r.tabIndex = -1; });
		tile.querySelector('.chon-danh')?.setAttribute('aria-hidden', 'true');
		tile.append(button);
		redraw.push(draw);
		draw();
	});
	const count = () => {
		const n = new Map<string, number>();
		let none = 0;
		for (const tile of tiles) {
			const now = tile.querySelector<HTMLInputElement>('input:checked');
			const label = now?.closest('label')?.textContent?.trim();
			if (label)
				n.set(label, (n.get(label) ?? 0) + 1);
			else
				none++;
		}
		sum.textContent = [...n].map(([label, k]) => `${label} ${k}`).concat(none ? [say(`Chưa điểm danh ${none}`, `Not taken ${none}`)] : []).join(' · ');
	};
	rest.addEventListener('click', () => {
		for (const tile of tiles)
			if (!tile.querySelector('input:checked')) {
				const first = tile.querySelector<HTMLInputElement>('input[type="radio"]:not(:disabled)');
				if (first)
					first.checked = true;
			}
		redraw.forEach((draw) => draw());
		count();
		touched();
		announce(sum.textContent ?? '');
	});
	form.addEventListener('filled', () => { redraw.forEach((draw) => draw()); count(); });
	form.classList.add('san');
	form.querySelector('.bar')?.prepend(sum, rest);
	count();
}
