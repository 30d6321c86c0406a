import { defineConfig } from 'vite';
import { fileURLToPath } from 'node:url';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const version = (major: number, minor = 0) => (major << 16) | (minor << 8);

// The floor is Chrome 109 (the last on Windows 7), Safari 16.4, Firefox ESR: ux.md, section 1.
export default defineConfig({
	base: '/a/',
	publicDir: 'public',
	resolve: { alias: { '@fonts': here('node_modules/@fontsource/be-vietnam-pro/files') } },
	css: { transformer: 'lightningcss', lightningcss: { targets: { chrome: version(109), safari: version(16, 4), firefox: version(115) } } },
	build: {
		target: ['chrome109', 'safari16.4', 'firefox115'],
		outDir: 'dist', assetsDir: '', emptyOutDir: true, manifest: 'manifest.json', assetsInlineLimit: 0, cssMinify: 'lightningcss',
		modulePreload: false, reportCompressedSize: false, sourcemap: false,
		rollupOptions: {
			input: { app: here('app.ts'), 'app-css': here('app.css') },
			output: {
				hashCharacters: 'hex', entryFileNames: '[name]-[hash].js', chunkFileNames: 'phan-[name]-[hash].js',
				assetFileNames: (a) => (a.names?.includes('app-css.css') || a.names?.includes('app.css') ? 'app-[hash][extname]' : '[name]-[hash][extname]'),
			},
		},
	},
});
