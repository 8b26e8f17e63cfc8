// A browser without JavaScript: everything works, by links and forms.
import fs from 'node:fs';
import { browser, complaints, is, later, like, ok, origin, order, person, run, show, until } from './lib.mjs';

run(async () => {
	const b = await browser();
	const me = await person(b, { javaScriptEnabled: false });
	const page = await me.newPage();

	// Order.
	await page.goto(origin);
	await page.getByLabel('Hostname').fill('slow.test');
	await page.getByLabel('Hostname').press('Enter');
	like(page.url(), /\/generations\/new\?hostname=slow\.test/, 'Enter leads to the page of the host');
	like(await page.locator('#count').innerText(), /\d+|count/i, 'which says how many pages it has, or that they are being counted');
	await until('the count of slow.test', 20, async () => {
		const text = await page.locator('#count').innerText();
		if (/\b60\b/.test(text)) return true;
		const refresh = page.locator('#count').getByRole('link', { name: 'Refresh' });
		if (await refresh.count()) await refresh.click();
		return false;
	});
	ok(true, 'Refresh shows the whole count in the end');
	await page.getByRole('button', { name: 'Start' }).click();
	const [, id] = /\/generations\/([0-9a-f-]{36})$/.exec(page.url()) ?? [];
	ok(id, 'Start leads to the generation');

	// Watch.
	const bar = page.locator('progress');
	is(await bar.count(), 1, 'which has a bar');
	ok(await bar.evaluate((e) => e.labels.length > 0 || e.hasAttribute('aria-label') || e.hasAttribute('aria-labelledby')).catch(() => true),
		'with a label');
	let last = -1;
	let back = 0;
	let moved = 0;
	await until('the end of slow.test', 40, async () => {
		if (await page.locator('.badge-completed').count()) return true;
		const value = Number(await bar.getAttribute('value', { timeout: 2000 }).catch(() => last));
		if (value < last) back++;
		if (value > last) moved++;
		last = value;
		await page.getByRole('link', { name: 'Refresh', exact: true }).first().click({ timeout: 2000 }).catch(() => page.reload());
		return false;
	});
	is(back, 0, 'the bar never goes back');
	ok(moved >= 2, 'and is seen moving', `moved ${moved} times`);

	// Read, download.
	const text = await page.locator('#result-text').innerText();
	like(text, /^# .+\n\n> /, 'the whole file is on the page');
	is((text.match(/^- \[/gm) ?? []).length, 60, 'all of it');
	const [download] = await Promise.all([page.waitForEvent('download'),
		page.locator('#result').getByRole('link', { name: 'Download' }).click()]);
	is(download.suggestedFilename(), 'llms-slow.test.txt', 'Download gives it a name that says whose it is');
	is(fs.readFileSync(await download.path(), 'utf8').trim(), text.trim(), 'and is the same file');
	await page.getByRole('link', { name: 'View as plain text' }).click();
	like(await page.locator('body').innerText(), /^# /, 'View as plain text shows it as plain text');
	await page.goBack();

	// The list, its pages.
	for (let i = 0; i < 11; i++) await order(me, 'good.test');
	await until('eleven more', 40, async () => {
		const r = await me.request.get(`${origin}/api/v1/generations?status=completed`);
		return (await r.json()).data.total === 12;
	});
	await page.goto(`${origin}/generations`);
	const rows = page.locator('#list tbody tr');
	is(await rows.count(), 5, 'the list shows 5');
	like(await page.locator('.pager').innerText(), /Page 1 of 3 \(12\)/, 'and says which part of it all');
	await page.getByRole('link', { name: 'Next' }).click();
	await page.getByRole('link', { name: 'Next' }).click();
	like(await page.locator('.pager').innerText(), /Page 3 of 3 \(12\)/, 'Next leads to the last');
	is(await rows.count(), 2, 'with the rest');
	is(await page.getByRole('link', { name: 'Next' }).count(), 0, 'and no further');
	await page.getByRole('link', { name: 'Previous' }).click();
	like(await page.locator('.pager').innerText(), /Page 2 of 3/, 'Previous leads back');
	for (const size of [10, 20, 50]) {
		await page.locator('.sizes').getByRole('link', { name: String(size), exact: true }).click();
		is(await rows.count(), Math.min(12, size), `${size} a page`);
	}

	// Delete.
	await page.getByRole('link', { name: 'slow.test', exact: true }).click();
	await page.getByRole('link', { name: 'Delete', exact: true }).click();
	like(await page.locator('main').innerText(), /permanently deletes/, 'Delete asks first');
	await page.getByRole('link', { name: 'Cancel' }).click();
	ok((await show(me, id)) !== null, 'Keep it keeps it');
	await page.getByRole('link', { name: 'Delete', exact: true }).click();
	await page.getByRole('button', { name: 'Delete' }).click();
	is(await show(me, id), null, 'Delete it deletes it');
	like(page.url(), /\/generations$/, 'and leads to the list');
	is((await page.goto(`${origin}/generations/${id}`)).status(), 404, 'its page is gone');
	like(await page.locator('main').innerText(), /not|no longer|does/i, 'and says so');

	// Cancel, try again.
	const second = await order(me, 'slow.test');
	await page.goto(`${origin}/generations/${second}`);
	await page.getByRole('button', { name: 'Cancel' }).click();
	like(await page.locator('main').innerText(), /canceled/i, 'Cancel cancels');
	await page.getByRole('button', { name: 'Try again' }).click();
	like(await page.locator('.badge').first().innerText(), /queue|wait|pending|running|work/i, 'Try again starts it again');
	is((await show(me, second)).status.replace('processing', 'pending'), 'pending', 'the same one');
	// The opt-in refresh reloads by itself.
	const often = page.getByRole('link', { name: /every/ });
	ok(await often.count(), 'a refresh that goes by itself is offered');
	if (await often.count()) {
		await often.click();
		await page.locator('.badge-completed').waitFor({ timeout: 30_000 });
		ok(true, 'and shows the end without a click');
		ok(!(await page.content()).includes('http-equiv="refresh"'), 'and then stops');
	}

	// A failure, and what is no hostname.
	const third = await order(me, 'notfound.test');
	await until('the failure', 20, async () => (await show(me, third)).status === 'failed');
	await page.goto(`${origin}/generations/${third}`);
	like(await page.locator('.panel.bad').innerText(), /404|not found/i, 'a failure says why');
	ok(await page.getByRole('button', { name: 'Try again' }).count(), 'and can be tried again');
	await page.goto(origin);
	await page.getByLabel('Hostname').fill('not a host');
	await page.getByLabel('Hostname').press('Enter');
	like(await page.getByRole('alert').innerText(), /\w{3}.*\./, 'what is no hostname is refused with a sentence');
	is(await page.getByLabel('Hostname').inputValue(), 'not a host', 'and what was typed is kept');

	ok(complaints(/404|400|422/).length === 0, 'the browser has nothing to complain of', complaints());
	// Someone else.
	const other = await person(b, { javaScriptEnabled: false });
	is((await (await other.newPage()).goto(`${origin}/generations/${third}`)).status(), 404, "someone else's generation is not to be found");
	later(() => other.close());
});
