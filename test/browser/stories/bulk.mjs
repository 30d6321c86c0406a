/* One thing done to many rows: chosen by keyboard and mouse, looked at before, done, and what could not be done is named. */
import { strict as assert } from 'node:assert';

/* Ticks boxes: the first by keyboard, a range by mouse and Shift; without JavaScript one by one. */
async function tick(p, from, to) {
	const boxes = p.page.locator('input[name="ids"]');
	if (!p.script || p.size === 'phone') {
		for (let i = from; i <= to; i++)
			await boxes.nth(i).check();
		return;
	}
	await boxes.nth(from).focus();
	await p.page.keyboard.press('Space');
	assert.ok(await boxes.nth(from).isChecked(), 'Space ticks');
	if (to > from)
		await boxes.nth(to).click({ modifiers: ['Shift'] });
	for (let i = from; i <= to; i++)
		assert.ok(await boxes.nth(i).isChecked(), `row ${i} is in the range`);
	await p.text(new RegExp(`Đã chọn ${to - from + 1}`));
}
const act = (p, name) => p.follow(p.page.locator('.bar').getByRole('button', { name }));

export default {
	bulk: {
		weight: 3,
		async run(p) {
			const at = p.turn * 6;
			await p.signIn('gv.thpt-nguyen-trai');
			await p.go('/enrolment');
			if (p.script)
				assert.equal(await p.page.locator('[data-bulk]').isVisible(), false, 'the bar comes with the first tick');
			await tick(p, at, at + 1);
			await p.shot('chosen');
			await act(p, 'Bảo lưu');
			await p.text(/2 được, 0 không/);
			await p.page.fill('textarea, #f-note', 'Gia đình xin bảo lưu kết quả.');
			await p.shot('before');
			await p.follow(p.page.locator('.bar button.nut').first());
			await p.shot('after');
			await p.go('/enrolment');
			const names = await p.page.locator('tbody th a').allInnerTexts();
			await tick(p, at, at + 3);
			await act(p, 'Bảo lưu');
			await p.text(/2 được, 2 không/);
			await p.text(new RegExp(`${names[at]}[^\\n]*: đang ở trạng thái không cho phép`));
			await p.shot('some-refused');
			await p.follow(p.link('Thôi, không lưu'));
			await tick(p, at + 4, at + 4);
			await p.page.locator('input[name="ids"]').nth(at + 4).uncheck();
			if (!p.script) {
				await act(p, 'Bảo lưu');
				await p.text(/Hãy chọn ít nhất một dòng/);
				await p.shot('nothing-chosen');
			}
		},
	},
	/* A whole school: too many for one request, so a job does it and another takes it back. */
	'bulk-school': {
		weight: 4, on: [['desktop', true], ['phone', false]],
		async run(p) {
			const listed = async () => (await p.json('/guardianship?limit=1')).count;
			await p.signIn('gv.thpt-le-quy-don');
			await p.go('/guardianship');
			const all = await listed();
			assert.ok(all > 200, `${all} rows are more than a request does at once`);
			await tick(p, 0, 0);
			await p.page.locator('input[name="all"]').check();
			await act(p, 'Bỏ khỏi danh sách');
			await p.text(/[\d.]+ được, 0 không/);
			await p.follow(p.page.locator('.bar button.nut').first());
			assert.match(p.page.url(), /\/viec\/\d+/);
			await p.ended();
			await p.shot('done');
			assert.equal(await listed(), 0);
			await p.follow(p.button('Hoàn tác'));
			await p.ended();
			await p.text(new RegExp(`Đã hoàn tác ${all.toLocaleString('vi-VN')} dòng`));
			await p.shot('undone');
			assert.equal(await listed(), all);
		},
	},
};
