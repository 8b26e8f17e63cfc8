// Connections that die without a word, and ids that are not there: the page
// notices, says so, and goes on.
import { browser, complaints, front, is, noteBar, notedBar, ok, order, person, run, until } from './lib.mjs';

const state = (page) => page.evaluate(() => window.Platen.state);

// dies: one page by one transport, whose connection goes silent in the middle.
async function dies(b, net, name) {
	const me = await person(b);
	const page = await me.newPage();
	await page.clock.install();
	await page.goto(`${net.origin}/generations`);
	const id = await order(me, 'long.test', net.origin);
	await page.goto(`${net.origin}/generations/${id}`);
	await noteBar(page, '#bar');
	await until(`${name}: the middle`, 60, async () => (await notedBar(page)).length >= 2);
	is(await state(page), 'live', `${name}: it is live`);
	const told = page.evaluate(() => new Promise((done) => window.Platen.on('state', (now) => now.state === 'live' || done(now.state))));
	net.freeze();
	net.deaf = /^\/(ws|events|poll|generations)\b/;
	// What the page does in 45 seconds.
	for (let i = 0; i < 9; i++) await page.clock.fastForward(5000);
	ok(await Promise.race([told, new Promise((r) => setTimeout(r, 5000, null))]), `${name}: 45 seconds of silence are noticed`);
	for (let i = 0; i < 3; i++) await page.clock.fastForward(1500);
	await page.getByText('Reconnecting…').waitFor({ timeout: 5000 });
	ok(true, `${name}: the page says so`);
	net.deaf = null;
	// Nothing tells it that the network is back: it tries by itself.
	const before = (await notedBar(page)).length;
	for (let i = 0; i < 8 && await state(page) !== 'live'; i++) {
		await page.clock.fastForward(10_000);
		await new Promise((r) => setTimeout(r, 400));
	}
	is(await state(page), 'live', `${name}: it is live again`);
	await page.locator('.gen-state .badge-completed').waitFor({ timeout: 120_000 });
	ok((await notedBar(page)).length > before, `${name}: and the bar moves on without a reload`);
	is(await page.locator('.reconnecting').textContent(), '', `${name}: nothing is said any more`);
	await me.close();
}

// gone: a page that asks for what is not there, and for very much.
async function gone(b, net, name) {
	const me = await person(b);
	const page = await me.newPage();
	await order(me, 'good.test', net.origin);
	await page.goto(`${net.origin}/static/favicon.svg`);
	await page.evaluate(async (origin) => {
		await import(`${origin}/static/platen.js`);
		window.heard = [];
		window.Platen.on('*', (p, e) => window.heard.push(e));
	}, net.origin);
	net.asked = [];
	await page.evaluate(() => {
		window.Platen.connect();
		window.Platen.subscribe(['0192aaaa-0000-7000-8000-000000000001', 'nonsense']);
	});
	await until(`${name}: both answers`, 20, () => page.evaluate(() => window.heard.filter((e) => e.payload.code === 'not_found').length >= 2));
	await until(`${name}: idle`, 5, async () => await state(page) === 'idle');
	const asked = net.asked.length;
	await new Promise((r) => setTimeout(r, 1500));
	is(net.asked.length, asked, `${name}: what is not there is not asked for again`);
	ok(asked <= 6, `${name}: nor was it often`, net.asked);
	const id = await order(me, 'good.test', net.origin);
	await page.evaluate((wanted) => {
		const many = Array.from({ length: 250 }, (_, i) => `0192bbbb-0000-7000-8000-${String(i).padStart(12, '0')}`);
		window.Platen.subscribe([...many, wanted]);
	}, id);
	await until(`${name}: the one among many`, 30, () => page.evaluate((wanted) => window.heard.some((e) => e.payload.generationId === wanted && e.payload.status === 'completed'), id));
	const refused = await page.evaluate(() => window.heard.filter((e) => e.type === 'error' && e.payload.code !== 'not_found').length);
	is(refused, 0, `${name}: nothing of 251 ids is refused`);
	await me.close();
}

run(async () => {
	const b = await browser();
	const nets = await Promise.all([front(), front(/^\/ws\b/), front(/^\/(ws|events)\b/),
		front(), front(/^\/ws\b/), front(/^\/(ws|events)\b/)]);
	await Promise.all([
		dies(b, nets[0], 'WebSocket'),
		dies(b, nets[1], 'Server-Sent Events'),
		dies(b, nets[2], 'long-poll'),
		gone(b, nets[3], 'WebSocket'),
		gone(b, nets[4], 'Server-Sent Events'),
		gone(b, nets[5], 'long-poll'),
	]);
	const odd = complaints(/WebSocket|ERR_|Failed to load|EventSource/);
	is(odd.join('\n'), '', 'and no script fails over any of it');
});
