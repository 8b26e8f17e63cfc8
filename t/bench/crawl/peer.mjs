// The same work in Node's usual stack: sitemapper, fetch, jsdom,
// @mozilla/readability, 8 pages in flight.
// usage: node peer.mjs SITEMAP-URL OUTDIR
import { writeFileSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import Sitemapper from 'sitemapper';
import { JSDOM, VirtualConsole } from 'jsdom';

const { Readability } = createRequire(import.meta.url)('@mozilla/readability');
const [sitemap, out] = process.argv.slice(2);
const IN_FLIGHT = 8;
// Pages' own style sheets are not parsed and scripts not run: as fast as it goes.
const quiet = new VirtualConsole();

// A connection may be over while jsdom held the only thread: ask again.
async function text(url, tries = 5) {
	try {
		return await (await fetch(url)).text();
	} catch (e) {
		if (tries > 1) return text(url, tries - 1);
		throw e;
	}
}

async function page(url) {
	const dom = new JSDOM(await text(url), { url, virtualConsole: quiet });
	const doc = dom.window.document;
	const links = [...doc.querySelectorAll('a[href]')].map((a) => a.href);
	const description =
		doc.querySelector('meta[name="description"]')?.content ?? '';
	const article = new Readability(doc).parse();
	dom.window.close();
	return {
		url,
		title: article?.title ?? '',
		description: description || article?.excerpt || '',
		text: article?.textContent ?? '',
		links: links.length,
	};
}

const { sites } = await new Sitemapper({ url: sitemap, timeout: 60000 }).fetch();
const pages = new Array(sites.length);
let next = 0;
async function run() {
	while (next < sites.length) {
		const i = next++;
		pages[i] = await page(sites[i]);
	}
}
await Promise.all(Array.from({ length: IN_FLIGHT }, run));

mkdirSync(out, { recursive: true });
writeFileSync(`${out}/llms.txt`,
	`# Site\n\n## Pages\n\n${pages.map((p) =>
		`- [${p.title}](${p.url}): ${p.description.replace(/\s+/g, ' ')}`).join('\n')}\n`);
writeFileSync(`${out}/llms-full.txt`,
	pages.map((p) => `# ${p.title}\n\n${p.text}\n`).join('\n'));
console.log(`pages ${pages.length}`);
