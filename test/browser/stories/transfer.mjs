/* A pupil goes from one school to another: the family asks, the new school accepts, the old one releases, the new one
 * receives into a class; then both schools, the parent and the record tell the same. */
import { strict as assert } from 'node:assert';

const from = 'THCS Nguyễn Trãi', to = 'Trường THCS Hòa Hưng';
const paper = { name: 'don-xin-chuyen-truong.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n') };

/* Somebody of the sixth grade of the demo's school; another one for each turn. */
async function aPupil(clerk, nth) {
	const list = await clerk.json('/school_class?q=6A');
	await clerk.go(`/school_class/${list.items[0].id}/pupils`);
	const a = clerk.page.locator('tbody th a').nth(8 + nth);
	return { id: /(\d{6,})/.exec(await a.getAttribute('href'))[1], name: (await a.innerText()).trim() };
}

/* A sixth grade with room: how full the demo's classes are depends on the day it begins on. */
async function aClass(clerk) {
	const list = await clerk.json('/school_class');
	const free = list.items.filter((k) => /^6[A-Z]$/.test(k.name) && k.size > 5).sort((a, b) => a.size - b.size);
	return free[0].name;
}

export default {
	transfer: {
		weight: 0.5,          /* last: it moves a child that other stories speak of */
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			const old = await p.beside('giaovu'), fresh = await p.beside('gv.thcs-hoa-hung');
			let pupil;
			if (p.turn === 0) {                        /* the family asks */
				await p.signIn('phuhuynh');
				await p.go('/children');
				const card = p.page.locator('.con li').filter({ hasText: from }).first();
				const ask = card.getByRole('link', { name: 'Xin chuyển trường' });
				pupil = { id: /pupil=(\d+)/.exec(await ask.getAttribute('href'))[1], name: (await card.locator('h2').innerText()).trim() };
				await p.follow(ask);
			} else {                                   /* or its school writes down what the family asks */
				pupil = await aPupil(old, p.turn);
				await p.signIn('giaovu');
				await p.go(`/move/new?pupil=${pupil.id}`);
			}
			await p.choose('f-to_org', to);
			await p.page.locator('#f-reason, [name="reason"]').first().waitFor();
			await p.page.fill('#f-note', 'Gia đình chuyển chỗ ở, xin cho cháu học gần nhà.');
			await p.page.setInputFiles('[name="paper.file"]', paper);
			await p.shot('ask');
			await p.follow(p.button('Lưu'));
			await p.text(/Đã gửi đơn/);
			const id = p.id();
			await p.shot('asked');

			await fresh.go('/thong-bao');
			await fresh.text(new RegExp(`${pupil.name}: có đơn mới`));
			await fresh.go('/');
			await fresh.text(/Chuyển trường đang giải quyết/);
			await fresh.go(`/move/${id}`);
			assert.equal((await fresh.context.request.get(await fresh.page.locator('dd a[href^="/tep/"]').getAttribute('href').then((h) => p.server.url + h))).status(), 200, 'the other school reads the paper');
			await fresh.shot('to-decide');
			await fresh.step('Không tiếp nhận');
			await fresh.text(/Viết lý do/);            /* a refusal says why; nothing changed */
			await fresh.text(/Đã gửi đơn/);
			await fresh.shot('refusal-needs-reason');
			await fresh.go(`/move/${id}`);
			await fresh.step('Đồng ý tiếp nhận', { to_class: await aClass(fresh), answer: 'Trường còn chỗ, đồng ý tiếp nhận.' });
			await fresh.text(/Trường đến đồng ý/);
			assert.equal(await fresh.page.getByRole('button', { name: 'Cho chuyển đi' }).count(), 0, 'the new school does not release');

			await old.go(`/move/${id}`);
			await old.shot('to-release');
			await old.step('Cho chuyển đi');
			await old.text(/Trường đi đã giải quyết/);
			await fresh.go(`/move/${id}`);
			await fresh.step('Tiếp nhận vào lớp');
			await fresh.text(/Đã tiếp nhận/);
			if (p.turn === 0) {                        /* the family hears of each step on its phone */
				await p.go('/thong-bao');
				await p.text(new RegExp(`${pupil.name}: trường đến đồng ý tiếp nhận`));
				await p.text(new RegExp(`${pupil.name}: đã tiếp nhận vào lớp`));
				await p.shot('family-told');
			}
			await fresh.shot('received');
			await fresh.go(`/move/${id}/history`);
			await fresh.text(/Đồng ý tiếp nhận/);
			await fresh.shot('history');

			await fresh.go('/person?q=' + encodeURIComponent(pupil.name));
			await fresh.follow(fresh.page.locator(`tbody th a[href*="${pupil.id}"]`));     /* there may be namesakes */
			await fresh.text(/Chuyển đến từ/);
			await fresh.shot('record');
			await old.go('/person?q=' + encodeURIComponent(pupil.name));
			assert.equal(await old.page.locator(`tbody th a[href*="${pupil.id}"]`).count(), 0, 'the old school has it no more');
			if (p.turn === 0) {
				await p.go(`/move/${id}`);
				await p.text(/Đã tiếp nhận/);
				await p.go('/children');
				await p.text(new RegExp(`${pupil.name}[\\s\\S]*${to}`));
				await p.shot('parent-sees');
			}
		},
	},
};
