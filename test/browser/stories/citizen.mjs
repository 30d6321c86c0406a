/* A citizen without an account: the portal, a candidate's result, the distribution of a subject, a kind refusal. */
import { strict as assert } from 'node:assert';

export default {
	citizen: {
		async run(p) {
			await p.go('/');
			await p.text(/Việc học của con/);
			await p.shot('portal');
			const list = await (await fetch(p.server.url + '/tra-cuu', { headers: { Accept: 'application/json' } })).json();
			assert.ok(list.exams.length > 0, 'the demo publishes exams');
			const exam = list.exams[0];
			await p.go('/tra-cuu');
			await p.shot('exams');
			await p.go(exam.href);
			await p.shot('exam');
			const number = await findCandidate(p, exam.href);
			await p.page.locator('main input[name="sbd"]').fill(number);
			await p.follow(p.page.locator('main form:has(input[name="sbd"]) button').first());
			assert.ok(p.page.url().endsWith('/' + number), `${number} leads to ${p.page.url()}`);
			await p.text(new RegExp(number));
			await p.text(/Công bố lúc/);
			await p.text(/Ở dòng [\d.]+ trong [\d.]+ dòng của bản công bố/);     /* a place in the file, not a rank */
			await p.shot('result');
			const told = await (await fetch(p.page.url(), { headers: { Accept: 'application/json' } })).json();
			assert.equal(told.candidate, number);
			assert.ok(Object.keys(told.marks).length > 0);
			await p.follow(p.link(/Xác minh/));
			await p.text(/Đúng: điểm này nằm trong kết quả/);
			await p.shot('verify');
			const proof = await (await p.context.request.get(`${p.server.url}${exam.href}/${number}/tep`)).text();
			assert.equal(JSON.parse(proof).candidate, number, 'the result comes as a signed file');
			await p.go(exam.href + '/xac-minh');
			await p.page.fill('#f-proof', proof);
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Xác minh', exact: true }));
			await p.text(/Đúng: điểm này nằm trong kết quả/);
			await p.page.fill('#f-proof', proof.replace(/("toan":\s*)([\d.]+)/, '$110'));
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Xác minh', exact: true }));
			assert.ok(await p.page.locator('.bao.do').count(), 'a mark that was changed is found out');
			await p.shot('forged');
			await p.page.fill('#f-proof', 'không phải JSON');
			await p.follow(p.page.getByRole('main').getByRole('button', { name: 'Xác minh', exact: true }));
			assert.ok(await p.page.locator('.bao.do').count());
			await p.shot('no-proof');
			await checkedFiles(p, exam.href, proof);
			await p.go(exam.href + '/pho-diem/toan');
			assert.ok(await p.page.locator('svg.chart').count() > 0);
			await p.shot('distribution');
			await p.go(exam.href + '/99999999', 404);
			await p.shot('missing');
			await p.go('/khong-co-trang-nay', 404);
			await p.shot('not-found');
		},
	},
};

/* A right file, then none, an empty one and one of 2 MB: each is answered, and never beside the last "Đúng". */
async function checkedFiles(p, href, proof) {
	const good = p.page.getByText('Đúng: điểm này nằm trong kết quả'), send = p.button('Xác minh tệp này');
	const file = (name, bytes) => p.page.setInputFiles('#f-file', { name, mimeType: 'application/json', buffer: Buffer.from(bytes) });
	const right = async () => {
		await p.go(href + '/xac-minh');
		await file('ket-qua.json', proof);
		await p.follow(send);
		assert.equal(await good.count(), 1, 'the file of the result is right');
	};
	for (const [name, bytes, told] of [['rong.json', '', /Tệp “rong.json” rỗng/], ['to.json', ' '.repeat(2_000_000), /Tệp “to.json” quá lớn/]]) {
		await right();
		await file(name, bytes);
		if (p.script)
			assert.equal(await good.count(), 0, 'what was said of another file goes');
		await p.follow(send);
		await p.text(told);
		assert.equal(await good.count(), 0);
	}
	await p.shot('no-file');
	await right();
	await p.follow(send);
	await p.text(/Chưa có gì để xác minh/);
	assert.equal(await good.count(), 0);
}

/* Numbers of the demo run up from the province's code. */
async function findCandidate(p, href) {
	for (const number of ['99000001', '99000010', '99000100', '01000001', '01000002', '97000001'])
		if ((await fetch(`${p.server.url}${href}/${number}`, { headers: { Accept: 'application/json' } })).ok)
			return number;
	throw new Error('no candidate of the demo is known');
}
