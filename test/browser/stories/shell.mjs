/* What every page shares: keyboard, language, drafts, the page without a network, paper. */
import { strict as assert } from 'node:assert';

export default {
	shell: {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovu');
			await p.page.keyboard.press('Tab');
			assert.equal(await p.page.evaluate(() => document.activeElement.className), 'boqua', 'the first stop is the skip link');
			await p.page.keyboard.press('Enter');
			assert.equal(await p.page.evaluate(() => document.activeElement.id), 'nd');

			await p.go('/person/new');
			await p.page.fill('#f-name', 'Bản nháp chưa lưu');
			await p.page.locator('form[data-draft][data-kept]').waitFor({ timeout: 30_000 });
			await p.go('/person');
			await p.go('/person/new');
			await p.page.getByRole('button', { name: 'Điền lại' }).click();
			assert.equal(await p.page.inputValue('#f-name'), 'Bản nháp chưa lưu', 'the draft came back');

			/* a week later no draft is left, whatever page comes first */
			const left = () => p.page.evaluate(() => new Promise((yes, no) => {
				const ask = indexedDB.open('khue-draft');
				ask.onerror = no;
				ask.onsuccess = () => { const all = ask.result.transaction('draft').objectStore('draft').getAll(); all.onsuccess = () => { ask.result.close(); yes(all.result.length); }; };
			}));
			assert.equal(await left(), 1, 'one draft is kept');
			await p.go('/all');
			await p.page.evaluate(() => new Promise((yes, no) => {
				localStorage.setItem('khue-draft', String(Date.now() - 2 * 86_400_000));
				const ask = indexedDB.open('khue-draft');
				ask.onerror = no;
				ask.onsuccess = () => {
					const work = ask.result.transaction('draft', 'readwrite'), s = work.objectStore('draft'), c = s.openCursor();
					c.onsuccess = () => { if (c.result) { c.result.update({ ...c.result.value, at: Date.now() - 8 * 86_400_000 }); c.result.continue(); } };
					work.oncomplete = () => { ask.result.close(); yes(); };
				};
			}));
			await p.go('/all');
			await p.page.waitForFunction(() => localStorage.getItem('khue-draft') === '0', undefined, { timeout: 30_000 });
			assert.equal(await left(), 0, 'the old draft is gone');

			await p.page.emulateMedia({ media: 'print' });
			await p.go('/person');
			assert.equal(await p.page.locator('.dau').isVisible(), false, 'paper carries no top bar');
			await p.page.emulateMedia({ media: 'screen', forcedColors: 'active' });
			await p.go('/');
			await p.shot('forced-colours');
			await p.page.emulateMedia({ forcedColors: 'none' });
		},
	},
	/* A form sent when the session had ended: nobody types it twice, and nobody else sees it. */
	expired: {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			const name = 'Lê Thị Phiên Hết', ended = () => p.context.clearCookies();
			const back = async (login) => {
				await p.page.fill('#f-login', login);
				await p.page.fill('#f-password', p.server.password(login));
				await p.follow(p.page.locator('main form button.nut').first());
			};
			await p.signIn('giaovu');
			await p.go('/person/new');
			await p.page.fill('#f-name', name);
			await p.page.fill('#f-born', '05/09/2014');
			await ended();
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.text(/Chưa có gì được lưu/);
			const main = p.page.locator('main a.nut').first();
			assert.equal(await main.innerText(), 'Đăng nhập', 'the main button signs in');
			if (!p.script) {
				await p.text(/Máy chủ không giữ lại/);
				assert.doesNotMatch(await p.page.locator('main').innerText(), /trên máy này/, 'nothing is promised that is not so');
				await p.shot('lost');
				await p.follow(main);
				await back('giaovu');
				assert.equal(new URL(p.page.url()).pathname, '/person/new', 'back at the form');
				return;
			}
			await p.page.getByText('giữ làm bản nháp trên máy này').waitFor();
			await p.shot('kept');

			await p.page.goto(p.server.url + '/dang-nhap?ve=/person/new');
			await back('gv.tieu-hoc-nguyen-trai');     /* another person, at the same device */
			await p.go('/person/new');
			assert.equal(await p.page.inputValue('#f-name'), '', 'nothing of the first person');
			await p.page.locator('form[data-draft]').waitFor();
			await p.text(/^(?!.*(bản nháp|được điền lại))/s);
			await ended();

			await p.page.goto(p.server.url + '/person/new');
			await back('giaovu');
			assert.equal(new URL(p.page.url()).pathname, '/person/new', 'back at the form');
			await p.page.getByText('biểu mẫu này đã được điền lại').waitFor();
			assert.equal(await p.page.inputValue('#f-name'), name);
			assert.equal(await p.page.inputValue('#f-born'), '05/09/2014');
			await p.shot('again');
			await p.page.getByRole('button', { name: 'Bỏ' }).click();
			assert.equal(await p.page.inputValue('#f-name'), '', 'thrown away');

			await p.go('/person/new');                 /* refused by a rule, then the session ends */
			await p.page.fill('#f-name', '12345');
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.page.locator('#loi').waitFor();
			await p.page.waitForFunction(() => document.querySelector('form[data-draft]'));
			await p.page.fill('#f-name', name);
			await ended();
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.follow(p.page.locator('main a.nut').first());
			await back('giaovu');
			assert.ok(new URL(p.page.url()).pathname.endsWith('/person/new'), 'the form, not the list');
			await p.page.getByText('biểu mẫu này đã được điền lại').waitFor();
			assert.equal(await p.page.inputValue('#f-name'), name);
		},
	},
	/* The browser's own way back after a save: the form is as it was sent, the date and the choice from a list too. */
	'way-back': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const values = (...names) => p.page.evaluate((all) => all.map((n) => document.querySelector(`form.don [name="${n}"]`).value), names);
			await p.signIn('giaovu');
			await p.go('/person/new');
			await p.page.fill('#f-name', '12345');     /* no name: nothing is saved */
			await p.page.fill('#f-born', '05/09/2014');
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.page.locator('#loi').waitFor();
			await p.page.goBack();
			assert.deepEqual(p.script ? await values('name', 'born') : [await p.page.inputValue('#f-name'), await p.page.inputValue('#f-born')], ['12345', '05/09/2014']);
			if (!p.script)
				return;
			await p.go('/move/new');
			await p.choose('f-to_org', 'Trường');
			const chosen = await values('to_org', 'to_org.text');
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.page.locator('#loi').waitFor();
			await p.page.goBack();
			await p.page.waitForFunction(() => document.querySelector('form.don'));
			assert.deepEqual(await values('to_org', 'to_org.text'), chosen, 'the school chosen is there');

			await p.go('/person/new');                 /* the session ends, the form is filled in again, saved, and gone back to */
			await p.page.fill('#f-name', 'Lê Thị Quay Lại');
			await p.page.locator('#f-guardian').check();
			await p.choose('f-commune', 'Xã');
			const commune = await values('commune', 'commune.text');
			await p.context.clearCookies();
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			await p.page.getByText('giữ làm bản nháp trên máy này').waitFor();
			await p.follow(p.page.locator('main a.nut').first());
			await p.page.fill('#f-login', 'giaovu');
			await p.page.fill('#f-password', p.server.password('giaovu'));
			await p.follow(p.page.locator('main button.nut').first());
			await p.page.getByText('biểu mẫu này đã được điền lại').waitFor();
			assert.deepEqual(await values('commune', 'commune.text'), commune, 'filled in again');
			await p.follow(p.page.locator('form.don .bar button.nut').first());
			assert.match(p.page.url(), /\/person\/\d+$/, 'saved');
			await p.page.goBack();
			await p.page.waitForFunction((was) => document.querySelector('form.don [name="commune"]')?.value === was, commune[0]);
			assert.deepEqual(await values('name', 'commune', 'commune.text'), ['Lê Thị Quay Lại', ...commune], 'as it was sent');
		},
	},
	english: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('ht.tieu-hoc-dong-binh');   /* the choice is the account's: nobody else's page changes */
			await p.page.locator('.tk-muc summary').click();
			await p.follow(p.page.locator('.tk-bang a[hreflang]').first());
			assert.equal(await p.page.locator('html').getAttribute('lang'), 'en');
			await p.shot('home');
			await p.go('/school_class');
			await p.text(/Class/);
			const other = await p.beside('ht.tieu-hoc-dong-binh');
			assert.equal(await other.page.locator('html').getAttribute('lang'), 'en', 'the choice follows to another browser');
			await p.page.locator('.tk-muc summary').click();
			await p.follow(p.page.locator('.tk-bang a[hreflang]').first());
			assert.equal(await p.page.locator('html').getAttribute('lang'), 'vi');
		},
	},
	offline: {
		on: [['phone', true]],
		async run(p) {
			await p.go('/tra-cuu');
			await p.page.evaluate(() => navigator.serviceWorker.ready);
			await p.page.waitForTimeout(500);
			await p.page.reload();
			await p.context.setOffline(true);
			await p.page.goto(p.server.url + '/tra-cuu?lan=2').catch(() => undefined);
			await p.text(/mất mạng|Chưa kết nối|không có mạng/i);
			await p.shot('page');
			await p.context.setOffline(false);
			p.faults = p.faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|Failed to (fetch|load)/.test(f));
		},
	},
};
