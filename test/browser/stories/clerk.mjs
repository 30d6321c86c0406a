/* The school clerk: refused input comes back at its field, a pupil is added, filtered, opened; the import wizard. */
import { strict as assert } from 'node:assert';

const sheet = ['Họ và tên,Ngày sinh,Giới tính,Là học sinh', 'Nguyễn Thị Bình Minh,05/09/2014,Nữ,Có', 'Trần Văn Sáng,31/02/2014,Nam,Có',
	'Y Khoa Niê,12/10/2014,Nam,Có'].join('\r\n');

export default {
	clerk: {
		async run(p) {
			await p.signIn('giaovu');
			await p.shot('home');
			await p.go('/person');
			await p.shot('people');
			await p.follow(p.link('Thêm mới'));
			await p.page.fill('#f-name', 'Đỗ Ngọc Bảo Trâm');
			await p.page.fill('#f-born', '31/02/2014');
			await p.follow(p.button('Lưu'));
			await p.text(/Chưa lưu được/);
			assert.equal(await p.page.inputValue('#f-name'), 'Đỗ Ngọc Bảo Trâm');
			assert.equal(await p.page.inputValue('#f-born'), '31/02/2014');
			await p.shot('refused');
			await p.page.fill('#f-born', '5/9/2014');
			if (await p.page.locator('#f-pupil').count())
				await p.page.check('#f-pupil');
			const sex = p.page.locator('input[name="sex"]').first();
			if (await sex.count())
				await sex.check();
			await p.follow(p.button('Lưu'));
			await p.text(/Đỗ Ngọc Bảo Trâm/);
			await p.text(/05\/09\/2014/);
			await p.shot('saved');
			await p.go('/person?q=do+ngoc+bao+tram');
			assert.ok(await p.page.locator('tbody th a').count() >= 1, 'found without marks');
		},
	},
	import: {
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/person');
			await p.follow(p.link('Nhập từ Excel'));
			await p.shot('upload');
			await p.page.setInputFiles('#f-file', { name: 'hoc-sinh.csv', mimeType: 'text/csv', buffer: Buffer.from('\ufeff' + sheet) });
			await p.follow(p.page.locator('main form[enctype] button.nut'));
			await p.shot('columns');
			await p.follow(p.button(/Chạy thử|Thử/));
			for (let i = 0; i < 20 && !(await p.page.locator('main nav a.nut').count()); i++) {
				await p.page.waitForTimeout(500);
				await p.page.reload();
			}
			await p.look();
			await p.shot('tried');
			await p.follow(p.page.locator('form.bar button.nut').first());
			for (let i = 0; i < 20 && !(await p.page.locator('main .nhan.luc').count()); i++) {
				await p.page.waitForTimeout(500);
				await p.page.reload();
			}
			await p.look();
			await p.shot('done');
			await p.go('/person?q=binh+minh');
			assert.ok(await p.page.locator('tbody th a').count() >= 1, 'the good rows are in the list');
		},
	},
};
