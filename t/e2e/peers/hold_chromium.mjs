// hold_chromium: a page of Chromium listens and says nothing.
// usage: hold_chromium.mjs URL TOKEN SECONDS [SUBPROTOCOL...]; prints "open"
// or how it ended.
import { createRequire } from 'node:module';

const { chromium } = createRequire(new URL('../../browser/package.json', import.meta.url))('playwright-core');
const [url, token, seconds, ...protocols] = process.argv.slice(2);
const b = await chromium.launch({
	executablePath: process.env.PLATEN_TEST_CHROMIUM,
	args: ['--headless', '--no-sandbox', '--disable-gpu'],
});
const origin = new URL(url.replace(/^ws/, 'http')).origin;
const context = await b.newContext();
await context.addCookies([{ name: 'sid', value: token, url: origin }]);
const page = await context.newPage();
await page.goto(`${origin}/static/favicon.svg`);
console.log(await page.evaluate(([to, ms, offered]) => new Promise((done) => {
	const s = new WebSocket(to, offered);
	s.onclose = (e) => done(`closed ${e.code}`);
	s.onopen = () => setTimeout(() => done(s.readyState === 1 ? 'open' : 'not open'), ms);
}), [url, seconds * 1000, protocols]));
await b.close();
