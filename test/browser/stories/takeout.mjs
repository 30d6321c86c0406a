/* Many records leave only when a second person agrees: the clerk asks, the principal agrees, the clerk makes the file. */
import { strict as assert } from 'node:assert';

export default {
	takeout: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/person');
			await p.follow(p.page.locator('p.xuat a', { hasText: 'CSV' }));
			await p.text(/cần người thứ hai duyệt/);
			await p.shot('ask');
			await p.page.fill('#f-reason', 'ít');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Gửi đề nghị' }));
			await p.text(/ít nhất 10 ký tự/);
			assert.equal(await p.page.inputValue('#f-reason'), 'ít');
			await p.shot('reason-needed');
			await p.page.fill('#f-reason', `Nộp báo cáo đầu năm cho Sở, lần ${p.turn}`);
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Gửi đề nghị' }));
			await p.text(/Chờ duyệt/);
			const place = `/takeout/${p.id()}`;
			const head = await p.beside('hieutruong');
			await head.go('/thong-bao');
			await head.text(/xin xuất/);
			await head.go(place);
			await head.shot('decide');
			await head.step('Duyệt', { why: 'Đúng việc' });
			await head.text(/Đã duyệt/);
			await p.go(place);
			await p.step('Lấy tệp');
			assert.ok(p.page.url().includes('/viec/'));
			for (let i = 0; i < 60 && !(await p.page.locator('a[href^="/tep/"]').count()); i++) {
				await p.page.waitForTimeout(300);
				await p.page.reload();
			}
			const file = await p.context.request.get(p.server.url + await p.page.locator('a[href^="/tep/"]').first().getAttribute('href'));
			const code = /KX-[0-9A-Z-]+/.exec(file.headers()['content-disposition'])[0];
			assert.match((await file.text()).trim().split('\n').pop(), new RegExp(`\\(giaovu\\).*${code}`));
			await head.go(place);
			await head.text(new RegExp(code));
			await head.shot('made');
		},
	},
};
