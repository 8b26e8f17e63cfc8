// A page that is open while a process behind it dies: it goes on by itself.
import fs from 'node:fs';
import { browser, complaints, is, ok, order, origin, person, run, until } from './lib.mjs';

// Everything below `platen run` that has this name.
function pids(name) {
	const all = fs.readdirSync('/proc').filter((d) => /^\d+$/.test(d)).flatMap((pid) => {
		try {
			const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
			const [, comm, state, parent] = /\((.*)\) (\S) (\d+)/.exec(stat);
			return state === 'Z' ? [] : [{ pid: Number(pid), comm, parent: Number(parent) }];
		} catch {
			return [];
		}
	});
	const below = new Set([Number(process.env.PLATEN_TEST_RUN)]);
	for (let grown = 0; grown !== below.size;) {
		grown = below.size;
		for (const p of all) if (below.has(p.parent)) below.add(p.pid);
	}
	const found = all.filter((p) => below.has(p.pid) && p.comm === name);
	// Of PostgreSQL only the first: its children must notice by themselves.
	return name === 'postgres' ? found.filter((p) => p.parent === Number(process.env.PLATEN_TEST_RUN)) : found;
}

run(async () => {
	const b = await browser();
	const me = await person(b);
	for (const name of ['platen-live', 'platen-web', 'redis-server', 'postgres', 'lighttpd', 'platen-worker']) {
		const id = await order(me, 'slow.test');
		const page = await me.newPage();
		await page.goto(`${origin}/generations/${id}`);
		await page.evaluate(() => { window.platenMark = 1; });
		await until(`${name}: the middle`, 20, async () =>
			Number(await page.locator('#bar').getAttribute('value', { timeout: 1000 }).catch(() => 0)) >= 8);
		const before = pids(name);
		for (const p of before) process.kill(p.pid, 'SIGKILL');
		ok(before.length > 0, `${name}: killed in the middle`);
		const start = Date.now();
		await page.locator('.gen-state .badge-completed').waitFor({ timeout: 60_000 });
		console.log(`# ${name}: over ${((Date.now() - start) / 1000).toFixed(1)} s after the death`);
		ok(await page.evaluate(() => window.platenMark === 1), `${name}: the page shows the end, without a reload`);
		await until(`${name}: the whole file`, 20, async () =>
			((await page.locator('#result-text').innerText({ timeout: 1000 }).catch(() => '')).match(/^- \[/gm) ?? []).length === 60);
		ok(true, `${name}: and the whole file`);
		const gone = new Set(before.map((p) => p.pid));
		await until(`${name}: the next`, 20, () => pids(name).some((p) => !gone.has(p.pid)));
		await page.close();
	}
	const odd = complaints(/WebSocket|ERR_|Failed to load|EventSource|50[234]/);
	is(odd.join('\n'), '', 'and no script fails over any of it');
});
