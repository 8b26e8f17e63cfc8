// lib: TAP, Chromium, and a front that can play a network in which some
// transports are blocked.
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { chromium } from 'playwright-core';

export const origin = process.env.PLATEN_TEST_URL;
const shots = process.env.PLATEN_TEST_SHOTS;

// ---- TAP -----------------------------------------------------------------

let count = 0;
let failed = 0;

export function ok(yes, name, more) {
	count++;
	if (!yes) failed++;
	console.log(`${yes ? 'ok' : 'not ok'} ${count} - ${name}`);
	if (!yes && more !== undefined)
		diag(typeof more === 'string' ? more : JSON.stringify(more));
	return !!yes;
}

export function is(got, want, name) {
	return ok(got === want, name, `got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
}

export function like(got, want, name) {
	return ok(want.test(got ?? ''), name, `got ${JSON.stringify(got)}, want ${want}`);
}

export function diag(text) {
	for (const line of String(text).split('\n')) console.log(`# ${line}`);
}

// ---- the test as a whole ---------------------------------------------------

const closers = [];

// run: a test's body; whatever it leaves open is closed, and a failure ends
// with the page that it happened on.
export async function run(body) {
	const watchdog = setTimeout(() => {
		diag('the browser test took too long');
		process.exit(1);
	}, 280_000);
	try {
		await body();
	} catch (e) {
		ok(false, 'no exception', e.stack);
		for (const page of pages.filter((p) => !p.isClosed()))
			diag(`open: ${page.url()}\n${await page.locator('main').innerText({ timeout: 1000 }).catch(() => '')}`);
	}
	for (const close of closers.reverse()) await close().catch(() => {});
	clearTimeout(watchdog);
	console.log(`1..${count}`);
	process.exit(failed ? 1 : 0);
}

export function later(close) {
	closers.push(close);
}

export async function browser() {
	const b = await chromium.launch({
		executablePath: process.env.PLATEN_TEST_CHROMIUM,
		args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
			'--no-first-run', '--disable-background-networking',
			'--disable-component-update', '--disable-sync'],
	});
	later(() => b.close());
	return b;
}

// What the browser complained of, per context; see complaints().
const heard = [];
const pages = [];

// person: a context of its own, whose complaints are kept.
export async function person(b, options = {}) {
	const context = await b.newContext({
		viewport: { width: 1280, height: 900 },
		acceptDownloads: true, ...options,
	});
	context.setDefaultTimeout(20_000);
	context.on('page', (page) => {
		pages.push(page);
		page.on('pageerror', (e) => heard.push(`${page.url()}: ${e}`));
		page.on('console', (m) => {
			if (m.type() === 'error') heard.push(`${page.url()}: ${m.text()}`);
		});
		page.on('crash', () => heard.push(`${page.url()}: crashed`));
	});
	return context;
}

// complaints: errors of scripts, refused by the content security policy, or
// files that were not there, since the last call.
export function complaints(but = /^$/) {
	return heard.splice(0).filter((m) => !but.test(m));
}

// ---- Platen as the tests use it ----------------------------------------------

// order: a generation by the API, with the person's cookie; its id.
export async function order(context, hostname, at = origin) {
	const r = await context.request.post(`${at}/api/v1/generations`, {
		data: { type: 'llms_txt', provider: 'builtin', input: { hostname } },
	});
	if (r.status() !== 202) throw new Error(`order of ${hostname}: ${await r.text()}`);
	return (await r.json()).data.id;
}

export async function show(context, id, at = origin) {
	const r = await context.request.get(`${at}/api/v1/generations/${id}`);
	return r.ok() ? (await r.json()).data : null;
}

export async function until(what, seconds, code) {
	const end = Date.now() + seconds * 1000;
	for (;;) {
		const got = await code();
		if (got) return got;
		if (Date.now() > end) throw new Error(`waited ${seconds} s in vain: ${what}`);
		await new Promise((r) => setTimeout(r, 50));
	}
}

// noteBar: from now on the page notes what a bar shows; a reload ends that.
export async function noteBar(page, selector) {
	await page.evaluate((wanted) => {
		const shown = window.platenBars = [];
		setInterval(() => {
			const v = document.querySelector(wanted)?.getAttribute('value');
			if (v != null && Number(v) !== shown.at(-1)) shown.push(Number(v));
		}, 50);
	}, selector);
}

// notedBar: the different values so far, in order; none after a reload.
export async function notedBar(page) {
	return page.evaluate(() => window.platenBars ?? []);
}

export async function shot(page, name) {
	fs.mkdirSync(shots, { recursive: true });
	await page.screenshot({ path: path.join(shots, `${name}.png`), fullPage: true });
}

// ---- a network with blocked transports ----------------------------------------

// front: a proxy before the stack; blocked is a pattern of paths it cuts, and
// buffered one of those whose answers it keeps until they are whole.  live
// counts the connections of each live path that are open now.
export async function front(blocked, buffered) {
	const to = new URL(origin);
	const state = { blocked, live: {}, seen: {} };
	const note = (name, by) => {
		state.live[name] = (state.live[name] ?? 0) + by;
		if (by > 0) state.seen[name] = (state.seen[name] ?? 0) + 1;
	};
	const name = (url) => /^\/(ws|events|poll)\b/.exec(url)?.[1];
	const open = new Set();
	// cut: every live connection breaks.
	state.cut = () => open.forEach((socket) => socket.destroy());
	// freeze: the connections that are open now stay so, and nothing comes
	// through any more, as when a network forgets them; what is opened later is
	// not touched.  With deaf, a pattern of paths, those are never answered.
	const frozen = new WeakSet();
	state.freeze = () => open.forEach((socket) => frozen.add(socket));
	const pass = (socket, from, to) => {
		from.on('data', (part) => frozen.has(socket) || to.write(part));
		from.on('end', () => frozen.has(socket) || to.end());
	};
	const server = http.createServer((rq, rs) => {
		if (state.blocked?.test(rq.url)) {
			rq.socket.destroy();
			return;
		}
		const live = name(rq.url);
		state.asked?.push(rq.url);
		if (live) {
			note(live, 1);
			open.add(rq.socket);
		}
		if (state.deaf?.test(rq.url)) {
			rs.on('close', () => live && note(live, -1));
			return;
		}
		const up = http.request({ host: to.hostname, port: to.port,
			method: rq.method, path: rq.url, headers: rq.headers }, (answer) => {
			rs.writeHead(answer.statusCode, answer.rawHeaders);
			rs.flushHeaders();
			if (buffered?.test(rq.url)) {
				const parts = [];
				answer.on('data', (part) => parts.push(part));
				answer.on('end', () => rs.end(Buffer.concat(parts)));
			} else {
				pass(rq.socket, answer, rs);
			}
		});
		up.on('error', () => rs.destroy());
		rs.on('close', () => {
			up.destroy();
			if (live) note(live, -1);
			open.delete(rq.socket);
		});
		rq.pipe(up);
	});
	server.on('upgrade', (rq, socket, head) => {
		socket.on('error', () => {});
		if (state.blocked?.test(rq.url)) {
			socket.destroy();
			return;
		}
		note('ws', 1);
		state.asked?.push(rq.url);
		if (state.deaf?.test(rq.url)) {
			socket.on('close', () => note('ws', -1));
			return;
		}
		open.add(socket);
		const up = net.connect(to.port, to.hostname, () => {
			const lines = [`${rq.method} ${rq.url} HTTP/1.1`];
			for (let i = 0; i < rq.rawHeaders.length; i += 2)
				lines.push(`${rq.rawHeaders[i]}: ${rq.rawHeaders[i + 1]}`);
			up.write(`${lines.join('\r\n')}\r\n\r\n`);
			up.write(head);
			pass(socket, up, socket);
			pass(socket, socket, up);
		});
		up.on('error', () => socket.destroy());
		up.on('close', () => frozen.has(socket) || socket.destroy());
		socket.on('close', () => {
			up.destroy();
			open.delete(socket);
			note('ws', -1);
		});
	});
	await new Promise((r) => server.listen(0, '127.0.0.1', r));
	later(async () => {
		server.closeAllConnections();
		server.close();
	});
	state.origin = `http://127.0.0.1:${server.address().port}`;
	return state;
}
