/* A parent with a phone: the children, today's attendance, the record; nobody else's. */
import { strict as assert } from 'node:assert';

export default {
	'refused-keeps': {
		on: [['desktop', true]],
		async run(p) {
			/* a message that is refused comes back as a page about the same child, to the same teacher, with its words */
			await p.signIn('phuhuynh');
			await p.go('/contact');
			await p.follow(p.page.locator('.viec-nhanh a', { hasText: 'Nhắn thầy cô' }));
			const form = p.page.locator('main form.don'), about = await p.page.locator('main .dt p').innerText();
			const fields = Object.fromEntries(await form.locator('input:not([type="radio"], [type="file"]), input:checked').evaluateAll((all) => all.map((i) => [i.name, i.value])));
			const other = await form.locator('[name="teacher"]').nth(1).getAttribute('value');
			const answer = await p.context.request.post(p.server.url + await form.getAttribute('action'), { form: { ...fields, teacher: other, about: '', body: 'Câu đã viết' }, headers: { Origin: p.server.url } });
			assert.equal(answer.status(), 422);
			const again = await answer.text();
			assert.ok(again.includes(`>${about}</p>`), 'the page is about the same child');
			assert.match(again, /<textarea[^>]*>Câu đã viết<\/textarea>/);
			assert.match(again, new RegExp(`name="teacher" value="${other}" checked`));
			/* so does an answer with a file that is not taken */
			await p.go('/talks');
			await p.follow(p.page.locator('main li a').first());
			await p.page.fill('#f-body', 'Câu trả lời đã viết');
			await p.page.setInputFiles('#f-file', { name: 'a.exe', mimeType: 'application/octet-stream', buffer: Buffer.from('MZ') });
			await p.follow(p.page.locator('form.don button.nut').last());
			await p.text(/Không nhận loại tệp này/);
			assert.equal(await p.page.inputValue('#f-body'), 'Câu trả lời đã viết');
		},
	},
	parent: {
		async run(p) {
			await p.signIn('phuhuynh');
			await p.shot('home');
			await p.go('/children');
			const children = await p.page.locator('main .con h2 a').count();
			assert.ok(children >= 2, 'has two children');
			const schools = await p.page.locator('main .con li p:first-of-type').allInnerTexts();
			assert.ok(new Set(schools.map((t) => t.split('·')[1].trim())).size >= 2, `at two schools: ${schools}`);
			await p.shot('children');
			await p.follow(p.page.locator('main .con h2 a').first());
			await p.shot('child');
			const mine = await p.page.locator('h1').innerText();
			await p.follow(p.link('Ai đã xem hồ sơ'));
			await p.shot('who-looked');
			await p.go('/children');
			await p.follow(p.page.locator('main .con h2 a').nth(1));
			assert.notEqual(await p.page.locator('h1').innerText(), mine);
			await p.go('/person', 404).catch(async () => assert.ok(await p.page.locator('tbody tr').count() <= children + 2, 'sees only the family'));
			await p.go('/tai-khoan');
			await p.page.locator('form[action="/dang-xuat"] button').last().scrollIntoViewIfNeeded();
			await p.follow(p.page.locator('main form[action="/dang-xuat"] button').last());
			await p.go('/children', 404).catch(() => assert.ok(p.page.url().includes('/dang-nhap'), 'signed out'));
		},
	},
};
