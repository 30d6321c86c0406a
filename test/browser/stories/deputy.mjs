/* The deputy principal's work, and what a phone makes easy: a period by its name and by the day's lessons, a child by a choice, marks
 * that were typed and not sent. */
import { strict as assert } from 'node:assert';

/* Today, or Monday when today is Sunday, as people write it. */
const schoolDay = () => {
	const now = new Date(Date.now() + 7 * 3600_000);
	const day = new Date(now.getTime() + (now.getUTCDay() === 0 ? 86_400_000 : 0));
	return day.toISOString().slice(0, 10).split('-').reverse().join('/');
};

export default {
	deputy: {
		on: [['desktop', true], ['phone', true]],
		async run(p) {
			await p.signIn('phohieutruong');
			await p.text(/Phó hiệu trưởng/);
			await p.shot('home');
			await p.go('/gradebook');
			await p.text(/Bạn không dạy môn nào/);
			await p.shot('no-books');
			assert.match(await p.page.locator('.trong a.nut').getAttribute('href'), /\/course$/);
			await p.go('/records');
			await p.text(/Kết quả học tập/);
			await p.go('/mark_lock/new');
			await p.go('/timetable/new');
			/* what is the head's alone */
			await p.go('/announcement', 404);
		},
	},
	'cover-slots': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('phohieutruong');
			await p.go('/cover/new');
			await p.page.fill('#f-held', schoolDay());
			if (!p.script) {
				assert.match(await p.page.locator('#f-slot').innerText(), /Tiết 5 chiều/);
				return;
			}
			await p.choose('f-class', '7B');
			await p.page.locator('#f-held').blur();
			await p.page.locator('#f-slot optgroup option', { hasText: / – / }).first().waitFor({ state: 'attached' });
			await p.shot('lessons');
			await p.page.locator('#f-slot').selectOption({ label: await p.page.locator('#f-slot optgroup option').first().innerText() });
			await p.look();
			await p.go('/cover');
			assert.match(await p.page.locator('main').innerText(), /Tiết \d (sáng|chiều)/);
			assert.ok(!/Tiết (8|9|1\d)/.test(await p.page.locator('main').innerText()), 'a period goes by its name');
			await p.shot('list');
		},
	},
	'leave-choice': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('phuhuynh');
			await p.go('/leave_request/new');
			const children = p.page.locator('#f-pupil input[type="radio"]');
			assert.ok(await children.count() > 0, 'the children stand by their names');
			assert.equal(await p.page.locator('[name="pupil.text"]').count(), 0, 'nothing to be searched');
			await children.first().check();
			await p.page.fill('#f-first_day', '01/01/2020');
			await p.page.fill('#f-last_day', '01/01/2020');
			await p.page.fill('#f-reason', 'Em bị sốt');
			await p.follow(p.page.locator('form.don button.nut').first());
			/* refused for the day alone; the choice stays */
			assert.equal(await p.page.locator('.sai #f-pupil').count(), 0);
			assert.ok(await children.first().isChecked());
			await p.shot('form');
		},
	},
	/* who came from another class: the form teacher sees the marks of both */
	'moved-pupil': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('chunhiem');
			await p.go('/records?term=hk1');
			await p.follow(p.page.locator('main tbody th a').first());
			await p.follow(p.page.locator('a[href*="/records/rating/"]').first());
			const came = p.page.locator('main tbody tr', { hasText: 'từ lớp' });
			assert.equal(await came.count(), 1, 'one pupil came from another class');
			const name = (await came.locator('th').innerText()).replace(/\s*từ lớp.*/s, '').trim();
			await p.shot('rating');
			await p.page.goBack();
			const line = await p.page.locator('main tbody tr', { hasText: name }).first().innerText();
			assert.ok((line.match(/\d,\d/g) ?? []).length >= 6, `averages of the class before: ${line}`);
		},
	},
	/* TT 27/2020: a primary teacher's word, mark and qualities; TT 23/2010: indices of five-year-olds */
	'primary-teacher': {
		on: [['desktop', true], ['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovien.th');
			await p.go('/gradebook?term=hk2');
			const book = p.page.locator('main .lop a[href*="/gradebook/"]').filter({ hasText: 'Tiếng Việt' }).first();
			await p.follow(book);
			const cell = p.page.locator('.sd tbody tr').nth(p.turn).locator('td.od.hien input');
			if (p.script) {
				await p.page.locator('.sd-thanh').waitFor();
				await p.page.evaluate(() => document.querySelector('.sd td.od.hien input').focus());
			}
			await cell.fill(await cell.inputValue() === 'T' ? 'H' : 'T');
			if (p.script) {
				await cell.press('Enter');
				await p.page.waitForFunction(() => /Đã lưu/.test(document.querySelector('.sd-thanh .nhan')?.textContent ?? ''));
			} else
				await p.follow(p.page.locator('.bar button.nut').first());
			await p.shot('word');
			await p.go('/records?term=hk2');
			await p.follow(p.page.locator('main tbody th a').first());
			await p.follow(p.page.locator('a[href*="/records/rating/"]').first());
			const qualities = p.page.locator('input[name="rows.0.qualities"]');
			if (p.script && p.size === 'phone') {
				/* a thumb: everything at once, one of them otherwise, on to the next pupil */
				await p.page.locator('.pc-mo').first().waitFor();
				assert.ok(!await qualities.isVisible(), 'choices stand for the box');
				await p.page.locator('.pc-mo').first().click();
				await p.button('Tất cả: Đạt').click();
				await p.page.getByRole('group', { name: 'Nhân ái' }).getByRole('radio', { name: 'Tốt' }).check();
				assert.equal(await p.page.locator('.pc-dong').count(), 15);
				for (const box of await p.page.locator('.pc-dong label').all())
					assert.ok((await box.boundingBox()).height >= 44 && (await box.boundingBox()).width >= 48, 'wide enough for a thumb');
				await p.shot('choices');
				await p.button('Em sau').click();
				assert.equal(await p.page.locator('.pc-bang').count(), 1, 'the next pupil alone');
				await p.page.locator('.pc-dong').nth(14).getByRole('radio', { name: 'Cần cố gắng' }).check();
				assert.match(await p.page.locator('.pc-mo').nth(1).innerText(), /còn 14|Chọn mức/);
				await p.page.locator('.pc-dong').nth(14).getByRole('radio', { name: 'Cần cố gắng' }).press('ArrowLeft');
				assert.ok(await p.page.locator('.pc-dong').nth(14).getByRole('radio', { name: 'Đạt' }).isChecked(), 'by the keyboard too');
				/* half of them is not saved, and says whose */
				await p.follow(p.page.locator('.bar.dinh button.nut'));
				await p.text(/mỗi phẩm chất, năng lực ghi T, Đ, C/);
				await p.page.locator('.pc-mo').nth(1).click();
				assert.ok(await p.page.locator('.pc-dong').nth(14).getByRole('radio', { name: 'Đạt' }).isChecked(), 'in its own row again');
				await p.button('Tất cả: Tốt').click();
				await p.follow(p.page.locator('.bar.dinh button.nut'));
				assert.equal((await qualities.inputValue()).replace(/\s/g, ''), 'ĐTĐĐĐĐĐĐĐĐĐĐĐĐĐ');
				assert.match(await p.page.locator('.pc-mo').first().innerText(), /^1 T, 14 Đ/);
			} else {
				await qualities.fill('t t t t t đ đ đ đ đ t t t t t');
				await p.follow(p.page.locator('.bar.dinh button.nut'));
				assert.equal((await qualities.inputValue()).replace(/\s/g, '').length, 15);
			}
			await p.shot('qualities');
		},
	},
	/* a row of the year's results is in words; marks and reasons are the pupil's own page */
	'year-result': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/year_result');
			await p.follow(p.page.locator('main tbody th a').first());
			await p.text(/Thông tư 22\/2021\/TT-BGDĐT/);
			assert.doesNotMatch(await p.page.locator('main').innerText(), /missing:|every:|tt22|toan=|Vị trí sổ/);
			await p.shot('row');
			await p.follow(p.link('Điểm và lý do bằng lời'));
			await p.text(/Vì sao/);
			await p.text(/Cả năm/);
		},
	},
	'preschool-teacher': {
		on: [['phone', true]],
		async run(p) {
			await p.signIn('giaovien.mn');
			await p.go('/records');
			await p.follow(p.page.locator('main tbody th a').first());
			await p.follow(p.page.locator('a[href*="/records/rating/"]').first());
			await p.text(/Phát triển thể chất/);
			const indices = p.page.locator('input[name="rows.0.qualities"]');
			await indices.fill('26 34 31 40');
			await p.follow(p.page.locator('.bar.dinh button.nut'));
			await p.text(/29/);                              /* more than there are */
			await indices.fill('26 34 31 29');
			await p.follow(p.page.locator('.bar.dinh button.nut'));
			assert.match(await indices.inputValue(), /26 34 31 29/);
			await p.shot('indices');
		},
	},
	unsent: {
		on: [['phone', true]],
		async run(p) {
			await p.signIn('giaovien');
			await p.go('/gradebook?term=hk2');
			const place = p.page.locator('[data-chua-gui]');
			assert.ok(await place.isHidden());
			await p.go(await p.page.locator('main .lop a[href*="/gradebook/"]').last().getAttribute('href'));
			await p.page.locator('.sd-thanh').waitFor();
			await p.shot('toolbar');
			await p.cut();
			const first = p.page.locator('.sd tbody td.od.hien input').first(), was = await first.inputValue();
			await first.click();
			await p.page.keyboard.press('Control+a');
			const words = await p.page.locator('.sd-phim button').count() > 2;         /* comments, or marks */
			await p.page.keyboard.type(words ? (was === 'Đ' ? 'cđ' : 'đ') : was === '6,5' ? '75' : '65');
			await p.page.keyboard.press('Enter');
			await p.page.waitForFunction(() => /Chưa gửi được 1 ô/.test(document.querySelector('.sd-thanh .nhan')?.textContent ?? ''));
			await p.go('/');
			await place.getByRole('link').first().waitFor();
			assert.match(await place.innerText(), /1 điểm chưa gửi: Sổ điểm/);
			await p.shot('home');
			await p.follow(place.getByRole('link').first());
			await p.page.locator('.bao.lam').getByText('Bỏ').click();
			await p.page.locator('.bao.lam').waitFor({ state: 'detached' });
			await p.page.waitForFunction(() => new Promise((done) => {
				const open = indexedDB.open('khue-draft');
				open.onsuccess = () => { const all = open.result.transaction('draft').objectStore('draft').getAllKeys(); all.onsuccess = () => done(all.result.length === 0); };
			}));
			await p.go('/gradebook');
			assert.ok(await place.isHidden());
		},
	},
};
