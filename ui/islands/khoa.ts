/* <form data-passkey>: asks the browser for a passkey and sends what it answers in the form's own fields. Without it, or
 * where there are no passkeys, the form stays hidden and the six digits do. */
import { el, say } from './common';

const bytes = (text: string): Uint8Array<ArrayBuffer> => {
	const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
	return Uint8Array.from(plain, (c) => c.charCodeAt(0));
};
const text = (buffer: ArrayBuffer): string =>
	btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const keys = (form: HTMLFormElement): PublicKeyCredentialDescriptor[] =>
	(form.dataset['keys'] ?? '').split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: bytes(id) }));

async function make(form: HTMLFormElement): Promise<Record<string, string>> {
	const made = await navigator.credentials.create({ publicKey: {
		challenge: bytes(form.dataset['challenge'] ?? ''), rp: { name: 'Khuê' }, attestation: 'none', timeout: 120_000,
		user: { id: bytes(form.dataset['handle'] ?? ''), name: form.dataset['login'] ?? '', displayName: form.dataset['name'] ?? '' },
		pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })), excludeCredentials: keys(form),
		authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' } } }) as PublicKeyCredential;
	const answer = made.response as AuthenticatorAttestationResponse;
	return { client: text(answer.clientDataJSON), object: text(answer.attestationObject) };
}

async function show(form: HTMLFormElement): Promise<Record<string, string>> {
	const allowed = keys(form);
	const shown = await navigator.credentials.get({ publicKey: {
		challenge: bytes(form.dataset['challenge'] ?? ''), allowCredentials: allowed, timeout: 120_000,
		userVerification: allowed.length ? 'preferred' : 'required' } }) as PublicKeyCredential;
	const answer = shown.response as AuthenticatorAssertionResponse;
	return { key: text(shown.rawId), client: text(answer.clientDataJSON), data: text(answer.authenticatorData),
		sign: text(answer.signature), handle: answer.userHandle ? text(answer.userHandle) : '' };
}

function refused(form: HTMLFormElement, fault: unknown): void {
	const name = fault instanceof Error ? fault.name : '';
	const why = name === 'InvalidStateError' ? say('Khóa này đã được thêm rồi.', 'This key was added before.') :
		name === 'NotAllowedError' ? say('Chưa dùng được khóa: đã hủy, quá lâu, hoặc không có khóa phù hợp.', 'No key was used: cancelled, too late, or none fits.') :
		say('Trình duyệt không dùng được khóa ở trang này.', 'The browser cannot use a key on this page.');
	form.querySelector('.loi-khoa')?.remove();
	form.append(el('p', { class: 'loi loi-khoa', role: 'alert' }, why));
}

export function passkey(form: HTMLFormElement): void {
	/* a key belongs to a name: not to a bare address */
	if (!window.PublicKeyCredential || /^[\d.]+$|[:[]/.test(location.hostname))
		return;
	form.hidden = false;
	form.parentElement?.querySelector('[data-passkey-none]')?.remove();
	let ready = false, busy = false;
	form.addEventListener('submit', (e) => {
		if (ready)
			return;
		e.preventDefault();
		if (busy)
			return;
		busy = true;
		(form.dataset['passkey'] === 'create' ? make : show)(form).then((answer) => {
			for (const [name, value] of Object.entries(answer))
				(form.elements.namedItem(name) as HTMLInputElement).value = value;
			ready = true;
			form.requestSubmit();
		}).catch((fault: unknown) => refused(form, fault)).finally(() => { busy = false; });
	});
}
