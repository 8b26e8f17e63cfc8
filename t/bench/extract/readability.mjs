// readability: the same for @mozilla/readability in jsdom.
// usage: node readability.mjs FILE...     its text goes to node.html beside it
import { readFileSync, writeFileSync } from 'node:fs';
import { JSDOM } from 'jsdom';
import { Readability } from '@mozilla/readability';

let used = 0;
const files = process.argv.slice(2);
for (const file of files) {
	const html = readFileSync(file, 'utf8');
	const start = process.cpuUsage();
	const dom = new JSDOM(html, { url: 'http://fakehost/test/page.html' });
	const found = new Readability(dom.window.document).parse();
	const spent = process.cpuUsage(start);
	used += (spent.user + spent.system) / 1e6;
	writeFileSync(file.replace(/page\.html$/, 'node.html'), found?.content ?? '');
	dom.window.close();
}
console.log(files.length, used);
