/* The command palette: Ctrl K or "/" opens it, the server searches, arrows walk, Enter goes. The search form underneath
 * works without it. Completion never writes into the box: an input method's backspace would eat the wrong letters. */
import { el, fragment, icon, later, say } from './common';

let box: HTMLDialogElement | undefined;

export function openPalette(from: HTMLInputElement): void {
	box ??= build(from.dataset['palette'] ?? '/tim');
	const input = box.querySelector('input')!;
	input.value = from.value;
	if (!box.open)
		box.showModal();
	input.focus();
	if (input.value)
		input.dispatchEvent(new Event('input'));
}

function hint(): HTMLElement {
	return el('p', { class: 'goi' }, say('Gõ tên, tên viết tắt (nva), mã hoặc tên chức năng. Không cần gõ dấu.',
		'Type a name, initials (nva), a code or a function. Marks are not needed.'));
}

function build(address: string): HTMLDialogElement {
	const title = say('Tìm nhanh', 'Quick search');
	const found = el('div', { class: 'lenh-kq', id: 'lenh-kq' }, hint());
	const input = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', 'aria-label': title, 'aria-controls': 'lenh-kq', name: 'q',
		placeholder: say('Tìm học sinh, lớp, chức năng…', 'Find pupils, classes, functions…') });
	const form = el('form', { class: 'lenh-o', role: 'search', action: address, method: 'get' }, icon('search'), input,
		el('button', { type: 'button', class: 'nut-dong', 'aria-label': say('Đóng', 'Close'), onclick: () => dialog.close() }, icon('x')));
	const keys = el('div', { class: 'lenh-phim', 'aria-hidden': 'true' });
	for (const [key, what] of [['↑ ↓', say('chọn', 'choose')], ['Enter', say('mở', 'open')], ['Esc', say('đóng', 'close')]] as const)
		keys.append(el('span', {}, el('kbd', { class: 'phim' }, key), ' ' + what));
	const dialog = el('dialog', { class: 'hop', 'aria-label': title }, form, found, keys);
	const wait = later(140);
	let current: AbortController | undefined;

	const links = () => [...found.querySelectorAll<HTMLAnchorElement>('a[href]')];
	const chosen = () => links().findIndex((a) => a.getAttribute('aria-selected') === 'true');
	const choose = (i: number) => {
		const all = links();
		all.forEach((a, n) => { if (n === i) a.setAttribute('aria-selected', 'true'); else a.removeAttribute('aria-selected'); });
		all[i]?.scrollIntoView({ block: 'nearest' });
	};
	const look = async () => {
		const q = input.value.trim();
		current?.abort();
		if (!q) {
			found.replaceChildren(hint());
			return;
		}
		current = new AbortController();
		try {
			const piece = await fragment(`${address}?q=${encodeURIComponent(q)}`, current.signal);
			found.replaceChildren(piece.querySelector('.bang-lenh') ?? piece);
			choose(0);
		} catch (e) {
			if ((e as Error).name !== 'AbortError')
				found.replaceChildren(el('p', { class: 'goi', role: 'alert' },
					say('Chưa tìm được: mất mạng hoặc máy chủ bận. Nhấn Enter để mở trang tìm kiếm.', 'Search failed: no network or a busy server. Press Enter for the search page.')));
		}
	};
	input.addEventListener('input', () => wait(look));
	dialog.addEventListener('keydown', (e) => {
		const n = links().length;
		if ((e.key === 'ArrowDown' || e.key === 'ArrowUp') && n) {
			e.preventDefault();
			choose((chosen() + (e.key === 'ArrowDown' ? 1 : n - 1) + n) % n);
			input.focus();
		}
	});
	form.addEventListener('submit', (e) => {
		const a = links()[chosen()];
		if (a) {
			e.preventDefault();
			location.href = a.href;
		}
	});
	dialog.addEventListener('click', (e) => { if (e.target === dialog) dialog.close(); });
	document.body.append(dialog);
	return dialog;
}
