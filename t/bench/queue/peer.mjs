// peer: the same with BullMQ, the usual queue of node on Redis: jobs that do
// nothing, added one after another and then taken by one worker, one at a
// time and 50 at a time.
// usage: peer.mjs REDIS-SOCKET N
//	prints seconds to add, to take one by one, to take 50 at a time
import { Queue, Worker } from 'bullmq';
import Redis from 'ioredis';

const [socket, count] = process.argv.slice(2);
const n = Number(count);
const seconds = (since) => (Number(process.hrtime.bigint() - since) / 1e9).toFixed(6);
const connection = () => new Redis(socket, { maxRetriesPerRequest: null });

async function add(queue) {
	const start = process.hrtime.bigint();
	for (let i = 0; i < n; i++)
		await queue.add('order', { id: i }, { removeOnComplete: true });
	return seconds(start);
}

async function take(name, concurrency) {
	const start = process.hrtime.bigint();
	let done = 0;
	const worker = new Worker(name, async () => {}, { connection: connection(), concurrency });
	await new Promise((all) => worker.on('completed', () => { if (++done === n) all(); }));
	const took = seconds(start);
	await worker.close();
	return took;
}

const out = [];
for (const [i, concurrency] of [1, 50].entries()) {
	const queue = new Queue(`bench${i}`, { connection: connection() });
	const added = await add(queue);
	if (i === 0) out.push(added);
	out.push(await take(`bench${i}`, concurrency));
}
console.log(out.join(' '));
process.exit(0);
