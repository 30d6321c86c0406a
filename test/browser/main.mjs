/* Runs the stories and prints TAP. KHUE_BROWSER_JOBS stories at a time share one server; the sizes of one story follow each
 * other, for they change the same rows. */
import { readdirSync } from 'node:fs';
import { launch, Person } from './harness.mjs';
import { serveDemo } from './serve.mjs';

const LIMIT_S = 120, JOBS = Number(process.env.KHUE_BROWSER_JOBS ?? 3);
const only = process.argv.slice(2);
const stories = [];
for (const file of readdirSync(new URL('stories/', import.meta.url)).filter((f) => f.endsWith('.mjs')).sort())
	for (const [name, story] of Object.entries((await import(`./stories/${file}`)).default))
		if (!only.length || only.some((o) => name.startsWith(o)))
			stories.push([name, story]);

const server = await serveDemo(process.env.KHUE_DEMO_SIZE ?? 'district');
const browser = await launch(false);
let whole;                                    /* launched when the first story asks for it */
let n = 0, failed = 0;

function report(ok, name, why = []) {
	n++;
	failed += ok ? 0 : 1;
	console.log(`${ok ? 'ok' : 'not ok'} ${n} - ${name}`);
	why.forEach((w) => console.log(`  # ${String(w).split('\n').slice(0, 6).join('\n  # ')}`));
}

function within(seconds, promise) {
	let timer;
	const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error(`not over after ${seconds} s`)), seconds * 1000); });
	return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function tell(name, story, size, script, turn) {
	if (story.whole)
		whole ??= launch();
	const p = Object.assign(new Person(story.whole ? await whole : browser, server, name, size, script), { turn });
	const faults = [], began = Date.now();
	try {
		await within(LIMIT_S, p.begin().then(() => story.run(p)));
	} catch (e) {
		faults.push(e.message);
		for (const [i, who] of p.everybody().entries())
			await who.page?.screenshot({ path: new URL(`out/failed-${name}-${size}${i || ''}.png`, import.meta.url).pathname, timeout: 5000 }).catch(() => undefined);
	}
	faults.push(...new Set(p.everybody().flatMap((who) => who.faults)));
	report(faults.length === 0, `${name}, ${size}${script ? '' : ', without JavaScript'} (${((Date.now() - began) / 1000).toFixed(1)} s)`, faults);
	await p.end().catch(() => undefined);
}

async function work(left) {
	for (let next = left.shift(); next; next = left.shift())
		for (const [turn, [size, script]] of (next[1].on ?? [['desktop', true], ['phone', true], ['phone', false]]).entries())
			await tell(next[0], next[1], size, script, turn);
}

try {
	const left = [...stories].sort((a, b) => (b[1].weight ?? 1) - (a[1].weight ?? 1));
	await Promise.all(Array.from({ length: JOBS }, () => work(left)));
} finally {
	await Promise.all([browser, await whole].map((b) => b?.close()));
	server.stop();
}
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
