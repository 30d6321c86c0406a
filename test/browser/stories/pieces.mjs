/* A large file goes ahead of its form in pieces; a line that breaks costs one of them. */
import { strict as assert } from 'node:assert';

export default {
	pieces: {
		on: [['desktop', true], ['phone', true]],
		async run(p) {
			await p.signIn('giaovu');
			await p.go('/person');
			await p.page.locator('table a[href*="/person/"]').first().click();
			await p.page.waitForSelector('#tep');
			await p.page.waitForFunction(() => customElements.get('vn-tep'));
			/* the network is cut in the page, at the second piece and the question after it */
			await p.page.evaluate(() => {
				const real = window.fetch;
				let pieces = 0, cut = 0;
				window.khueSent = [];
				window.fetch = (url, options = {}) => {
					if (options.method === 'PATCH' && ++pieces === 2)
						cut = 2;
					if (String(url).startsWith('/tai-len') && cut-- > 0)
						return Promise.reject(new TypeError('cut'));
					if (options.method === 'PATCH')
						sessionStorage.setItem('pieces', String(Number(sessionStorage.getItem('pieces') ?? 0) + 1));
					return real(url, options);
				};
			});
			const name = `anh-lop-${p.turn}.txt`, text = `Lần ${p.turn} `.repeat(170000);
			await p.page.setInputFiles('#tep', { name, mimeType: 'text/plain', buffer: Buffer.from(text) });
			const form = p.page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/file'));
			await p.page.locator('form[action$="/file"] button').click();
			await p.page.waitForSelector(`a[href^="/tep/"]:has-text("${name}")`, { timeout: 60000 });
			const size = Number((await (await form).allHeaders())['content-length']);
			assert.ok(size > 0 && size < 5000, `the form carries a number, not the file: ${size}`);
			assert.equal(await p.page.evaluate(() => Number(sessionStorage.getItem('pieces'))), Math.ceil(Buffer.byteLength(text) / (512 * 1024)));
			const file = await p.context.request.get(p.server.url + await p.page.locator(`a[href^="/tep/"]:has-text("${name}")`).first().getAttribute('href'));
			assert.ok((await file.body()).equals(Buffer.from(text)), 'byte for byte');
			await p.shot('sent');
		},
	},
};
