/* The week of a teacher and a family, the lesson record, a new timetable: copied, a clash told, published. */
import { strict as assert } from 'node:assert';

const week = 7 * 86_400_000;
const inDays = (ms) => new Date(Date.now() + 7 * 3600_000 + ms).toISOString().slice(0, 10).split('-').reverse().join('/');

export default {
	'timetable-week': {
		on: [['desktop', true], ['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovien');
			await p.go('/schedule');
			await p.shot('home');
			await p.follow(p.link('Lịch dạy tuần này'));
			await p.text(/Tiết 1 sáng/);
			await p.shot('teacher');
			await p.follow(p.link('Tuần sau'));
			await p.go('/schedule');
			await p.follow(p.page.getByRole('button', { name: 'Lấy địa chỉ lịch mới' }));
			const path = await p.page.locator('a.ma').getAttribute('href');
			assert.match(await p.page.locator('a.ma').innerText(), /^https?:\/\/[^/]+\/lich\//, 'a whole address to copy');
			await p.shot('feed');
			const calendar = await p.context.request.get(p.server.url + path);
			assert.match(await calendar.text(), /^BEGIN:VCALENDAR\r\n[\s\S]*BEGIN:VEVENT[\s\S]*END:VCALENDAR\r\n$/);
			await p.go('/schedule');
			await p.follow(p.link(/Địa chỉ lịch đang dùng/));
			await p.follow(p.page.locator('main tbody a, main .ds a').first());
			await p.follow(p.button('Bỏ khỏi danh sách'));
			assert.equal((await p.context.request.get(p.server.url + path)).status(), 404, 'an address that was withdrawn is none');

			const office = await p.beside('giaovu');
			await office.go('/schedule');
			await office.follow(office.page.locator('main a[href*="/schedule/teacher/"]').first());
			await office.follow(office.link('Tuần sau'));
			await office.follow(office.page.locator('a:visible', { hasText: 'Dạy thay, nghỉ' }).first());
			assert.notEqual(await office.page.locator('[name="held"]').inputValue(), '', 'the day of the lesson stands there');
			await office.follow(office.button('Lưu'));
			await office.text(/Đang trống tiết: /);

			const family = await p.beside('phuhuynh');
			await family.go('/schedule');
			assert.equal(await family.page.locator('main nav h2').count(), 0, 'no heading over an empty list of classes, teachers, rooms');
			await family.follow(family.link('Xem tuần này'));
			await family.shot('family');
			await family.text(/Tiết 1/);
			await family.go('/contact');
			await family.text(/Tiết học hôm nay/);
			await family.page.locator('#ll-tkb').scrollIntoViewIfNeeded();
			await family.shot('family-day');
			assert.ok(await family.page.locator('section[aria-labelledby="ll-tkb"] .tiet').count() > 0, 'the lessons of today or of the next day');
			await family.follow(family.page.locator('section[aria-labelledby="ll-tkb"] a'));
			await family.text(/Thời khóa biểu lớp/);
		},
	},
	substitute: {
		on: [['phone', true]],
		async run(p) {
			/* the office has a teacher's days taken by another at once; that one finds the lesson on a phone, calls the roll of a
			 * class that is not their own and writes the book; who is away sees it */
			await p.signIn('chunhiem');
			const me = (await p.page.locator('h1').innerText()).replace('Chào ', '').trim();
			const office = await p.beside('giaovu');
			await office.go('/schedule/away');
			const names = (await office.page.locator('#f-teacher option').allInnerTexts()).filter((name) => name && name !== me);
			const day = [inDays(0), inDays(5 * 86_400_000)];
			await office.page.selectOption('#f-teacher', { label: names[0] });
			await office.page.fill('#f-first', day[0]);
			await office.page.fill('#f-last', inDays(-86_400_000));
			await office.follow(office.button('Xem các tiết'));
			await office.text(/Ngày cuối phải từ ngày đầu trở đi/);
			await office.page.fill('#f-last', day[1]);
			await office.page.locator('#f-by').selectOption({ label: me }, { force: true });
			await office.follow(office.button('Xem các tiết'));
			const chosen = office.page.locator('main tbody select').filter({ has: office.page.locator('option:checked', { hasText: me }) });
			/* somebody with lessons that the substitute is free for: names differ from day to day */
			while (await chosen.count() === 0) {
				names.shift();
				assert.ok(names.length, 'lessons that the substitute is free for');
				await office.page.selectOption('#f-teacher', { label: names[0] });
				await office.follow(office.button('Xem các tiết'));
			}
			await office.shot('lessons');
			await office.page.fill('#f-reason', 'Nghỉ ốm');
			await office.follow(office.button('Lưu'));
			await office.text(/Đã xếp \d+ tiết/);
			await office.text(new RegExp(`${me} dạy thay: Nghỉ ốm`));

			await p.go('/thong-bao');
			await p.text(new RegExp(`Bạn được phân công dạy thay \\d+ tiết của ${names[0]}`));
			await p.go('/');
			const roll = p.page.locator('main li', { hasText: 'Nghỉ ốm' }).locator('a[href*="/roll?"]').first();
			if (await roll.count()) {                         /* on a Sunday nobody teaches */
				const book = await roll.locator('xpath=..').locator('a', { hasText: 'Ghi sổ đầu bài' }).getAttribute('href');
				await p.follow(roll);
				await p.button('Còn lại có mặt').click();
				await p.page.locator('.o-bam').first().click();
				await p.shot('roll');
				await p.follow(p.button('Lưu điểm danh'));
				await p.text(/Đã lưu điểm danh lớp/);
				await p.go(book);
				await p.page.locator('.dau-bai summary').first().click();
				await p.page.locator('details[open] [name="content"]').fill('Dạy thay: ôn tập chương');
				await p.follow(p.page.locator('details[open] button.nut').first());
				await p.text(/Dạy thay: ôn tập chương/);
			}
			/* taken back: the substitute hears of it */
			await office.go('/schedule/away');
			await office.page.selectOption('#f-teacher', { label: names[0] });
			await office.page.fill('#f-last', day[1]);
			await office.follow(office.button('Xem các tiết'));
			while (await chosen.count())
				await chosen.first().selectOption({ label: '– Chưa xếp –' });
			await office.follow(office.button('Lưu'));
			await p.go('/thong-bao');
			await p.text(/Bạn không còn phải dạy thay ngày/);
		},
	},
	lessonbook: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovien');
			await p.go('/lessonbook');
			await p.shot('due');
			const due = await p.page.locator('.viec-can li').count();
			assert.ok(due > 0, 'lessons are due');
			await p.follow(p.page.locator('.viec-can a').first());
			const shown = await p.page.locator('.dt p').innerText();
			await p.page.locator('.dau-bai summary').first().click();
			/* refused: the same week again, whatever week it is, with what was typed */
			await p.page.locator('[name="content"]').first().evaluate((e) => { e.removeAttribute('maxlength'); e.value = 'x'.repeat(501); });
			await p.page.locator('[name="remark"]').first().fill('Lớp học tốt');
			await p.follow(p.page.locator('details[open] button.nut').first());
			await p.text(/Dài quá 500/);
			assert.equal(await p.page.locator('.dt p').innerText(), shown, 'the week stays');
			assert.equal(await p.page.locator('details[open] [name="remark"]').inputValue(), 'Lớp học tốt');
			await p.shot('refused');
			await p.page.locator('details[open] [name="content"]').fill('Số hữu tỉ, luyện tập');
			await p.page.locator('details[open] [name="grade"]').selectOption('a');
			await p.shot('form');
			await p.follow(p.page.locator('details[open] button.nut, form:has([name="content"]) button.nut').first());
			await p.text(/Số hữu tỉ, luyện tập/);
			await p.shot('written');
			await p.go('/lessonbook');
			assert.equal(await p.page.locator('.viec-can li').count(), due - 1, 'one lesson less is due');
		},
	},
	'timetable-new': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/timetable');
			await p.follow(p.page.locator('tbody th a').first());
			const id = p.id();
			await p.go(`/timetable/${id}/board`);
			await p.shot('board');
			await p.page.fill('#f-name', 'Thời khóa biểu thử');
			await p.page.fill('#f-since', inDays(week));
			await p.follow(p.page.getByRole('button', { name: 'Sao', exact: true }));
			await p.text(/Đang soạn/);
			const copy = p.id();
			await p.follow(p.page.locator('nav a[href*="/class/"]').first());
			/* two people on one class: what either touched is kept, the cell of both is told and stays as it is */
			const office = await p.beside('giaovu'), here = p.page.url().replace(p.server.url, '');
			await office.go(here);
			const box = (who, i) => who.page.locator('table.xep select').nth(i);
			const free = [];
			for (let i = 0; free.length < 2; i++)
				if (!await box(p, i).inputValue())
					free.push(i);
			assert.ok(await office.page.locator('table.xep option', { hasText: '(bận ' }).count() > 0, 'who teaches elsewhere is busy');
			await box(office, free[0]).selectOption({ index: 2 });
			const theirs = await box(office, free[0]).inputValue();
			await office.follow(office.page.getByRole('button', { name: 'Lưu', exact: true }));
			assert.match(office.page.url(), /\/board/);
			await box(p, free[0]).selectOption({ index: 3 });
			await box(p, free[1]).selectOption({ index: 1 });
			const mine = await box(p, free[1]).inputValue();
			/* the room of a subject: all its lessons of the class are there */
			const room = p.page.locator('select[name^="places."]').first();
			await room.selectOption({ label: 'Phòng thí nghiệm' });
			await p.shot('enter');
			await p.follow(p.page.getByRole('button', { name: 'Lưu', exact: true }));
			assert.match(p.page.url(), /\/class\//, 'back on the page of the class');
			await p.text(/trừ ô người khác vừa xếp khác: Thứ/);
			assert.equal(await box(p, free[0]).inputValue(), theirs);
			assert.equal(await box(p, free[1]).inputValue(), mine);
			assert.equal(await room.locator('option:checked').innerText(), 'Phòng thí nghiệm');
			await p.go(`/timetable/${copy}/import`);
			await p.page.setInputFiles('#f-file', { name: 'tkb.csv', mimeType: 'text/csv',
				buffer: Buffer.from('Thứ,Tiết,6A,9Z\n2,1,Toán - Người Ngoài,Văn\n2,2,Môn lạ,\n2,7,Toán,\n') });
			await p.follow(p.page.getByRole('button', { name: 'Xem trước' }));
			await p.text(/9Z/);
			await p.text(/Môn lạ/);
			await p.text(/Giáo viên trong tệp khác phân công/);
			const other = p.page.locator('tr', { hasText: 'Người Ngoài' });
			assert.match(await other.innerText(), /6A[\s\S]*Toán/, 'the lesson whose teacher differs');
			assert.equal(await other.locator('th').innerText(), '2', 'its row in the file');
			await p.shot('preview');
			await p.follow(p.page.getByRole('button', { name: 'Ghi vào thời khóa biểu' }));
			await p.text(/Đã nhập 2 tiết/);
			await p.go(here);
			await p.text(/Tiết 7 sáng/);           /* no bell says so, but a lesson is there */
			await p.go(`/timetable/${copy}`);
			await p.step('Ban hành');
			await p.text(/Đã ban hành/);
		},
	},
};
