/* /kieu-mau shows every component; the islands do their work there. */
import { strict as assert } from 'node:assert';

export default {
	style: {
		async run(p) {
			await p.go('/kieu-mau');
			await p.shot('top');
			if (!p.script)
				return;
			const day = p.page.locator('#f-sinh');
			for (const [typed, kept] of [['5/9/14', '05/09/2014'], ['05092014', '05/09/2014'], ['5-9-1968', '05/09/1968'], ['31/02/2013', '31/02/2013'], ['29.2.24', '29/02/2024']]) {
				await day.fill(typed);
				await day.blur();
				assert.equal(await day.inputValue(), kept, typed);
			}
			const tile = p.page.locator('.o-bam').first();
			await tile.scrollIntoViewIfNeeded();
			await tile.click();
			assert.equal(await p.page.locator('input[name="a"][value="unexcused"]').isChecked(), true);
			await p.shot('tiles');
		},
	},
};
