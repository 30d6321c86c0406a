/* Two records of one child become one and two again. */
import { strict as assert } from 'node:assert';

export default {
	namesake: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			const one = (await p.json('/person?pupil=1')).items[p.turn];
			const fill = async () => {
				await p.page.fill('#f-name', one.name.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toUpperCase());
				await p.page.fill('#f-born', one.born.split('-').reverse().join('/'));
				await p.page.fill('#f-birthplace', 'Trạm y tế xã');
				await p.page.locator('#f-pupil').check();
			};
			await p.go('/person/new');
			await fill();
			await p.follow(p.button('Lưu'));
			await p.text(/Có thể đã có hồ sơ này/);
			assert.equal(await p.page.inputValue('#f-birthplace'), 'Trạm y tế xã', 'what was typed is kept');
			assert.equal(await p.page.getByText('Chưa lưu được').count() + await p.page.locator('#loi.do').count(), 0, 'it is a question');
			await p.shot('asked');
			await p.follow(p.page.locator('#loi').getByRole('link', { name: 'Mở hồ sơ đã có' }).first());
			assert.ok(p.page.url().endsWith(`/person/${one.id}`), 'the record that is there');
			await p.go('/person/new');
			await fill();
			await p.follow(p.button('Lưu'));
			await p.follow(p.button('Vẫn lưu hồ sơ mới'));
			assert.ok(/\/person\/\d+$/.test(p.page.url()), 'a second record');
			assert.notEqual(p.id(), one.id);
			await p.shot('made');
		},
	},
	named: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			const { items } = await p.json('/person?pupil=1');
			const one = items[p.turn], other = items[12 + 8 * p.turn];    /* other stories add pupils in between */
			await p.go(`/person/${one.id}`);
			await p.follow(p.link('Gộp với hồ sơ khác…'));
			await p.shot('asked');
			await p.text(/Gộp hai hồ sơ của một người/);
			await p.choose('f-b', other.name);
			await p.follow(p.button('So hai hồ sơ'));
			if (await p.page.locator(`[name="b.choice"][value="${other.id}"]`).count()) {       /* without JavaScript, namesakes */
				await p.page.locator(`[name="b.choice"][value="${other.id}"]`).check();
				await p.follow(p.button('So hai hồ sơ'));
			}
			await p.text(/Do .* chọn/);
			await p.shot('compare');
		},
	},
	twins: {
		on: [['desktop', true], ['phone', false]],
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/');
			await p.follow(p.page.getByRole('link', { name: /cặp hồ sơ nghi trùng/ }));
			await p.shot('pairs');
			await p.follow(p.page.locator('tbody th a').first());
			const pair = p.id();
			await p.shot('pair');
			await p.follow(p.link('So hai hồ sơ'));
			assert.ok(await p.page.locator('tbody .nhan.vang').count(), 'what differs is marked');
			await p.shot('compare');
			await p.follow(p.link('Trở lại'));
			await p.step('Hợp nhất');
			await p.shot('merged');
			assert.match(p.page.url(), /person_merge/, 'one stands where the merge can be undone');
			await p.go(`/person_pair/${pair}/compare`);
			await p.link('Hoàn tác hợp nhất').waitFor();
			const merges = await p.json('/person_merge');
			const merge = merges.items.find((m) => !m.undone);
			await p.go(`/person/${merge.dropped}`);
			await p.text(/Đã bỏ/);
			await p.go(`/person_merge/${merge.id}`);
			await p.shot('merge');
			await p.follow(p.link('Hoàn tác hợp nhất'));
			await p.shot('undo');
			await p.follow(p.button('Hoàn tác hợp nhất'));
			await p.text(/Đã tách lại thành hai hồ sơ/);
			await p.shot('two-again');
			await p.go(`/person/${merge.kept}`);
			await p.go(`/person_pair/${pair}`);
			await p.shot('pair-again');
			assert.equal((await p.json(`/person_pair/${pair}`)).state, 'different', 'the pair says that they are two');
			await p.step('Xem lại');
		},
	},
};
