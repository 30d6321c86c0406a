/* How many letters a text area still takes. The page says the limit; here it counts down as somebody types, and is read out
 * only when little is left and typing rests. */
import { announce, el, later, say } from './common';

export function letters(area: HTMLTextAreaElement): void {
	const most = area.maxLength, few = Math.min(50, Math.ceil(most / 10));
	if (most <= 0 || area.readOnly || area.disabled)
		return;
	const there = area.id ? document.querySelector<HTMLElement>(`[data-dem="${CSS.escape(area.id)}"]`) : null;
	const note = there ?? el('p', { class: 'nho nhat', 'data-dem': area.id });
	const limit = there?.textContent ?? '', rest = later(900);
	let told = -1;
	if (!there)
		area.after(note);
	const count = (): number => {
		const left = Math.max(0, most - area.value.length);
		note.textContent = area.value ? say(`Còn ${left} ký tự.`, left === 1 ? '1 character left.' : `${left} characters left.`) : limit || say(`Nhiều nhất ${most} ký tự.`, `At most ${most} characters.`);
		note.classList.toggle('it', left <= few);
		return left;
	};
	area.addEventListener('input', () => {
		if (count() <= few)
			rest(() => {
				const left = count();
				if (left <= few && left !== told)
					announce(note.textContent ?? '');
				told = left;
			});
	});
	area.form?.addEventListener('filled', count);
	window.addEventListener('pageshow', count);
	count();
}
