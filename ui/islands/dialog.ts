/* The organisation and term switcher as a dialog: the page of its link, shown in place. Without it the link opens the page. */
import { el, fragment, icon, later, say } from './common';

export async function openSwitcher(link: HTMLAnchorElement): Promise<void> {
	const body = el('div', { class: 'hop-than' });
	const heading = el('h2', { id: 'hop-t' }, say('Chọn đơn vị và học kì', 'Choose a unit and a term'));
	const dialog = el('dialog', { class: 'hop', 'aria-labelledby': 'hop-t' },
		el('div', { class: 'hop-dau' }, heading,
			el('button', { type: 'button', class: 'nut-dong', 'aria-label': say('Đóng', 'Close'), onclick: () => dialog.close() }, icon('x'))), body);
	const show = async (url: string) => {
		const piece = await fragment(url);
		const inner = piece.querySelector('#ngu-canh') ?? piece.querySelector('main');
		if (!inner)
			throw new Error('no switcher');
		inner.removeAttribute('id');
		inner.querySelector('h1')?.remove();
		const typed = body.querySelector<HTMLInputElement>('input[name="q"]');
		const at = typed?.selectionStart ?? null;
		body.replaceChildren(inner);
		const form = body.querySelector('form');
		const input = form?.querySelector<HTMLInputElement>('input[name="q"]');
		if (!form || !input)
			return;
		if (typed) {
			input.focus();
			input.setSelectionRange(at, at);
		}
		const wait = later(220);
		const again = () => {
			const next = new URL(link.href);
			next.searchParams.set('q', input.value);
			void show(next.href).catch(() => form.submit());
		};
		form.action = link.href;
		input.addEventListener('input', () => wait(again));
		form.addEventListener('submit', (e) => { e.preventDefault(); again(); });
	};
	try {
		await show(link.href);
	} catch {
		location.href = link.href;
		return;
	}
	document.body.append(dialog);
	dialog.addEventListener('close', () => { dialog.remove(); link.focus(); });
	dialog.addEventListener('click', (e) => { if (e.target === dialog) dialog.close(); });
	dialog.showModal();
}
