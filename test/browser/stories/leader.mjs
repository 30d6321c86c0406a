/* The department's leader: the province in numbers, each one click from its list; the tree down to a school. */
import { strict as assert } from 'node:assert';

export default {
	leader: {
		async run(p) {
			await p.signIn('giamdoc');
			await p.text(/Toàn cảnh/);
			assert.ok(await p.page.locator('svg.ban-do').count() > 0, 'a map of communes');
			await p.shot('home');
			await p.follow(p.page.locator('.so-lieu a').first());
			await p.text(/đơn vị/i);
			await p.shot('schools');
			await p.follow(p.page.locator('tbody th a').first());
			await p.shot('school');
			await p.go('/all');
			await p.shot('all');
			assert.equal(await p.page.getByRole('link', { name: 'Thêm mới' }).count(), 0);
			if (p.script) {
				await p.page.locator('a.ngu').click();
				await p.page.locator('dialog.hop[open]').waitFor();
				await p.shot('switcher');
				await p.page.keyboard.press('Escape');
			} else {
				await p.follow(p.page.locator('a.ngu'));
				await p.text(/Nơi bạn làm việc/);
				await p.shot('switcher');
			}
		},
	},
};
