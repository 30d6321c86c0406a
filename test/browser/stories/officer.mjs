/* The department's data officer: finds anybody in a second, opens the reorganisations, keeps accounts and units. */
import { strict as assert } from 'node:assert';

export default {
	officer: {
		async run(p) {
			await p.signIn('chuyenvien');
			await p.shot('home');
			if (p.script && p.size === 'desktop') {
				await p.page.keyboard.press('Control+k');
				const box = p.page.locator('dialog.hop[open] input');
				await box.waitFor();
				await box.pressSequentially('nguyen', { delay: 20 });
				await p.page.locator('.lenh-kq a[aria-selected="true"]').waitFor();
				await p.page.screenshot({ path: new URL('../out/officer-palette-1366.png', import.meta.url).pathname });
				const wanted = await p.page.locator('.lenh-kq a[aria-selected="true"]').getAttribute('href');
				await Promise.all([p.page.waitForNavigation(), p.page.keyboard.press('Enter')]);
				await p.look();
				assert.ok(p.page.url().endsWith(wanted), `${p.page.url()} is not ${wanted}`);
			}
			await p.go('/tim?q=nguyen');
			assert.ok(await p.page.locator('.ket-qua a').count() > 0, 'search finds somebody');
			await p.shot('search');
			await p.go('/org');
			await p.shot('units');
			await p.go('/org_change');
			await p.shot('changes');
			await p.go('/admin_unit');
			await p.go('/tai-khoan');
			await p.shot('account');
		},
	},
	/* Results of last year are taken back with a reason that the public reads, and published again. */
	withdraw: {
		async run(p) {
			await p.signIn('chuyenvien');
			await p.go('/exam?year=2025');
			await p.follow(p.page.locator('tbody th a').first());
			await p.text(/Nơi công bố\s+Sở Giáo dục/);
			const page = p.page.url(), why = `Nhập nhầm cột Toán ${p.size} ${p.script}`;
			await p.step('Rút kết quả');
			await p.text(/Cần ghi lý do rút/);
			await p.text(/không ai tra cứu, xem phổ điểm hay xác minh/);
			await p.shot('asked');
			if (p.script) {
				await p.page.locator('form[action*="/do/withdraw"] textarea').fill('x'.repeat(470));
				await p.page.locator('[data-dem].it', { hasText: 'Còn 30 ký tự.' }).waitFor();
				await p.page.locator('.an[role="status"]', { hasText: 'Còn 30 ký tự.' }).waitFor({ state: 'attached' });
			}
			const citizen = await p.beside();
			await citizen.go('/tra-cuu/thpt-2025');
			await p.page.locator('form[action*="/do/withdraw"] textarea').fill(why);
			await p.follow(p.page.locator('form[action*="/do/withdraw"] button.nut'));
			await p.text(new RegExp(`Lý do rút:? *\\s*${why}`));
			await citizen.go('/tra-cuu/thpt-2025', 404);
			assert.equal(await citizen.page.locator('h1').innerText(), 'Kết quả đã được rút');
			await citizen.text(new RegExp(why));
			await citizen.shot('told');
			await citizen.go('/tra-cuu');
			await citizen.text(new RegExp(why));
			await citizen.shot('list');
			await p.go(page);
			await p.step('Công bố');
			await citizen.go('/tra-cuu/thpt-2025');
		},
	},
};
