// Names classes that templates use and no style sheet knows: a misspelt class fails the build.
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const src = join(ui, '../src');
const css = readdirSync(join(ui, 'css')).map((f) => readFileSync(join(ui, 'css', f), 'utf8')).join('\n');
const known = new Set([...css.matchAll(/\.([a-z][a-z0-9-]*)/g)].map((m) => m[1]));
const folders = [join(src, 'core/page'), ...readdirSync(join(src, 'mod')).map((m) => join(src, 'mod', m, 'page'))].filter(existsSync);
let bad = 0;

for (const folder of folders)
	for (const f of readdirSync(folder).filter((n) => n.endsWith('.html')))
		for (const m of readFileSync(join(folder, f), 'utf8').matchAll(/class="([^"]*)"/g))
			for (const name of m[1].replace(/\{\{[^}]*\}\}/g, ' ').split(/\s+/).filter((c) => c && !c.endsWith('-')))
				if (!known.has(name)) {
					console.error(`classes: ${folder.slice(src.length + 1)}/${f}: no style for "${name}"`);
					bad++;
				}
process.exit(bad && process.argv.includes('--strict') ? 1 : 0);
