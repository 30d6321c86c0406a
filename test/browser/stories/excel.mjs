/* The Excel bridge: a template of the Ministry is known by its headings, comes back filled, and is read back as a
 * difference that says nothing changed; the teaching assignment likewise. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

const template = (name) => ({ name, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
	buffer: readFileSync(new URL(`../../vectors/excel/${name}`, import.meta.url)) });

async function send(p, file) {
	await p.go('/excel');
	await p.page.setInputFiles('#f-file', file);
	await p.follow(p.button('Nhận dạng'));
}

/* Fills the workbook on the page and gives what comes back. */
async function filled(p, name) {
	await p.follow(p.button('Điền và trả lại'));
	const [download] = await Promise.all([p.page.waitForEvent('download'), p.link('Tải tệp đã điền').click()]);
	return { ...template(name), buffer: readFileSync(await download.path()) };
}

export default {
	excel: {
		weight: 3,
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/excel');
			await p.shot('home');
			await send(p, template('c1-hocsinh.xlsx'));
			await p.text(/Danh sách học sinh \(C1-HocSinh\)/);
			await p.text(/Chắc chắn/);
			const back = await filled(p, 'c1-hocsinh.xlsx');
			await p.shot('filled');
			await send(p, back);
			await p.shot('file');
			await p.follow(p.link('Xem khác biệt'));
			await p.text(/Giống [1-9]/);
			assert.equal(await p.page.getByRole('button', { name: /^Ghi các dòng/ }).count(), 0, 'nothing to enrol');
			await p.shot('classes');
		},
	},
	'excel-teaching': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovu');
			await send(p, template('pcgd.xlsx'));
			await send(p, await filled(p, 'pcgd.xlsx'));
			await p.follow(p.link('Xem khác biệt'));
			await p.text(/Giống [1-9]/);
			await p.text(/Không ghi được 0/);
			await p.shot('teaching');
		},
	},
	'excel-read': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovu');
			await send(p, template('csdl-giaovien.xlsx'));
			await send(p, await filled(p, 'csdl-giaovien.xlsx'));
			await p.follow(p.button('Đọc và xem khác biệt'));
			await p.text(/Như cũ [1-9]/);
			await p.text(/Thay đổi 0/);
			await p.shot('wizard');
		},
	},
	'excel-old': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			/* an .xls with the school's own codes is read, and the page says why it is not filled; the class has cards */
			await p.signIn('giaovu');
			await send(p, { name: 'danh-sach.xls', mimeType: 'application/vnd.ms-excel',
				buffer: readFileSync(new URL('../../vectors/xls/danh-sach.xls', import.meta.url)) });
			await p.text(/chỉ điền vào tệp \.xlsx/);
			assert.equal(await p.page.getByRole('button', { name: 'Điền và trả lại' }).count(), 0);
			await p.shot('read-only');
			await p.follow(p.button('Đọc và xem khác biệt'));
			await p.text(/Mới 3/);
			await p.go('/school_class');
			await p.follow(p.page.locator('main tbody a[href*="/school_class/"]').first());
			await p.page.locator('.in-muc > summary').click();
			await p.follow(p.link(/Thẻ học sinh/));
			await p.text(/THẺ HỌC SINH/);
			await p.shot('cards');
		},
	},
	'excel-results': {
		on: [['desktop', true]],
		async run(p) {
			/* the principal of a primary school: results of the first term go out and agree with what is computed */
			await p.signIn('ht.tieu-hoc-nguyen-trai');
			await send(p, template('kqht-khoi12.xlsx'));
			await p.text(/Kết quả học tập tiểu học/);
			await p.shot('results');
			await p.page.selectOption('#f-term', 'hk1');
			await send(p, await filled(p, 'kqht-khoi12.xlsx'));
			assert.equal(await p.page.getByRole('button', { name: 'Đọc và xem khác biệt' }).count(), 0, 'only the clerk imports people');
			await p.follow(p.link('So với học kì I'));
			await p.text(/Khác 0/);
			await p.text(/Giống [1-9]/);
			await p.shot('compared');
			await p.follow(p.link('Trở lại tệp'));
			await p.follow(p.link('Xem khác biệt'));
			await p.text(/Khác [1-9]/);
			await p.shot('differs');
		},
	},
};
