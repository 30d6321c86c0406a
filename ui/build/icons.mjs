// Makes icons/icons.svg: one sprite of the Tabler icons that templates, declarations and scripts name, and our own mark.
import { readFileSync, writeFileSync, readdirSync, existsSync } from 'node:fs';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const tabler = join(ui, 'node_modules/@tabler/icons/icons/outline');
const wanted = new Map();      // name in the sprite -> name at Tabler

for (const line of readFileSync(join(ui, 'icons/list.txt'), 'utf8').split('\n'))
	if (!line.startsWith('#'))
		for (const word of line.split(/\s+/).filter(Boolean)) {
			const [name, from] = word.split('=');
			wanted.set(name, from ?? name);
		}

const patterns = [/icons\}\}#([a-z0-9-]+)/g, /\.icon = (?:S\()?"([a-z0-9-]+)"/g,
	/\{\s*"[a-z_]+",\s*"\/[^"]*",\s*"([a-z0-9-]+)"/g, /icon\('([a-z0-9-]+)'/g];
function scan(folder) {
	for (const f of readdirSync(folder, { withFileTypes: true })) {
		const path = join(folder, f.name);
		if (f.isDirectory()) {
			scan(path);
			continue;
		}
		if (!/\.(html|c|ts)$/.test(f.name))
			continue;
		const text = readFileSync(path, 'utf8');
		for (const p of patterns)
			for (const m of text.matchAll(p))
				if (m[1] !== 'khue' && !wanted.has(m[1]))
					wanted.set(m[1], m[1]);
	}
}
scan(join(ui, '../src'));
scan(join(ui, 'islands'));

const unknown = [];
let out = '<svg xmlns="http://www.w3.org/2000/svg">';
for (const [name, from] of [...wanted].sort()) {
	const path = join(tabler, from + '.svg');
	if (!existsSync(path)) {
		unknown.push(name);
		continue;
	}
	const inner = readFileSync(path, 'utf8').replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '')
		.replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '').replace(/\s+/g, ' ').replace(/> </g, '><').trim();
	out += `<symbol id="${name}" viewBox="0 0 24 24">${inner}</symbol>`;
}
const mark = readFileSync(join(ui, 'icons/khue.svg'), 'utf8').replace(/^[\s\S]*?<svg[^>]*>/, '').replace('</svg>', '').trim();
out += `<symbol id="khue" viewBox="0 0 48 48">${mark}</symbol></svg>\n`;
if (unknown.length) {
	console.error(`icons: Tabler has no ${unknown.join(', ')}`);
	process.exit(1);
}
writeFileSync(join(ui, 'icons/icons.svg'), out);
