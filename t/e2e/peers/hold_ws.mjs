// hold_ws: npm's "ws" listens and says nothing.
// usage: hold_ws.mjs URL TOKEN SECONDS [SUBPROTOCOL...]; prints "open" or how
// it ended.
import { createRequire } from 'node:module';

const { WebSocket } = createRequire(new URL('../../browser/package.json', import.meta.url))('ws');
const [url, token, seconds, ...protocols] = process.argv.slice(2);
const s = new WebSocket(url, protocols, { headers: { Cookie: `sid=${token}` } });

function end(text) {
	console.log(text);
	process.exit(0);
}

s.on('error', (e) => end(`error ${e.message}`));
s.on('close', (code) => end(`closed ${code}`));
s.on('open', () => setTimeout(() => end(s.readyState === 1 ? 'open' : 'not open'), seconds * 1000));
