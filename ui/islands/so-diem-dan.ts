/* A block pasted from a spreadsheet: the server says what would go where, the teacher looks, then it is written like typed cells. */
import { el, icon, say } from './common';
import type { Cell, Grid } from './so-diem';

interface Choice { pupil: number | string; name: string; born: string | null }
interface Line { line: number; pupil: number | string | null; name: string; given: string; how: string; choices: Choice[]; cells: { column: string; typed: string; shown: string; why: string; was: string; change: boolean }[] }
interface Heading { at: number; heading: string; column: string }
interface Preview { by: string; note: string; good: number; wrong: number; unknown: number; columns: Heading[]; rows: Line[] }

const how: Record<string, string> = { code: say('theo mã', 'by code'), name: say('theo tên', 'by name'), place: say('theo vị trí', 'by place'), chosen: say('đã chọn', 'chosen'),
	unlike: say('mã và tên hay ngày sinh không khớp: hãy chọn', 'the code and the name or birthday disagree: choose'),
	several: say('trùng tên: hãy chọn', 'same name: choose'), unknown: say('không có trong lớp', 'not in the class'), twice: say('có hai lần', 'there twice'), both: say('có hai dòng: hãy chọn', 'on two rows: choose'), elsewhere: say('của lớp khác', 'of another class'), empty: say('dòng trống', 'empty'), nameless: say('có điểm mà không có tên hay mã', 'marks without a name or code') };

export async function askPaste(grid: Grid, text: string): Promise<void> {
	const at = document.activeElement instanceof HTMLInputElement ? [...grid.cells.values()].find((c) => c.input === document.activeElement) : undefined;
	const area = el('textarea', { rows: '6', 'aria-label': say('Các ô chép từ Excel', 'Cells copied from a spreadsheet') });
	const shown = el('div', { role: 'region', 'aria-live': 'polite' });
	const write = el('button', { type: 'button', class: 'nut', disabled: true, onclick: () => commit() }, say('Ghi', 'Write'));
	const dialog = el('dialog', { class: 'hop rong', 'aria-labelledby': 'hop-dan' },
		el('div', { class: 'hop-dau' }, el('h2', { id: 'hop-dan' }, say('Dán từ Excel: xem trước', 'Paste from Excel: preview')),
			el('button', { type: 'button', class: 'nut-dong', 'aria-label': say('Đóng', 'Close'), onclick: () => dialog.close() }, icon('x'))),
		el('div', { class: 'hop-than' }, ...(text ? [] : [el('p', {}, say('Chép các ô trong Excel (có cột mã hoặc họ tên thì càng tốt) rồi dán vào đây.', 'Copy cells in Excel (with codes or names, if you can) and paste them here.')), area]),
			shown, el('div', { class: 'hang' }, write, el('button', { type: 'button', class: 'nut phu', onclick: () => dialog.close() }, say('Thôi', 'Cancel')))));
	let preview: Preview | null = null;
	let map = '';
	const chosen = new Map<number, string>();

	const look = async () => {
		try {
			preview = await grid.ask(`${grid.address}/paste`, { term: grid.term, text: text.startsWith('\t') ? `""${text}` : text, pupil: Number(at?.pupil ?? 0), column: at?.column.key ?? '', map,
				chosen: [...chosen].map(([line, pupil]) => ({ line, pupil: Number(pupil) })) }, '') as Preview;
			draw(preview);
		} catch (e) {
			const why = (e as Error).message.startsWith(':') ? (e as Error).message.slice(1) : say('Chưa xem trước được: cần có mạng.', 'No preview: the network is needed.');
			shown.replaceChildren(el('p', { class: 'bao do', role: 'alert' }, why));
			grid.say(say(`Chưa dán: ${why}`, `Not pasted: ${why}`));
			write.disabled = true;
		}
	};
	const columnChoice = (h: Heading, all: Heading[]) => {
		const select = el('select', { 'aria-label': say(`Cột ${h.at + 1} trong Excel là`, `Column ${h.at + 1} of the sheet is`), onchange: () => {
			map = all.map((x) => (x === h ? select.value : x.column || '-')).join(' ');
			void look();
		} }, ...[['-', say('(bỏ qua)', '(skip)')], ['code', say('Mã học sinh', 'Pupil code')], ['name', say('Họ và tên', 'Name')], ['born', say('Ngày sinh', 'Birthday')], ['class', say('Lớp', 'Class')],
			...grid.columns.map((c) => [c.key, c.label])].map(([v, t]) => el('option', { value: v!, selected: (h.column || '-') === v }, t!)));
		return el('th', { scope: 'col' }, h.heading ? el('div', {}, h.heading) : '', select);
	};
	const who = (r: Line) => {
		if (!['several', 'unlike', 'both'].includes(r.how))
			return el('td', r.pupil ? {} : { class: 'loi' }, r.name || r.given, ' ', el('small', {}, how[r.how] ?? ''));
		const select = el('select', { 'aria-label': say(`Dòng ${r.line}: ${r.given} là em nào`, `Row ${r.line}: which ${r.given}`), onchange: () => {
			if (select.value)
				chosen.set(r.line, select.value);
			void look();
		} }, el('option', { value: '' }, how[r.how]!), ...r.choices.map((c) => el('option', { value: String(c.pupil) }, `${c.name}${c.born ? `, ${c.born.split('-').reverse().join('/')}` : ''}`)));
		return el('td', { class: 'loi' }, r.given, ' ', ...(r.how === 'unlike' ? [el('small', {}, say(`(Khuê: mã này là của ${r.choices[0]!.name})`, `(Khuê: the code is ${r.choices[0]!.name}’s)`), ' ')] : []), select);
	};
	const draw = (p: Preview) => {
		const marks = p.columns.filter((h) => grid.columns.some((c) => c.key === h.column));
		shown.replaceChildren(
			...(p.note ? [el('p', { class: 'bao' }, p.note)] : []),
			el('p', {}, say(`${p.good} ô sẽ ghi, ${p.wrong} ô sai, ${p.unknown} dòng chưa rõ học sinh.`, `${p.good} cells to write, ${p.wrong} wrong, ${p.unknown} rows without a pupil.`)),
			el('details', {}, el('summary', {}, say('Cột nào là cột nào', 'Which column is which')), el('div', { class: 'bang', tabindex: '0' }, el('table', { class: 'dan' }, el('thead', {}, el('tr', {}, ...p.columns.map((h) => columnChoice(h, p.columns))))))),
			el('div', { class: 'bang', tabindex: '0' }, el('table', { class: 'dan' },
				el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, say('Dòng', 'Row')), el('th', { scope: 'col' }, say('Học sinh', 'Pupil')),
					...marks.map((h) => el('th', { scope: 'col' }, grid.columns.find((c) => c.key === h.column)!.label)))),
				el('tbody', {}, ...p.rows.filter((r) => r.how !== 'empty').map((r) => el('tr', {}, el('td', {}, String(r.line)), who(r),
					...r.cells.map((x) => el('td', { class: x.why ? 'loi' : x.change ? 'doi' : '' }, x.why ? x.typed : x.change && x.was ? `${x.was} → ${x.shown || say('trống', 'empty')}` : x.shown,
						...(x.why ? [el('div', {}, el('small', {}, x.why))] : [])))))))));
		write.disabled = p.good + p.wrong === 0;
		write.textContent = p.wrong ? say(`Ghi ${p.good} ô đúng, để ${p.wrong} ô sai lại trên bảng`, `Write ${p.good} cells, leave ${p.wrong} wrong ones on the page`) : say(`Ghi ${p.good} ô`, `Write ${p.good} cells`);
	};
	const commit = () => {
		const list: [Cell, string][] = [];
		for (const r of preview?.rows ?? [])
			for (const x of r.pupil ? r.cells : []) {
				const cell = grid.find(r.pupil!, x.column);
				if (cell && (x.change || x.why))
					list.push([cell, x.why ? x.typed : x.shown]);
			}
		dialog.close();
		grid.apply(list, false);
	};
	area.addEventListener('input', () => { text = area.value; map = ''; chosen.clear(); if (text.trim()) void look(); });
	dialog.addEventListener('close', () => { dialog.remove(); at?.input.focus(); });
	document.body.append(dialog);
	dialog.showModal();
	if (text)
		await look();
	else
		area.focus();
}
