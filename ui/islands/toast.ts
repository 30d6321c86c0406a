/* The message of the last page becomes a toast: ten seconds, longer while somebody points at it or is in it. */
import { el, icon, say } from './common';

export function toast(note: HTMLElement): void {
	let timer = 0;
	const gone = () => note.remove();
	const start = () => { timer = window.setTimeout(gone, 10_000); };
	const stop = () => clearTimeout(timer);

	note.classList.remove('luc', 'noi');
	note.classList.add('toast');
	note.append(el('button', { type: 'button', class: 'dong-lai', 'aria-label': say('Đóng', 'Close'), onclick: gone }, icon('x')));
	note.addEventListener('pointerenter', stop);
	note.addEventListener('pointerleave', start);
	note.addEventListener('focusin', stop);
	note.addEventListener('focusout', start);
	document.body.append(note);
	start();
}
