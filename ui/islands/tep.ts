/* <vn-tep>: a file input one can drop a file on; says the file's name and size and refuses at once what is too large. */
import { announce, el, say } from './common';

const size = (n: number): string => (n < 1024 * 1024 ? `${Math.ceil(n / 1024)} KB` : `${(n / 1024 / 1024).toFixed(1).replace('.', ',')} MB`);

class Tep extends HTMLElement {
	connectedCallback(): void {
		const input = this.querySelector<HTMLInputElement>('input[type="file"]');
		if (!input)
			return;
		const max = Number(this.dataset['max'] ?? 0);
		const note = el('p', { class: 'nho nhat' });

		const check = () => {
			const file = input.files?.[0];
			const tooLarge = !!file && max > 0 && file.size > max;
			note.textContent = file ? `${file.name}, ${size(file.size)}` : '';
			note.className = tooLarge ? 'loi' : 'nho nhat';
			if (tooLarge)
				note.textContent += say(`. Tệp lớn hơn ${size(max)}: chia nhỏ rồi tải lại.`, `. The file is above ${size(max)}: split it and try again.`);
			input.setCustomValidity(tooLarge ? note.textContent ?? '' : '');
			announce(note.textContent ?? '');
		};
		input.addEventListener('change', check);
		this.addEventListener('dragover', (e) => { e.preventDefault(); this.classList.add('keo'); });
		this.addEventListener('dragleave', () => this.classList.remove('keo'));
		this.addEventListener('drop', (e) => {
			e.preventDefault();
			this.classList.remove('keo');
			if (e.dataTransfer?.files.length) {
				input.files = e.dataTransfer.files;
				check();
			}
		});
		this.append(note);
	}
}
customElements.define('vn-tep', Tep);
