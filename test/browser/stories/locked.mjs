/* Registers locked on time: the department's officer sees the schools, one school's classes, the late ones; a commune its own. */
import { strict as assert } from 'node:assert';

export default {
	locked: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('chuyenvien');
			await p.go('/records/locked?period=gk1');
			await p.text(/Lớp khóa sổ đúng hạn/);
			const schools = await p.page.locator('tbody tr').count();
			assert.ok(schools > 3, 'the schools of the district');
			assert.ok(await p.page.locator('figure svg').count() > 0, 'a chart beside the table');
			await p.shot('schools');
			await p.page.selectOption('#f-unit', { index: 1 });
			await p.follow(p.page.getByRole('button', { name: 'Xem', exact: true }));
			assert.ok(await p.page.locator('tbody tr').count() < schools, 'the schools of one unit');
			await p.go('/records/locked?period=gk1');
			await p.follow(p.page.locator('tbody tr', { hasNotText: '100%' }).locator('th a').first());
			await p.text(/khóa sổ từng lớp/);
			await p.text(/Muộn|Quá hạn, chưa khóa|Chưa đến hạn/);
			await p.shot('classes');
			await p.follow(p.link('Mọi trường'));
			await p.follow(p.link('Các lớp muộn hạn'));
			await p.shot('late');

			const commune = await p.beside('canboxa');
			await commune.go('/records/locked?period=gk1');
			const own = await commune.page.locator('tbody tr').count();
			assert.ok(own > 0 && own < schools, `a commune sees its own schools: ${own} of ${schools}`);
			await commune.shot('commune');
		},
	},
};
