// peer: what the sidecar does, as it is usually done: the events of an
// account's channel, in the words of the generation dialect, to every client.
// usage: peer.mjs SOCKET REDIS-SOCKET ACCOUNT
import http from 'node:http';
import Redis from 'ioredis';
import { WebSocketServer } from 'ws';

const [socket, redis, account] = process.argv.slice(2);
const server = http.createServer();
const all = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });
let cursor = null;

all.on('connection', (client) => {
	client.send(JSON.stringify({ id: cursor, type: 'connected', payload: { cursor } }));
	client.on('message', () => client.send(JSON.stringify({ id: cursor,
		type: 'subscribed', payload: { generationIds: [], cursor, resumed: true, missed: 0 } })));
});

const feed = new Redis(redis);
feed.on('message', (channel, text) => {
	const { generationId, status, metadata } = JSON.parse(text);
	cursor = metadata.cursor;
	const frame = JSON.stringify({ id: cursor, type: `generation:${metadata.event}`,
		payload: { generationId, status, processedUrls: metadata.processedUrls,
			totalUrls: metadata.totalUrls, entriesCount: metadata.entriesCount } });
	for (const client of all.clients) client.send(frame);
});
await feed.subscribe(`platen:user:${account}`);
server.listen(socket, () => console.log('ready'));
