/* A cover's form: once class and day are chosen, the lessons which the class has that day stand first among the periods, with
 * subject and teacher. Without this script every period is there by its name. */
import { announce, el, say } from './common';

interface Lesson { slot: string; subject: string; who: string }
interface Week { days: { date: string; lessons: Lesson[] }[] }

/* 5/9/2026 as the server's pages write days. */
function dayOf(text: string): { iso: string; short: string } | null {
	const m = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(text.trim());
	if (!m)
		return null;
	const [d, month] = [m[1]!.padStart(2, '0'), m[2]!.padStart(2, '0')];
	return { iso: `${m[3]}-${month}-${d}`, short: `${d}/${month}` };
}

export function lessonsOfDay(form: HTMLFormElement): void {
	const select = form.querySelector<HTMLSelectElement>('select[name="slot"]');
	const school = form.querySelector<HTMLInputElement>('input[type="hidden"][name="class"]'), held = form.querySelector<HTMLInputElement>('input[name="held"]');
	if (!select || !school || !held)
		return;
	const plain = [...select.options].map((o) => ({ value: o.value, text: o.text }));
	const note = el('p', { class: 'nho nhat', role: 'status' });
	let asked = '';
	select.after(note);
	const draw = (lessons: Lesson[]) => {
		const chosen = select.value;
		const option = (o: { value: string; text: string }, more = '') => el('option', { value: o.value, selected: o.value === chosen }, o.text + more);
		const had = lessons.flatMap((l) => { const o = plain.find((p) => p.text === l.slot); return o ? [option(o, ` – ${[l.subject, l.who].filter(Boolean).join(', ')}`)] : []; });
		const rest = plain.filter((o) => o.value && !had.some((h) => h.value === o.value));
		select.replaceChildren(...plain.filter((o) => !o.value).map((o) => option(o)),
			...(had.length ? [el('optgroup', { label: say('Tiết của lớp ngày ấy', 'The class’s lessons that day') }, ...had),
				el('optgroup', { label: say('Tiết khác (dạy bù, dạy thêm)', 'Other periods (extra lessons)') }, ...rest.map((o) => option(o)))] : rest.map((o) => option(o))));
	};
	const look = async () => {
		const day = dayOf(held.value), key = `${school.value} ${day?.iso}`;
		if (key === asked)
			return;
		asked = key;
		if (!school.value || !day) {
			note.textContent = '';
			draw([]);
			return;
		}
		try {
			const answer = await fetch(form.action.replace(/\/cover(\/\d+)?$/, `/schedule/class/${school.value}?on_day=${day.iso}`), { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
			if (!answer.ok || key !== asked)
				return;
			const lessons = ((await answer.json()) as Week).days.find((d) => d.date === day.short)?.lessons ?? [];
			draw(lessons);
			note.textContent = lessons.length ? say(`Ngày ấy lớp có ${lessons.length} tiết.`, `The class has ${lessons.length} lessons that day.`) : say('Ngày ấy lớp không có tiết nào.', 'The class has no lesson that day.');
			announce(note.textContent);
		} catch {
			asked = '';                                   /* no network: the periods by their names do */
		}
	};
	form.addEventListener('change', () => void look());
	held.addEventListener('input', () => void look());
	form.addEventListener('filled', () => void look());
	void look();
}
