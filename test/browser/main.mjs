/* Runs the stories and prints TAP. */
import { readdirSync } from 'node:fs';
import { launch, Person } from './harness.mjs';
import { serveDemo } from './serve.mjs';

const only = process.argv.slice(2);
const stories = [];
for (const file of readdirSync(new URL('stories/', import.meta.url)).filter((f) => f.endsWith('.mjs')).sort())
	for (const [name, story] of Object.entries((await import(`./stories/${file}`)).default))
		if (!only.length || only.some((o) => name.startsWith(o)))
			stories.push([name, story]);

const server = await serveDemo(process.env.KHUE_DEMO_SIZE ?? 'school');
const browser = await launch();
let n = 0, failed = 0;

function report(ok, name, why = []) {
	n++;
	failed += ok ? 0 : 1;
	console.log(`${ok ? 'ok' : 'not ok'} ${n} - ${name}`);
	why.forEach((w) => console.log(`  # ${String(w).split('\n').slice(0, 6).join('\n  # ')}`));
}

try {
	for (const [name, story] of stories)
		for (const [size, script] of story.on ?? [['desktop', true], ['phone', true], ['phone', false]]) {
			const p = new Person(browser, server, name, size, script);
			const faults = [], began = Date.now();
			try {
				await p.begin();
				await story.run(p);
			} catch (e) {
				faults.push(e.message);
				await p.page?.screenshot({ path: new URL(`out/failed-${name}-${size}.png`, import.meta.url).pathname }).catch(() => undefined);
			}
			faults.push(...new Set(p.faults));
			report(faults.length === 0, `${name}, ${size}${script ? '' : ', without JavaScript'} (${((Date.now() - began) / 1000).toFixed(1)} s)`, faults);
			await p.end().catch(() => undefined);
		}
} finally {
	await browser.close();
	server.stop();
}
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
