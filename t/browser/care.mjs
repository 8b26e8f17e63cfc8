// What a page owes the person in front of it: nothing jumps, nothing is lost
// without a question, nothing is offered that cannot be done, and numbers,
// times and states are in words for people.
import { browser, complaints, is, like, ok, order, origin, person, run, show, until } from './lib.mjs';

// From the page's first moment on: how much it moved by itself (the browser's
// own measure; what follows a click within half a second does not count).
const watchShift = () => {
	window.shifted = 0;
	window.shifts = [];
	new PerformanceObserver((list) => {
		for (const e of list.getEntries()) {
			if (e.hadRecentInput) continue;
			window.shifted += e.value;
			window.shifts.push(...e.sources.map((s) => `${e.value.toFixed(3)} ${s.node?.outerHTML?.slice(0, 80)}`));
		}
	}).observe({ type: 'layout-shift', buffered: true });
};

const zone = (context) => context.pages()[0].evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);

run(async () => {
	const b = await browser();

	// The preview of a site arrives bit by bit.
	for (const viewport of [{ width: 1280, height: 800 }, { width: 390, height: 844 }]) {
		const me = await person(b, { viewport });
		const page = await me.newPage();
		await page.addInitScript(watchShift);
		for (const host of ['slow.test', 'shop.test', 'good.test', 'notfound.test']) {
			await page.goto(`${origin}/generations/new?hostname=${host}`);
			await until(`the count of ${host}`, 20, async () => await page.locator('[data-counting], [data-measuring]').count() === 0);
			await page.waitForTimeout(700);
			const shifted = await page.evaluate(() => window.shifted);
			ok(shifted < 0.02, `${host}, ${viewport.width} wide: the page stays where it is while the preview arrives`,
				`${shifted}\n${(await page.evaluate(() => window.shifts)).join('\n')}`);
		}
		await me.close();
	}

	const me = await person(b, { timezoneId: 'Asia/Kathmandu', locale: 'en-GB' });
	const page = await me.newPage();
	const done = await order(me, 'good.test');
	await until('a file', 20, async () => (await show(me, done)).status === 'completed');

	// Nothing is offered that nobody here can do.
	await page.goto(origin);
	is(await page.getByRole('link', { name: 'Story' }).count(), 0, 'without a language model no story is offered');
	await page.goto(`${origin}/generations/new?type=story`);
	is(await page.locator('form.order').count(), 0, 'and who comes by the address gets no form to fill in');
	like(await page.locator('main').innerText(), /language model/, 'but the reason');

	// What was typed is not lost without a question.
	let asked = 0;
	let stay = true;
	page.on('dialog', async (d) => {
		asked++;
		if (stay) await d.dismiss(); else await d.accept();
	});
	const edit = `${origin}/generations/${done}/edit`;
	await page.goto(edit);
	await page.getByRole('link', { name: 'Discard changes' }).click();
	await page.waitForURL(/\/generations\/[0-9a-f-]{36}$/);
	is(asked, 0, 'who typed nothing is not asked');
	await page.goto(edit);
	await page.locator('#text').click();
	await page.keyboard.press('Control+Home');
	await page.keyboard.press('End');
	await page.keyboard.type(' by hand');
	await page.getByRole('link', { name: 'Discard changes' }).click({ noWaitAfter: true });
	await until('a question', 5, async () => asked === 1);
	ok(page.url().endsWith('/edit'), 'who leaves an edit unsaved is asked, and may stay');
	like(await page.locator('#text').inputValue(), / by hand/, 'with what was typed');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.waitForURL(/\/generations\/[0-9a-f-]{36}(#.*)?$/);
	is(asked, 1, 'saving asks nothing');
	await page.goto(edit);
	await page.locator('#text').fill('no title');
	await page.getByRole('button', { name: 'Save' }).click();
	await page.getByText('Not saved').waitFor();
	await page.locator('#text').click();
	await page.getByRole('link', { name: 'Discard changes' }).click({ noWaitAfter: true });
	await until('a question', 5, async () => asked === 2);
	ok(true, 'what was refused is unsaved, too');
	stay = false;
	await page.goto(edit);
	await until('a question', 5, async () => asked === 3);

	// One question before anything is destroyed, with the same words.
	await page.getByRole('link', { name: 'Undo all my edits' }).click();
	const dialog = page.getByRole('dialog');
	await dialog.waitFor({ timeout: 3000 });
	like(await dialog.innerText(), /Undo all your edits for good\.test\?.*permanently deleted/s, 'Undo asks first');
	like(await page.evaluate(() => document.activeElement.innerText), /Cancel/, 'and Enter would keep them');
	await page.keyboard.press('Escape');
	await dialog.waitFor({ state: 'detached', timeout: 3000 });
	const kept = async () => (await (await me.request.get(`${origin}/api/v1/generations/${done}/edits`)).json()).data.number;
	is(await kept(), 1, 'Escape keeps them');
	await page.getByRole('link', { name: 'Undo all my edits' }).click();
	await dialog.getByRole('button', { name: 'Undo all my edits' }).click();
	await page.waitForURL(/\/generations\/[0-9a-f-]{36}(#.*)?$/);
	is(await kept(), 0, 'yes undoes them');
	await page.getByRole('link', { name: 'Delete', exact: true }).click();
	await dialog.waitFor({ timeout: 3000 });
	like(await dialog.innerText(), /Delete llms\.txt of good\.test\?.*permanently deletes.*Your edits for good.test are kept/s,
		'Delete asks with the words of its page');
	await dialog.getByRole('link', { name: 'Cancel' }).click();
	await dialog.waitFor({ state: 'detached', timeout: 3000 });
	ok((await show(me, done)) !== null, 'and keeps what is to be kept');

	// States, stages, numbers and times as people read them.
	const running = await order(me, 'slow.test');
	await until('the middle', 15, async () => (await show(me, running)).processed >= 5);
	await page.goto(`${origin}/generations/${running}`);
	await until('the bar', 5, async () => /Reading pages/.test(await page.locator('.bar-line').innerText()));
	ok(true, 'a stage is in words');
	await page.waitForTimeout(1500);
	const said = await page.locator('main').innerText();
	ok(!/\bbuiltin\b|\bprocessing\b|\bpending\b/.test(said), 'no word of the machine is on the page', said);
	await page.locator('.gen-state .badge-completed').waitFor({ timeout: 30_000 });
	await until('the news', 5, async () => /Completed/.test(await page.locator('#announce').textContent()));
	is((await page.locator('#announce').textContent()).trim(), 'Status: Completed', 'the end is told in the word that is shown');
	const when = await page.evaluate(() => [...document.querySelectorAll('main')].map((m) => m.innerText).join(' '));
	ok(!/UTC/.test(when), `every time is the reader's own (${await zone(me)})`, when.match(/.{40}UTC/)?.[0]);
	is(complaints(/404|400|422/).join('\n'), '', 'the browser has nothing to complain of');
});
