/* Workbooks of marks: looked at cell by cell, written, filled and given back, with and without JavaScript. */
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const python = (...args) => execFileSync('/usr/bin/python3', [new URL('../../import/forms.py', import.meta.url).pathname, ...args]).toString();
const make = (kind, to, sheets) => execFileSync('/usr/bin/python3', [new URL('../../import/forms.py', import.meta.url).pathname, 'make', kind, to],
	{ input: JSON.stringify({ sheets }) });

/* A book of numbers of the subject teacher, without any in the second term: its address. */
async function book(p) {
	await p.go('/gradebook?term=hk2');
	const links = p.page.locator('main .lop a[href*="/gradebook/"]').filter({ hasText: /[^0-9]0\/[0-9]/, hasNotText: /Ngữ văn|Nghệ thuật|thể chất|trải nghiệm|địa phương/ });
	assert.ok(await links.count(), 'a teacher has an empty book of marks in the second term');
	return (await links.last().getAttribute('href')).replace(/\?.*/, '');
}
async function fetched(p, press, to) {
	const waiting = p.page.waitForEvent('download');
	await press();
	await (await waiting).saveAs(to);
	return JSON.parse(python('read', to));
}
/* What our own workbook says of the book: its class, subject and pupils. */
function known(sheet) {
	const pupils = [], at = (r, c) => sheet[`${c}${r}`];
	for (let r = 8; at(r, 'C'); r++)
		pupils.push({ code: at(r, 'B'), name: at(r, 'C'), born: at(r, 'D'), marks: {} });
	return { class: at(3, 'C').replace('Lớp: ', ''), subject: at(2, 'C').replace('Môn: ', ''), pupils,
		regular: Object.keys(sheet).filter((k) => /^[E-Z]7$/.test(k) && Number.isInteger(sheet[k])).length };
}

export default {
	bridge: {
		weight: 3, on: [['desktop', true], ['phone', false]],
		async run(p) {
			const folder = mkdtempSync(join(tmpdir(), 'khue-bridge-'));
			try {
				await p.signIn('giaovien');
				const at = await book(p), excel = `${at}/excel?term=hk2`;
				await p.go(`${at}?term=hk2`);
				await p.page.getByRole('link', { name: 'Nhập, xuất Excel' }).click();
				await p.page.getByRole('heading', { name: 'Xuất ra Excel' }).waitFor();
				await p.shot('page');
				const own = await fetched(p, () => p.page.getByRole('button', { name: 'Tải tệp Excel' }).click(), join(folder, 'own.xlsx'));
				const is = known(Object.values(own)[0]);
				assert.ok(is.pupils.length > 4 && is.regular > 0);
				/* what is no workbook is refused on this page, in words about that file */
				await p.go(excel);
				await p.page.locator('#f-file').setInputFiles({ name: 'diem.xls', mimeType: 'application/vnd.ms-excel',
					buffer: Buffer.from('<html><table><tr><td>Họ tên</td></tr></table></html>') });
				await p.follow(p.page.getByRole('button', { name: 'Xem thay đổi' }));
				await p.text(/là trang web được đặt tên \.xls/);
				await p.page.getByRole('heading', { name: 'Nhập từ Excel' }).waitFor();
				/* a book as vnEdu makes them, with what teachers get wrong */
				const pupils = is.pupils.slice(0, 6);
				pupils.forEach((x, i) => { x.marks = { tx1: 7 + (i % 3), gk: 6.5 }; });
				Object.assign(pupils[0].marks, { tx1: 12 });
				Object.assign(pupils[1].marks, { tx1: 85 });
				Object.assign(pupils[2].marks, { tx1: 8.33, gk: 'tốt' });
				Object.assign(pupils[3], { code: null, remark: 'Tiến bộ nhiều' });
				const form = join(folder, 'vnedu.xlsx');
				make('vnedu', form, [{ ...is, term: 'II', pupils: [...pupils, { name: 'Người Lạ Mặt', marks: { tx1: 5 } }] }]);
				await p.go(excel);
				await p.page.locator('#f-file').setInputFiles(form);
				await p.page.getByRole('button', { name: 'Xem thay đổi' }).click();
				await p.page.locator('table.dan').waitFor();
				const table = await p.page.locator('table.dan').innerText();
				for (const word of ['Điểm phải từ 0 đến 10.', 'Điểm lấy đến một chữ số thập phân.', 'không có trong lớp', 'Tiến bộ nhiều'])
					assert.ok(table.includes(word), word);
				assert.equal(await p.page.locator('table.dan td.loi').count(), 4);
				await p.shot('changes');
				await p.look();
				await p.page.getByRole('button', { name: /Ghi các ô đúng/ }).click();
				await p.page.getByText(/Đã ghi \d+ ô; 5 ô hoặc dòng/).waitFor();
				/* the form comes back filled: nothing but cells of marks changed */
				await p.go(excel);
				await p.page.locator('#f-form').setInputFiles(form);
				const filled = Object.values(await fetched(p, () => p.page.getByRole('button', { name: 'Tải tệp Excel' }).click(), join(folder, 'filled.xlsx')))[0];
				const named = pupils.flatMap((x, i) => ['F', 'G', 'H', 'I', 'J', 'K', 'L', 'M'].slice(0, is.regular + 2).map((c) => `${is.subject}!${c}${9 + i}`));
				python('same', form, join(folder, 'filled.xlsx'), ...named);
				assert.equal(filled.F9 ?? null, null, 'what was refused is not in the book');
				assert.equal(filled.F12, pupils[3].marks.tx1);
				/* the same marks again, as SMAS lays them out: nothing to write but to clear up */
				const other = join(folder, 'smas.xlsx');
				make('smas', other, [{ ...is, term: 'II', pupils: pupils.slice(3) }]);
				await p.go(excel);
				await p.page.locator('#f-file').setInputFiles(other);
				await p.page.getByRole('button', { name: 'Xem thay đổi' }).click();
				await p.page.getByText('Không có ô nào khác với sổ.').waitFor();
				/* taken back as a whole: the book is as it was found */
				await p.follow(p.page.getByRole('button', { name: /Hoàn tác lần nhập/ }).first());
				await p.text(/Đã hoàn tác lần nhập: \d+ ô|0\/\d+ ô đã có/);
				await p.go(`${at}?term=hk2`);
				await p.text(/ 0\/\d+ ô đã có/);
				await p.go(excel);
				assert.equal(await p.page.getByRole('button', { name: /Hoàn tác lần nhập/ }).count(), 0, 'an import is taken back once');
			} finally {
				rmSync(folder, { recursive: true });
			}
		},
	},
};
