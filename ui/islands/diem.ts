/* What is typed into a cell of marks means here what it means to the server (cell_keyed and cell_typed in C); both are held
 * against test/vectors/mark-keys.tsv. */
import { fold, say } from './common';

export interface Column { key: string; label: string; n: number; decimals: number; least: number; word: boolean; open: boolean; remark: boolean }
export interface Word { code: string; name: string }
export type Read = { ok: true; code: string; shown: string; value: number | null } | { ok: false; why: string };

export const shownWord = (code: string): string => (code === 'dat' ? 'Đ' : code === 'chua_dat' ? 'CĐ' : code.toUpperCase());
const bad = (why: string): Read => ({ ok: false, why });
const good = (code: string, shown = code, value: number | null = null): Read => ({ ok: true, code, shown, value });

/* Two struck digits are a mark and its tenth; 10 stays ten, 11 to 19 stay and are refused. */
export const struck = (typed: string, c: Column): string =>
	(!c.word && c.decimals >= 1 && /^[02-9][0-9]$/.test(typed) ? `${typed[0]},${typed[1]}` : typed);

function readWord(typed: string, words: Word[]): Read {
	const folded = fold(typed).replace(/\s+/g, ' ');
	const also: Record<string, string> = { d: 'dat', cd: 'chua_dat', dat: 'dat', 'chua dat': 'chua_dat' };
	const w = words.find((x) => folded === x.code || folded === fold(x.name)) ?? words.find((x) => x.code === also[folded]);
	return w ? good(w.code, shownWord(w.code)) : bad(say(`Cột này ghi ${words.map((x) => shownWord(x.code)).join(', ')}; vắng gõ v, miễn gõ m.`,
		`This column takes ${words.map((x) => shownWord(x.code)).join(', ')}; v is absent, m exempt.`));
}

export function readCell(text: string, c: Column, words: Word[], keys: boolean): Read {
	let typed = text.trim();
	if (c.remark)
		return typed.length > 1000 ? bad(say('Nhận xét dài quá 1000 ký tự.', 'A remark has 1000 characters at most.')) : good(typed);
	if (!typed)
		return good('');
	if (/^[vm]$/i.test(typed))
		return good(typed.toLowerCase());
	if (c.word)
		return readWord(typed, words);
	if (keys)
		typed = struck(typed, c);
	const m = /^([0-9]{1,6})(?:[.,]([0-9]{1,2}))?$/.exec(typed);
	if (!m)
		return bad(/^[0-9]+[.,][0-9]+$/.test(typed) ? say('Điểm lấy đến một chữ số thập phân.', 'A mark has one decimal at most.')
			: say('Điểm phải là số từ 0 đến 10, ví dụ 7,5; vắng gõ v, miễn gõ m.', 'A mark is a number from 0 to 10, such as 7.5; v is absent, m exempt.'));
	const v = Number(m[1]) * 100 + Number((m[2] ?? '0').padEnd(2, '0'));
	if (v > 1000)
		return bad(/^1[1-9]$/.test(typed) ? say(`Điểm phải từ 0 đến 10; nếu là 1,${typed[1]} hãy gõ cả dấu phẩy.`, `A mark must be 0 to 10; type the comma for 1,${typed[1]}.`)
			: say('Điểm phải từ 0 đến 10.', 'A mark must be 0 to 10.'));
	if (v < c.least)
		return bad(say('Bài kiểm tra không cho điểm 0.', 'A test cannot have 0.'));
	if (v % (c.decimals === 0 ? 100 : 10))
		return bad(c.decimals ? say('Điểm lấy đến một chữ số thập phân.', 'A mark has one decimal at most.')
			: say('Điểm ở cột này là số nguyên.', 'Marks of this column are whole numbers.'));
	const text10 = String(v / 100);
	return good(text10, text10.replace('.', ','), v);
}

/* A mark four or more away from the middle of the pupil's other marks is pointed out, never refused. */
export function isFar(value: number, others: number[]): boolean {
	if (others.length < 2)
		return false;
	const sorted = [...others].sort((a, b) => a - b);
	const middle = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
	return Math.abs(value - middle) >= 400;
}
