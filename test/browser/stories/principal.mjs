/* The principal: today in numbers, classes, a class list in name order, transfers. */
import { strict as assert } from 'node:assert';

export default {
	principal: {
		async run(p) {
			await p.signIn('hieutruong');
			await p.shot('home');
			await p.go('/school_class');
			const names = await p.page.locator('tbody th a').allInnerTexts();
			assert.ok(names.length >= 4, 'the school has classes');
			await p.shot('classes');
			await p.follow(p.page.locator('tbody th a').first());
			await p.shot('class');
			const id = /(\d{6,})/.exec(p.page.url())[1];
			await p.go(`/school_class/${id}/pupils`);
			assert.ok(await p.page.locator('tbody tr').count() > 20, 'the class has pupils');
			await p.shot('pupils');
			await p.go('/move');
			await p.shot('moves');
			await p.go('/person/999999999999', 404);
		},
	},
};
