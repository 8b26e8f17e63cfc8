// Networks that let some transports through only, and connections that break:
// the page stays live.
import { browser, complaints, front, is, noteBar, notedBar, ok, order, person, run, until } from './lib.mjs';

// watch: one generation on its page, through a front; true when it was seen
// moving and ended without a reload.
async function watch(b, net, name, broken) {
	const me = await person(b);
	const page = await me.newPage();
	await page.goto(`${net.origin}/generations`);
	const id = await order(me, 'long.test', net.origin);
	await page.goto(`${net.origin}/generations/${id}`);
	await noteBar(page, '#bar');
	if (broken) {
		await until(`${name}: the middle`, 60, async () => (await notedBar(page)).length >= 3);
		await broken(me);
	}
	await page.locator('.gen-state .badge-completed').waitFor({ timeout: 120_000 });
	const seen = await notedBar(page);
	ok(seen.length >= 4, `${name}: the bar moves without a reload`, seen);
	await me.close();
	return net;
}

// All at once: each has a network of its own.
run(async () => {
	const b = await browser();
	const nets = await Promise.all([
		front(), front(/^\/ws\b/), front(/^\/(ws|events)\b/),
		front(/^\/ws\b/, /^\/events\b/), front(), front(),
	]);
	const [open, noWs, pollOnly, buffered, cut, away] = nets;
	await Promise.all([
		watch(b, open, 'all open'),
		watch(b, noWs, 'WebSocket blocked'),
		watch(b, pollOnly, 'both blocked'),
		// A proxy that hands on a stream only when it ends.
		watch(b, buffered, 'streams buffered'),
		watch(b, cut, 'cut in the middle', async () => {
			cut.blocked = /^\/ws\b/;
			cut.cut();
		}),
		watch(b, away, 'away for a while', async (me) => {
			await me.setOffline(true);
			away.cut();
			await new Promise((r) => setTimeout(r, 1500));
			await me.setOffline(false);
		}),
	]);
	ok(open.seen.ws >= 1 && !open.seen.events && !open.seen.poll, 'all open: by WebSocket', open.seen);
	ok(noWs.seen.events >= 1, 'WebSocket blocked: by Server-Sent Events', noWs.seen);
	ok(pollOnly.seen.poll >= 1, 'both blocked: by long-poll', pollOnly.seen);
	ok(buffered.seen.poll >= 1, 'streams buffered: by long-poll', buffered.seen);
	ok((cut.seen.events ?? 0) + (cut.seen.poll ?? 0) >= 1, 'cut in the middle: goes on by another', cut.seen);
	const odd = complaints(/WebSocket|ERR_|Failed to load|EventSource/);
	is(odd.join('\n'), '', 'and no script fails over any of it');
});
