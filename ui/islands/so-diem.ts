/* form[data-gradebook]: the page of marks under the hands. Native inputs in a native table; the form underneath posts without
 * this script. Keys move and edit, what is typed is saved by itself, each cell says how far it got, drafts survive the page. */
import { createStore, get, promisifyRequest } from 'idb-keyval';
import { announce, draftOld, el, fragment, icon, later, markFirst, moment, say, wholePage } from './common';
import { isFar, readCell, shownWord, type Column, type Word } from './diem';
import { askPaste } from './so-diem-dan';

export interface Cell { row: number; col: number; pupil: string; column: Column; input: HTMLInputElement; td: HTMLElement;
	stored: string; value: string; first: string; state: string; pasted: boolean; other: { value: string; who: string; at: string } | null }
interface Change { cell: Cell; from: string; to: string }
interface Told { pupil: number | string; column: string; end: string; stored: string; why: string; who: string; at: string | null }
interface News { pupil: number | string; column: string; shown: string; who: string; at: string | null }
interface Answer { saved: number; seq: number; cells: Told[]; news: News[]; rows: { pupil: number | string; average_shown: string; comment: string }[] }
/* name and path: which book, for the pages that tell of drafts (chua-gui.ts) */
type Typed = [pupil: string, column: string, was: string, to: string, name?: string];
interface Draft { at: number; base: number; reason: string; values: Typed[]; name: string; path: string }

const store = createStore('khue-draft', 'draft');
const states: Record<string, string> = { cho: say('chưa lưu', 'not saved'), gui: say('đang lưu', 'being saved'), luu: say('đã lưu', 'saved'),
	loi: say('sai', 'wrong'), xung: say('người khác đã ghi khác', 'somebody wrote something else') };
const clock = (at: string | null): string => (at ? new Date(at).toLocaleTimeString('vi-VN', { hour: '2-digit', minute: '2-digit', second: '2-digit' }) : '');

export class Grid {
	readonly cells = new Map<string, Cell>();
	readonly columns: Column[];
	readonly words: Word[];
	readonly rows: HTMLTableRowElement[];
	readonly table: HTMLTableElement;
	base: number;
	private readonly undone: Change[][] = [];
	private readonly done: Change[][] = [];
	private readonly dirty = new Set<Cell>();
	private readonly soon = later(700);
	private readonly keepSoon = later(250);
	private anchor: Cell | null = null;
	private end: Cell | null = null;
	private selected: Cell[][] = [];
	private editing = false;
	private sending = false;
	private wait = 2000;
	private readonly key: string;
	private readonly chip = el('span', { class: 'nhan xam', role: 'status', 'aria-live': 'polite' });
	private readonly where = el('span', { class: 'cho-nao' });
	private readonly bad = el('button', { type: 'button', class: 'nut phu do gon', hidden: true, onclick: () => this.toWrong() }, say('Đến ô sai', 'To what is wrong'));
	private readonly note = el('span', { class: 'noi-gi' });
	private readonly clashes = el('div', { class: 'bao', role: 'alert', hidden: true });
	private readonly past = el('button', { type: 'button', class: 'nut phu gon', hidden: true, onclick: () => this.history() }, icon('history'), el('span', { class: 'sd-chu' }, say('Lịch sử ô', 'History')));
	private readonly phrase = el('button', { type: 'button', class: 'nut phu gon', hidden: true, onmousedown: (e) => e.preventDefault(), onclick: () => void this.keepPhrase() },
		icon('plus'), say('Thêm vào mẫu câu', 'Add to my phrases'));
	private readonly pad = el('div', { class: 'sd-phim', role: 'group', 'aria-label': say('Ghi nhanh vào ô', 'Write into the cell'), hidden: true });
	private readonly foot = el('div', { class: 'sd-day' });
	private now: Cell | null = null;

	constructor(readonly form: HTMLFormElement, private readonly user: string) {
		this.table = form.querySelector('table')!;
		this.key = `${user}|so-diem|${form.dataset['gradebook']}`;
		this.base = Number((form.elements.namedItem('base') as HTMLInputElement).value);
		this.words = (form.dataset['words'] ?? '').split('|').filter(Boolean).map((w) => ({ code: w.split('=')[0]!, name: w.split('=')[1]! }));
		this.columns = [...this.table.querySelectorAll<HTMLElement>('thead th[data-k]')].map((th, i) => ({ key: th.dataset['k']!,
			label: th.querySelector('abbr')?.textContent ?? '', n: i + 1, decimals: Number(th.dataset['le']), least: Number(th.dataset['it'] ?? 0),
			word: 'chu' in th.dataset, open: 'mo' in th.dataset, remark: false }));
		this.columns.push({ key: 'remark', label: say('Nhận xét', 'Remark'), n: this.columns.length + 1, decimals: 0, least: 0, word: false, open: true, remark: true });
		this.rows = [...this.table.tBodies[0]!.rows];
		this.read();
		this.frame();
		this.listen();
		this.say();
		this.early();
		void this.offer();
	}

	/* ---- the table ------------------------------------------------------------------------------------ */

	private read(): void {
		this.rows.forEach((tr, row) => this.columns.forEach((column, col) => {
			const td = column.remark ? tr.querySelector<HTMLElement>('.nx') : tr.querySelectorAll<HTMLElement>('td.od')[col];
			const input = td?.querySelector<HTMLInputElement>('input:not([type="hidden"])');
			if (!td || !input)
				return;
			const shown = input.defaultValue;                    /* what was typed before this script came is no mark of the book yet */
			this.cells.set(`${row} ${col}`, { row, col, pupil: tr.dataset['p']!, column, input, td, stored: shown, value: shown, first: shown, state: '', pasted: false, other: null });
			input.enterKeyHint = 'next';
		}));
		this.table.querySelectorAll<HTMLAnchorElement>('tbody th a').forEach((a) => { a.tabIndex = -1; });
	}
	/* Typed faster than this script came: it is saved like what is typed now, the cell under the cursor once it is left. */
	private early(): void {
		this.now = this.of(document.activeElement);
		const typed = [...this.cells.values()].filter((c) => c !== this.now && c.input.value !== c.value);
		if (typed.length)
			this.apply(typed.map((c) => [c, c.input.value]), true);
	}
	name(row: number): string { return this.rows[row]?.querySelector('th')?.firstElementChild?.textContent ?? this.rows[row]?.querySelector('th')?.firstChild?.textContent?.trim() ?? ''; }
	at(row: number, col: number): Cell | undefined { return this.cells.get(`${row} ${col}`); }
	find(pupil: number | string, column: string): Cell | undefined {
		const row = this.rows.findIndex((tr) => tr.dataset['p'] === String(pupil));
		return this.at(row, this.columns.findIndex((c) => c.key === column));
	}
	private of(target: EventTarget | null): Cell | null {
		const tr = target instanceof HTMLInputElement ? target.closest('tr') : null;
		const row = tr ? this.rows.indexOf(tr) : -1;
		return row < 0 ? null : [...this.columns.keys()].map((c) => this.at(row, c)).find((c) => c?.input === target) ?? null;
	}

	private frame(): void {
		const button = (name: string, text: string, run: () => void, extra = '') =>
			el('button', { type: 'button', class: `nut phu gon${extra}`, onclick: run, title: text }, icon(name), el('span', { class: 'sd-chu' }, text));
		const tools = el('div', { class: 'sd-nut' },
			button('arrow-back-up', say('Hoàn tác', 'Undo'), () => this.undo()), button('arrow-forward-up', say('Làm lại', 'Redo'), () => this.redo()),
			button('clipboard', say('Dán từ Excel', 'Paste from Excel'), () => { void askPaste(this, ''); }),
			button('chevron-left', say('Cột trước', 'Column before'), () => this.turn(-1), ' chi-dt'), button('chevron-right', say('Cột sau', 'Next column'), () => this.turn(1), ' chi-dt'));
		const bar = el('div', { class: 'sd-thanh' }, this.where, this.chip, this.bad, this.note, this.past, this.phrase,
			el('span', { class: 'phim-goi-y nhat' }, say(`Enter xuống · Tab sang phải${this.keysHint('là')} · v vắng · m miễn · F2 sửa · Ctrl+D điền xuống · Ctrl+Z hoàn tác`, `Enter down · Tab right${this.keysHint('is')} · v absent · m exempt · F2 edits · Ctrl+D fills down · Ctrl+Z undoes`)));
		this.form.classList.add('san');
		if (this.cells.size)
			this.form.querySelector('.chip-cot')!.before(tools);
		const why = this.form.querySelector('.bar:has(.o)');      /* the reason behind a lock */
		this.foot.append(...(why ? [why] : []), this.pad, bar);
		this.form.querySelector('.sd-khung')!.after(this.foot);
		this.form.querySelector('.sd-khung')!.before(this.clashes);
		window.visualViewport?.addEventListener('resize', () => this.lift());
		window.visualViewport?.addEventListener('scroll', () => this.lift());
	}

	/* What this book's columns take: tenths by two digits, words by their letters. */
	private keysHint(is: string): string {
		const words = this.columns.some((c) => c.word) ? ` · ${this.words.map((w) => shownWord(w.code)).join(', ')}` : '';
		return words + (this.columns.some((c) => !c.word && c.decimals) ? ` · 85 ${is} 8,5` : '');
	}

	private listen(): void {
		const body = this.table.tBodies[0]!;
		body.addEventListener('focusin', (e) => this.enter(this.of(e.target)));
		body.addEventListener('focusout', (e) => { const c = this.of(e.target); if (c) this.commit(c); });
		body.addEventListener('input', (e) => {
			const c = this.of(e.target);
			if (!c)
				return;
			if ((e as InputEvent).inputType === 'insertFromPaste')
				c.pasted = true;
			this.keepSoon(() => void this.keep());
		});
		body.addEventListener('keydown', (e) => { const c = this.of(e.target); if (c && !e.isComposing && e.keyCode !== 229) this.keys(e, c); });
		body.addEventListener('mousedown', (e) => {
			const c = this.of(e.target);
			if (c && e.shiftKey && this.now) {
				e.preventDefault();
				this.range(this.anchor ?? this.now, c);
			} else if (c)
				this.range(null, null);
		});
		body.addEventListener('click', (e) => {
			const td = e.target instanceof Element ? e.target.closest('td.od') : null;
			if (td?.querySelector('input')) {
				if (e.target instanceof Element && !e.target.closest('input'))         /* what is said under a cell leads into it */
					td.querySelector('input')!.focus();
			} else if (td) {
				const tr = td.parentElement as HTMLTableRowElement;
				this.history(tr.dataset['p'], this.columns[[...tr.querySelectorAll('td.od')].indexOf(td)]?.key);
			}
		});
		body.addEventListener('copy', (e) => this.copy(e));
		body.addEventListener('paste', (e) => {
			const text = e.clipboardData?.getData('text/plain') ?? '';
			if (/[\t\n]/.test(text.replace(/\r?\n$/, ''))) {
				e.preventDefault();
				void askPaste(this, text);
			}
		});
		this.form.addEventListener('submit', (e) => { e.preventDefault(); if (this.now) this.commit(this.now); void this.send(); });
		this.form.querySelectorAll<HTMLAnchorElement>('.chip-cot a').forEach((a) => a.addEventListener('click', (e) => { e.preventDefault(); this.show(a.dataset['cot']!); }));
		window.addEventListener('online', () => void this.send());
		document.addEventListener('visibilitychange', () => {
			if (document.visibilityState === 'hidden') {
				if (this.now)
					this.commit(this.now);
				void this.keep();
			} else if (!this.sending && navigator.onLine)
				void this.send(true);
		});
		(this.form.elements.namedItem('reason') as HTMLInputElement | null)?.addEventListener('change', () => void this.send());
	}

	/* ---- a column at a time, on a phone ---------------------------------------------------------------- */

	private show(which: string): void {
		const links = [...this.form.querySelectorAll<HTMLAnchorElement>('.chip-cot a')];
		const chosen = links.find((a) => a.dataset['cot'] === which);
		if (!chosen)
			return;
		links.forEach((a) => { if (a === chosen) a.setAttribute('aria-current', 'true'); else a.removeAttribute('aria-current'); });
		const n = Number(which);
		this.table.querySelectorAll('.hien').forEach((x) => x.classList.remove('hien'));
		this.table.dataset['hien'] = n ? this.columns[n - 1]!.key : 'remark';
		if (n)
			this.table.querySelectorAll('tr').forEach((tr) => tr.querySelectorAll('td.od, th.cot')[n - 1]?.classList.add('hien'));
		const ask = document.querySelector<HTMLSelectElement>('#f-part');
		if (ask && [...ask.options].some((o) => o.value === chosen.dataset['phan']))
			ask.value = chosen.dataset['phan']!;
		chosen.scrollIntoView({ block: 'nearest', inline: 'center' });
		announce(chosen.title || (chosen.textContent ?? ''));
	}
	/* The next one after the cell of now, column by column: of forty pupils on a phone it is out of sight. */
	private toWrong(): void {
		const all = [...this.cells.values()].filter((c) => c.state === 'loi' || c.state === 'xung').sort((a, b) => a.col - b.col || a.row - b.row), at = this.now;
		const next = all.find((c) => at && (c.col > at.col || (c.col === at.col && c.row > at.row))) ?? all[0];
		if (!next)
			return;
		this.show(next.column.remark ? 'nx' : String(next.column.n));
		next.input.scrollIntoView({ block: 'center' });
		next.input.focus();
	}
	private turn(by: number): void {
		const links = [...this.form.querySelectorAll<HTMLAnchorElement>('.chip-cot a')];
		const at = links.findIndex((a) => a.hasAttribute('aria-current'));
		this.show(links[Math.max(0, Math.min(links.length - 1, at + by))]!.dataset['cot']!);
	}

	/* ---- keys ------------------------------------------------------------------------------------------- */

	private enter(c: Cell | null): void {
		this.now = c;
		this.editing = false;
		this.past.hidden = !c;
		this.phrase.hidden = !c?.column.remark;
		this.keypad(c);
		if (!c)
			return;
		if (!c.column.remark)
			c.input.select();
		this.where.textContent = `${this.name(c.row)} · ${c.column.label}`;
		this.hint(c);
	}
	/* On a phone: what a keypad of digits has no key for, and the words of the column, as large keys above the keyboard. */
	private keypad(c: Cell | null): void {
		const keys = !c || c.column.remark ? [] : [...(c.column.word ? this.words.map((w) => [shownWord(w.code), shownWord(w.code), w.name] as const) : []),
			['v', say('Vắng', 'Absent'), say('Vắng', 'Absent')] as const, ['m', say('Miễn', 'Exempt'), say('Miễn', 'Exempt')] as const];
		this.pad.hidden = !keys.length;
		this.pad.replaceChildren(...keys.map(([text, shown, name]) => el('button', { type: 'button', class: 'nut phu', title: name,
			onmousedown: (e) => e.preventDefault(), onclick: () => this.press(text) }, shown)));
		this.lift();
	}
	private press(text: string): void {
		const c = this.now;
		if (!c)
			return;
		this.apply([[c, text]], false);
		const next = this.step(c, 1, 0) ?? c;
		next.input.focus({ preventScroll: true });
		next.td.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	}
	/* A keyboard on the screen covers the foot of the page without making it shorter. */
	private lift(): void {
		const seen = window.visualViewport;
		const hidden = seen && seen.scale === 1 ? Math.round(window.innerHeight - seen.height - seen.offsetTop) : 0;
		if (hidden > 0)
			this.foot.style.setProperty('--ban-phim', `${hidden}px`);
		else
			this.foot.removeAttribute('style');
	}
	private hint(c: Cell): void {
		const why = c.td.querySelector('.vi-sao')?.textContent;
		this.note.textContent = why ?? (c.td.classList.contains('ngo') ? say('Xa các điểm khác của em này; nếu đúng thì cứ để.', 'Far from the pupil\'s other marks; leave it if it is right.') : states[c.state] ?? '');
	}
	private step(c: Cell, down: number, right: number): Cell | undefined {
		for (let r = c.row + down, k = c.col + right; r >= 0 && r < this.rows.length && k >= 0 && k < this.columns.length; r += down, k += right) {
			const next = this.at(r, k);
			if (next && next.input.offsetParent)
				return next;
		}
		return undefined;
	}
	private keys(e: KeyboardEvent, c: Cell): void {
		const moves: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [e.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
		const to = moves[e.key], ctrl = e.ctrlKey || e.metaKey, low = e.key.toLowerCase();
		if (to && e.shiftKey && e.key !== 'Enter' && !this.editing && !c.column.remark) {
			e.preventDefault();
			this.range(this.anchor ?? c, this.step(this.end ?? c, ...to) ?? this.end ?? c);
		} else if (to && !ctrl && !e.altKey)
			this.move(e, c, to);
		else if (ctrl && low === 'z' && !e.shiftKey && c.input.value === c.value) {
			e.preventDefault();
			this.undo();
		} else if (ctrl && (low === 'y' || (low === 'z' && e.shiftKey))) {
			e.preventDefault();
			this.redo();
		} else if (ctrl && low === 'd') {
			e.preventDefault();
			this.fill(c);
		} else if (e.key === 'F2') {
			this.editing = true;
			c.input.setSelectionRange(c.input.value.length, c.input.value.length);
		} else if (e.key === 'Escape') {
			c.input.value = c.value;
			this.editing = false;
			this.range(null, null);
			c.input.select();
			this.paint(c);
		} else if ((e.key === 'Delete' || e.key === 'Backspace') && (this.selected.flat().length > 1 || (e.key === 'Delete' && !this.editing && !c.column.remark))) {
			e.preventDefault();
			this.apply((this.selected.flat().length > 1 ? this.selected.flat() : [c]).map((x) => [x, '']), false);
		} else if (e.altKey && low === 'h') {
			e.preventDefault();
			this.history();
		}
	}
	private move(e: KeyboardEvent, c: Cell, [down, right]: [number, number]): void {
		const { selectionStart: a, selectionEnd: b, value } = c.input;
		const whole = a === 0 && b === value.length;
		if (right && ((c.column.remark || this.editing || !whole) && !(a === b && (right < 0 ? a === 0 : b === value.length))))
			return;
		e.preventDefault();
		this.range(null, null);
		this.commit(c);
		const next = this.step(c, down, right);
		next?.input.focus({ preventScroll: true });
		next?.td.scrollIntoView({ block: 'nearest', inline: 'nearest' });
	}
	private range(from: Cell | null, to: Cell | null): void {
		this.selected.flat().forEach((x) => x.td.classList.remove('chon'));
		this.selected = [];
		this.anchor = from;
		this.end = to;
		if (!from || !to)
			return;
		for (let r = Math.min(from.row, to.row); r <= Math.max(from.row, to.row); r++) {
			const line: Cell[] = [];
			for (let k = Math.min(from.col, to.col); k <= Math.max(from.col, to.col); k++) {
				const x = this.at(r, k);
				x?.td.classList.add('chon');
				if (x)
					line.push(x);
			}
			this.selected.push(line);
		}
		announce(say(`Đang chọn ${this.selected.length} dòng`, `${this.selected.length} rows chosen`));
	}
	private fill(c: Cell): void {
		if (this.selected.length > 1) {
			const first = this.selected[0]!;
			this.apply(this.selected.slice(1).flatMap((line) => line.map((x): [Cell, string] => [x, first.find((f) => f.col === x.col)?.value ?? ''])), false);
			return;
		}
		const above = this.step(c, -1, 0);
		if (above)
			this.apply([[c, above.value]], false);
	}
	private copy(e: ClipboardEvent): void {
		if (this.selected.flat().length < 2)
			return;
		e.preventDefault();
		e.clipboardData?.setData('text/plain', this.selected.map((line) => line.map((x) => x.value.replace(/[\t\n]/g, ' ')).join('\t')).join('\n'));
		announce(say(`Đã chép ${this.selected.flat().length} ô`, `${this.selected.flat().length} cells copied`));
	}

	/* ---- changes ------------------------------------------------------------------------------------------ */

	private commit(c: Cell): void {
		if (c.column.remark)
			this.expand(c);
		if (c.input.value !== c.value)
			this.apply([[c, c.input.value]], !c.pasted);
		c.pasted = false;
	}
	/* A phrase of the teacher's own by its few keys. */
	private expand(c: Cell): void {
		const typed = c.input.value.trim();
		const found = [...document.querySelectorAll<HTMLOptionElement>('#mau-cau option')].find((o) => o.dataset['phim'] && o.dataset['phim'] === typed);
		if (found)
			c.input.value = found.value;
	}
	/* What stands in the remark joins the teacher's own phrases, and is offered in every cell at once. */
	private async keepPhrase(): Promise<void> {
		const text = this.now?.input.value.trim() ?? '', list = document.querySelector('#mau-cau');
		if (!text || !list)
			this.note.textContent = say('Gõ câu nhận xét trước đã.', 'Type the remark first.');
		else if ([...list.querySelectorAll('option')].some((o) => o.value === text))
			this.note.textContent = say('Câu này đã có trong mẫu câu của bạn.', 'This phrase is among yours already.');
		else
			try {
				await this.ask(this.form.dataset['phrases']!, { text }, crypto.randomUUID());
				list.append(el('option', { value: text }));
				this.note.textContent = say('Đã thêm vào mẫu câu của bạn.', 'Added to your phrases.');
			} catch {
				this.note.textContent = say('Chưa thêm được, thử lại sau.', 'Not added, try again later.');
			}
		announce(this.note.textContent);
	}
	/* Several cells at once are one step of undo. keys: struck one by one, so that 85 is 8,5. */
	apply(list: [Cell, string][], keys: boolean): void {
		const changes = list.map(([cell, text]): Change => ({ cell, from: cell.value, to: this.put(cell, text, keys) })).filter((x) => x.from !== x.to);
		if (changes.length) {
			this.done.push(changes);
			this.undone.length = 0;
		}
		this.settle();
	}
	private put(c: Cell, text: string, keys: boolean): string {
		const r = readCell(text, c.column, this.words, keys);
		c.value = c.input.value = r.ok ? r.shown : text;
		c.other = null;
		if (!r.ok) {
			this.dirty.delete(c);
			this.mark(c, 'loi', r.why);
		} else if (c.value === c.stored) {
			this.dirty.delete(c);
			this.mark(c, '');
		} else {
			this.dirty.add(c);
			this.mark(c, 'cho');
		}
		return c.value;
	}
	private settle(): void {
		this.drawClashes();
		this.say();
		void this.keep();
		if (this.dirty.size)
			this.soon(() => void this.send());
	}
	undo(): void { this.replay(this.done, this.undone, 'from', say('Đã hoàn tác', 'Undone')); }
	redo(): void { this.replay(this.undone, this.done, 'to', say('Đã làm lại', 'Redone')); }
	private replay(take: Change[][], give: Change[][], side: 'from' | 'to', text: string): void {
		const batch = take.pop();
		if (!batch)
			return;
		batch.forEach((x) => this.put(x.cell, x[side], false));
		give.push(batch);
		batch[0]?.cell.input.focus();
		announce(`${text}: ${batch.length}`);
		this.settle();
	}

	/* ---- how a cell looks ------------------------------------------------------------------------------------ */

	private mark(c: Cell, state: string, why = ''): void {
		c.td.classList.remove('cho', 'gui', 'luu', 'loi', 'xung');
		c.td.querySelector('.vi-sao')?.remove();
		c.state = state;
		if (state)
			c.td.classList.add(state);
		if (state === 'xung' && c.other)
			c.td.append(el('small', { class: 'vi-sao' }, say(`trong sổ: ${c.other.value || 'trống'}`, `in the book: ${c.other.value || 'empty'}`)));
		if (state === 'loi') {
			const id = `w-${c.row}-${c.col}`;
			c.input.setAttribute('aria-invalid', 'true');
			c.input.setAttribute('aria-describedby', id);
			c.td.append(el('small', { class: 'vi-sao', id }, why));
			announce(`${this.name(c.row)}, ${c.column.label}: ${why}`);
		} else {
			c.input.removeAttribute('aria-invalid');
			c.input.removeAttribute('aria-describedby');
		}
		this.paint(c);
		this.columns.forEach((_, k) => { const o = this.at(c.row, k); if (o && o !== c && o.td.classList.contains('ngo')) this.paint(o); });
		if (c === this.now)
			this.hint(c);
	}
	private number(c: Cell | undefined): number | null {
		const r = c && !c.column.remark && !c.column.word ? readCell(c.value, c.column, this.words, false) : null;
		return r?.ok ? r.value : null;
	}
	/* Far from the others is said of what was written on this visit, saved or not; what stood there before was seen by somebody. */
	private paint(c: Cell): void {
		const v = this.number(c);
		const others = this.columns.flatMap((_, k) => { const o = k === c.col ? null : this.number(this.at(c.row, k)); return o === null ? [] : [o]; });
		c.td.classList.toggle('thap', v !== null && v < 500);
		c.td.classList.toggle('ngo', v !== null && c.state !== 'loi' && c.value !== c.first && isFar(v, others));
	}
	private far(): number { return [...this.cells.values()].filter((c) => c.td.classList.contains('ngo')).length; }
	say(text = ''): void {
		const wrong = [...this.cells.values()].filter((c) => c.state === 'loi').length, clash = [...this.cells.values()].filter((c) => c.state === 'xung').length;
		const far = this.far();
		const rest = (far ? say(` · ${far} ô xa các điểm khác`, ` · ${far} far from the others`) : '') + (wrong ? say(` · ${wrong} ô sai`, ` · ${wrong} wrong`) : '') + (clash ? say(` · ${clash} ô có người ghi khác`, ` · ${clash} in conflict`) : '');
		const body = text || (this.dirty.size ? say(`Đang lưu ${this.dirty.size} ô…`, `Saving ${this.dirty.size} cells…`) : wrong || clash ? say('Các ô khác đã lưu', 'The other cells are saved')
			: this.unsent ? say(`${this.unsent} ô gõ lần trước chưa gửi`, `${this.unsent} cells typed before are not sent`) : say('Đã lưu hết', 'All saved'));
		this.chip.className = `nhan ${wrong || clash ? 'do' : text || far || this.dirty.size || this.unsent ? 'vang' : 'luc'}`;
		this.bad.hidden = !wrong && !clash;
		if (this.chip.textContent !== body + rest)
			this.chip.textContent = body + rest;
	}

	/* ---- saving ------------------------------------------------------------------------------------------------- */

	private get reason(): string { return (this.form.elements.namedItem('reason') as HTMLInputElement | null)?.value.trim() ?? ''; }
	private needsReason(): boolean { return !!this.form.elements.namedItem('reason') && !this.reason; }

	/* ask: nothing to write, only to hear what others wrote. */
	private async send(ask = false): Promise<void> {
		const cells = [...this.dirty];
		if (this.sending || (!cells.length && !ask))
			return;
		if (cells.length && this.needsReason()) {
			this.say(say('Sổ đã khóa: ghi lý do rồi mới lưu được', 'The book was locked: give a reason to save'));
			return;
		}
		this.sending = true;
		const sent = cells.map((c) => ({ cell: c, to: c.value }));
		cells.forEach((c) => this.mark(c, 'gui'));
		this.say();
		try {
			const answer = await this.post(sent);
			this.wait = 2000;
			this.take(sent, answer);
		} catch (e) {
			cells.forEach((c) => { if (c.state === 'gui') this.mark(c, 'cho'); });
			this.failed(e as Error);
		}
		this.sending = false;
		await this.keep();
		if (this.dirty.size && !this.retrying)
			this.soon(() => void this.send());
	}
	private retrying = false;
	private failed(e: Error): void {
		this.retrying = true;
		if (e.message === '401')
			this.note.replaceChildren(el('a', { href: '/dang-nhap', target: '_blank', rel: 'noopener' }, say('Phiên làm việc đã hết: đăng nhập ở thẻ mới rồi quay lại đây.', 'The session has ended: sign in on a new tab, then come back.')));
		else if (e.message === 'other')
			this.note.textContent = say('Máy này đang đăng nhập tài khoản khác: điểm của bạn giữ nguyên đây, đăng nhập lại tài khoản của bạn thì mới gửi.',
				'Another account is signed in on this device: your marks stay here and are sent once you have signed in again.');
		else if (e.message === '403' || e.message === '404')
			this.note.replaceChildren(el('b', { class: 'sai' }, say('Bạn không còn được ghi sổ này (phân công đã đổi?). Điểm gõ từ lúc ấy chưa vào sổ: chép lại cho người dạy lớp bây giờ trước khi đóng trang.',
				'You may no longer write in this book (has the assignment changed?). What you typed since is not in it: copy it for who teaches the class now before you close the page.')));
		this.say(e.message.startsWith(':') ? e.message.slice(1) : say(`Chưa gửi được ${this.dirty.size} ô, giữ trên máy này`, `${this.dirty.size} cells not sent, kept on this device`));
		setTimeout(() => { this.retrying = false; void this.send(); }, this.wait);
		this.wait = Math.min(this.wait * 2, 60_000);
	}
	guard(): string { return (this.form.elements.namedItem('_csrf') as HTMLInputElement).value; }
	get address(): string { return this.form.action.replace(/\/sheet$/, ''); }
	get term(): string { return (this.form.elements.namedItem('term') as HTMLInputElement).value; }
	async ask(url: string, body: object, key: string, again = false): Promise<unknown> {
		const answer = await fetch(url, { method: 'POST', credentials: 'same-origin', redirect: 'manual', body: JSON.stringify(body),
			headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': this.guard(), ...(key ? { 'Idempotency-Key': key } : {}) } });
		if (answer.ok)
			return answer.json();
		if (!again && (answer.status === 401 || answer.status === 403 || answer.type === 'opaqueredirect')) {
			await this.freshGuard();
			return this.ask(url, body, key, true);
		}
		const told = await answer.json().catch(() => null) as { detail?: string; errors?: { text?: string }[] } | null;
		const text = told?.errors?.[0]?.text ?? told?.detail;
		throw new Error(answer.status === 422 && text ? `:${text}` : String(answer.status));
	}
	/* After signing in again the page's token is of the old session. */
	private async freshGuard(): Promise<void> {
		const [page, user] = await wholePage(location.href);
		const token = page.querySelector<HTMLInputElement>('form[data-gradebook] input[name="_csrf"]');
		if (!token)
			throw new Error(user === this.user ? '403' : '401');
		if (user !== this.user)                              /* marks are sent in the name of whoever typed them, or not at all */
			throw new Error('other');
		(this.form.elements.namedItem('_csrf') as HTMLInputElement).value = token.value;
	}
	private post(sent: { cell: Cell; to: string }[]): Promise<Answer> {
		return this.ask(this.address, { term: this.term, live: true, base: this.base, reason: this.reason,
			cells: sent.map(({ cell, to }) => ({ pupil: Number(cell.pupil), column: cell.column.key, was: cell.stored, to })) }, sent.length ? crypto.randomUUID() : '') as Promise<Answer>;
	}
	private take(sent: { cell: Cell; to: string }[], answer: Answer): void {
		this.base = answer.seq;
		answer.cells.forEach((told, i) => {
			const { cell, to } = sent[i]!;
			if (told.end === 'saved' || told.end === 'same') {
				cell.stored = to;
				if (cell.value === to) {
					this.dirty.delete(cell);
					this.mark(cell, 'luu');
				}
				return;
			}
			this.dirty.delete(cell);
			if (told.end === 'conflict') {
				const r = readCell(told.stored, cell.column, this.words, false);
				cell.other = { value: r.ok ? r.shown : told.stored, who: told.who, at: clock(told.at) };
				this.mark(cell, 'xung');
			} else
				this.mark(cell, 'loi', told.why);
		});
		this.hear(answer);
		this.drawClashes();
		this.say(this.dirty.size || (sent.length && !answer.saved && answer.cells.some((t) => t.end !== 'same')) ? '' : sent.length ? say(`Đã lưu lúc ${clock(new Date().toISOString())}`, `Saved at ${clock(new Date().toISOString())}`) : '');
		if (sent.length && !this.dirty.size && !this.far())
			this.chip.classList.replace('vang', 'luc');
	}
	private hear(answer: Answer): void {
		for (const x of answer.news) {
			const c = this.find(x.pupil, x.column);
			if (!c || this.dirty.has(c) || c.state === 'xung' || c.state === 'loi' || (c === this.now && c.input.value !== c.value) || c.stored === x.shown)
				continue;
			c.first = c.stored = c.value = c.input.value = x.shown;
			this.mark(c, '');
			this.note.textContent = say(`${x.who || 'Người khác'} vừa ghi ${this.name(c.row)} · ${c.column.label}: ${x.shown || 'xóa'}`, `${x.who || 'Somebody'} wrote ${this.name(c.row)} · ${c.column.label}: ${x.shown || 'cleared'}`);
			announce(this.note.textContent);
		}
		for (const r of answer.rows) {
			const td = this.rows.find((tr) => tr.dataset['p'] === String(r.pupil))?.querySelector('.dtb');
			if (td)
				td.textContent = [r.comment && shownWord(r.comment), r.average_shown].filter(Boolean).join(' · ');
		}
	}

	/* ---- two values for one cell -------------------------------------------------------------------------------- */

	/* What another wrote stands, and over it what was typed here, or not. */
	private choose(cells: Cell[], mine: boolean): void {
		for (const c of cells) {
			c.stored = c.other!.value;
			this.put(c, mine ? c.value : c.stored, false);
		}
		this.settle();
		if (this.clashes.hidden)
			cells[cells.length - 1]!.input.focus();
	}
	/* Who is at one of the buttons stays among them when they are drawn anew. */
	private drawClashes(): void {
		const cells = [...this.cells.values()].filter((c) => c.state === 'xung' && c.other);
		const at = [...this.clashes.querySelectorAll('button')].indexOf(document.activeElement as HTMLButtonElement);
		const button = (list: Cell[], mine: boolean, text: string): HTMLElement =>
			el('button', { type: 'button', class: 'nut phu gon', onclick: () => this.choose(list, mine) }, text);
		this.clashes.hidden = !cells.length;
		this.clashes.replaceChildren(el('div', {}, el('h2', {}, say('Có người vừa ghi khác bạn', 'Somebody has just written something else')),
			...(cells.length > 1 ? [el('div', { class: 'hai-gia' }, el('span', {}, say(`${cells.length} ô, chọn từng ô hay cả loạt:`, `${cells.length} cells, one by one or all together:`)),
				button(cells, true, say('Giữ hết của tôi', 'Keep all of mine')), button(cells, false, say('Lấy hết giá trị kia', 'Take all of the others')))] : []),
			...cells.map((c) => {
				const o = c.other!;
				return el('div', { class: 'hai-gia' },
					el('span', {}, el('b', {}, `${this.name(c.row)} · ${c.column.label}`), say(`: bạn gõ “${c.value}”, ${o.who || 'người khác'} đã ghi “${o.value}”${o.at ? ` lúc ${o.at}` : ''}.`,
						`: you typed “${c.value}”, ${o.who || 'somebody'} wrote “${o.value}”${o.at ? ` at ${o.at}` : ''}.`)),
					button([c], true, say(`Giữ của tôi: ${c.value || 'trống'}`, `Keep mine: ${c.value || 'empty'}`)),
					button([c], false, say(`Lấy giá trị kia: ${o.value || 'trống'}`, `Take the other: ${o.value || 'empty'}`)));
			})));
		const left = [...this.clashes.querySelectorAll('button')];
		if (at >= 0 && left.length)
			left[Math.min(at, left.length - 1)]!.focus();
	}

	/* ---- drafts ------------------------------------------------------------------------------------------------- */

	/* What is typed and not in the book stays on this device, with the entry of the ledger its page was made from. The draft is the
	 * book's: another tab's cells in it, and those offered and not answered yet, are left as they are. */
	private kept = new Set<string>();
	private unsent = 0;                                         /* cells of a draft that is offered */
	private async keep(): Promise<void> {
		const id = (v: Typed) => `${v[0]} ${v[1]}`;
		const values = [...this.cells.values()].map((c): Typed => [c.pupil, c.column.key, c.stored, c === this.now ? c.input.value : c.value, this.name(c.row)]).filter((v) => v[2] !== v[3]);
		const before = this.kept, mine = new Set(values.map(id));
		if (!values.length && !before.size)
			return;
		this.kept = mine;
		try {
			if (values.length)
				markFirst();
			await store('readwrite', async (all) => {
				const old = await promisifyRequest(all.get(this.key) as IDBRequest<Draft | undefined>);
				const rest = old && !draftOld(old.at) ? old.values.filter((v) => !before.has(id(v)) && !mine.has(id(v))) : [];
				const draft: Draft = { at: values.length ? Date.now() : old?.at ?? 0, base: rest.length ? Math.min(this.base, old!.base) : this.base, reason: this.reason || (old?.reason ?? ''),
					values: [...rest, ...values], name: document.querySelector('h1')?.textContent ?? '', path: `${new URL(this.address, location.href).pathname}?term=${this.term}` };
				await (draft.values.length ? promisifyRequest(all.put(draft, this.key)) : promisifyRequest(all.delete(this.key)));
			});
		} catch {
			/* a private window without storage */
		}
	}
	private shown([pupil, column]: Typed): string | undefined {
		const tr = this.rows.find((r) => r.dataset['p'] === pupil), at = this.columns.findIndex((c) => c.key === column);
		return (column === 'remark' ? tr?.querySelector('.nx') : tr?.querySelectorAll('td.od')[at])?.textContent?.trim();
	}
	/* Typed and not sent: what its cell still takes can be sent; what it takes no more (locked since, the pupil is gone) is shown, for
	 * it is nowhere else. */
	private async offer(): Promise<void> {
		const old = await get<Draft>(this.key, store).catch(() => undefined);
		if (!old || draftOld(old.at))
			return;
		const left = old.values.filter(([p, k, , to]) => { const c = this.find(p, k); return c && c.value !== to; });
		const lost = old.values.filter((v) => !this.find(v[0], v[1]) && this.shown(v) !== v[3]);
		const forget = (what: Typed[]) => { what.forEach((v) => this.kept.add(`${v[0]} ${v[1]}`)); void this.keep(); };
		const when = moment(old.at);
		const tell = (kind: string, inside: Node[], ...buttons: Node[]) => {
			const bar = el('div', { class: `bao ${kind}`, role: 'status' }, icon('history'), el('div', {}, ...inside), ...buttons);
			this.form.before(bar);
			return bar;
		};
		const drop = (bar: () => HTMLElement, what: Typed[]) => el('button', { type: 'button', class: 'nut phu gon', onclick: () => { bar().remove(); this.unsent -= what.length; forget(what); this.say(); } }, say('Bỏ', 'Discard'));
		forget(old.values.filter((v) => !left.includes(v) && !lost.includes(v)));
		this.unsent = left.length + lost.length;
		this.say();
		if (left.length) {
			const bar: HTMLElement = tell('lam', [el('p', {}, say(`Có ${left.length} ô gõ lúc ${when} chưa gửi lên sổ, còn giữ trên máy này.`, `${left.length} cells typed at ${when} were not sent; they are kept on this device.`))],
				el('button', { type: 'button', class: 'nut phu gon', onclick: () => { bar.remove(); this.unsent -= left.length; this.resume(old, left); } }, say('Điền và gửi', 'Fill in and send')), drop(() => bar, left));
		}
		if (lost.length) {
			const bar: HTMLElement = tell('vang', [el('p', {}, say(`${lost.length} ô gõ lúc ${when} chưa gửi mà nay không ghi vào sổ được nữa: cột đã khóa, hoặc em không còn ở lớp. Máy này giữ một tuần; được mở sổ rồi thì mở lại trang này để gửi.`,
				`${lost.length} cells typed at ${when} were not sent and cannot be written any more: the column is locked, or the pupil is not in the class. They stay on this device for a week; once the book is reopened, open this page again to send them.`)),
				el('ul', { class: 'm nho' }, ...lost.map((v) => el('li', {}, `${v[4] || this.name(this.rows.findIndex((r) => r.dataset['p'] === v[0])) || say('học sinh không còn ở lớp', 'a pupil who left')} · `
					+ `${this.columns.find((c) => c.key === v[1])?.label ?? v[1].toUpperCase()}: `, el('b', {}, v[3] || say('xóa', 'cleared')))))], drop(() => bar, lost));
		}
	}
	private resume(old: Draft, left: Typed[]): void {
		this.base = Math.min(this.base, old.base);
		const list: [Cell, string][] = [];
		for (const [pupil, column, was, to] of left) {
			const c = this.find(pupil, column);
			if (!c)
				continue;
			c.stored = was;
			list.push([c, to]);
		}
		const reason = this.form.elements.namedItem('reason') as HTMLInputElement | null;
		if (reason && !reason.value)
			reason.value = old.reason;
		this.apply(list, false);
	}

	/* ---- history -------------------------------------------------------------------------------------------------- */

	private history(pupil = this.now?.pupil, column = this.now?.column.key): void {
		if (!pupil || !column)
			return;
		const link = `${this.address}/history?term=${this.term}&pupil=${pupil}&column=${column}`;
		const back = this.now?.input;
		void fragment(link).then((page) => {
			const inside = page.querySelector('main');
			const h1 = inside?.querySelector('h1');
			if (!inside || !h1)
				throw new Error('no history');
			const body = el('div', { class: 'hop-than' }, ...[...inside.children].filter((x) => !x.matches('nav, .dt, .bao')));
			const dialog = el('dialog', { class: 'hop rong', 'aria-labelledby': 'hop-ls' }, el('div', { class: 'hop-dau' }, el('h2', { id: 'hop-ls' }, `${h1.textContent} · ${column.toUpperCase()}`),
				el('button', { type: 'button', class: 'nut-dong', 'aria-label': say('Đóng', 'Close'), onclick: () => dialog.close() }, icon('x'))), body);
			dialog.addEventListener('close', () => { dialog.remove(); back?.focus(); });
			document.body.append(dialog);
			dialog.showModal();
		}).catch(() => { location.href = link; });
	}
}

export function gradebook(form: HTMLFormElement, user: string): void {
	new Grid(form, user);
}
