/* Transcripts: the form teacher signs a class, the principal opens a correction, a parent opens the issue on a phone, a citizen checks a code. */
import { strict as assert } from 'node:assert';

export default {
	'transcript-form': {
		async run(p) {
			await p.signIn('chunhiem');
			await p.go('/transcripts');
			await p.shot('classes');
			/* the class that has results of the year; the first size signs it, the others find it signed */
			await p.follow(p.page.locator('tbody tr:not(:has(td:nth-child(4):text-is("0"))) th a').first());
			await p.shot('class');
			assert.ok(await p.page.locator('tbody tr').count() > 20, 'the class has pupils');
			if (await p.page.getByRole('button', { name: 'Ký cả lớp' }).count() > 0)
				await p.follow(p.button('Ký cả lớp'));
			await p.shot('signed');
			assert.ok(await p.page.getByText('Chủ nhiệm đã ký').count() > 20, 'the class is signed');
		},
	},
	'transcript-head': {
		async run(p) {
			await p.signIn('hieutruong');
			await p.go('/transcripts');
			await p.shot('classes');
			assert.ok(await p.page.locator('tbody tr').count() > 3, 'the classes are there');
			await p.follow(p.page.locator('tbody tr:not(:has(td:nth-child(4):text-is("0"))) th a').first());
			const before = await p.page.locator('tbody details').count();
			const first = p.page.locator('tbody details').first();
			await first.locator('summary').click();
			await first.locator('textarea').fill('Ghi nhầm số buổi nghỉ');
			await p.shot('correct');
			await p.follow(first.getByRole('button'));
			await p.shot('corrected');
			assert.equal(await p.page.locator('tbody details').count(), before - 1, 'a correction is open');
		},
	},
	'transcript-parent': {
		async run(p) {
			await p.signIn('phuhuynh');
			await p.go('/transcript_issue');
			await p.shot('issues');
			await p.follow(p.page.locator('tbody th a, tbody td a').first());
			await p.shot('issue');
			assert.equal(await p.page.getByRole('link', { name: 'Mở tệp' }).count(), 2, 'PDF and XML are there to open');
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
