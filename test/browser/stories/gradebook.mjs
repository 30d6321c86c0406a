/* The book of marks: keys, states of cells, two people, drafts, pastes, locks, on a desktop and a phone. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';

const vectors = readFileSync(new URL('../../vectors/mark-keys.tsv', import.meta.url), 'utf8').split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split('\t'));

/* The subject teacher's book of literature, empty in the second term: its address. Each story here has rows of its own in it. */
async function book(p) {
	await p.go('/gradebook?term=hk2');
	const links = p.page.locator('main .lop a[href*="/gradebook/"]').filter({ hasText: 'Ngữ văn' });
	assert.ok(await links.count(), 'a teacher has a book of literature in the second term');
	return (await links.first().getAttribute('href')).replace(/\?.*/, '');
}
const chip = (p) => p.page.locator('.sd-thanh .nhan');
const saved = (p) => p.page.waitForFunction(() => /Đã lưu/.test(document.querySelector('.sd-thanh .nhan')?.textContent ?? ''), undefined, { timeout: 8000 });
/* The n-th input of a column of the page. */
const cell = (p, column, row) => p.page.locator(`.sd tbody tr:nth-child(${row + 1}) td.od:has(input)`).nth(column).locator('input');
const clear = async (p, column, row) => { await cell(p, column, row).click(); await p.page.keyboard.press('Delete'); await saved(p); };

export default {
	gradebook: {
		weight: 4, on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			const at = await book(p);
			await p.shot('books');
			await p.go(`${at}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			const keys = p.page.keyboard;
			await cell(p, 0, 0).click();
			await keys.type('85');
			await keys.press('Enter');
			await keys.type('7');
			await keys.press('Enter');
			await keys.type('12');
			await keys.press('Enter');
			await keys.type('6.5');
			await keys.press('Tab');
			await keys.type('10');
			await keys.press('ArrowUp');
			assert.equal(await cell(p, 0, 0).inputValue(), '8,5');
			assert.equal(await cell(p, 0, 3).inputValue(), '6,5');
			assert.equal(await cell(p, 1, 3).inputValue(), '10');
			assert.equal(await cell(p, 0, 2).getAttribute('aria-invalid'), 'true');
			await saved(p);
			assert.equal(await p.page.locator('.sd td.luu').count(), 4);
			await p.shot('typed');
			await p.look();
			/* what was refused was not written, what was saved is there */
			await p.page.reload();
			await p.page.locator('.sd-thanh').waitFor();
			assert.equal(await cell(p, 0, 0).inputValue(), '8,5');
			assert.equal(await cell(p, 0, 2).inputValue(), '');
			assert.match(await p.page.locator('.bao.lam').innerText(), /1 ô gõ lúc/);
			await p.page.locator('.bao.lam').getByText('Bỏ').click();
			/* undo and redo, Escape, Delete, fill down, a range copied */
			await cell(p, 0, 0).click();
			await keys.type('3');
			await keys.press('Escape');
			assert.equal(await cell(p, 0, 0).inputValue(), '8,5');
			await keys.press('Delete');
			assert.equal(await cell(p, 0, 0).inputValue(), '');
			await keys.press('Control+z');
			assert.equal(await cell(p, 0, 0).inputValue(), '8,5');
			await keys.press('Control+y');
			assert.equal(await cell(p, 0, 0).inputValue(), '');
			await keys.press('Control+z');
			await keys.press('Shift+ArrowDown');
			await keys.press('Shift+ArrowDown');
			assert.equal(await p.page.locator('.sd td.chon').count(), 3);
			await keys.press('Control+d');
			assert.equal(await cell(p, 0, 2).inputValue(), '8,5');
			await keys.press('Control+z');
			assert.equal(await cell(p, 0, 1).inputValue(), '7');
			/* a mark far from the others is pointed out and saved all the same */
			await cell(p, 1, 0).fill('8');
			await cell(p, 2, 0).fill('9');
			await cell(p, 3, 0).click();
			await keys.type('05');
			await keys.press('Enter');
			assert.ok(await p.page.locator('.sd tbody tr:first-child td.ngo').count());
			await saved(p);
			/* and stays pointed out when it is in the book */
			await p.page.waitForFunction(() => document.querySelector('.sd tbody tr:first-child td.ngo.luu'));
			assert.match(await chip(p).first().innerText(), /1 ô xa các điểm khác/);
			await cell(p, 3, 0).click();
			assert.match(await p.page.locator('.noi-gi').innerText(), /Xa các điểm khác/);
			await p.page.keyboard.press('Delete');
			await saved(p);
			assert.doesNotMatch(await chip(p).first().innerText(), /xa các điểm khác/);
			/* what is wrong says how absence and exemption are written */
			await keys.type('x');
			await keys.press('Enter');
			assert.match(await p.page.locator('.sd tbody tr:first-child td.loi .vi-sao').innerText(), /vắng gõ v, miễn gõ m/);
			assert.match(await p.page.locator('.phim-goi-y').innerText(), /v vắng · m miễn/);
			await clear(p, 3, 0);
			/* history of one cell */
			await cell(p, 0, 0).click();
			await p.page.getByRole('button', { name: 'Lịch sử ô' }).click();
			await p.page.locator('dialog table').waitFor();
			await p.shot('history');
			await keys.press('Escape');
			for (const [c, r] of [[0, 0], [1, 0], [2, 0], [3, 0], [0, 1], [0, 3], [1, 3]])
				await clear(p, c, r);
		},
	},
	'gradebook-keys': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			await p.go(`${await book(p)}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			await p.cut();
			for (const [typed, decimals, want] of vectors.filter((v) => v[1] === '1')) {
				await cell(p, 0, 4).click();
				await p.page.keyboard.press('Delete');
				await p.page.keyboard.insertText(typed);
				await p.page.keyboard.press('Enter');
				const wrong = await cell(p, 0, 4).getAttribute('aria-invalid') === 'true';
				assert.equal(wrong, want === '!', `“${typed}” with ${decimals} decimals`);
				if (!wrong)
					assert.equal(await cell(p, 0, 4).inputValue(), want.replace('.', ','), `“${typed}”`);
			}
			await cell(p, 0, 4).click();
			await p.page.keyboard.press('Delete');
		},
	},
	'gradebook-two': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			const at = `${await book(p)}?term=hk2`;
			await p.go(at);
			const other = await p.beside('giaovien');
			await other.go(at);
			await cell(other, 0, 5).click();
			await other.page.keyboard.type('6');
			await other.page.keyboard.press('Enter');
			await other.page.keyboard.type('9');
			await other.page.keyboard.press('Enter');
			await saved(other);
			await cell(p, 0, 5).click();
			await p.page.keyboard.type('8');
			await p.page.keyboard.press('Enter');
			await p.page.locator('.hai-gia').waitFor();
			assert.match(await p.page.locator('.hai-gia').innerText(), /bạn gõ “8”.*đã ghi “6”/);
			assert.equal(await cell(p, 0, 5).inputValue(), '8');
			assert.equal(await cell(p, 0, 6).inputValue(), '9', 'what the other wrote beside it is there');
			assert.match(await p.page.locator('.sd td.xung .vi-sao').innerText(), /trong sổ: 6/, 'the other value stands at its cell too');
			await p.shot('conflict');
			await p.page.getByRole('button', { name: /Giữ của tôi/ }).click();
			await saved(p);
			/* a whole column: answered together; the keyboard stays among the answers, and the grid in sight */
			for (const r of [7, 8, 9]) {
				await cell(other, 0, r).click();
				await other.page.keyboard.type('6');
				await other.page.keyboard.press('Enter');
			}
			await saved(other);
			await cell(p, 0, 7).click();
			for (let i = 0; i < 3; i++) {
				await p.page.keyboard.type('4');
				await p.page.keyboard.press('Enter');
			}
			await p.page.locator('.hai-gia').nth(3).waitFor();
			await p.shot('conflict-column');
			assert.ok(await p.page.evaluate(() => document.querySelector('.bao:has(.hai-gia)').getBoundingClientRect().height <= innerHeight * 0.46));
			await p.page.getByRole('button', { name: 'Lấy giá trị kia: 6' }).first().focus();
			await p.page.keyboard.press('Enter');
			await p.page.waitForFunction(() => document.querySelectorAll('.hai-gia').length === 3);
			assert.match(await p.page.evaluate(() => document.activeElement.textContent), /Giữ|Lấy/, 'the keyboard is where it was');
			await p.page.getByRole('button', { name: 'Lấy hết giá trị kia' }).click();
			assert.equal(await p.page.locator('.hai-gia').count(), 0);
			assert.equal(await p.page.evaluate(() => document.activeElement.tagName), 'INPUT');
			for (const r of [7, 8, 9]) {
				assert.equal(await cell(p, 0, r).inputValue(), '6');
				await clear(p, 0, r);
			}
			/* what is wrong stays as it was typed, whatever another writes there */
			await cell(p, 1, 5).click();
			await p.page.keyboard.type('12');
			await p.page.keyboard.press('Enter');
			await cell(other, 1, 5).click();
			await other.page.keyboard.type('5');
			await other.page.keyboard.press('Enter');
			await saved(other);
			await cell(p, 1, 6).click();
			await p.page.keyboard.type('7');
			await p.page.keyboard.press('Enter');
			await saved(p);
			assert.equal(await cell(p, 1, 5).inputValue(), '12');
			assert.equal(await cell(p, 1, 5).getAttribute('aria-invalid'), 'true');
			await clear(p, 1, 6);
			await cell(p, 1, 5).fill('');
			await p.page.reload();
			await p.page.locator('.sd-thanh').waitFor();
			await clear(p, 1, 5);
			await other.page.reload();
			assert.equal(await cell(other, 0, 5).inputValue(), '8');
			await clear(p, 0, 5);
			await clear(p, 0, 6);
		},
	},
	'gradebook-offline': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			const at = `${await book(p)}?term=hk2`;
			await p.go(at);
			await p.page.locator('.sd-thanh').waitFor();
			await p.cut();
			await p.context.setOffline(true);
			await cell(p, 1, 7).click();
			await p.page.keyboard.type('77');
			await p.page.keyboard.press('Enter');
			await p.page.keyboard.type('8');
			await p.page.keyboard.press('Enter');
			await p.page.waitForFunction(() => /2 ô, giữ trên máy/.test(document.querySelector('.sd-thanh .nhan').textContent));
			await p.shot('offline');
			await p.page.goto('about:blank');        /* nothing of the page runs any more when the network comes back */
			await p.page.close();
			await p.context.setOffline(false);
			/* meanwhile somebody writes one of them */
			const other = await p.beside('giaovien');
			await other.go(at);
			await cell(other, 1, 8).click();
			await other.page.keyboard.type('5');
			await other.page.keyboard.press('Enter');
			await saved(other);
			p.page = await p.context.newPage();
			await p.go(at);
			await p.page.locator('.bao.lam').waitFor();
			assert.match(await p.page.locator('.bao.lam').innerText(), /2 ô gõ lúc \d\d:\d\d \d\d\/\d\d/);
			assert.match(await chip(p).first().innerText(), /2 ô gõ lần trước chưa gửi/, 'what is not sent is not called saved');
			await p.shot('offered');
			await p.page.getByRole('button', { name: 'Điền và gửi' }).click();
			await p.page.locator('.hai-gia').waitFor();
			assert.equal(await cell(p, 1, 7).inputValue(), '7,7');
			await p.page.getByRole('button', { name: /Lấy giá trị kia: 5/ }).click();
			await p.page.reload();
			assert.equal(await cell(p, 1, 7).inputValue(), '7,7');
			assert.equal(await cell(p, 1, 8).inputValue(), '5');
			assert.equal(await p.page.locator('.bao.lam').count(), 0);
			await clear(p, 1, 7);
			await clear(p, 1, 8);
		},
	},
	'gradebook-drafts': {
		on: [['desktop', true]],
		async run(p) {
			/* a draft that nobody has answered yet outlives what is typed beside it, and signing out asks first */
			await p.signIn('giaovien');
			const at = `${await book(p)}?term=hk2`, open = async (to) => {
				await p.page.close();
				p.page = await p.context.newPage();
				await p.go(to);
			};
			await p.go(at);
			await p.page.locator('.sd-thanh').waitFor();
			await p.cut();
			for (const row of [28, 29])
				await cell(p, 2, row).fill('6,5');
			await cell(p, 2, 29).press('Enter');
			await p.page.waitForFunction(() => /Chưa gửi được 2 ô/.test(document.querySelector('.sd-thanh .nhan').textContent));
			await open(at);
			await p.page.locator('.bao.lam').waitFor();
			await cell(p, 3, 28).fill('8');
			await cell(p, 3, 28).press('Enter');
			await saved(p);
			await open('/');
			await p.page.locator('[data-chua-gui] a').waitFor();
			assert.match(await p.page.locator('[data-chua-gui]').innerText(), /2 điểm chưa gửi/);
			await p.page.locator('header details summary').last().click();
			await p.page.getByRole('button', { name: 'Đăng xuất' }).first().click();
			await p.page.locator('dialog[open]').waitFor();
			assert.match(await p.page.locator('dialog[open]').innerText(), /2 điểm: Sổ điểm/);
			await p.shot('leaving');
			await p.follow(p.page.locator('dialog[open]').getByRole('link', { name: 'Đến sổ điểm để gửi' }));
			await p.go(at);
			await p.page.getByRole('button', { name: 'Điền và gửi' }).click();
			await saved(p);
			assert.equal(await cell(p, 2, 29).inputValue(), '6,5');
			for (const [c, r] of [[2, 28], [2, 29], [3, 28]])
				await clear(p, c, r);
			/* what the book takes no more, here of a pupil who is not in the class, is told, and stays until it is discarded */
			const user = await p.page.locator('meta[name="khue-user"]').getAttribute('content'), path = new URL(p.page.url()).pathname;
			await p.go(`${path}?term=hk1`);
			await p.page.evaluate(([key, pupil, where]) => new Promise((done) => {
				const ask = indexedDB.open('khue-draft');
				ask.onsuccess = () => {
					const work = ask.result.transaction('draft', 'readwrite');
					work.objectStore('draft').put({ at: Date.now(), base: 0, reason: '', values: [[pupil, 'gk', '', '9,9', 'Em Ấy']], name: 'Sổ điểm', path: where }, key);
					work.oncomplete = () => { ask.result.close(); done(); };
				};
			}), [`${user}|so-diem|${path.split('/').slice(-2).join('/')}/hk1`, '1', `${path}?term=hk1`]);
			await open(`${path}?term=hk1`);
			const told = () => p.page.locator('.bao.vang', { hasText: 'không ghi vào sổ được nữa' });
			await told().waitFor();
			assert.match(await told().innerText(), /Em Ấy · GK: 9,9/);
			await p.shot('locked-draft');
			await open(`${path}?term=hk1`);
			await told().getByRole('button', { name: 'Bỏ' }).click();
			await told().waitFor({ state: 'detached' });
			await p.page.waitForTimeout(300);
			await open(`${path}?term=hk1`);
			await p.page.locator('.sd-thanh').waitFor();
			await p.page.waitForTimeout(500);
			assert.equal(await told().count(), 0);
		},
	},
	'gradebook-other': {
		on: [['desktop', true]],
		async run(p) {
			/* somebody else signs in on the device while marks wait: they are not sent in that name, and go once their own teacher is back */
			await p.signIn('giaovien');
			await p.go('/gradebook?term=hk2');
			const link = await p.page.locator('main .lop a[href*="/gradebook/"]').filter({ hasText: 'Giáo dục công dân 6B' }).first().getAttribute('href');
			await p.go(link);
			await p.page.locator('.sd-thanh').waitFor();
			const was = await cell(p, 0, 30).inputValue(), mark = was === '6,5' ? '7' : '6,5';
			await p.context.clearCookies();
			await cell(p, 0, 30).fill(mark);
			await cell(p, 0, 30).press('Enter');
			await p.page.getByRole('link', { name: /Phiên làm việc đã hết/ }).waitFor();
			const grid = p.page, sign = async (login) => {
				await p.context.clearCookies();
				p.page = await p.context.newPage();
				await p.signIn(login);
				await p.page.close();
				p.page = grid;
			};
			await sign('chunhiem');
			await p.page.getByText('Máy này đang đăng nhập tài khoản khác').waitFor({ timeout: 60_000 });
			await p.shot('other');
			await sign('giaovien');
			await p.page.waitForFunction(() => /Đã lưu/.test(document.querySelector('.sd-thanh .nhan')?.textContent ?? ''), undefined, { timeout: 90_000 });
			p.faults = p.faults.filter((f) => !/status of 40[13]/.test(f));
			await cell(p, 0, 30).click();
			await p.page.getByRole('button', { name: 'Lịch sử ô' }).click();
			assert.doesNotMatch(await p.page.locator('dialog table').innerText(), /chunhiem/);
			await p.page.keyboard.press('Escape');
			await cell(p, 0, 30).fill(was);
			await cell(p, 0, 30).press('Enter');
			await saved(p);
		},
	},
	'gradebook-paste': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			await p.go(`${await book(p)}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			const names = await p.page.locator('.sd tbody th a').allInnerTexts();
			/* two of a class may have one name: by name only who is the only one */
			const [c, b, a] = names.map((_, i) => i).filter((i) => i >= 10 && names.filter((n) => n === names[i]).length === 1);
			const paste = async (text) => {
				await cell(p, 0, 10).click();
				await p.page.evaluate((t) => {
					const data = new DataTransfer();
					data.setData('text/plain', t);
					document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
				}, text);
				await p.page.locator('dialog .dan').first().waitFor({ state: 'attached' });
			};
			await paste(`STT\tHọ và tên\tTX2\tTX1\n1\t${names[a].toUpperCase()}\t8,5\t7\n2\t${names[b]}\t85\t6\n3\tNgười Lạ Mặt\t9\t9\n4\t${names[c]}\t8,33\t-1`);
			const box = p.page.locator('dialog.hop');
			assert.match(await box.innerText(), /thứ tự/);
			assert.match(await box.innerText(), /không có trong lớp/);
			assert.match(await box.innerText(), /3 ô sẽ ghi, 3 ô sai, 1 dòng chưa rõ/);
			await p.shot('paste');
			await p.look();
			await box.getByRole('button', { name: /^Ghi 3 ô đúng/ }).click();
			assert.equal(await cell(p, 0, a).inputValue(), '7');
			assert.equal(await cell(p, 1, a).inputValue(), '8,5');
			assert.equal(await cell(p, 1, b).inputValue(), '85');
			assert.equal(await cell(p, 1, b).getAttribute('aria-invalid'), 'true');
			await saved(p);
			await cell(p, 0, a).click();
			await p.page.keyboard.press('Control+z');
			assert.equal(await cell(p, 0, a).inputValue(), '');
			assert.equal(await cell(p, 1, b).inputValue(), '');
			await saved(p);
			/* a block of marks alone goes by place; 12 is not 1,2 */
			await paste('7\t8\n12\t9');
			assert.match(await box.innerText(), /theo vị trí/);
			assert.match(await box.innerText(), /3 ô sẽ ghi, 1 ô sai/);
			await p.page.keyboard.press('Escape');
			assert.equal(await cell(p, 0, 10).inputValue(), '');
		},
	},
	'gradebook-lock': {
		on: [['desktop', true]],
		async run(p) {
			/* mid-term marks of the first term are locked in the demo: asked, approved, written with a reason, in the history */
			await p.signIn('giaovien');
			await p.go((await book(p)) + '?term=hk1');
			const at = new URL(p.page.url()).pathname;
			assert.match(await p.page.locator('main').innerText(), /Giữa kì: đã khóa/);
			await p.page.locator('details summary').filter({ hasText: 'Đề nghị mở sổ' }).click();
			/* asked for the locked column, and opened for it alone */
			assert.equal(await p.page.locator('#f-part option:checked').innerText(), 'Giữa kì');
			await p.page.fill('#f-why', 'Chấm nhầm bài giữa kì');
			await p.shot('ask');
			await p.follow(p.page.getByRole('button', { name: 'Đề nghị mở sổ' }));
			const head = await p.beside('hieutruong');
			await head.go('/gradebook');
			await head.shot('requests');
			/* the request's own form chooses no part by itself */
			await p.go('/mark_reopen/new');
			assert.equal(await p.page.locator('[name="part"] option:checked').getAttribute('value'), '');
			await p.go(`${at}?term=hk1`);
			await head.follow(head.page.locator('form[action*="/gradebook/reopen/"]').first().getByRole('button', { name: 'Cho mở' }));
			await p.go(at + '?term=hk1');
			assert.match(await p.page.locator('main').innerText(), /Giữa kì: được mở lại đến hết ngày/);
			await p.page.fill('#f-reason', 'Chấm nhầm bài giữa kì');
			/* by its heading: other columns may be closed by then and hold no input */
			const column = await p.page.locator('.sd thead th').evaluateAll((all) => all.findIndex((t) => /^(GK|Giữa)/.test(t.textContent.trim())));
			const gk = p.page.locator('.sd tbody tr:first-child > *').nth(column).locator('input');
			const was = await gk.inputValue();
			await gk.fill(was === '9,5' ? '9' : '9,5');
			await gk.press('Enter');
			await p.page.waitForFunction(() => /Đã lưu lúc/.test(document.querySelector('.sd-thanh .nhan').textContent));
			await gk.click();
			await p.page.getByRole('button', { name: 'Lịch sử ô' }).click();
			assert.match(await p.page.locator('dialog table').innerText(), /Chấm nhầm bài giữa kì/);
			/* who opens the books: the office, for what is assigned and has none */
			await head.go('/gradebook');
			await head.follow(head.button('Mở sổ theo phân công'));
			await head.text(/Đã mở \d+ sổ điểm|đều có sổ điểm/);
			assert.equal(await p.button('Mở sổ theo phân công').count(), 0, 'a teacher opens none');
		},
	},
	'gradebook-remarks': {
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('giaovien');
			await p.follow(p.page.locator('nav a', { hasText: 'Sổ điểm' }).first());
			await p.go(`${await book(p)}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			const keys = p.page.keyboard, remark = (row) => p.page.locator(`.sd tbody tr:nth-child(${row + 1}) td.nx input:not([type="hidden"])`);
			const first = `Biết tự sửa bài sau khi chấm ${Date.now() % 100000}.`;
			/* a phrase by its keys, a sentence of one's own that joins the phrases, and is there on the next pupil */
			await remark(14).click();
			await keys.type('tb');
			await keys.press('Enter');
			assert.equal(await remark(14).inputValue(), 'Có tiến bộ so với học kì trước, cần phát huy.');
			await keys.type(first);
			await p.page.getByRole('button', { name: 'Thêm vào mẫu câu' }).click();
			await p.page.getByText('Đã thêm vào mẫu câu của bạn.').first().waitFor();
			await p.shot('phrase');
			await keys.press('Enter');
			await saved(p);
			await p.page.reload();
			await p.page.locator('.sd-thanh').waitFor();
			assert.equal(await remark(15).inputValue(), first);
			assert.ok(await p.page.locator('#mau-cau option').evaluateAll((all, text) => all.some((o) => o.value === text), first), 'offered from now on');
			await p.follow(p.link('Mẫu câu'));
			await p.text(new RegExp(first.replace('.', '\\.')));
			await p.shot('phrases');
			await p.page.goBack();
			await p.page.locator('.sd-thanh').waitFor();
			for (const row of [14, 15]) {
				await remark(row).fill('');
				await remark(row).press('Enter');
			}
			await saved(p);
		},
	},
	'gradebook-session': {
		on: [['desktop', true]],
		async run(p) {
			/* the session ends while marks are typed: they stay, and go by themselves once somebody has signed in again */
			await p.signIn('giaovien');
			const at = `${await book(p)}?term=hk2`;
			await p.go(at);
			await p.page.locator('.sd-thanh').waitFor();
			await p.context.clearCookies();
			await cell(p, 0, 18).click();
			await p.page.keyboard.type('65');
			await p.page.keyboard.press('Enter');
			await p.page.getByRole('link', { name: /Phiên làm việc đã hết/ }).waitFor();
			assert.equal(await cell(p, 0, 18).inputValue(), '6,5');
			await p.shot('ended');
			const grid = p.page;
			p.page = await p.context.newPage();
			await p.signIn('giaovien');
			await p.page.close();
			p.page = grid;
			p.faults = p.faults.filter((f) => !/status of 401/.test(f));
			await p.page.waitForFunction(() => /Đã lưu/.test(document.querySelector('.sd-thanh .nhan')?.textContent ?? ''), undefined, { timeout: 60_000 });
			await p.page.reload();
			assert.equal(await cell(p, 0, 18).inputValue(), '6,5');
			await p.page.locator('.sd-thanh').waitFor();
			await clear(p, 0, 18);
		},
	},
	'gradebook-words': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			/* a subject assessed in words: its cells open a keyboard of letters, and large keys write into them */
			await p.signIn('giaovien');
			await p.go('/gradebook?term=hk2');
			const at = (await p.page.locator('main a[href*="/gradebook/"]').filter({ hasText: 'Nghệ thuật' }).first().getAttribute('href')).replace(/\?.*/, '');
			await p.go(`${at}?term=hk2&column=tx1`);
			assert.equal(await cell(p, 0, 20).getAttribute('inputmode'), 'text');
			if (p.script) {
				await p.page.locator('.sd-thanh').waitFor();
				const key = (name) => p.page.locator('.sd-phim').getByRole('button', { name, exact: true });
				await cell(p, 0, 20).tap();
				for (const name of ['CĐ', 'Đ', 'Vắng', 'Miễn']) {
					const box = await key(name).boundingBox();
					assert.ok(box.height >= 44 && box.width >= 44, `the key ${name} is large`);
					await key(name).tap();
				}
				for (const [i, want] of ['CĐ', 'Đ', 'v', 'm'].entries())
					assert.equal(await cell(p, 0, 20 + i).inputValue(), want);
				await saved(p);
				await p.page.screenshot({ path: new URL('../out/gradebook-words-keys-390.png', import.meta.url).pathname });
				for (const row of [20, 21, 22, 23]) {
					await cell(p, 0, row).fill('');
					await cell(p, 0, row).press('Enter');
				}
				await saved(p);
			}
			await p.go(`${await book(p)}?term=hk2&column=tx2`);
			assert.equal(await cell(p, 0, 20).getAttribute('inputmode'), 'decimal');
			if (p.script) {
				await p.page.locator('.sd-thanh').waitFor();
				await cell(p, 1, 24).tap();
				assert.deepEqual(await p.page.locator('.sd-phim button').allInnerTexts(), ['Vắng', 'Miễn']);
			}
		},
	},
	'gradebook-taken': {
		on: [['desktop', true]],
		async run(p) {
			/* the class is given to another while its book is open: nothing is written any more, the page says why, what was typed can be
			 * read on the first page and handed on */
			await p.signIn('giaovien');
			await p.go('/gradebook?term=hk2');
			const at = (await p.page.locator('main a[href*="/gradebook/"]').filter({ hasText: 'Công nghệ' }).first().getAttribute('href')).replace(/\?.*/, '');
			const [, klass, subject] = /gradebook\/(\d+)\/(\d+)/.exec(at);
			await p.go(`${at}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			const head = await p.beside('hieutruong');
			const row = (await head.json(`/teaching?class=${klass}`)).items.find((r) => String(r.subject) === subject);
			const until = async (day) => {
				await head.go(`/teaching/${row.id}/edit`);
				await head.page.fill('[name="until"]', day);
				await head.follow(head.button('Lưu'));
			};
			await until(new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10).split('-').reverse().join('/'));
			try {
				await cell(p, 0, 1).click();
				await p.page.keyboard.type('9');
				await p.page.keyboard.press('Enter');
				await p.page.getByText('Bạn không còn được ghi sổ này').waitFor();
				await p.shot('told');
				await p.go('/');
				await p.page.locator('[data-chua-gui] summary').click();
				await p.text(/TX1: 9/);
				await p.shot('kept');
				await p.page.getByRole('button', { name: 'Bỏ các điểm này' }).click();
				await p.go('/');
				assert.equal(await p.page.locator('[data-chua-gui] summary').count(), 0);
			} finally {
				await until('');
			}
			await p.go(`${at}?term=hk2`);
			await p.page.locator('.sd-thanh').waitFor();
			assert.equal(await cell(p, 0, 1).inputValue(), '', 'nothing was written without the right');
		},
	},
	'gradebook-wrong': {
		on: [['phone', true]],
		async run(p) {
			/* what is wrong far above, in another column too, is one tap away; what is said of it stays within its bar */
			await p.signIn('giaovien');
			await p.go(`${await book(p)}?term=hk2&column=tx1`);
			await p.page.locator('.sd-thanh').waitFor();
			const go = p.page.getByRole('button', { name: 'Đến ô sai' });
			assert.ok(!(await go.isVisible()));
			await cell(p, 0, 8).fill('abc');
			await cell(p, 0, 8).press('Enter');
			await p.page.getByRole('button', { name: 'Cột sau' }).click();
			await cell(p, 1, 38).tap();
			const bar = await p.page.locator('.sd-thanh').boundingBox(), said = await chip(p).boundingBox();
			assert.ok(said.x + said.width <= bar.x + bar.width, 'within the bar');
			await go.tap();
			await p.shot('there');
			const box = await cell(p, 0, 8).boundingBox();
			assert.ok(box && box.y > 56 && box.y + box.height < 700, 'in sight');
			await go.tap();
			assert.ok(await cell(p, 0, 8).evaluate((e) => e === document.activeElement));
			await p.page.keyboard.press('Delete');
			await saved(p);
			assert.ok(!(await go.isVisible()));
		},
	},
	'gradebook-phone': {
		on: [['phone', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovien');
			const at = await book(p);
			await p.shot('books');
			await p.go(`${at}?term=hk2&column=tx2`);
			const row = p.script ? 20 : 22;
			await cell(p, 1, row).fill('85');
			await p.shot('column');
			if (p.script) {
				await p.page.locator('.sd-thanh').waitFor();
				await cell(p, 1, row).press('Enter');
				await saved(p);
				const seen = await chip(p).boundingBox(), now = await p.page.locator('.sd input:focus').boundingBox();
				assert.ok(seen.y > 0 && seen.y + seen.height <= 844 && now.y + now.height <= seen.y, 'what became of it is in sight, and does not cover the cell that is written');
				await p.page.getByRole('button', { name: 'Cột sau' }).click();
				assert.ok(await cell(p, 2, row).isVisible());
				assert.ok(!(await cell(p, 1, row).isVisible()));
			} else {
				await p.page.locator(`.sd tbody tr:nth-child(${row + 2}) td.od:has(input)`).nth(1).locator('input').fill('12');
				await Promise.all([p.page.waitForNavigation(), p.page.getByRole('button', { name: 'Lưu' }).click()]);
				await p.text(/1 ô viền đỏ chưa lưu/);
				assert.equal(await cell(p, 1, row + 1).inputValue(), '12');
				await p.shot('refused');
			}
			await p.go(`${at}?term=hk2&column=tx2`);
			assert.equal(await cell(p, 1, row).inputValue(), '8,5');
		},
	},
};
