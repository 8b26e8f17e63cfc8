// What every page looks like, wide and narrow: pictures in build/shots, and
// nothing that sticks out.
import { browser, complaints, is, ok, order, origin, person, run, shot, show, until } from './lib.mjs';

const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };

// What is wider than the window, or cut.
const sticking = (page) => page.evaluate(() => {
	const width = document.documentElement.clientWidth;
	const out = [];
	if (document.documentElement.scrollWidth > width)
		out.push(`the page is ${document.documentElement.scrollWidth} wide`);
	for (const e of document.querySelectorAll('main *, header *, footer *')) {
		const r = e.getBoundingClientRect();
		const s = getComputedStyle(e);
		if (r.width > 1 && r.right > width + 1 && s.position !== 'absolute' && !e.closest('pre, thead'))
			out.push(`${e.tagName}.${e.className} ends at ${Math.round(r.right)}`);
	}
	return out;
});

// Targets for fingers: at least 24 px, unless in a line of text.
const small = (page) => page.evaluate(() => [...document.querySelectorAll('button, a.button, input, summary')]
	.filter((e) => e.offsetParent && e.type !== 'hidden')
	.map((e) => [e, e.closest('label')?.getBoundingClientRect() ?? e.getBoundingClientRect()])
	.filter(([, r]) => r.height < 24 || r.width < 24)
	.map(([e, r]) => `${e.outerHTML.slice(0, 80)}: ${r.width} x ${r.height}`));

run(async () => {
	const b = await browser();
	for (const [size, viewport] of Object.entries(sizes)) {
		const me = await person(b, { viewport });
		const page = await me.newPage();
		const look = async (name, path) => {
			if (path) await page.goto(origin + path);
			await page.waitForTimeout(250);
			await shot(page, `${name}-${size}`);
			const wrong = await sticking(page);
			ok(wrong.length === 0, `${name}, ${size}: nothing sticks out`, wrong.slice(0, 5).join('\n'));
			const tiny = await small(page);
			ok(tiny.length === 0, `${name}, ${size}: what is to be pressed is large enough`, tiny.join('\n'));
			await page.setViewportSize({ width: 320, height: 700 });
			const tight = size === 'narrow' ? await sticking(page) : [];
			if (size === 'narrow')
				ok(tight.length === 0, `${name}, 320 wide: nothing sticks out`, tight.slice(0, 5).join('\n'));
			await page.setViewportSize(viewport);
		};
		await look('home-empty', '/');
		await look('home-wrong', '/generations/new?hostname=not+a+host');
		await look('new', '/generations/new?hostname=slow.test');
		await page.locator('#count').getByText('60').waitFor();
		await look('new-counted');
		for (const s of await page.locator('summary').all()) await s.click();
		await look('new-options');

		const done = await order(me, 'good.test');
		const hidden = await order(me, 'hidden.test');
		const bad = await order(me, 'notfound.test');
		await until('three orders', 20, async () => {
			const r = await me.request.get(`${origin}/api/v1/generations`);
			return (await r.json()).data.items.every((g) => /completed|failed/.test(g.status));
		});
		const running = await order(me, 'slow.test');
		await until('the middle', 10, async () => (await show(me, running)).processed >= 15);
		await look('running', `/generations/${running}`);
		await look('list', '/generations');
		await look('finished', `/generations/${done}`);
		await look('story-new', '/generations/new?type=story');
		await page.fill('#theme', 'A fox who runs a printing house\nas model slow');
		await page.fill('#language', '<b>');
		await page.getByRole('button', { name: 'Start' }).click();
		await page.getByText('The language must be a name').waitFor();
		await look('story-wrong');
		await page.fill('#language', 'English');
		await page.fill('#length', '500');
		await page.getByRole('button', { name: 'Start' }).click();
		await page.locator('.prose p').nth(1).waitFor({ timeout: 9000 });
		await look('story-running');
		await page.locator('.badge-completed').waitFor({ timeout: 15000 });
		await look('story-finished');
		await page.goto(`${origin}/generations/${hidden}`);
		if (await page.locator('.ledger summary').count())
			await page.locator('.ledger summary').first().click();
		await look('left-out');
		await look('failed', `/generations/${bad}`);
		await look('delete', `/generations/${done}/delete`);
		await look('error', '/generations/00000000-0000-7000-8000-000000000000');
		await page.goto(`${origin}/generations`);
		await page.locator('tr').getByRole('link', { name: /Delete/ }).first().click();
		await page.getByRole('dialog').waitFor({ timeout: 3000 });
		await look('dialog');
		await page.emulateMedia({ colorScheme: 'dark' });
		await look('dark-list', '/generations');
		await look('dark-finished', `/generations/${done}`);
		await me.close();
	}
	is(complaints(/404|400|422/).join('\n'), '', 'the browser has nothing to complain of');
});
