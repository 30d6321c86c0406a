/* <vn-chon data-href>: choose one row by typing. The server suggests; the chosen id goes into the hidden input. What is
 * typed is never completed in the box itself. Without this script the server reads the typed text. */
import { announce, fragment, later, say } from './common';

class Chon extends HTMLElement {
	connectedCallback(): void {
		const hidden = this.querySelector<HTMLInputElement>('input[type="hidden"]');
		const input = this.querySelector<HTMLInputElement>('input[role="combobox"]');
		const list = this.querySelector<HTMLElement>('.ds');
		const href = this.dataset['href'];
		if (!hidden || !input || !list || !href || input.readOnly || input.disabled)
			return;
		const wait = later(160);
		let current: AbortController | undefined, at = -1, chosenText = input.value;

		/* The browser's way back restores neither what is hidden nor what it must not complete: this entry of its history
		 * remembers the choice. */
		const mine = `chon-${input.id}`, kept = (history.state as Record<string, [string, string] | undefined> | null)?.[mine];
		const remember = (chosen?: [string, string]) => history.replaceState({ ...history.state as object, [mine]: chosen }, '');
		if (kept && !hidden.value && (!input.value || input.value === kept[1])) {
			hidden.value = kept[0];
			input.value = chosenText = kept[1];
		} else if (hidden.value)
			remember([hidden.value, input.value]);
		/* a draft that was put back */
		input.form?.addEventListener('filled', () => {
			chosenText = input.value;
			remember(hidden.value ? [hidden.value, chosenText] : undefined);
		});

		const options = () => [...list.querySelectorAll<HTMLElement>('[role="option"]')];
		const close = () => {
			list.hidden = true;
			at = -1;
			input.setAttribute('aria-expanded', 'false');
			input.removeAttribute('aria-activedescendant');
		};
		const mark = (i: number) => {
			const all = options();
			at = i;
			all.forEach((o, n) => o.setAttribute('aria-selected', String(n === i)));
			if (all[i]) {
				all[i]!.id ||= `${input.id}-o${i}`;
				input.setAttribute('aria-activedescendant', all[i]!.id);
				all[i]!.scrollIntoView({ block: 'nearest' });
			} else
				input.removeAttribute('aria-activedescendant');
		};
		const take = (o: HTMLElement) => {
			hidden.value = o.dataset['value'] ?? '';
			input.value = chosenText = (o.dataset['text'] ?? o.textContent ?? '').trim();
			remember([hidden.value, chosenText]);
			close();
			hidden.dispatchEvent(new Event('change', { bubbles: true }));
		};
		const look = async () => {
			current?.abort();
			current = new AbortController();
			try {
				const url = new URL(href, location.href);
				url.searchParams.set('q', input.value.trim());
				const piece = await fragment(url.href, current.signal);
				list.replaceChildren(piece);
				const box = list.querySelector('[role="listbox"]');
				box?.setAttribute('aria-label', document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent?.trim() ?? say('Gợi ý', 'Suggestions'));
				if (box && !options().length)
					box.remove();
				list.hidden = false;
				input.setAttribute('aria-expanded', 'true');
				mark(-1);
				announce(say(`${options().length} gợi ý`, `${options().length} suggestions`));
			} catch (e) {
				if ((e as Error).name !== 'AbortError')
					close();
			}
		};
		input.addEventListener('input', () => {
			if (input.value !== chosenText && hidden.value) {
				hidden.value = '';
				remember();
			}
			wait(look);
		});
		input.addEventListener('keydown', (e) => {
			const n = options().length;
			if (e.isComposing)
				return;
			if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
				e.preventDefault();
				if (list.hidden)
					void look();
				else if (n)
					mark((at + (e.key === 'ArrowDown' ? 1 : n - 1) + (at < 0 && e.key === 'ArrowUp' ? 1 : 0) + n) % n);
			} else if (e.key === 'Enter' && !list.hidden && at >= 0) {
				e.preventDefault();
				take(options()[at]!);
			} else if (e.key === 'Escape' && !list.hidden) {
				e.preventDefault();
				e.stopPropagation();
				close();
			}
		});
		list.addEventListener('pointerdown', (e) => e.preventDefault());
		list.addEventListener('click', (e) => {
			const o = (e.target as HTMLElement).closest<HTMLElement>('[role="option"]');
			if (o)
				take(o);
		});
		input.addEventListener('blur', close);
	}
}
customElements.define('vn-chon', Chon);
