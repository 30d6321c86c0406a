/* The year's end: a principal closes a class with gaps and one without, a teacher tests somebody again, a form teacher rates, a family reads. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';

export default {
	'close-term': {
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/records');
			assert.ok(await p.page.locator('tbody tr').count() >= 8, 'every class has a line');
			const sizes = async (rows) => (await p.page.locator(`.ds-bang:has(caption) ${rows} td:first-of-type`).allInnerTexts()).map((n) => Number(n.replace(/\D/g, '')));
			const [of, foot] = [await sizes('tbody tr'), await sizes('tfoot tr')], all = foot.pop(), sum = (v) => v.reduce((a, b) => a + b, 0);
			assert.deepEqual([sum(of), sum(foot)], [all, all], 'classes and grades add up to the last line');
			await p.shot('school');
			await p.follow(p.page.locator('tbody th a').first());
			await p.text(/Học tập/);
			await p.shot('class');
			await p.go('/records/close?term=hk1');
			await p.text(/chỗ còn thiếu/);
			await p.shot('gaps');
			const gap = p.page.locator('main section li a').first();
			assert.match(await gap.getAttribute('href'), /gradebook|rating/);
			await p.go('/records/close?term=hk2');
			const before = p.page.url();
			await p.follow(p.page.getByRole('button', { name: 'Chốt sổ cả trường' }));
			await p.text(/Còn .* chỗ thiếu/);
			await p.shot('refused');
			assert.ok(before.includes('/records/close'));
			assert.ok(await p.page.getByRole('button', { name: 'Chốt sổ cả trường' }).isVisible(), 'the page it stood on, not a page of errors');
			await p.go('/records');
			await p.follow(p.button('Tính lại cả trường'));
			await p.text(/Tính kết quả/);
			assert.match(p.page.url(), /\/viec\/\d+/);
			await p.shot('computed');
		},
	},
	'close-class': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			/* the form teacher sees that nothing is missing, the principal closes the class alone, then opens it again */
			await p.signIn('chunhiem');
			await p.go('/records');
			const name = await p.page.locator('tbody th a').first().innerText();
			assert.equal(await p.button('Tính lại cả trường').count(), 0, 'a form teacher computes no whole school');
			await p.follow(p.page.locator('tbody th a').first());
			await p.follow(p.link('Việc còn thiếu'));
			const one = p.page.url();
			await p.page.locator('nav.tab a', { hasText: 'Học kì II' }).click();
			await p.look();
			await p.text(/Không còn thiếu gì|không thiếu/i);
			await p.shot('ready');
			assert.equal(await p.button(/Chốt riêng/).count(), 0, 'a form teacher closes nothing');
			const head = await p.beside('hieutruong');
			await head.go(one);
			assert.equal(await head.button('Chốt sổ cả trường').count(), 0, 'beside what one class lacks nothing closes the school');
			await head.follow(head.link('Mọi lớp của trường'));
			await head.go('/records/close?term=hk2');
			const section = head.page.locator('main section', { has: head.page.locator('h2', { hasText: ` ${name} ` }) });
			await head.follow(section.getByRole('button').last());
			await head.ended();
			await head.shot('job');
			await p.go(new URL(p.page.url()).pathname + new URL(p.page.url()).search);
			await p.text(/Đã chốt/);
			await p.shot('closed');
			await head.go('/records/close?term=hk2');
			await head.follow(section.getByRole('link', { name: 'Mở lại' }));
			await head.step('Mở lại', { reason: 'Sửa một nhận xét' });
			await head.text(/Đang mở/);
		},
	},
	retest: {
		async run(p) {
			await p.signIn('giaovien');
			await p.go('/records/summer');
			await p.shot('list');
			const box = p.page.locator('input[name="to"]').first();
			await box.fill('12');
			await p.follow(p.page.getByRole('button', { name: 'Lưu' }).first());
			await p.text(/từ 0 đến 10/);
			await p.go('/records/summer');
			const again = p.page.locator('input[name="to"]').first(), was = await again.inputValue();
			await again.fill(was === '7' ? '6.5' : '7');
			await p.follow(p.page.getByRole('button', { name: 'Lưu' }).first());
			await p.text(/Đã ghi kết quả kiểm tra lại/);
			assert.equal(await p.page.locator('input[name="to"]').first().inputValue(), was === '7' ? '6,5' : '7', 'as people write it');
			await p.shot('written');
		},
	},
	/* From a class to its register: on the screen as on paper, then the PDF; a month that does not exist says what to type. */
	'register-on-paper': {
		async run(p) {
			await p.signIn('hieutruong');
			const { id } = (await p.json('/school_class')).items[0];
			await p.go(`/school_class/${id}`);
			await p.page.getByText('In sổ, danh sách').click();
			await p.follow(p.page.getByRole('link', { name: 'Sổ theo dõi và đánh giá học sinh (theo lớp)', exact: true }));
			const tops = await p.page.locator('.ky').first().locator('.ten').evaluateAll((all) => all.map((e) => Math.round(e.getBoundingClientRect().top)));
			assert.ok(tops.length === 2 && tops[0] === tops[1], `who signs stands side by side: ${tops}`);
			assert.equal(await p.page.locator('.giay h2').first().evaluate((e) => getComputedStyle(e).color), 'rgb(0, 0, 0)', 'a heading is black, as it is printed');
			await p.shot('screen');
			const href = await p.page.getByRole('link', { name: 'Tải bản in (PDF)' }).evaluate((a) => a.href);
			const pdf = await (await p.context.request.get(href)).body();
			assert.match(execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }), /SỔ THEO DÕI VÀ ĐÁNH GIÁ[\s\S]*Sơ yếu lí lịch[\s\S]*Tổng hợp kết quả/);
			await p.go(`/school_class/${id}/print/month?on_day=31/2/2026`, 422);
			await p.text(/không phải ngày có thật; hãy nhập/);
		},
	},
	'form-teacher-rates': {
		async run(p) {
			await p.signIn('chunhiem');
			await p.go('/records');
			await p.follow(p.page.locator('tbody th a').first());
			await p.follow(p.page.getByRole('link', { name: 'Rèn luyện, nhận xét' }));
			await p.page.locator('input[name="rows.1.remark"]').fill(`Tiến bộ rõ ${Date.now()}`);
			await p.follow(p.page.getByRole('button', { name: 'Lưu' }));
			await p.text(/Đã lưu 1 đánh giá/);
			await p.shot('rated');
		},
	},
	'family-results': {
		async run(p) {
			await p.signIn('phuhuynh');
			await p.go('/records/child');
			assert.equal(await p.page.locator('main table').count() + await p.page.locator('main .trong').count(), 1, 'marks, or a word that there are none yet');
			if (await p.page.locator('main .trong').count())
				await p.follow(p.page.locator('main nav.tab').first().locator('a:not([aria-current])').first());
			await p.text(/Vì sao/);
			await p.shot('child');
			await p.go('/records', 404);
		},
	},
};
