/* One's own account: the second factor, its recovery codes, where one is signed in, lending a seat. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';

const codeAt = (key, ms) => execFileSync('oathtool', ['--totp', '--base32', key.replace(/\s/g, ''), '--now', new Date(ms).toISOString().replace('T', ' ').replace(/\..*/, ' UTC')], { encoding: 'utf8' }).trim();

async function toCode(p, login) {
	await p.go('/dang-nhap');
	await p.page.fill('#f-login', login);
	await p.page.fill('#f-password', p.server.password(login));
	await p.follow(p.page.locator('main button.nut').first());
	await p.page.locator('#f-code').waitFor();
}
async function answer(p, code) {
	await p.page.fill('#f-code', code);
	await p.follow(p.page.locator('main button.nut').first());
}
const inside = (p) => !p.page.url().includes('/dang-nhap');

export default {
	'second-factor': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('ketoan');
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('main').getByRole('link', { name: 'Xác thực hai bước' }));
			await p.shot('scan');
			const key = await p.page.locator('.ma').innerText(), began = Date.now();
			await answer(p, '000000');
			await p.text(/Mã không đúng/);
			await p.shot('wrong-code');
			assert.equal(await p.page.locator('.ma').innerText(), key, 'a mistyped code does not ask for another scan');
			await answer(p, codeAt(key, began));
			await p.text(/Đã bật xác thực hai bước/);
			const codes = await p.page.locator('li.ma').allInnerTexts();
			assert.equal(codes.length, 10);
			await p.shot('recovery-codes');

			const away = await p.beside();
			await toCode(away, 'ketoan');
			await away.shot('ask-code');
			await answer(away, codeAt(key, began));
			assert.ok(!inside(away), 'a code that was used is refused');
			await away.text(/không đúng/i);
			await away.shot('replayed');
			await answer(away, codeAt(key, began + 30_000));
			assert.ok(inside(away), 'the next code is taken');
			const home = await p.beside();
			await toCode(home, 'ketoan');
			await answer(home, codes[3]);
			assert.ok(inside(home), 'a recovery code is taken');
			await home.go('/tai-khoan');
			await home.text(/mã dự phòng còn lại: 9/);
			await home.shot('nine-left');
			const thief = await p.beside();
			await toCode(thief, 'ketoan');
			await answer(thief, codes[3]);
			assert.ok(!inside(thief), 'a recovery code works once');

			await home.go('/tai-khoan/xac-thuc');
			await home.page.fill('#f-password', p.server.password('ketoan'));
			await home.follow(home.page.locator('main form button.nut').first());
			await home.text(/Đã tắt xác thực hai bước|chưa bật/);
		},
	},
	sessions: {
		on: [['desktop', true], ['phone', true], ['phone', false]],
		async run(p) {
			const old = await p.beside('truongphong');
			await p.signIn('truongphong');
			await p.go('/tai-khoan');
			const rows = p.page.locator('tbody tr');
			assert.ok(await rows.count() >= 2, 'both sessions are listed');
			await p.text(/phiên này/);
			await p.shot('list');
			await p.follow(p.page.getByRole('button', { name: 'Kết thúc mọi phiên khác' }));
			assert.equal(await p.page.locator('tbody tr').count(), 1);
			await old.page.goto(p.server.url + '/tai-khoan');
			assert.ok(old.page.url().includes('/dang-nhap') || await old.page.locator('#f-password').count(), 'the other browser is signed out');
			await old.shot('signed-out');
		},
	},
	delegation: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const day = new Date(Date.now() + 5 * 86400_000), until = [day.getDate(), day.getMonth() + 1, day.getFullYear()].map((n) => String(n).padStart(2, '0')).join('/');
			await p.signIn('ht.thpt-le-quy-don');
			await p.go('/tai-khoan');
			await p.follow(p.page.getByRole('main').getByRole('link', { name: 'Ủy quyền' }));
			await p.page.fill('#f-login', 'khong-ai-ca');
			await p.page.fill('#f-until', until);
			await p.page.fill('#f-reason', 'Đi công tác');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Ủy quyền' }));
			await p.text(/Không có tài khoản đang dùng nào/);
			assert.equal(await p.page.inputValue('#f-reason'), 'Đi công tác');
			await p.shot('refused');
			await p.page.fill('#f-login', 'gv.thpt-le-quy-don');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Ủy quyền' }));
			await p.text(/Giáo vụ[^]*sẽ xem và làm được mọi việc của vai trò Hiệu trưởng/);
			await p.shot('asked');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Ủy quyền cho' }));
			await p.text(/Đang ủy quyền/);
			await p.shot('lent');
			const borrower = await p.beside('gv.thpt-le-quy-don');
			await borrower.go('/tai-khoan');
			await borrower.text(/được ủy quyền/);
			await borrower.text(/Hiệu trưởng/);
			await borrower.shot('borrowed');
			await p.follow(p.page.getByRole('button', { name: 'Lấy lại' }).first());
			await p.text(/Chưa có ủy quyền nào đang có hiệu lực/);
			assert.ok(p.page.url().endsWith('/tai-khoan/uy-quyen'), 'the lender stays on the page of the loans');
			await borrower.go('/tai-khoan');
			assert.ok(!/được ủy quyền/.test(await borrower.page.locator('main').innerText()), 'what is taken back is gone at once');
		},
	},
};
