/* <vn-ngay>: a date as people write it. 5/9/14, 5-9-2014, 05092014 and 5.9.14 become 05/09/2014 on leaving the box; a button
 * opens the browser's own picker. What cannot be read stays as typed: the server says what is wrong. */
import { el, icon, say } from './common';

const two = (n: number): string => String(n).padStart(2, '0');

/* dd/mm/yyyy, or null when the text is not a date. Years of two digits: up to 20 years ahead, else the last century. */
export function readDay(text: string, thisYear: number): string | null {
	const t = text.trim();
	const m = /^(\d{1,2})[/\-. ](\d{1,2})[/\-. ](\d{4}|\d{2})$/.exec(t) ?? /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(t);
	if (!m)
		return null;
	const d = Number(m[1]), mo = Number(m[2]);
	let y = Number(m[3]);
	if (m[3]!.length === 2)
		y += y + 2000 > thisYear + 20 ? 1900 : 2000;
	const day = new Date(Date.UTC(y, mo - 1, d));
	return day.getUTCMonth() === mo - 1 && day.getUTCDate() === d ? `${two(d)}/${two(mo)}/${y}` : null;
}

class Ngay extends HTMLElement {
	connectedCallback(): void {
		const input = this.querySelector('input');
		if (!input || input.readOnly || input.disabled || this.querySelector('button'))
			return;
		const native = el('input', { type: 'date', tabindex: '-1', 'aria-hidden': 'true' });
		const label = document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent?.trim() ?? '';
		const button = el('button', { type: 'button', 'aria-label': `${say('Chọn ngày trên lịch', 'Choose on a calendar')}: ${label}` }, icon('calendar'));

		input.addEventListener('change', () => {
			const day = readDay(input.value, new Date().getFullYear());
			if (day)
				input.value = day;
		});
		button.addEventListener('click', () => {
			const m = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(readDay(input.value, new Date().getFullYear()) ?? '');
			native.value = m ? `${m[3]}-${m[2]}-${m[1]}` : '';
			try {
				native.showPicker();
			} catch {
				input.focus();
			}
		});
		native.addEventListener('change', () => {
			const [y, m, d] = native.value.split('-');
			input.value = d ? `${d}/${m}/${y}` : '';
			input.dispatchEvent(new Event('input', { bubbles: true }));
			input.focus();
		});
		this.append(button, native);
	}
}
customElements.define('vn-ngay', Ngay);
