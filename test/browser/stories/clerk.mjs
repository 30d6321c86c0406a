/* The school clerk: refused input comes back at its field, a pupil is added, filtered, opened; the import wizard. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

const head = 'Họ và tên,Ngày sinh,Giới tính,Mã định danh ngành,Nơi sinh,Là học sinh';
const sheet = [head, 'Nguyễn Thị Bình Minh,05/09/2014,Nữ,9799900012,Đắk Nông,Có', 'Trần Văn Sáng,31/02/2014,Nam,9799900013,Đắk Nông,Có',
	'Y Khoa Niê,12/10/2014,Nam,9799900014,Đắk Lắk,Có',
	/* what is wrong here takes many words, and no blank breaks what stands there */
	`Trần${'Abcdefghij'.repeat(11)},05/09/2014,Không-khai-${'x'.repeat(60)},9799900015,Đắk Nông,Có`].join('\r\n');
const changed = [head, 'Nguyễn Thị Bình Minh,05/09/2014,Nữ,9799900012,Lâm Đồng,Có', 'Y Khoa Niê,12/10/2014,Nam,9799900014,Đắk Lắk,Có'].join('\r\n');

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
	'class-change': {
		weight: 0.5,          /* last: it moves a child that other stories may speak of */
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			const classes = (await p.json('/school_class?limit=100')).items;      /* one of a grade where another class has room */
			const from = classes.find((k) => k.size > 20 && classes.some((o) => o.id !== k.id && o.grade === k.grade && o.year === k.year && o.size < o.most));
			const one = (await p.json(`/enrolment?class=${from.id}&state=studying`)).items[10 + p.turn];
			await p.go(`/enrolment/${one.id}`);
			await p.follow(p.link('Chuyển lớp'));
			assert.ok(await p.page.locator('#f-class option:enabled').count() > 0, 'other classes of the grade');
			await p.shot('choose');
			await p.follow(p.button('Chuyển lớp'));
			await p.text(/Đã chuyển lớp/);
			await p.go(`/enrolment/${one.id}/class`);
			await p.text(/Không có lớp nào để chuyển/);
		},
	},
	import: {
		weight: 3,
		async run(p) {
			await p.signIn('giaovu');
			await bring(p, sheet);
			await p.shot('tried');
			const [errors] = await Promise.all([p.page.waitForEvent('download'), p.page.getByRole('link', { name: /Tải về các dòng lỗi/ }).click()]);
			assert.equal(errors.suggestedFilename(), 'loi-hoc-sinh.xlsx');
			assert.equal(readFileSync(await errors.path()).subarray(0, 2).toString(), 'PK', 'the refused rows come back as a workbook');
			await write(p);
			await p.shot('done');
			await p.text(/Bước tiếp theo/);
			const [left] = await Promise.all([p.page.waitForEvent('download'), p.page.getByRole('link', { name: /Tải về các dòng lỗi/ }).click()]);
			assert.equal(readFileSync(await left.path()).subarray(0, 2).toString(), 'PK', 'what was left out can still be fetched, mended and sent again');
			assert.match(await p.link(/^Học sinh trong lớp/).getAttribute('href'), /\/enrolment\/import/, 'who was imported still needs a class');
			await p.go('/person?q=binh+minh');
			assert.ok(await p.page.locator('tbody th a').count() >= 1, 'the good rows are in the list');

			await bring(p, changed);                   /* the same list again, one place of birth corrected */
			const chip = p.page.getByRole('link', { name: /^Thay đổi 1/ });
			await p.follow(chip);
			await p.text(/Lâm Đồng/);
			assert.equal(await p.page.locator('td del').count(), 1, 'what stands now is shown struck out');
			await p.shot('diff');
			await p.go('/person/import');
			const past = p.page.locator('p.nho a', { hasText: 'hoc-sinh.csv' });
			await p.follow(past.nth(1));
			await p.follow(p.button('Hoàn tác toàn bộ lượt nhập'));
			await settle(p, '.bao.xam');
			await p.go('/person?q=' + encodeURIComponent('Nguyễn Thị Bình Minh'));
			assert.equal(await p.page.locator('tbody th a', { hasText: 'Nguyễn Thị Bình Minh' }).count(), 0, 'the whole import is undone');
			await p.shot('gone');
		},
	},
};

/* A job runs beside: the page is read again until it is there. */
async function settle(p, what) {
	for (let i = 0; i < 40 && !(await p.page.locator(what).count()); i++) {
		const back = p.page.locator('main a.nut', { hasText: 'Xem kết quả' });
		await p.page.waitForTimeout(300);
		if (await back.count() && await p.page.locator('#viec .nhan.luc').count())
			await p.follow(back);
		else
			await p.page.reload();
	}
	await p.look();
	assert.ok(await p.page.locator(what).count(), `${what} comes; there is: ${await p.page.locator('main').innerText()}`);
}
/* From the list to the trial run. */
async function bring(p, text) {
	await p.go('/person');
	await p.follow(p.link('Nhập từ Excel'));
	await p.shot('upload');
	await p.page.setInputFiles('#f-file', { name: 'hoc-sinh.csv', mimeType: 'text/csv', buffer: Buffer.from('\ufeff' + text) });
	await p.follow(p.page.locator('main form[enctype] button.nut'));
	await p.shot('columns');
	await p.follow(p.button(/Chạy thử|Thử/));
	await settle(p, 'main nav a[aria-current]');
}
async function write(p) {
	await p.follow(p.page.locator('form.bar button.nut').first());
	await settle(p, 'main .bao.luc');
}
