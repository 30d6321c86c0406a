// The budgets of the interface, in KB of 1,024 bytes after gzip -9. A build above one of them fails.
import { readFileSync, readdirSync, existsSync, statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const limits = { css: 18, js: 30, lazy: 120, sprite: 8, fonts: 70, first: 130 };

export function budget(dist, manifest) {
	const gz = (f) => gzipSync(readFileSync(join(dist, f)), { level: 9 }).length / 1024;
	const rows = [['core CSS', gz(manifest['app.css'].file), limits.css], ['core JS', gz(manifest['app.ts'].file), limits.js],
		['icons', gz(manifest['icons/icons.svg'].file), limits.sprite]];
	const fonts = readdirSync(dist).filter((f) => /(latin|vietnamese)-(400|600).*woff2$/.test(f) && !/latin-ext/.test(f))
		.reduce((n, f) => n + statSync(join(dist, f)).size / 1024, 0);
	rows.push(['fonts', fonts, limits.fonts]);
	for (const chunk of Object.values(manifest))
		if (chunk.isDynamicEntry) {
			let size = 0;
			const seen = new Set(['app.ts']);
			const add = (key) => {
				const c = manifest[key];
				if (!c || seen.has(key))
					return;
				seen.add(key);
				size += gz(c.file);
				(c.imports ?? []).forEach(add);
				(c.dynamicImports ?? []).forEach(add);
			};
			add(chunk.src);
			rows.push([`lazy ${chunk.name}`, size, limits.lazy]);
		}
	rows.push(['first visit without HTML', rows.slice(0, 4).reduce((n, r) => n + r[1], 0), limits.first]);
	let over = 0;
	for (const [name, size, limit] of rows) {
		over += size > limit ? 1 : 0;
		console.log(`${size > limit ? 'OVER' : 'ok  '} ${name.padEnd(26)} ${size.toFixed(1).padStart(6)} of ${limit} KB`);
	}
	if (over) {
		console.error(`budget: ${over} above the limit`);
		process.exit(1);
	}
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
	const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
	if (!existsSync(join(dist, 'manifest.json'))) {
		console.error('budget: build first');
		process.exit(1);
	}
	budget(dist, JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8')));
}
