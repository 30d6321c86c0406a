/* Pages one seldom sees: refusals, two people at one row, lists of nothing and of thousands, last year, long names, a large
 * print, a keyboard without a mouse, paper. */
import { strict as assert } from 'node:assert';

export default {
	refusals: {
		on: [['desktop', true], ['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('gv.thcs-hoa-hung');
			await p.go('/person/999999999999', 404);
			await p.text(/Không tìm thấy/);
			await p.shot('404');
			await p.go('/person/new');
			await p.page.fill('#f-name', 'Người không được lưu');
			await p.page.locator('main form input[name="_csrf"]').evaluate((i) => { i.value = 'khong-dung'; });
			await p.follow(p.button('Lưu'));
			await p.text(/không đến từ trang của hệ thống|mở đã lâu/);
			await p.shot('403');
			await p.follow(p.link('Trở lại'));
			assert.ok(p.page.url().endsWith('/person'), 'back leads to the list');

			const id = (await p.json('/facility')).items[p.turn].id;
			const other = await p.beside('ht.thcs-hoa-hung');
			await p.go(`/facility/${id}/edit`);
			await other.go(`/facility/${id}/edit`);
			await other.page.fill('#f-seats', '41');
			await other.follow(other.button('Lưu'));
			await p.page.fill('#f-seats', '39');
			await p.follow(p.button('Lưu'));
			await p.text(/Có người vừa lưu trước/);
			assert.equal(await p.page.inputValue('#f-seats'), '39', 'what was typed is kept');
			await p.shot('409');

			const thief = await p.beside();
			await thief.go('/dang-nhap');
			for (let i = 0; i < 12 && !/đợi/i.test(await thief.page.locator('main').innerText()); i++) {
				await thief.page.fill('#f-login', `nguoi.la.${p.turn}`);
				await thief.page.fill('#f-password', 'mat-khau-doan-mo');
				await thief.follow(thief.page.locator('main button.nut').first());
			}
			await thief.text(/đợi/i);
			await thief.shot('wait');
			thief.faults = thief.faults.filter((f) => !/503/.test(f));      /* come back later is no fault */
		},
	},
	lists: {
		on: [['desktop', true], ['phone', true]],
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/consent');
			await p.text(/Chưa có/);
			await p.shot('nobody-entered');
			await p.go('/person?q=khongcoaiteny');
			await p.text(/Không có .* nào khớp/);
			await p.shot('no-match');
			await p.go('/thong-bao');
			await p.go('/viec');
			await p.shot('jobs');
			await p.go('/bao-cao');
			await p.shot('reports');
			await p.go('/tim?q=zzzzzz');
			await p.text(/Không tìm thấy/);
			await p.go('/admin_unit');
			await p.text(/hơn|\d{1,2}\.\d{3}/);
			await p.shot('thousands');
			await p.follow(p.page.locator('nav.trang a[rel="next"]'));
			await p.follow(p.page.locator('nav.trang a[rel="prev"]'));
			const name = 'Công Tằng Tôn Nữ Thị Huyền Trang Đài Các Nguyễn Phúc Bảo Long Khánh Hòa Vĩnh San';
			await p.go('/person/new');
			await p.page.fill('#f-name', name.slice(0, 80));
			await p.page.fill('#f-born', '1/9/2014');
			await p.page.check('#f-pupil');
			await p.follow(p.button('Lưu'));
			await p.shot('long-name');
			await p.go('/person?q=' + encodeURIComponent('Công Tằng'));
			await p.shot('long-name-list');
		},
	},
	'last-year': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/');
			await p.go(await p.page.locator('a.ngu').getAttribute('href'));
			await p.shot('switcher');
			const years = p.page.locator('.lua a', { hasText: /^\d{4}-\d{4}$/ });
			assert.ok(await years.count() >= 3, 'years to choose');
			await p.follow(years.last());
			await p.text(/Đang xem năm học đã qua/);
			await p.shot('bar');
			await p.go(new URL(p.page.url()).pathname.replace(/\/$/, '') + '/school_class');
			await p.text(/Chưa có lớp nào/);
			await p.shot('classes');
			await p.go(`${new URL(p.page.url()).pathname}?year=`);
			assert.ok(await p.page.locator('tbody tr').count() > 3, 'of every year when no year is asked for');
		},
	},
	keyboard: {
		on: [['desktop', true]],
		async run(p) {
			const key = (k) => p.page.keyboard.press(k), where = () => p.page.evaluate(() => document.activeElement?.id);
			await p.signIn('gv.thcs-tan-son');
			await key('Control+k');
			await p.page.locator('dialog.hop[open] input').waitFor();
			await p.page.keyboard.type('them ho so', { delay: 10 });
			await p.page.waitForTimeout(600);
			await key('Escape');
			await p.go('/person/new');
			for (let i = 0; i < 40 && (await where()) !== 'f-name'; i++)
				await key('Tab');
			assert.equal(await where(), 'f-name', 'the first field is reached by Tab');
			await p.page.screenshot({ path: new URL('../out/keyboard-focus-1366.png', import.meta.url).pathname });
			await p.page.keyboard.type('Hoàng Thị Bàn Phím');
			await key('Tab');
			await p.page.keyboard.type('07092014');
			for (let i = 0; i < 60 && (await where()) !== 'f-pupil'; i++)
				await key('Tab');
			await key('Space');
			await Promise.all([p.page.waitForNavigation(), key('Enter')]);
			await p.look();
			await p.text(/Hoàng Thị Bàn Phím/);
			await p.text(/07\/09\/2014/);
		},
	},
	large: {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('hieutruong');
			for (const path of ['/', '/school_class', '/move/new', '/attendance']) {
				await p.page.setViewportSize({ width: 683, height: 384 });        /* 1366 × 768 at 200 % */
				await p.page.goto(p.server.url + path);
				const wide = await p.page.evaluate(() => document.documentElement.scrollWidth);
				assert.ok(wide <= 683, `${path} scrolls sideways at 200 %: ${wide} of 683 px`);
				await p.page.screenshot({ path: new URL(`../out/large${path.replaceAll('/', '-')}-683.png`, import.meta.url).pathname });
			}
			await p.page.setViewportSize({ width: 1366, height: 768 });
			await p.page.emulateMedia({ reducedMotion: 'reduce' });
			await p.go('/school_class');
			const moving = await p.page.evaluate(() => [...document.querySelectorAll('*')].filter((e) => {
				const s = getComputedStyle(e);
				return s.animationName !== 'none' && parseFloat(s.animationDuration) > 0.05;
			}).length);
			assert.equal(moving, 0, 'nothing moves for those who asked for that');
		},
	},
	paper: {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/school_class');
			await p.follow(p.page.locator('tbody th a').first());
			await p.follow(p.page.locator('.dt a.nut', { hasText: 'Danh sách lớp' }));
			await p.page.emulateMedia({ media: 'print' });
			await p.page.setViewportSize({ width: 794, height: 1123 });
			assert.equal(await p.page.locator('.dau').isVisible(), false);
			assert.equal(await p.page.locator('.ray').isVisible(), false);
			assert.ok(await p.page.locator('tbody th').first().isVisible());
			await p.page.screenshot({ path: new URL('../out/paper-class-794.png', import.meta.url).pathname });
			await p.page.emulateMedia({ media: 'screen' });
			await p.page.goBack();
			await p.page.locator('.in-muc > summary').click();
			await p.shot('menu');
			await p.follow(p.page.locator('.in-muc a', { hasText: 'Danh sách lớp' }));
			await p.page.emulateMedia({ media: 'print' });
			assert.equal(await p.page.locator('.chinh > .dt').isVisible(), false, 'a printed form stands alone on its sheet');
			await p.page.screenshot({ path: new URL('../out/paper-form-794.png', import.meta.url).pathname });
		},
	},
};
