/* Schools are merged, divided, renamed: the officer prepares, the leader approves, on its day it is done. */
import { strict as assert } from 'node:assert';

const today = () => new Date(Date.now() + 7 * 3600_000).toISOString().slice(0, 10).split('-').reverse().join('/');
const tomorrow = () => new Date(Date.now() + 31 * 3600_000).toISOString().slice(0, 10).split('-').reverse().join('/');

async function draft(p, kind, subject, target, name, effective) {
	await p.go('/org_change/new');
	const box = p.page.locator('#f-kind');
	if (await box.evaluate((e) => e.tagName) === 'SELECT')
		await box.selectOption(kind);
	else
		await p.page.check(`input[name="kind"][value="${kind}"]`);
	await p.choose('f-subject', subject);
	if (target)
		await p.choose('f-target', target);
	if (name)
		await p.page.fill('#f-new_name', name);
	await p.page.fill('#f-decision', '15/QĐ-UBND');
	await p.page.fill('#f-decided', today());
	await p.page.fill('#f-effective', effective);
	await p.follow(p.button('Lưu'));
	assert.match(await p.page.locator('h1').innerText(), new RegExp(subject));
	return p.id();
}
async function approveAndApply(p, leader, id) {
	await leader.go(`/org_change/${id}`);
	await leader.step('Duyệt');
	await leader.text(/Đã duyệt/);
	await p.go(`/org_change/${id}`);
	await p.step('Thực hiện');
	await p.text(/Đã thực hiện/);
}
async function rowsOf(p, q) {
	return (await p.json('/org?q=' + encodeURIComponent(q))).items;
}

export default {
	reorganise: {
		weight: 8,
		on: [['desktop', true]],
		async run(p) {
			await p.signIn('chuyenvien');
			const leader = await p.beside('giamdoc');

			/* two kindergartens become one */
			let id = await draft(p, 'merge', 'Trường Mầm non Họa Mi', 'Trường Mầm non Hoa Sen', '', today());
			await p.shot('draft');
			await p.follow(p.link(/Xem trước|Preview/));
			await p.text(/Dữ liệu năm học này sẽ chuyển theo/);
			const moved = Number((await p.page.locator('tbody tr', { hasText: 'Lớp' }).first().locator('td').innerText()).replace('.', ''));
			assert.ok(moved > 0, 'the preview counts classes');
			await p.shot('preview-merge');
			await approveAndApply(p, leader, id);
			await p.shot('applied');
			let rows = await rowsOf(p, 'mam non hoa mi');
			assert.equal(rows[0].state, 'merged');
			const head = await p.beside('ht.mam-non-hoa-sen');
			await head.go('/school_class');
			await head.shot('classes-after-merger');

			/* a primary school is divided */
			id = await draft(p, 'split', 'Trường Tiểu học Chu Văn An', '', '', today());
			await leader.go(`/org_change/${id}`);
			await leader.step('Duyệt');
			await leader.text(/Thêm các đơn vị tham gia/);
			for (const name of ['Trường Tiểu học Chu Văn An 1', 'Trường Tiểu học Chu Văn An 2']) {
				await p.go(`/org_change/${id}/preview`);
				await p.follow(p.link('Thêm đơn vị'));
				await p.page.fill('#f-new_name', name);
				await p.follow(p.button('Lưu'));
			}
			await p.go(`/org_change/${id}/preview`);
			await p.text(/Trường Tiểu học Chu Văn An 2/);
			await p.follow(p.link('Chia lớp cho các đơn vị'));
			const boxes = p.page.locator('main select');
			assert.ok(await boxes.count() > 2, 'every class has a choice');
			await boxes.nth(0).selectOption({ index: 1 });
			await boxes.nth(1).selectOption({ index: 1 });
			await p.shot('split-classes');
			await p.follow(p.button('Ghi'));
			await p.text(/Chu Văn An 2[^]*Lớp[^:]*: 2/);
			await p.shot('preview-split');
			await approveAndApply(p, leader, id);
			rows = await rowsOf(p, 'chu van an');
			assert.deepEqual(rows.map((r) => r.state).sort(), ['active', 'active', 'split']);
			await p.go(`/org/${rows.find((r) => r.state === 'split').id}`);
			await p.text(/đã kết thúc hoạt động từ ngày .* Nay là: .*Chu Văn An 1, .*Chu Văn An 2/);
			/* nothing is offered at the divided school that saving would refuse, and nowhere is it chosen for something new */
			const old = rows.find((r) => r.state === 'split');
			await p.go(`/t/${old.slug}/account`);
			assert.equal(await p.link(/Thêm mới|Nhập từ Excel/).count(), 0);
			await p.shot('ended-list');
			await p.go(`/t/${old.slug}/account/new`, 409);
			await p.text(/Đơn vị đã kết thúc hoạt động[^]*Nay là: .*Chu Văn An 1, .*Chu Văn An 2/);
			await p.shot('ended-form');
			await p.follow(p.link(/^Mở .*Chu Văn An 2/));
			await p.text(/Chu Văn An 2/);
			const offered = async (path) => {
				await p.go(path);
				await p.page.fill('#f-subject', 'Chu Văn An');
				await p.page.waitForSelector('#f-subject-ds [role="option"]');
				return p.page.locator('#f-subject-ds [role="option"]').allInnerTexts();
			};
			assert.equal((await offered('/org_change/new')).length, 2);
			assert.match((await offered('/org_change')).join('|'), /Chu Văn An\s+Đã chia tách/);
			await p.page.locator('#f-subject-ds [role="option"]', { hasText: 'Đã chia tách' }).click();
			assert.equal(await p.page.locator('#f-subject').inputValue(), 'Trường Tiểu học Chu Văn An');
			/* the class that went on shows where from and where to */
			const went = (await p.json(`/t/${rows.find((r) => r.name.endsWith(' 2')).slug}/school_class`)).items[0];
			await p.go(`/school_class/${went.id}/history`);
			await p.text(/Sửa[^]*Chu Văn An 1[^]*Chu Văn An 2/);
			await p.shot('class-history');
			await p.go(`/org_change/${id}/preview`);
			await p.text(/Dữ liệu đã chuyển theo/);
			await p.follow(p.link(/Giao vai trò ở .*Chu Văn An 2/));
			await p.text(/Chu Văn An 2/);
			assert.equal(await p.page.locator('#f-role').inputValue(), 'principal');
			assert.equal(await p.page.locator('#f-role option[value="operator"], #f-role option[value="dept_clerk"]').count(), 0);
			await p.shot('appoint');

			/* the head of the divided school reads, and is told why there is no form */
			const head1 = await p.beside('ht.tieu-hoc-chu-van-an');
			await head1.go('/seat/new', 409);
			await head1.text(/Đơn vị đã kết thúc hoạt động[^]*Chu Văn An 2/);
			await head1.shot('ended-own-form');

			/* a new name, decided for tomorrow: not before */
			id = await draft(p, 'rename', 'Trường Mầm non Sao Mai', '', 'Trường Mầm non Sao Mai Xanh', tomorrow());
			await leader.go(`/org_change/${id}`);
			await leader.step('Duyệt');
			await p.go(`/org_change/${id}`);
			await p.step('Thực hiện');
			await p.text(/chưa thể thực hiện/);
			await p.shot('too-early');
			id = await draft(p, 'rename', 'Trường Mầm non Ánh Dương', '', 'Trường Mầm non Ánh Dương Mới', today());
			await approveAndApply(p, leader, id);
			rows = await rowsOf(p, 'anh duong moi');
			assert.equal(rows.length, 1);
			await p.go(`/org/${rows[0].id}/history`);
			await p.text(/Trường Mầm non Ánh Dương/);
			await p.shot('renamed');
		},
	},
};
