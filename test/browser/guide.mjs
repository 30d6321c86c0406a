/* Copies chosen screenshots of the last run into doc/guide/img as small WebP files. Usage: node guide.mjs */
import { readFileSync, writeFileSync, existsSync, mkdirSync } from 'node:fs';
import { launch } from './harness.mjs';

const wanted = {
	/* README: everybody, the public */
	palette: 'officer-palette-1366', bulk: 'bulk-some-refused-1366', 'second-factor': 'second-factor-scan-1366', sessions: 'sessions-list-1366',
	portal: 'citizen-portal-1366', result: 'citizen-result-1366', distribution: 'citizen-distribution-1366',
	/* family */
	activate: 'contact-activate-start-390', contact: 'contact-family-390', 'schedule-family': 'timetable-week-family-day-390', marks: 'family-results-child-390',
	leave: 'contact-leave-form-390', talk: 'contact-parent-talk-390', prefer: 'contact-channels-prefer-390', children: 'parent-children-390',
	/* teacher */
	roll: 'teacher-roll-390', gradebook: 'gradebook-typed-1366', paste: 'gradebook-paste-paste-1366', phrase: 'gradebook-remarks-phrase-1366',
	'gradebook-phone': 'gradebook-phone-column-390', excel: 'bridge-changes-1366', schedule: 'timetable-week-teacher-1366', lessonbook: 'lessonbook-due-1366',
	'class-results': 'close-term-class-1366', rating: 'form-teacher-rates-rated-1366',
	/* school */
	'import-columns': 'import-columns-1366', 'import-tried': 'import-tried-1366', refused: 'clerk-refused-1366', classes: 'principal-classes-1366',
	transfer: 'transfer-to-decide-1366', twins: 'twins-compare-1366', reopen: 'gradebook-lock-requests-1366', gaps: 'close-term-gaps-1366', retest: 'retest-list-1366',
	transcripts: 'transcript-school-class-1366', 'transcript-true': 'transcript-school-true-1366', 'schedule-enter': 'timetable-new-enter-1366',
	notice: 'contact-mass-announce-form-1366', approve: 'contact-mass-announce-approve-1366', reach: 'contact-mass-reach-1366',
	reset: 'password-reset-code-1366', acting: 'impersonation-acting-1366', takeout: 'takeout-decide-1366',
	/* department */
	preview: 'reorganise-preview-merge-1366', account: 'officer-account-1366' };
const img = new URL('../../doc/guide/img/', import.meta.url).pathname;

mkdirSync(img, { recursive: true });
const browser = await launch();
const page = await browser.newPage();
for (const [name, shot] of Object.entries(wanted)) {
	const from = new URL(`out/${shot}.png`, import.meta.url).pathname;
	if (!existsSync(from)) {
		console.error(`guide: ${shot}.png is missing; run the stories first`);
		process.exitCode = 1;
		continue;
	}
	const data = await page.evaluate(async (png) => {
		const image = new Image();
		image.src = png;
		await image.decode();
		const canvas = document.createElement('canvas');
		const scale = Math.min(1, 960 / image.width);
		canvas.width = Math.round(image.width * scale);
		canvas.height = Math.round(image.height * scale);
		const pen = canvas.getContext('2d');
		pen.imageSmoothingQuality = 'high';
		pen.drawImage(image, 0, 0, canvas.width, canvas.height);
		return canvas.toDataURL('image/webp', 0.82).split(',')[1];
	}, `data:image/png;base64,${readFileSync(from).toString('base64')}`);
	writeFileSync(`${img}${name}.webp`, Buffer.from(data, 'base64'));
}
await browser.close();
