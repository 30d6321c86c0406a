/* A story is a person doing things in the browser. Every page they come to is watched: errors on the console, requests to
 * another host, breaches of the content policy, sideways scroll and, with JavaScript, axe. */
import { chromium } from 'playwright-core';
import { createRequire } from 'node:module';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { strict as assert } from 'node:assert';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = new URL('out/', import.meta.url).pathname;
export const sizes = { desktop: { width: 1366, height: 768 }, phone: { width: 390, height: 844 } };

mkdirSync(out, { recursive: true });
const seen = new Set();                       /* pages looked at closely: each once for a size and a person */
/* Chromium without a window of its own takes half the time; it shows no notices of the system,
 * so a story may ask for the whole. */
const shell = '/usr/bin/chromium-headless-shell';
export const launch = (whole = true) => chromium.launch({ executablePath: process.env.KHUE_CHROMIUM ?? (!whole && existsSync(shell) ? shell : '/usr/bin/chromium'),
	args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });

export class Person {
	constructor(browser, server, story, size, script) {
		Object.assign(this, { browser, server, story, size, script, faults: [], others: [], login: '' });
	}
	/* Somebody else in the same story, with a browser of his own. */
	async beside(login) {
		const other = new Person(this.browser, this.server, this.story, this.size, this.script);
		this.others.push(other);
		await other.begin();
		if (login)
			await other.signIn(login);
		return other;
	}
	everybody() { return [this, ...this.others.flatMap((o) => o.everybody())]; }

	async begin() {
		this.context = await this.browser.newContext({ viewport: sizes[this.size], javaScriptEnabled: this.script, locale: 'vi-VN',
			timezoneId: 'Asia/Ho_Chi_Minh', isMobile: this.size === 'phone', hasTouch: this.size === 'phone', reducedMotion: 'reduce' });
		this.page = await this.context.newPage();
		this.page.setDefaultTimeout(10_000);
		this.context.on('request', (r) => {
			const u = new URL(r.url());
			if (/^https?:$/.test(u.protocol) && u.host !== new URL(this.server.url).host)
				this.fault(`asked another host: ${r.url()}`);
		});
		this.page.on('console', (m) => {
			if ((m.type() === 'error' && !/status of 4(01|03|04|09|22|29)/.test(m.text())) || /Content Security Policy|TrustedHTML|TrustedScript/i.test(m.text()))
				this.fault(`console: ${m.text()}`);
		});
		this.page.on('pageerror', (e) => this.fault(`script: ${e.message}`));
		this.page.on('response', (r) => {
			if (r.status() >= 500)
				this.fault(`${r.status()} from ${r.url()}`);
		});
	}
	async end() {
		for (const who of this.everybody())
			await who.context?.close();
	}
	fault(text) { this.faults.push(`${text} (at ${this.page.url().replace(this.server.url, '')})`); }

	async go(path, status = 200) {
		const answer = await this.page.goto(path.startsWith('http') ? path : this.server.url + path);
		assert.equal(answer.status(), status, `${path} answers ${answer.status()}`);
		await this.look();
	}
	/* From now on nothing that the page's script sends leaves it, until it goes to another page: as without a network. (The browser's own
	 * ways of cutting one let a request through now and then.) */
	async cut() {
		await this.page.evaluate(() => { window.fetch = () => Promise.reject(new TypeError('cut')); });
	}
	/* Follows what a click leads to. */
	async follow(locator) {
		await Promise.all([this.page.waitForNavigation(), locator.click()]);
		await this.look();
	}
	link(name) { return this.page.getByRole('link', { name }).first(); }
	button(name) { return this.page.getByRole('button', { name }).first(); }

	/* What holds on every page. */
	async look() {
		await this.page.waitForLoadState('load');
		const width = sizes[this.size].width;
		const key = `${this.size} ${this.login} ${new URL(this.page.url()).pathname.replace(/\d{6,}/g, ':id')}`;
		const h1 = await this.page.locator('h1').count();
		if (h1 !== 1)
			this.fault(`${h1} headings of level 1`);
		if (!this.script || seen.has(key))
			return;
		seen.add(key);
		await this.page.waitForTimeout(80);
		const wide = await this.page.evaluate(() => document.documentElement.scrollWidth);
		if (wide > width)
			this.fault(`scrolls sideways: ${wide} of ${width} px`);
		if (await this.page.locator('[style]').count())
			this.fault('style attributes');
		const found = await this.page.evaluate(`${axe}; axe.run(document, { resultTypes: ['violations'] }).then((r) => r.violations.map((v) =>
			v.impact + ' ' + v.id + ' ' + v.nodes.slice(0, 2).map((n) => n.target.join(' ') + ' ' + (n.failureSummary || '').split('\\n')[1]).join(' | ')))`);
		found.forEach((f) => this.fault(`axe: ${f}`));
		if (this.size === 'phone') {
			await this.page.setViewportSize({ width: 320, height: 700 });
			const narrow = await this.page.evaluate(() => document.documentElement.scrollWidth);
			if (narrow > 320)
				this.fault(`scrolls sideways at 320 px: ${narrow}`);
			await this.page.setViewportSize(sizes.phone);
		}
	}
	async shot(name) {
		await this.page.evaluate(() => document.activeElement?.blur()).catch(() => undefined);
		await this.page.screenshot({ path: `${out}${this.story}-${name}-${sizes[this.size].width}${this.script ? '' : '-nojs'}.png` });
	}
	async text(pattern) {
		const body = await this.page.locator('body').innerText();
		assert.match(body, pattern);
	}
	/* Chooses a row by its name: typed and taken from the suggestions; without JavaScript the server reads what was typed. */
	async choose(id, text) {
		const box = this.page.locator(`[id="${id}"]`);
		await box.fill(text);
		if (!this.script)
			return;
		await box.press('ArrowDown');
		await box.locator('xpath=..').locator('[role="option"]').first().waitFor();
		await this.page.waitForTimeout(200);
		await box.press('ArrowDown');
		await box.press('Enter');
		assert.notEqual(await box.locator('xpath=..').locator('input[type="hidden"]').inputValue(), '', `${text} can be chosen`);
	}
	/* Opens the step's questions, if it has any, and presses it. answers: {field: text}. */
	async step(label, answers = {}) {
		const form = this.page.locator('form[action*="/do/"]').filter({ has: this.page.getByText(label, { exact: true }) });
		const asks = form.locator('details');
		if (await asks.count() && await asks.getAttribute('open') === null)
			await asks.locator('summary').click();
		for (const [name, text] of Object.entries(answers)) {
			const field = form.locator(`[name="${name}"], [name="${name}.text"]`).last();
			if (await field.getAttribute('role') === 'combobox')
				await this.choose(await field.getAttribute('id'), text);
			else
				await field.fill(text);
		}
		await this.follow(form.locator('button.nut').last());
	}
	/* On the page of a job: until it has ended well. */
	async ended() {
		for (let i = 0; i < 150 && !(await this.page.locator('#viec .nhan.luc').count()); i++) {
			await this.page.waitForTimeout(300);
			await this.page.reload();
		}
		await this.look();
		assert.ok(await this.page.locator('#viec .nhan.luc').count(), `the job ends; there is: ${await this.page.locator('main').innerText()}`);
	}
	/* What this person gets as JSON. */
	async json(path) {
		const answer = await this.context.request.get(this.server.url + path, { headers: { Accept: 'application/json' } });
		assert.equal(answer.status(), 200, `${path} answers ${answer.status()}`);
		return answer.json();
	}
	/* The id at the end of the address. */
	id() { return /(\d{6,})/.exec(this.page.url())[1]; }
	async signIn(login, password = this.server.password(login)) {
		assert.ok(password, `the demo printed no password for ${login}`);
		await this.go('/dang-nhap');
		this.login = login;
		await this.page.fill('#f-login', login);
		await this.page.fill('#f-password', password);
		await this.follow(this.page.locator('main button.nut').first());
		assert.ok(!this.page.url().includes('/dang-nhap'), `${login} could not sign in: ${await this.page.locator('main').innerText()}`);
	}
}
