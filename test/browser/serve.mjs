/* Makes a demo and serves it, for the length of the tests. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const home = new URL('../..', import.meta.url).pathname;
const build = process.env.KHUE_BUILD ?? join(home, 'build');

/* The table of accounts that the demo prints: {login: password}. */
export function accounts(text) {
	const found = {};
	for (const m of text.matchAll(/^\s*([a-z][a-z0-9.]*)\s+(\S{6,})(?:\s|$)/gm))
		found[m[1]] = m[2];
	const shared = /(?:mật khẩu|password)[^:\n]*:\s*(\S+)/i.exec(text);
	return new Proxy(found, { get: (all, login) => shared?.[1] ?? all[login] });
}

export async function serveDemo(size) {
	if (process.env.KHUE_URL)
		return { url: process.env.KHUE_URL, password: () => process.env.KHUE_PASSWORD, stop: () => undefined };
	const data = join(mkdtempSync(join(process.env.KHUE_TEST_TMP ?? tmpdir(), 'browser-')), 'demo');
	const port = Number(process.env.KHUE_TEST_PORT ?? 9230);
	const made = spawnSync(join(build, 'khue'), ['demo', '--size', size, '--data', data], { encoding: 'utf8' });
	if (made.status !== 0)
		throw new Error(`khue demo: ${made.stderr}`);
	const known = accounts(made.stdout);
	const server = spawn(join(build, 'khue'), ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--workers', '3'], { stdio: ['ignore', 'ignore', 'pipe'] });
	let log = '';
	server.stderr.on('data', (piece) => { log = (log + piece).slice(-4000); });
	const url = `http://127.0.0.1:${port}`;
	for (let i = 0; ; i++) {
		try {
			if ((await fetch(url + '/readyz')).ok)
				break;
		} catch { /* not yet */ }
		if (i > 100 || server.exitCode !== null) {
			server.kill();
			throw new Error(`khue serve did not come up: ${log}`);
		}
		await new Promise((r) => setTimeout(r, 100));
	}
	return { url, password: (login) => known[login], stop: () => server.kill('SIGTERM') };
}
