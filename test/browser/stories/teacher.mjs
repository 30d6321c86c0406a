/* The form teacher: calls the roll of the class on a phone; the radios do the same without JavaScript. */
import { strict as assert } from 'node:assert';

export default {
	'roll-draft': {
		on: [['phone', true]],
		async run(p) {
			/* what was tapped without a network is still there when the page is opened again */
			await p.signIn('giaovien');             /* of a class whose roll no other story calls */
			await p.go('/attendance');
			await p.follow(p.page.locator('.lop a').last());
			const form = p.page.locator('main form[data-attendance]');
			if (!(await form.locator('button.nut').count()))
				return;
			const tile = p.page.locator('.o-diem-danh').nth(2), state = () => tile.locator('input:checked').getAttribute('value').catch(() => null);
			const was = await tile.locator('input:checked').count() ? await state() : null;
			await tile.locator('.o-bam').click();
			const tapped = await state();
			assert.notEqual(tapped, was);
			await p.page.waitForFunction(() => document.querySelector('main form[data-attendance]').dataset.kept !== undefined);
			const at = p.page.url();
			await p.page.goto('about:blank');        /* as if the page was lost with the network */
			await p.page.goto(at);
			await p.page.getByRole('button', { name: 'Điền lại' }).click();
			assert.equal(await state(), tapped);
			assert.equal(await tile.locator('.o-bam').getAttribute('data-tt'), tapped, 'the tile shows it');
			await p.shot('filled');
			await p.follow(p.button('Lưu điểm danh'));
			await p.page.waitForFunction(() => new Promise((done) => {
				const ask = indexedDB.open('khue-draft');
				ask.onsuccess = () => {
					const keys = ask.result.transaction('draft').objectStore('draft').getAllKeys();
					keys.onsuccess = () => { ask.result.close(); done(!keys.result.some((k) => k.includes('|roll.'))); };
				};
			}));
			await p.page.goto(at);
			assert.equal(await state(), tapped);
			assert.equal(await p.page.getByRole('button', { name: 'Điền lại' }).count(), 0, 'what was saved is no draft');
		},
	},
	'roll-expired': {
		on: [['phone', true]],
		async run(p) {
			/* the session ends while the roll is called: signed in again, every tap is there */
			await p.signIn('giaovien');
			await p.go('/attendance');
			await p.follow(p.page.locator('.lop a').last());
			const form = p.page.locator('main form[data-attendance]');
			if (!(await form.locator('button.nut').count()))
				return;
			const at = p.page.url(), tile = p.page.locator('.o-diem-danh').nth(3), state = () => tile.locator('input:checked').getAttribute('value');
			await tile.locator('.o-bam').click();
			await tile.locator('.o-bam').click();
			const tapped = await state();
			await p.context.clearCookies();
			await p.follow(p.button('Lưu điểm danh'));
			await p.page.getByText('giữ làm bản nháp trên máy này').waitFor();
			await p.follow(p.page.locator('main a.nut').first());
			await p.page.fill('#f-login', 'giaovien');
			await p.page.fill('#f-password', p.server.password('giaovien'));
			await p.follow(p.page.locator('main form button.nut').first());
			assert.equal(p.page.url(), at, 'back at the roll');
			await p.page.getByText('biểu mẫu này đã được điền lại').waitFor();
			assert.equal(await state(), tapped);
			assert.equal(await tile.locator('.o-bam').getAttribute('data-tt'), tapped, 'the tile shows it');
			await p.shot('again');
			await p.page.getByRole('button', { name: 'Bỏ' }).click();
		},
	},
	teacher: {
		async run(p) {
			await p.signIn('chunhiem');
			await p.shot('home');
			await p.go('/attendance');
			await p.shot('classes');
			await p.follow(p.page.locator('.lop a').first());
			const tiles = await p.page.locator('.o-diem-danh').count();
			assert.ok(tiles > 20, `${tiles} pupils to call`);
			await p.shot('roll');
			if (!(await p.page.locator('main form[data-attendance] button.nut').count()))
				return;
			const first = p.page.locator('.o-diem-danh').first();
			if (p.script) {
				await p.button('Còn lại có mặt').click();
				await first.locator('.o-bam').click();
			} else
				for (let i = 0; i < tiles; i++)
					await p.page.locator('.o-diem-danh').nth(i).locator(`input[value="${i ? 'present' : 'excused'}"]`).check();
			const kept = await first.locator('input:checked').getAttribute('value');
			await p.follow(p.button('Lưu điểm danh'));
			await p.shot('saved');
			await p.go('/attendance');
			await p.follow(p.page.locator('.lop a').first());
			assert.equal(await p.page.locator('.o-diem-danh').first().locator('input:checked').getAttribute('value'), kept);
		},
	},
};
