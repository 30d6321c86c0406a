// After vite: the sprite with its hash, the service worker with its list, then the budgets.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { join, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { budget } from './budget.mjs';

const ui = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(ui, 'dist');
const hash = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 8);

const sprite = readFileSync(join(ui, 'icons/icons.svg'));
const spriteName = `icons-${hash(sprite)}.svg`;
writeFileSync(join(dist, spriteName), sprite);

const manifest = JSON.parse(readFileSync(join(dist, 'manifest.json'), 'utf8'));
manifest['icons/icons.svg'] = { file: spriteName, src: 'icons/icons.svg' };
writeFileSync(join(dist, 'manifest.json'), JSON.stringify(manifest, null, '\t') + '\n');

const web = join(dist, 'manifest.webmanifest');
writeFileSync(web, JSON.stringify(JSON.parse(readFileSync(web, 'utf8'))));

const first = ['app.css', 'app.ts', 'icons/icons.svg'].map((k) => '/a/' + manifest[k].file);
const words = readdirSync(dist).filter((f) => /(latin|vietnamese)-(400|600).*woff2$/.test(f)).sort().map((f) => '/a/' + f);
const worker = readFileSync(join(ui, 'sw.js'), 'utf8')
	.replace('khue-VERSION', 'khue-' + hash(readdirSync(dist).sort().join())).replace('FILES = []', `FILES = ${JSON.stringify([...first, ...words])}`);
writeFileSync(join(dist, 'sw.js'), worker);

for (const f of readdirSync(dist).filter((n) => /-[0-9a-f]{8}\.(css|js|svg)$/.test(n)))
	writeFileSync(join(dist, f + '.gz'), gzipSync(readFileSync(join(dist, f)), { level: 9 }));

budget(dist, manifest);
