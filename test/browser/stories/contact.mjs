/* The contact book: a parent reads, answers and asks for leave; the form teacher approves and the roll shows it; a notice that
 * needs the principal reaches the family. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';

/* The page of the child whose form teacher is chunhiem. */
async function childOf(p) {
	await p.go('/contact');
	const chip = p.page.locator('.con-chon a', { hasText: 'THCS Nguyễn Trãi' }).first();
	if (await chip.getAttribute('aria-current') === null)
		await p.follow(chip);
}

/* What a reader has not seen is not read: a page fetched ahead, a tab behind others. Then they look, and the writer sees it. */
async function opened(writer, reader, talk) {
	const state = async () => {
		await writer.go(`/talks/${talk}`);
		return (await writer.page.locator('.cua-toi').last().innerText()).split('\n').pop();
	};
	await reader.context.request.get(`${reader.server.url}/talks/${talk}`);
	if (!reader.script) {
		await reader.go(`/talks/${talk}`);
		assert.equal(await state(), 'Đã gửi', 'without a script only the button tells');
		await reader.follow(reader.button('Đã đọc, cảm ơn'));
	} else {
		const page = await reader.context.newPage();
		await page.addInitScript(() => Object.defineProperty(document, 'visibilityState', { get: () => window.name || 'hidden' }));
		await page.goto(`${reader.server.url}/talks/${talk}`);
		await page.locator('form[data-da-doc]').waitFor({ state: 'hidden' });
		assert.equal(await state(), 'Đã gửi', 'a tab behind others reads nothing');
		const told = page.waitForResponse(`**/talks/${talk}/seen`);
		await page.evaluate(() => { window.name = 'visible'; document.dispatchEvent(new Event('visibilitychange')); });
		assert.equal((await told).status(), 200);
		await page.locator('form[data-da-doc]').waitFor({ state: 'detached' });
		await page.close();
		await reader.go(`/talks/${talk}`);
	}
	assert.equal(await state(), 'Đã đọc');
	assert.equal(await reader.button('Đã đọc, cảm ơn').count(), 0);
}

export default {
	'talk-draft': {
		on: [['phone', true]],
		async run(p) {
			/* a message whose connection is cut is not typed again; one that arrived is not offered again */
			await p.signIn('phuhuynh');
			await childOf(p);
			await p.follow(p.link('Nhắn thầy cô'));
			await p.page.locator('input[type=radio]').first().check();
			await p.page.fill('#f-about', 'Mất sóng');
			await p.page.fill('#f-body', 'Tin đầu');
			await p.follow(p.button('Gửi'));
			assert.equal(await p.button('Điền lại').count(), 0);
			const talk = p.page.url();
			await p.page.fill('#f-body', 'Tin giữa đường');
			await p.page.locator('form[data-draft][data-kept]').waitFor();
			await p.page.route('**/talks/*', (r) => r.request().method() === 'POST' ? r.abort() : r.continue());
			await p.button('Gửi').click({ noWaitAfter: true });
			await p.page.waitForURL(/chrome-error/).catch(() => p.page.waitForTimeout(500));
			await p.page.unroute('**/talks/*');
			await p.go(talk);
			await p.button('Điền lại').click();
			assert.equal(await p.page.inputValue('#f-body'), 'Tin giữa đường');
			await p.shot('again');
			await p.follow(p.button('Gửi'));
			assert.equal(await p.page.locator('.loi-dai', { hasText: 'Tin giữa đường' }).count(), 1);
			assert.equal(await p.button('Điền lại').count(), 0);
			await p.go(talk);
			assert.equal(await p.button('Điền lại').count(), 0);
		},
	},
	'notice-answer': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			/* a form teacher asks the families; a parent of two children answers on a phone and changes their mind; the teacher sees who
			 * said what, takes the notice back, and the family reads why */
			const about = `Họp thứ Bảy (${p.turn})`;
			const day = new Date(Date.now() + 3 * 86400000).toISOString().slice(0, 10).split('-').reverse().join('/');
			const t = await p.beside('chunhiem');
			await t.go('/announcement/new');
			await t.page.fill('[name="title"]', about);
			await t.page.fill('[name="body"]', 'Gia đình có dự họp được không?');
			await t.page.fill('[name="answer_by"]', day);
			await t.follow(t.button('Lưu'));
			const id = t.id();
			await t.step('Gửi');
			await p.signIn('phuhuynh');
			const line = p.page.locator('li', { hasText: about });
			for (let i = 0; i < 40; i++) {
				await childOf(p);
				if (await line.count())
					break;
				await p.page.waitForTimeout(500);
			}
			await p.text(/Cần trả lời/);
			await p.follow(line.locator('a'));
			await p.shot('asked');
			await p.page.getByLabel('Có, đồng ý').check();
			await p.page.fill('#f-said', 'Mẹ cháu dự ạ');
			await p.follow(p.button('Gửi câu trả lời'));
			await p.text(/Gia đình đã trả lời: Có, đồng ý/);
			await p.shot('answered');
			await p.page.locator('summary', { hasText: 'Sửa câu trả lời' }).click();
			await p.page.getByLabel('Không', { exact: true }).check();
			await p.follow(p.button('Gửi câu trả lời'));
			await p.text(/Gia đình đã trả lời: Không/);
			await t.go(`/announcement/${id}/reached`);
			assert.match(await t.page.locator('tr', { hasText: 'Mẹ cháu dự ạ' }).innerText(), /Không/);
			await t.shot('reached');
			await t.go(`/announcement/${id}`);
			await t.step('Thu hồi', { recalled: 'Hoãn họp sang tuần sau' });
			await t.text(/Đã thu hồi/);
			await p.page.reload();
			await p.text(/đã thu hồi thông báo này: Hoãn họp sang tuần sau/);
			assert.equal(await p.button('Gửi câu trả lời').count(), 0);
			await p.shot('recalled');
			await childOf(p);
			assert.match(await line.innerText(), /Đã thu hồi/);
		},
	},
	'leave-cut': {
		on: [['phone', true]],
		async run(p) {
			/* the request arrives, its answer does not: sent again from the draft it is the same request; typed anew it is told */
			const day = new Date(Date.now() + 60 * 86400000);
			if (day.getDay() === 0)
				day.setDate(day.getDate() + 1);
			const held = day.toISOString().slice(0, 10).split('-').reverse().join('/');
			const fill = async () => {
				await p.page.fill('[name="first_day"]', held);
				await p.page.fill('[name="last_day"]', held);
				await p.page.fill('[name="reason"]', 'Nhà có giỗ');
			};
			const asked = async () => (await p.json('/leave_request')).items.filter((r) => r.reason === 'Nhà có giỗ').length;
			await p.signIn('phuhuynh');
			await childOf(p);
			await p.follow(p.page.locator('.viec-nhanh a', { hasText: 'Xin nghỉ' }));
			const form = p.page.url();
			await fill();
			await p.page.locator('form[data-draft][data-kept]').waitFor();
			await p.page.route('**/leave_request', async (r) => { await r.fetch({ maxRedirects: 0 }); await r.abort(); }, { times: 1 });
			await p.page.locator('main form.don button.nut').last().click({ noWaitAfter: true });
			await p.page.waitForURL(/chrome-error/).catch(() => p.page.waitForTimeout(500));
			assert.equal(await asked(), 1, 'it has arrived');
			await p.go(form);
			await p.button('Điền lại').click();
			await p.follow(p.page.locator('main form.don button.nut').last());
			await p.text(/Chờ duyệt/);
			const id = p.id();
			assert.equal(await asked(), 1, 'it is the same request');
			await p.go(form);
			await fill();
			await p.follow(p.page.locator('main form.don button.nut').last());
			await p.text(/Đã có đơn xin nghỉ trùng ngày này/);
			await p.shot('twice');
			await p.follow(p.link(/^Xem đơn .* đã gửi lúc/));
			assert.equal(p.id(), id);
			await p.step('Rút đơn');
		},
	},
	contact: {
		weight: 20,
		async run(p) {
			const mark = `${p.size}${p.script ? '' : ' không JS'}`;
			const day = new Date(Date.now() + (10 + 7 * p.turn) * 86400000);
			if (day.getDay() === 0)
				day.setDate(day.getDate() + 1);
			const held = `${String(day.getDate()).padStart(2, '0')}/${String(day.getMonth() + 1).padStart(2, '0')}/${day.getFullYear()}`;

			await p.signIn('phuhuynh');
			await p.go('/contact');
			assert.ok(await p.page.locator('.con-chon a').count() >= 2, 'two children to choose from');
			await p.shot('family');
			await p.follow(p.page.locator('.con-chon a:not([aria-current])').first());
			await p.shot('family-other');

			/* leave */
			await childOf(p);
			const child = p.page.url();
			const first = await p.page.locator('section[aria-labelledby="ll-ngay"] b').first().innerText();
			await p.follow(p.page.locator('.viec-nhanh a', { hasText: 'Xin nghỉ' }));
			await p.page.fill('[name="first_day"]', held);
			await p.page.fill('[name="last_day"]', held);
			await p.page.fill('[name="reason"]', `Gia đình có việc (${mark})`);
			await p.shot('leave-form');
			await p.follow(p.page.locator('main form.don button.nut').last());
			await p.text(/Chờ duyệt/);
			const leave = p.id();
			await p.shot('leave-asked');
			assert.ok(first);

			/* a message to the form teacher; begun from the list of messages, of a child that is chosen there */
			await p.go('/talks');
			await p.follow(p.link('Viết tin nhắn'));
			assert.ok(await p.page.locator('[name="teacher"]').count() > 0, 'teachers of the first child');
			assert.ok(await p.page.locator('.lua a').count() >= 2, 'children to choose from');
			await p.shot('write-first');
			await p.go(child);
			await p.follow(p.page.locator('.viec-nhanh a', { hasText: 'Nhắn thầy cô' }));
			await p.page.fill('#f-about', `Hỏi bài tập (${mark})`);
			await p.page.fill('#f-body', 'Tối nay cháu cần làm bài nào ạ?');
			await p.shot('write');
			await p.follow(p.page.locator('main form.don button.nut').last());
			const talk = p.id();
			await p.text(/Tối nay cháu cần làm bài nào/);

			const t = await p.beside('chunhiem');
			await opened(p, t, talk);
			await t.page.fill('#f-body', 'Bài 3 trang 12 ạ.');
			await t.shot('teacher-talk');
			await t.follow(t.page.locator('form.don button.nut').last());
			await t.text(/Bài 3 trang 12/);
			await t.go('/talks');
			await t.shot('teacher-talks');
			await t.go(`/leave_request/${leave}`);
			await t.step('Duyệt cho nghỉ', { answer: 'Chúc cháu đi vui.' });
			await t.text(/Đã duyệt/);
			const sheet = await t.json(`/absence?held.from=${held}`).catch(() => null);
			assert.ok(sheet, 'absences can be read');

			await opened(t, p, talk);
			await p.text(/Bài 3 trang 12/);
			await p.shot('parent-talk');
			await p.go('/talks');
			assert.doesNotMatch(await p.page.locator('main li', { hasText: `Hỏi bài tập (${mark})` }).innerText(), /chưa đọc/);
			await p.go(`/leave_request/${leave}`);
			await p.text(/Đã duyệt/);
			await p.step('Rút đơn');
			await p.text(/Đã rút/);

			/* others see nothing of the conversation */
			const other = await p.beside('giaovien');
			await other.go(`/talks/${talk}`, 404);

			/* a notice to the class */
			await p.go(child);
			await p.follow(p.page.locator('section[aria-labelledby="ll-tb"] a').first());
			await p.text(/kiểm tra|họp|bão/i);
			await p.shot('notice');
			if (await p.button('Đã đọc, cảm ơn').count())
				await p.follow(p.button('Đã đọc, cảm ơn'));
		},
	},
	'contact-activate': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			const office = await p.beside('tinhoc');
			await office.go('/contact/activation');
			await office.shot('sheets');
			const form = office.page.locator('main table form').nth(p.turn + 1);
			const fields = Object.fromEntries(await form.locator('input').evaluateAll((all) => all.map((i) => [i.name, i.value])));
			const sheet = await office.context.request.post(p.server.url + await form.getAttribute('action'), { form: fields, headers: { Origin: p.server.url } });
			assert.equal(sheet.status(), 200, 'the sheet is printed');
			const text = execFileSync('pdftotext', ['-raw', '-', '-'], { input: await sheet.body(), encoding: 'utf8' });
			const codes = text.match(/[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?!\S)/g), code = codes[0];
			/* one lost slip: that family's alone is printed anew, and only the code it had is void */
			await office.go(new URL(await form.getAttribute('action'), p.server.url).pathname);
			await office.shot('one-slip');
			const alone = office.page.locator('main table form').nth(1);
			const lost = Object.fromEntries(await alone.locator('input').evaluateAll((all) => all.map((i) => [i.name, i.value])));
			const slip = await office.context.request.post(p.server.url + await alone.getAttribute('action'), { form: lost, headers: { Origin: p.server.url } });
			assert.equal(slip.status(), 200, 'one slip is printed');
			const renewed = execFileSync('pdftotext', ['-raw', '-', '-'], { input: await slip.body(), encoding: 'utf8' }).match(/[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}(?!\S)/g);
			assert.equal(new Set(renewed).size, 1);
			assert.ok(!codes.includes(renewed[0]));
			await p.go(`/kich-hoat?code=${code}`);
			await p.shot('start');
			await p.page.fill('#f-born', '32/13/2014');            /* no day: what was typed stays */
			await p.page.fill('#f-fresh', 'trăng rằm soi bến sông');
			await p.page.fill('#f-again', 'trăng rằm soi bến sông');
			await p.follow(p.page.locator('main form.don button.nut'));
			assert.equal(await p.page.inputValue('#f-code'), code);
			assert.equal(await p.page.inputValue('#f-born'), '32/13/2014');
			await p.page.fill('#f-born', '01/01/1990');
			await p.page.fill('#f-fresh', 'trăng rằm soi bến sông');
			await p.page.fill('#f-again', 'trăng rằm soi bến sông');
			await p.follow(p.page.locator('main form.don button.nut'));
			await p.text(/chưa đúng/);
			const child = /Phụ huynh của: ([^:]+?)\s+Mã:/.exec(text)[1].replace(/\s+/g, ' ');
			const rows = await office.json(`/person?q=${encodeURIComponent(child)}`);
			const born = [...new Set(rows.items.filter((r) => r.name === child && r.born).map((r) => r.born.split('-').reverse().join('/')))];
			for (const day of born) {            /* of pupils of one name one is this child */
				await p.page.fill('#f-born', day);
				await p.page.fill('#f-fresh', 'trăng rằm soi bến sông');
				await p.page.fill('#f-again', 'trăng rằm soi bến sông');
				await p.follow(p.page.locator('main form.don button.nut'));
				if (/sẵn sàng/.test(await p.page.locator('main').innerText()))
					break;
			}
			await p.text(/sẵn sàng/);
			await p.shot('done');
			const login = await p.page.locator('.ma b').innerText();
			await p.signIn(login, 'trăng rằm soi bến sông');
			await p.go('/contact');
			await p.text(new RegExp(child.split(' ').at(-1)));
			await p.shot('in');
		},
	},
	/* A teacher writes to a whole class from a template, with a picture; a family answers, only the teacher reads it; the
	 * principal looks in after writing why, and the family sees that. */
	'contact-class': {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const about = `Con quên vở (${p.size})`;
			const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
			await p.signIn('chunhiem');
			await p.go('/talks/new');
			await p.page.selectOption('#f-template', { label: 'Nhắc mang vở' });
			await p.follow(p.button('Dùng mẫu'));
			assert.match(await p.page.inputValue('#f-body'), /\{lớp\}/);
			await p.page.fill('#f-about', about);
			await p.page.locator('input[name="whole"]').check();
			await p.page.setInputFiles('#f-file', { name: 'vo.png', mimeType: 'image/png', buffer: png });
			await p.shot('write');
			await p.follow(p.page.locator('main form.don button.nut').last());
			const talk = p.id();
			await p.text(/quên vở. Nhờ gia đình/);
			await p.shot('teacher');

			const family = await p.beside('phuhuynh');
			await family.go(`/talks/${talk}`);
			await family.text(/chỉ giáo viên đọc được/);
			const href = await family.page.locator('.trao-doi a[href*="/file/"]').getAttribute('href');
			await family.text(/vo\.png/);
			const file = await family.context.request.get(p.server.url + href);
			assert.equal(file.headers()['content-type'], 'image/png');
			await family.page.fill('#f-body', 'Gia đình đã nhắc cháu ạ.');
			await family.follow(family.page.locator('form.don button.nut').last());
			await family.text(/Chỉ giáo viên đọc được tin này/);
			await family.shot('family');

			const head = await p.beside('hieutruong');
			await head.go(`/talks/${talk}`, 404);
			assert.equal((await head.context.request.get(p.server.url + href)).status(), 404);
			await head.go('/contact/looks');
			const line = head.page.locator('li', { has: head.page.locator(`form[action$="/talks/${talk}/look"]`) });
			await line.locator('summary').click();
			await line.locator('input[name="reason"]').fill('Phụ huynh khiếu nại, cần xem lại');
			await head.shot('looks');
			await head.follow(line.locator('button.nut'));
			await head.text(/Gia đình đã nhắc cháu/);
			assert.equal(await head.page.locator('#f-body').count(), 0, 'a look does not write');
			await head.shot('look');
			await family.go(`/talks/${talk}`);
			await family.text(/Phụ huynh khiếu nại, cần xem lại/);
			await head.go('/contact/reach');
			await head.text(/Mức dùng theo ngày/);
			await head.shot('reach');
		},
	},
	'contact-channels': {
		whole: true,
		async run(p) {
			await p.signIn('phuhuynh');
			await p.go('/tai-khoan');
			await p.follow(p.link('Cách nhận tin'));
			await p.shot('prefer');
			await p.page.locator('main section.the').last().scrollIntoViewIfNeeded();
			await p.shot('prefer-browsers');
			await p.page.fill('#f-since', '20:15');
			await p.page.fill('#f-until', 'sáu giờ');
			await p.page.locator('input[name="kinds.1.push"]').uncheck();
			await p.follow(p.button('Lưu'));
			await p.text(/Giờ viết như 21:30/);
			assert.equal(await p.page.locator('input[name="kinds.1.push"]').isChecked(), false, 'a wrong hour leaves what was chosen');
			assert.equal(await p.page.inputValue('#f-until'), 'sáu giờ'.slice(0, 5));
			await p.page.fill('#f-until', '6h05');
			await p.page.locator('input[name="kinds.2.zalo"]').uncheck();
			assert.equal(await p.page.locator('input[name="kinds.1.zalo"]').count(), 0, 'only notices of the school go by Zalo');
			await p.follow(p.button('Lưu'));
			assert.equal(await p.page.locator('input[name="kinds.2.zalo"]').isChecked(), false);
			assert.equal(await p.page.locator('input[name="kinds.2.sms"]').isChecked(), true);
			assert.equal(await p.page.inputValue('#f-until'), '06:05');
			assert.equal(await p.page.locator('input[name="kinds.1.push"]').isChecked(), false);
			await p.page.fill('#f-since', '');
			await p.page.fill('#f-until', '');
			await p.page.locator('input[name="kinds.1.push"]').check();
			await p.page.locator('input[name="kinds.2.zalo"]').check();
			await p.follow(p.button('Lưu'));
			/* the service worker shows what the server wrote, and leads nowhere else */
			if (p.script && p.size === 'desktop') {
				await p.context.grantPermissions(['notifications']);
				const cdp = await p.context.newCDPSession(p.page);
				const there = new Promise((done) => { cdp.on('ServiceWorker.workerRegistrationUpdated', (e) => e.registrations[0] && done(e.registrations[0].registrationId)); });
				await p.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
				await cdp.send('ServiceWorker.enable');
				const to = { origin: p.server.url, registrationId: await there };
				for (const url of ['/thong-bao', '//evil.example/x'])
					await cdp.send('ServiceWorker.deliverPushMessage', { ...to, data: JSON.stringify({ title: 'Khuê', body: 'Có tin mới: Thông báo', url }) });
				const shown = () => p.page.evaluate(() => navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) => all.map((n) => [n.title, n.body, n.data])));
				for (let i = 0; (await shown()).length < 1; i++) {
					assert.ok(i < 100, 'the notice is shown');
					await p.page.waitForTimeout(100);
				}
				assert.deepEqual([...new Set((await shown()).map((n) => n.join('|')))], ['Khuê|Có tin mới: Thông báo|/thong-bao']);
			}
			const office = await p.beside('giaovu');
			await office.go('/delivery');
			await office.text(/Đã tới máy/);
			await office.shot('deliveries');
		},
	},
	'contact-mass': {
		weight: 20,
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const title = `Nghỉ bão ${p.size}`;
			await p.signIn('giaovu');
			await p.go('/announcement/new');
			await p.page.fill('[name="title"]', title);
			await p.page.fill('[name="body"]', 'Học sinh nghỉ học ngày mai để phòng bão.');
			await p.page.setInputFiles('main form.don input[type="file"]', { name: 'cong-van.png', mimeType: 'image/png', buffer: Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64') });
			await p.shot('announce-form');
			await p.follow(p.page.locator('main form.don button.nut').last());
			const id = p.id();
			/* only what can succeed is offered */
			assert.equal(await p.page.locator('form[action$="/do/send"]').count(), 0);
			await p.step('Trình hiệu trưởng duyệt');
			await p.text(/Chờ hiệu trưởng duyệt/);
			assert.match(await p.page.locator('.dt .nhan').first().getAttribute('class'), /vang/, 'what waits has the colour of waiting');
			await p.shot('announce-waits');
			await p.step('Lấy lại để sửa');
			await p.text(/Bản nháp/);
			await p.step('Trình hiệu trưởng duyệt');
			const head = await p.beside('hieutruong');
			await head.go(`/announcement/${id}`);
			await head.shot('announce-approve');
			await head.step('Duyệt và gửi');
			await head.text(/Đã gửi/);
			await head.go('/contact/reach');
			await head.shot('reach');
			await p.go(`/announcement/${id}`);
			await p.follow(p.link('Ai đã nhận, ai chưa'));
			await p.shot('reached');
			const family = await p.beside('phuhuynh');
			for (let i = 0; ; i++) {
				await childOf(family);
				if ((await family.page.locator('main').innerText()).includes(title))
					break;
				assert.ok(i < 40, 'the notice arrives');
				await family.page.waitForTimeout(500);
			}
			/* its attachment is the family's to open, and nobody else's */
			await family.follow(family.link(title));
			await family.shot('notice-file');
			const href = await family.page.locator('main a[href$="/file"]').getAttribute('href');
			const file = await family.context.request.get(p.server.url + href);
			assert.equal(file.headers()['content-type'], 'image/png');
			const child = await p.beside('hocsinh');
			assert.notEqual((await child.context.request.get(p.server.url + href)).status(), 200);
		},
	},
};
