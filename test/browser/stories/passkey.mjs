/* Passkeys with Chromium's virtual authenticator: added, used alone, used as the second step, given up; and a device that
 * is remembered. Keys belong to names, so this story goes to localhost, not to 127.0.0.1. */
import { strict as assert } from 'node:assert';

const named = (p) => { p.server = { ...p.server, url: p.server.url.replace('127.0.0.1', 'localhost') }; };
const door = (p) => p.page.locator('form[data-passkey="get"] button');
const inside = (p) => !p.page.url().includes('/dang-nhap');

async function authenticator(p, verified = true) {
	const cdp = await p.context.newCDPSession(p.page);
	await cdp.send('WebAuthn.enable');
	const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal',
		hasResidentKey: true, hasUserVerification: true, isUserVerified: verified, automaticPresenceSimulation: true } });
	return { cdp, authenticatorId };
}
async function password(p, login) {
	await p.go('/dang-nhap');
	await p.page.fill('#f-login', login);
	await p.page.fill('#f-password', p.server.password(login));
	await p.follow(p.page.locator('main button.nut').first());
}

export default {
	passkey: {
		on: [['desktop', true], ['phone', true]],
		async run(p) {
			const login = p.turn ? 'thanhtra' : 'vanthu.so';
			named(p);
			const key = await authenticator(p);
			await p.signIn(login);
			await p.go('/tai-khoan/khoa-truy-cap');
			await p.shot('none-yet');
			await p.page.fill('#f-label', 'Điện thoại của tôi');
			await p.page.fill('#f-password', p.server.password(login));
			await p.follow(p.button('Thêm khóa truy cập'));
			await p.text(/Đã thêm khóa truy cập/);
			assert.equal(await p.page.locator('li.ma').count(), 10);
			await p.shot('added');
			await p.go('/tai-khoan/khoa-truy-cap');
			await p.text(/Điện thoại của tôi/);
			await p.shot('listed');
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đăng xuất' }));

			await p.go('/dang-nhap');
			await p.shot('door');
			await p.follow(door(p));
			assert.ok(inside(p), 'the key alone signs in');
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đăng xuất' }));

			await password(p, login);
			await p.shot('second-step');
			await p.page.check('#k-trust');
			await p.follow(door(p));
			assert.ok(inside(p), 'the key is the second step');
			await p.go('/tai-khoan');
			await p.text(/Thiết bị được nhớ/);
			await p.shot('remembered');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đăng xuất' }));
			await password(p, login);
			assert.ok(inside(p), 'a remembered device asks for the password only');
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('button', { name: 'Thôi nhớ' }));
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đăng xuất' }));
			await password(p, login);
			assert.ok(!inside(p), 'forgotten, it asks again');

			const { credentials } = await key.cdp.send('WebAuthn.getCredentials', { authenticatorId: key.authenticatorId });
			assert.equal(credentials.length, 1);
			await p.follow(door(p));
			await p.go('/tai-khoan/khoa-truy-cap');
			await p.page.locator('form[action$="/bo"] input[type=password]').fill(p.server.password(login));
			await p.follow(p.button('Bỏ khóa này'));
			await p.text(/Đã bỏ khóa truy cập/);
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đăng xuất' }));
			await p.go('/dang-nhap');
			await p.follow(door(p));
			assert.ok(!inside(p), 'a key that was given up opens nothing');
			await p.text(/không được chấp nhận/);
		},
	},
	'passkey-without-script': {
		on: [['phone', false]],
		async run(p) {
			await p.go('/dang-nhap');
			assert.equal(await door(p).isVisible(), false, 'no dead button');
			await p.signIn('truongphong');
			await p.go('/tai-khoan/khoa-truy-cap');
			await p.text(/không dùng được khóa truy cập/);
			await p.follow(p.page.getByRole('main').getByRole('link', { name: 'Xác thực hai bước' }));
			await p.page.locator('#f-code').waitFor();
		},
	},
};
