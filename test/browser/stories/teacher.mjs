/* The form teacher: calls the roll of the class on a phone; the radios do the same without JavaScript. */
import { strict as assert } from 'node:assert';

export default {
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
