/* Transcripts: a class is signed by both, issued as one job, checked by its code, corrected; a parent opens years at two schools on a
 * phone, a citizen checks a code. */
import { strict as assert } from 'node:assert';
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/* The class whose year has results. */
const open = async (p) => {
	await p.go('/transcripts');
	await p.follow(p.page.locator('tbody tr:not(:has(td:nth-child(4):text-is("0"))) th a').first());
};
const count = async (p, words) => Number(await p.page.locator('dl.tom div', { hasText: words }).locator('dd').innerText());

/* Everything that waits is issued by a job; its page says when. */
async function issueAll(p) {
	await p.go('/transcripts');
	await p.follow(p.button(/^Phát hành/));
	assert.match(p.page.url(), /\/viec\/\d+/);
	await p.page.getByText(/Đã phát hành [1-9]\d* học bạ/).first().waitFor({ timeout: 60_000 });
}
/* Both files of an issue, held against what other programs say of them; the QR code's statement. */
async function verified(p, issue) {
	const row = await p.json(`/transcript_issue/${issue}`);
	const dir = mkdtempSync(join(tmpdir(), 'hoc-ba-'));
	await p.go(`/transcript_issue/${issue}`);
	try {
		for (const href of await p.page.getByRole('link', { name: 'Mở tệp' }).evaluateAll((all) => all.map((a) => a.href))) {
			const answer = await p.context.request.get(href), pdf = /pdf/.test(answer.headers()['content-type']);
			assert.equal(answer.status(), 200, 'the file opens');
			writeFileSync(join(dir, pdf ? 'a.pdf' : 'a.xml'), await answer.body());
		}
		const signatures = execFileSync('pdfsig', ['-nocert', join(dir, 'a.pdf')], { encoding: 'utf8' });
		assert.equal((signatures.match(/Signature is Valid/g) ?? []).length, 2, 'the PDF bears the signatures of the principal and the seal');
		const seal = (file) => spawnSync('xmlsec1', ['--verify', '--insecure', '--id-attr:Id', 'namHoc', '--id-attr:Id', 'SignedProperties',
			'--node-xpath', "//*[@Id='con-dau']", file], { encoding: 'utf8' });
		assert.equal(seal(join(dir, 'a.xml')).status, 0, 'the XML bears the seal');
		const text = execFileSync('cat', [join(dir, 'a.xml')], { encoding: 'utf8' });
		writeFileSync(join(dir, 'b.xml'), text.replace(/caNam="\d/, 'caNam="1'));
		assert.notEqual(seal(join(dir, 'b.xml')).status, 0, 'a mark that was changed breaks the seal');
	} finally {
		rmSync(dir, { recursive: true });
	}
	return row.statement;
}

export default {
	'transcript-school': {
		weight: 30,
		async run(p) {
			await p.signIn('hieutruong');
			await open(p);
			const classPage = p.page.url();
			if (p.turn > 0) {                            /* on a phone: the class as it now stands */
				await p.shot('class');
				await p.page.locator('tbody details').nth(p.turn).locator('summary').click();
				await p.shot('correct');
				return;
			}
			/* the form teacher signs, the principal looks at one year, signs it, then the class */
			const t = await p.beside('chunhiem');
			await t.go(classPage);
			await t.shot('form-class');
			assert.ok(await t.page.locator('tbody tr').count() > 20, 'the class has pupils');
			await t.follow(t.button('Ký cả lớp'));
			await t.text(/Đã ký \d+ học bạ/);
			await t.shot('form-signed');
			await p.go(classPage);
			const waits = await count(p, 'Chủ nhiệm đã ký');
			assert.ok(waits > 20, 'the class waits for the principal');
			await p.follow(p.page.locator('tbody tr', { hasText: 'Chủ nhiệm đã ký' }).locator('th a').first());
			await p.shot('year');
			await p.step('Ký (hiệu trưởng)');
			await p.go(classPage);
			assert.equal(await count(p, 'Chủ nhiệm đã ký'), waits - 1);
			await p.shot('class');
			await p.follow(p.button(/^Ký cả lớp|^Hiệu trưởng ký/));
			await p.text(/Hiệu trưởng đã ký \d+ học bạ/);
			await issueAll(p);
			await p.shot('issued');

			/* what was issued is true, for a program and for anybody with the code */
			await p.go(classPage);
			const line = p.page.locator('tbody tr').filter({ has: p.page.locator('a[href*="/transcript_issue/"]') }).nth(6);
			const name = await line.locator('th').innerText();
			const issue = (await line.locator('a[href*="/transcript_issue/"]').getAttribute('href')).match(/\d+$/)[0];
			const statement = await verified(p, issue);
			await p.shot('issue');
			const citizen = await p.beside();
			await citizen.go(`/tra-cuu/hoc-ba?m=${statement}`);
			await citizen.text(/Đúng: bản học bạ này do nhà trường phát hành/);
			assert.ok(!(await citizen.page.locator('main').innerText()).includes(name), 'the name is not told');
			await citizen.shot('true');

			/* a correction: the issue in force stays until the next is issued, then says so itself */
			await p.go(classPage);
			const row = p.page.locator('tbody tr', { has: p.page.locator(`a[href$="/transcript_issue/${issue}"]`) });
			await row.locator('details summary').click();
			await row.locator('textarea').fill('Ghi nhầm số buổi nghỉ');
			await p.shot('correct');
			await p.follow(row.locator('details').getByRole('button'));
			await citizen.go(`/tra-cuu/hoc-ba?m=${statement}`);
			await citizen.text(/Đúng:/);
			await t.go(classPage);
			await t.follow(t.button('Ký cả lớp'));
			await p.go(classPage);
			await p.follow(p.button(/^Ký cả lớp|^Hiệu trưởng ký/));
			await issueAll(p);
			await citizen.go(`/tra-cuu/hoc-ba?m=${statement}`);
			await citizen.text(/đã có bản mới hơn thay thế/);
			await citizen.shot('replaced');
			await p.go(classPage);
			const fresh = p.page.locator('tbody tr', { hasText: name }).locator('a[href*="/transcript_issue/"]').first();
			await p.follow(fresh);
			await p.text(/Ghi nhầm số buổi nghỉ/);
		},
	},
	'transcript-years': {
		async run(p) {
			/* a pupil who came from another school: two years, two schools, one paper */
			await p.signIn('hieutruong');
			const part = (await p.json('/transcript_part?grade=7')).items[0], young = (await p.json('/transcript_issue?level=primary')).items[0];
			assert.ok(part && young, 'the demo has a pupil of two schools and one of a primary school');
			const lower = (await p.json(`/transcript_issue?transcript=${part.transcript}`)).items[0];
			for (const [issue, words] of [[lower, /QUÁ TRÌNH HỌC TẬP[\s\S]*THCS[\s\S]*THCS/], [young, /Những phẩm chất chủ yếu[\s\S]*Yêu nước[\s\S]*Hoàn thành chương trình tiểu học/]]) {
				await p.go(`/transcript_issue/${issue.id}`);
				const href = await p.page.getByRole('link', { name: 'Mở tệp' }).first().evaluate((a) => a.href);
				const pdf = await (await p.context.request.get(href)).body();
				assert.match(execFileSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' }), words);
			}
			await p.shot('issue');
		},
	},
	'transcript-parent': {
		async run(p) {
			await p.signIn('phuhuynh');
			await p.go('/transcript_issue');
			await p.shot('issues');
			assert.ok(await p.page.locator('tbody tr').count() >= 2, 'the primary school and this one');
			await p.follow(p.page.locator('tbody th a, tbody td a').first());
			await p.shot('issue');
			assert.equal(await p.page.getByRole('link', { name: 'Mở tệp' }).count(), 2, 'PDF and XML are there to open');
		},
	},
	/* The check without a network, once the page was visited: true, forged, a key that is not known, not a code at all. Then a
	 * browser without Ed25519 of its own, and one that reads codes by its camera. */
	'transcript-offline': {
		on: [['desktop', true], ['phone', true]],
		async run(p) {
			const head = await p.beside('hieutruong');
			const issue = (await head.json('/transcript_issue?level=primary')).items[0];
			const statement = (await head.json(`/transcript_issue/${issue.id}`)).statement;
			await p.signIn('phuhuynh');
			await p.go('/tra-cuu/hoc-ba');
			await p.page.locator('[data-da-giu]').waitFor();
			const kept = await p.page.evaluate(async () => (await (await caches.match('/tra-cuu/hoc-ba')).text()));
			assert.doesNotMatch(kept, /khue-user|dang-xuat/, 'what is kept is what anybody gets');
			const bare = await p.beside();
			await bare.page.addInitScript(() => {
				const own = SubtleCrypto.prototype.importKey;
				SubtleCrypto.prototype.importKey = function (...how) { return how[2]?.name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : own.apply(this, how); };
			});
			await bare.go(`/tra-cuu/hoc-ba?m=${statement}`);
			await bare.page.getByText('cũng tự kiểm tra bằng khóa công khai: chữ ký đúng').waitFor();

			await p.context.setOffline(true);
			const check = async (code) => {
				await p.page.fill('#f-m', code);
				await p.follow(p.button('Kiểm tra'));
				await p.page.locator('.bao[role=status]:not([data-may-chu])').waitFor();
				return p.page.locator('main').innerText();
			};
			assert.match(await check(statement), /Chữ ký đúng[\s\S]*bản mới hơn thay thế hay không thì cần mạng[\s\S]*Hãy so với bản bạn cầm[\s\S]*Tiểu học/);
			await p.shot('true');
			const bytes = Buffer.from(statement, 'base64url');
			bytes[21]++;                                 /* a letter of the initials; issued before the keys were kept */
			bytes.writeInt32BE(10000, 12);
			assert.match(await check(bytes.toString('base64url')), /Sai: chữ ký không khớp/);
			await p.shot('forged');
			/* signed by a key that this device does not know: dated before the keys were kept it is forged, later nobody can say */
			const { privateKey } = generateKeyPairSync('ed25519');
			const other = (day) => {
				const body = Buffer.from(statement, 'base64url').subarray(0, -64);
				body.writeInt32BE(day, 12);
				return Buffer.concat([body, sign(null, Buffer.concat([Buffer.from('khue-transcript-1\n'), body]), privateKey)]).toString('base64url');
			};
			assert.match(await check(other(10000)), /Sai: chữ ký không khớp/);
			assert.match(await check(other(30000)), /Chưa kết luận được: chữ ký không khớp khóa nào lưu trong máy này/);
			await p.shot('unknown');
			assert.match(await check('https://khue.vn/?x=1'), /Không đọc được/);
			await p.context.setOffline(false);

			const seer = await p.beside();
			await seer.page.addInitScript((code) => {
				window.BarcodeDetector = class {
					static getSupportedFormats() { return Promise.resolve(['qr_code']); }
					detect() { return Promise.resolve([{ rawValue: code }]); }
				};
				navigator.mediaDevices.getUserMedia = () => {
					const canvas = document.createElement('canvas');
					canvas.getContext('2d').fillRect(0, 0, 10, 10);
					return Promise.resolve(canvas.captureStream());
				};
			}, `${p.server.url}/tra-cuu/hoc-ba?m=${statement}`);
			await seer.go('/tra-cuu/hoc-ba');
			await seer.button('Chọn ảnh').waitFor();
			await seer.shot('scan');
			await seer.follow(seer.button('Quét mã'));
			await seer.text(/Đúng: bản học bạ này do nhà trường phát hành/);
		},
	},
	'transcript-citizen': {
		async run(p) {
			await p.go('/tra-cuu/hoc-ba');
			await p.shot('ask');
			await p.go('/tra-cuu/hoc-ba?m=AQAAAAAAAAAAAAEB');
			await p.shot('false');
			assert.equal(await p.page.locator('[role=status].do').count(), 1);
		},
	},
};
