/* The school's keeper of accounts: a forgotten password, and seeing what somebody else sees, with a reason and a banner. */
import { strict as assert } from 'node:assert';

async function openAccount(p, login) {
	await p.go('/account?q=' + login);
	await p.follow(p.page.locator('tbody th a').first());
}

export default {
	'password-reset': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const fresh = `Thuvien-moi-${p.turn}-2026`;
			await p.signIn('tinhoc');
			await openAccount(p, 'thuvien');
			await p.shot('account');
			await p.follow(p.link('Cấp lại mật khẩu'));
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Cấp lại mật khẩu' }));
			const code = (await p.page.locator('#code').innerText()).trim();
			assert.ok(code.length >= 8);
			await p.shot('code');
			const owner = await p.beside();
			await owner.signIn('thuvien', code);
			await owner.text(/Hãy đặt mật khẩu của riêng bạn/);
			await owner.go('/school_class');
			assert.ok(owner.page.url().includes('/tai-khoan/mat-khau'), 'nothing else before the new password');
			await owner.page.fill('#f-old', code);
			await owner.page.fill('#f-fresh', 'ngan');
			await owner.page.fill('#f-again', 'ngan');
			await owner.follow(owner.page.getByRole('main').getByRole('button', { name: 'Đổi mật khẩu' }));
			await owner.text(/Chưa lưu được/);
			await owner.shot('too-short');
			await owner.page.fill('#f-old', code);
			await owner.page.fill('#f-fresh', fresh);
			await owner.page.fill('#f-again', fresh);
			await owner.follow(owner.page.getByRole('main').getByRole('button', { name: 'Đổi mật khẩu' }));
			const again = await p.beside();
			await again.signIn('thuvien', fresh);
			const thief = await p.beside();
			await thief.go('/dang-nhap');
			await thief.page.fill('#f-login', 'thuvien');
			await thief.page.fill('#f-password', code);
			await thief.follow(thief.page.locator('main button.nut').first());
			assert.ok(thief.page.url().includes('/dang-nhap'), 'the code worked once');
			await thief.shot('refused');
			assert.equal((await p.json('/account?q=gv.thcs-hoa-hung')).items.length, 0, 'the keeper of one school sees no account of another');
		},
	},
	impersonation: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('tinhoc');
			await openAccount(p, 'giaovien');
			const id = p.id();
			await p.follow(p.link('Đóng vai'));
			await p.page.fill('#f-reason', 'xem');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đóng vai' }));
			await p.text(/ít nhất 10 ký tự/);
			await p.shot('reason-needed');
			await p.page.fill('#f-reason', `Cô báo không thấy lớp được phân công, lần ${p.turn}`);
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Đóng vai' }));
			const stop = p.page.getByRole('button', { name: 'Thôi đóng vai' });
			await stop.waitFor();
			await p.shot('acting');
			await p.go('/attendance');
			assert.ok(await stop.isVisible(), 'the banner stays on every page');
			await p.go('/tai-khoan/mat-khau', 403);
			await p.shot('not-the-password');
			await p.go('/attendance');
			await p.follow(stop);
			assert.equal(await stop.count(), 0);
			await p.go(`/account/${id}/history`);
			await p.text(new RegExp(`Cô báo không thấy lớp được phân công, lần ${p.turn}`));
			await p.shot('log');
			const teacher = await p.beside('giaovien');
			await teacher.go('/thong-bao');
			await teacher.text(/đã đóng vai bạn/);
			await teacher.shot('told');
		},
	},
};
