// Networks that let some transports through only, and connections that break:
// the page stays live.
import { browser, complaints, front, is, ok, order, person, run, until } from './lib.mjs';

// watch: one generation on its page, through a front; true when it was seen
// moving and ended without a reload.
async function watch(b, net, name, broken) {
	const me = await person(b);
	const page = await me.newPage();
	await page.goto(`${net.origin}/generations`);
	const id = await order(me, 'slow.test', net.origin);
	await page.goto(`${net.origin}/generations/${id}`);
	await page.evaluate(() => { window.platenMark = 1; });
	const values = new Set();
	let cut = false;
	await until(`${name}: the end`, 45, async () => {
		const v = await page.locator('#bar').getAttribute('value', { timeout: 300 }).catch(() => null);
		if (v !== null) values.add(v);
		if (broken && !cut && values.size >= 3) {
			cut = true;
			await broken(page, me);
		}
		return page.locator('.gen-state .badge-completed').count();
	});
	ok(values.size >= 4, `${name}: the bar moves`, [...values]);
	ok(await page.evaluate(() => window.platenMark === 1), `${name}: without a reload`);
	await me.close();
}

run(async () => {
	const b = await browser();

	let net = await front();
	await watch(b, net, 'all open');
	ok(net.seen.ws >= 1, 'all open: by WebSocket', net.seen);
	ok(!net.seen.events && !net.seen.poll, 'all open: and nothing else', net.seen);
	complaints();

	net = await front(/^\/ws\b/);
	await watch(b, net, 'WebSocket blocked');
	ok(net.seen.events >= 1, 'WebSocket blocked: by Server-Sent Events', net.seen);

	net = await front(/^\/(ws|events)\b/);
	await watch(b, net, 'both blocked');
	ok(net.seen.poll >= 1, 'both blocked: by long-poll', net.seen);

	// In the middle, the WebSocket is cut and does not come back.
	net = await front();
	await watch(b, net, 'cut in the middle', async () => {
		net.blocked = /^\/ws\b/;
		net.cut();
	});
	ok(net.seen.events + (net.seen.poll ?? 0) >= 1, 'cut in the middle: goes on by another', net.seen);

	// The whole network is away for two seconds.
	net = await front();
	await watch(b, net, 'away for a while', async (page, me) => {
		await me.setOffline(true);
		net.cut();
		await new Promise((r) => setTimeout(r, 1500));
		await me.setOffline(false);
	});
	const odd = complaints(/WebSocket|ERR_|Failed to load|EventSource/);
	is(odd.join('\n'), '', 'and no script fails over any of it');
});
