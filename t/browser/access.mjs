// For people who do not use a mouse, or do not see: names, headings,
// contrast, the keyboard.
import { browser, complaints, is, like, ok, order, origin, person, run, show, until } from './lib.mjs';

// What a page lacks, in one look.
const lacks = (page) => page.evaluate(() => {
	const out = [];
	const visible = (e) => e.offsetParent !== null && getComputedStyle(e).visibility !== 'hidden';
	const name = (e) => (e.getAttribute('aria-label')
		?? (e.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent ?? '').join(' ').trim())
		|| [...(e.labels ?? [])].map((l) => l.textContent).join(' ').trim() || (e.textContent ?? '').trim() || e.title || e.alt || '';
	if (!document.documentElement.lang) out.push('no language');
	if (!document.title.trim()) out.push('no title');
	for (const [what, n] of [['main', 1], ['h1', 1]])
		if (document.querySelectorAll(what).length !== n) out.push(`${document.querySelectorAll(what).length} ${what}`);
	let level = 0;
	for (const h of document.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
		if (!visible(h)) continue;
		const l = Number(h.tagName[1]);
		if (l > level + 1) out.push(`a ${h.tagName} after an H${level}: ${h.textContent}`);
		level = l;
	}
	for (const e of document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a[href], progress, summary'))
		if (visible(e) && !name(e)) out.push(`no name: ${e.outerHTML.slice(0, 100)}`);
	for (const e of document.querySelectorAll('img:not([alt]), svg:not([aria-hidden]):not([aria-label]):not([role])'))
		out.push(`no text instead: ${e.outerHTML.slice(0, 80)}`);
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) out.push(`twice: #${id}`);
	for (const e of document.querySelectorAll('[aria-describedby], [aria-labelledby], label[for]'))
		for (const id of (e.getAttribute('aria-describedby') ?? e.getAttribute('aria-labelledby') ?? e.htmlFor).split(' '))
			if (!document.getElementById(id)) out.push(`speaks of #${id}, which is not there`);
	for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) out.push(`tabindex ${e.tabIndex}`);
	for (const e of document.querySelectorAll('[style], [onclick]')) out.push(`inline: ${e.outerHTML.slice(0, 80)}`);
	return out;
});

// Text that is too faint (WCAG 2 AA: 4.5, large 3).
const faint = (page) => page.evaluate(() => {
	const rgb = (c) => {
		const m = c.match(/[\d.]+/g).map(Number);
		return { c: m.slice(0, 3), a: m[3] ?? 1 };
	};
	const light = (c) => c.map((v) => v / 255)
		.map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const over = (top, under) => top.c.map((v, i) => v * top.a + under[i] * (1 - top.a));
	const behind = (e) => {
		const stack = [];
		for (let x = e; x; x = x.parentElement) stack.push(rgb(getComputedStyle(x).backgroundColor));
		return stack.reverse().reduce((under, top) => over(top, under), [255, 255, 255]);
	};
	const fade = (e) => {
		let o = 1;
		for (let x = e; x; x = x.parentElement) o *= Number(getComputedStyle(x).opacity);
		return o;
	};
	const out = new Set();
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (walk.nextNode()) {
		const e = walk.currentNode.parentElement;
		if (!walk.currentNode.data.trim() || !e.offsetParent || e.closest('[aria-disabled=true], [disabled], .unseen, script, style, noscript')) continue;
		const s = getComputedStyle(e);
		const back = behind(e);
		const ink = rgb(s.color);
		const fore = over({ c: ink.c, a: ink.a * fade(e) }, back);
		const [a, c] = [light(fore), light(back)].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (c + 0.05);
		const size = parseFloat(s.fontSize);
		const large = size >= 24 || (size >= 18.66 && Number(s.fontWeight) >= 700);
		if (ratio < (large ? 3 : 4.5)) out.add(`${ratio.toFixed(2)}: "${walk.currentNode.data.trim().slice(0, 40)}" (${e.tagName}.${e.className})`);
	}
	return [...out];
});

run(async () => {
	const b = await browser();
	const me = await person(b);
	const done = await order(me, 'hidden.test');
	const bad = await order(me, 'notfound.test');
	await until('two orders', 20, async () => (await show(me, done)).status === 'completed'
		&& (await show(me, bad)).status === 'failed');
	const running = await order(me, 'slow.test');
	await until('the middle', 10, async () => (await show(me, running)).processed >= 5);

	const paths = {
		running: `/generations/${running}`,
		home: '/', list: '/generations', new: '/generations/new',
		counted: '/generations/new?hostname=good.test',
		wrong: '/generations/new?hostname=not+a+host',
		finished: `/generations/${done}`, failed: `/generations/${bad}`,
		delete: `/generations/${done}/delete`, error: '/nothing',
	};
	for (const colorScheme of ['light', 'dark']) {
		const page = await me.newPage();
		await page.emulateMedia({ colorScheme });
		for (const [name, path] of Object.entries(paths)) {
			await page.goto(origin + path);
			const pale = await faint(page);
			ok(pale.length === 0, `${name}, ${colorScheme}: every text has contrast`, pale.join('\n'));
			if (colorScheme === 'dark') continue;
			const missing = await lacks(page);
			ok(missing.length === 0, `${name}: names, headings, labels`, missing.join('\n'));
			like(await page.title(), /Platen/, `${name}: a title`);
		}
		await page.close();
	}

	// Titles tell pages apart.
	const page = await me.newPage();
	const titles = new Set();
	for (const path of ['/generations', paths.finished, '/generations/new', '/nothing']) {
		await page.goto(origin + path);
		titles.add(await page.title());
	}
	is(titles.size, 4, 'titles tell the pages apart');

	// By keyboard alone: skip link, order, delete.
	const focus = () => page.evaluate(() => {
		const e = document.activeElement;
		return `${e.tagName} ${e.id || e.textContent.trim()}`;
	});
	await page.goto(origin);
	await page.keyboard.press('Tab');
	like(await focus(), /skip to/i, 'the first Tab finds the link that skips the head');
	ok((await page.locator('.skip').boundingBox()).y >= 0, 'which can be seen then');
	await page.keyboard.press('Enter');
	like(await focus(), /main/, 'and leads to the content');
	for (const type of ['llms.txt file', 'Story']) {
		await page.keyboard.press('Tab');
		is(await focus(), `A ${type}`, 'where the kinds of order come first');
	}
	await page.keyboard.press('Tab');
	is(await focus(), 'INPUT hostname', 'then the hostname');
	ok(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), 'and it is seen where one is');
	await page.keyboard.type('good.test');
	await page.keyboard.press('Enter');
	await page.waitForURL(/hostname=good\.test/);
	await page.getByRole('button', { name: 'Start' }).focus();
	await page.keyboard.press('Enter');
	await page.waitForURL(/\/generations\/[0-9a-f-]{36}$/);
	await page.locator('.gen-state .badge-completed').waitFor({ timeout: 15_000 });
	ok(true, 'an order by keyboard');
	await page.getByRole('link', { name: 'Delete', exact: true }).focus();
	await page.keyboard.press('Enter');
	await page.getByRole('dialog').waitFor({ timeout: 3000 });
	ok(await page.evaluate(() => document.querySelector('dialog').contains(document.activeElement)), 'a question takes the focus');
	like(await page.getByRole('dialog').evaluate((d) => d.getAttribute('aria-label') || document.getElementById(d.getAttribute('aria-labelledby'))?.textContent || ''),
		/\w/, 'and has a name');
	await page.keyboard.press('Escape');
	like(await focus(), /^A Delete/, 'Escape gives it back');

	// What changes is said: one polite live region, not a word per tick.
	await page.goto(origin + paths.finished);
	ok(await page.locator('[aria-live]').count() >= 1, 'changes are announced');
	is(await page.locator('[aria-live=assertive]').count(), 0, 'and not shouted');

	// Large text: twice the size needs no sideways scrolling.
	await page.setViewportSize({ width: 640, height: 800 });
	await page.goto(origin + paths.finished);
	await page.evaluate(() => { document.documentElement.style.fontSize = '200%'; });
	ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), 'text of twice the size sticks out nowhere');
	const wrong = complaints(/404|400|422/);
	is(wrong.join('\n'), '', 'the browser has nothing to complain of');
});
