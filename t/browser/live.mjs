// A browser with JavaScript: lists and pages change in place.
import fs from 'node:fs';
import { browser, complaints, front, is, like, noteBar, notedBar, ok, order, person, run, show, until } from './lib.mjs';

// A page that was not loaded anew still has this.
const mark = (page) => page.evaluate(() => { window.platenMark = 1; });
const marked = (page) => page.evaluate(() => window.platenMark === 1);

run(async () => {
	const net = await front();
	const origin = net.origin;
	const b = await browser();
	const me = await person(b);
	await me.grantPermissions(['clipboard-read', 'clipboard-write'], { origin });
	const page = await me.newPage();

	// The count on the page of the host.
	await page.goto(origin);
	await page.getByLabel('Hostname').fill('slow.test');
	await page.getByRole('button', { name: 'Continue' }).click();
	await page.locator('#count').getByText('60').waitFor();
	ok(true, 'the count comes by itself');

	// The count goes on beside a form that came back with an error.
	await page.goto(`${origin}/generations/new?hostname=hang.test`);
	await page.locator('summary').click();
	await page.fill('#language', '<b>');
	await page.getByRole('button', { name: 'Start' }).click();
	await page.locator('#language-error').waitFor();
	await page.locator('#count').getByText('did not respond').waitFor({ timeout: 10_000 });
	ok(await page.locator('#language-error').isVisible(), 'the count goes on beside an error of the form');
	complaints(/400|422/);
	await page.goto(`${origin}/generations/new?hostname=slow.test`);

	// A list that was open before its visitor ordered anything.
	const newcomer = await person(b);
	const early = await newcomer.newPage();
	await early.goto(`${origin}/generations`);
	await mark(early);
	for (const nth of ['first', 'second']) {
		const theirs = await order(newcomer, 'good.test', origin);
		await early.locator(`tr[data-generation="${theirs}"]`).waitFor({ timeout: 10_000 });
		ok(await marked(early), `the ${nth} order shows up in a list that was open before`);
	}
	await early.locator('.badge-completed').nth(1).waitFor({ timeout: 10_000 });
	ok(net.live.ws === 1 && await marked(early), 'which is live from then on');
	await newcomer.close();

	// Two tabs: the list and the generation.  A visitor becomes known by the
	// first order.
	await order(me, 'good.test', origin);
	const list = await me.newPage();
	await list.goto(`${origin}/generations`);
	await mark(list);
	await page.getByRole('button', { name: 'Start' }).click();
	await page.waitForURL(/\/generations\/[0-9a-f-]{36}$/);
	const id = page.url().slice(-36);
	const row = list.locator(`tr[data-generation="${id}"]`);
	await row.waitFor({ timeout: 5000 });
	ok(true, 'an order shows up in a list that is open');

	await noteBar(page, '#bar');
	await noteBar(list, `tr[data-generation="${id}"] progress`);
	await until('a third of slow.test', 30, async () => (await notedBar(page)).at(-1) >= 20);
	const before = await notedBar(page);
	// The bar is right at once after a reload: as the server sent it.
	const html = await (await page.reload({ waitUntil: 'commit' })).text();
	const sent = Number(/<progress[^>]*\bvalue="(\d+)"/.exec(html)?.[1] ?? -1);
	ok(sent >= before.at(-1) - 4, 'after a reload the bar is right at once', `${sent} after ${before.at(-1)}`);
	await page.waitForLoadState();
	await noteBar(page, '#bar');
	await page.locator('.gen-state .badge-completed').waitFor({ timeout: 60_000 });
	const values = await notedBar(page);
	const inList = await notedBar(list);
	const rises = (v) => v.every((x, i) => i === 0 || x >= v[i - 1]);
	ok(new Set([...before, ...values]).size >= 4, 'the bar moves without a reload', [before, values]);
	ok(rises(before) && rises(values), 'and never goes back', [before, values]);
	ok(inList.length >= 3, 'so does the bar in the list', inList);
	ok(rises(inList), 'and never goes back there', inList);
	ok(values.length > 0, 'the page was not loaded anew');
	await row.locator('.badge-completed').waitFor({ timeout: 5000 });
	ok(await marked(list), 'nor was the list');
	like(await row.innerText(), /60 links/, 'the list says what came of it');
	await page.locator('#result-text').waitFor();
	await until('the whole file', 5, async () => ((await page.locator('#result-text').innerText()).match(/^- \[/gm) ?? []).length === 60);
	ok(true, 'the file is on the page');
	is(await page.locator('progress').count(), 0, 'and the bar is gone');

	// One connection for both tabs.
	is(net.live.ws, 1, 'two tabs share one connection');

	// Copy, download.
	const file = await (await me.request.get(`${origin}/api/v1/generations/${id}/artifacts/llms.txt`)).text();
	const copy = page.getByRole('button', { name: /^Cop/ });
	await copy.click();
	await until('a word that it was copied', 5, async () => /copied/i.test(await page.locator('body').innerText()));
	ok(true, 'Copy says that it did');
	is(await page.evaluate(() => navigator.clipboard.readText()), file, 'and did: the whole file');
	const [download] = await Promise.all([page.waitForEvent('download'),
		page.locator('#result').getByRole('link', { name: 'Download' }).click()]);
	is(download.suggestedFilename(), 'llms-slow.test.txt', 'Download gives it a name');
	is(fs.readFileSync(await download.path(), 'utf8'), file, 'and is the same file');

	// Cancel and try again, in place.
	const second = await order(me, 'slow.test', origin);
	const row2 = list.locator(`tr[data-generation="${second}"]`);
	await row2.waitFor({ timeout: 5000 });
	await page.goto(`${origin}/generations/${second}`);
	await page.getByRole('button', { name: 'Cancel' }).click();
	await page.locator('.gen-state .badge-canceled').waitFor({ timeout: 5000 });
	await row2.locator('.badge-canceled').waitFor({ timeout: 5000 });
	ok(true, 'Cancel shows on both pages');
	await page.getByRole('button', { name: 'Try again' }).click();
	await row2.locator('.badge-processing').waitFor({ timeout: 5000 });
	await page.locator('.gen-state .badge-processing').waitFor({ timeout: 5000 });
	ok(true, 'so does Try again');

	// Delete a running one, from the list, with the other tab on its page.
	await row2.getByRole('link', { name: /Delete/ }).click();
	const dialog = list.getByRole('dialog');
	await dialog.waitFor({ timeout: 3000 });
	ok(true, 'Delete asks in place');
	like(await list.evaluate(() => document.activeElement.innerText), /Cancel/, 'and Enter would keep it');
	await list.keyboard.press('Escape');
	await dialog.waitFor({ state: 'hidden', timeout: 3000 });
	ok((await show(me, second, origin)) !== null, 'Escape keeps it');
	await row2.getByRole('link', { name: /Delete/ }).click();
	await dialog.getByRole('button', { name: /Delete/ }).click();
	await row2.waitFor({ state: 'detached', timeout: 5000 });
	is(await show(me, second, origin), null, 'Delete deletes it');
	ok(await marked(list), 'without loading the list anew');
	await until('the other tab to say so', 5, async () => /deleted|gone|no longer/i.test(await page.locator('body').innerText())
		|| !page.url().includes(second));
	ok(true, 'the page of it says that it is gone');

	// A failure arrives, too.
	const third = await order(me, 'notfound.test', origin);
	await page.goto(`${origin}/generations/${third}`);
	await page.locator('.panel.bad').waitFor({ timeout: 10_000 });
	like(await page.locator('.panel.bad').innerText(), /404|not found/i, 'a failure says why, in place');

	// The page of an order that is over holds no connection for nothing, and
	// a closed tab leaves the other one live.
	await page.close();
	const fourth = await order(me, 'good.test', origin);
	await list.locator(`tr[data-generation="${fourth}"] .badge-completed`).waitFor({ timeout: 10_000 });
	ok(true, 'when one tab closes the other stays live');
	const wrong = complaints();
	ok(wrong.length === 0, 'no errors, nothing refused by the content policy', wrong.join('\n'));
});
