/* A parent with a phone: the children, today's attendance, the record; nobody else's. */
import { strict as assert } from 'node:assert';

export default {
	parent: {
		async run(p) {
			await p.signIn('phuhuynh');
			await p.shot('home');
			await p.go('/children');
			const children = await p.page.locator('main .con h2 a').count();
			assert.ok(children >= 1, 'has a child');
			await p.shot('children');
			await p.follow(p.page.locator('main .con h2 a').first());
			await p.shot('child');
			await p.go('/person', 404).catch(async () => assert.ok(await p.page.locator('tbody tr').count() <= children + 2, 'sees only the family'));
			await p.go('/tai-khoan');
			await p.page.locator('form[action="/dang-xuat"] button').last().scrollIntoViewIfNeeded();
			await p.follow(p.page.locator('main form[action="/dang-xuat"] button').last());
			await p.go('/children', 404).catch(() => assert.ok(p.page.url().includes('/dang-nhap'), 'signed out'));
		},
	},
};
