/*
 * platen.js: what happens to generations, as it happens.
 *
 *	<script src="/static/platen.js"></script>	then window.Platen, or
 *	import Platen, { on, connect } from "/static/platen.js";
 *
 *	Platen.on("generation:progress", function (payload, envelope) { ... });
 *	Platen.connect();
 *	Platen.subscribe(["0192..."]);	// ids; none or [] for all own
 *	Platen.unsubscribe(["0192..."]);	// none: everything
 *	Platen.disconnect();
 *
 * Events: the types of the live channel ("generation:created", ":progress",
 * ":status", ":deleted", "error"), "*" for all of these, and of its own
 *	"state"	 {state: "connecting" | "live" | "waiting" | "idle" | "off",
 *		transport}; "waiting" is for the next try, "idle" for something to
 *		listen to
 *	"resync" {} what was missed cannot be told: the present state follows
 * on() returns a function that takes the handler away again.
 *
 * WebSocket first, then Server-Sent Events, then long-poll; one cursor over
 * all of them, so that nothing is lost or told twice when one gives way to
 * another.  All pages of one browser share one connection: the page that
 * holds the Web Lock has it and tells the others by a BroadcastChannel.
 * Where these are missing (plain http is no secure context) each page has its
 * own.
 */
globalThis.Platen = globalThis.Platen || (function () {
	"use strict";

	const NAME = "platen-live";
	const TRANSPORTS = ["ws", "sse", "poll"];
	const BACKOFF_MIN = 500, BACKOFF_MAX = 30000; // ms
	const SILENCE = 30000;     // then a ping
	const PONG_WAIT = 10000;
	const STREAM_SILENCE = 40000; // a stream has a heartbeat every 15 s or so
	const POLL_WAIT = 25;      // s; the service holds an answer so long
	const POLL_DEADLINE = 40000;
	const OPEN_WAIT = 8000;    // for the first message of a connection
	const STEADY = 10000;      // alive for so long: the back-off starts anew
	const UPGRADE_AFTER = 300000; // then the better transports are tried again
	const ROLL_CALL = 60000;   // the leader asks which pages are still there
	const REMEMBERED = 1000;   // generations whose last state is kept
	const NAMED_MAX = 100;     // more than that are not asked for by name
	const FORGET_AFTER = 200;  // several ids that are gone come together

	const page = Math.random().toString(36).slice(2);

	// ---- handlers ------------------------------------------------------------

	const handlers = new Map();

	function on(event, fn) {
		if (!handlers.has(event))
			handlers.set(event, new Set());
		handlers.get(event).add(fn);
		return function () { handlers.get(event).delete(fn); };
	}

	function emit(event, payload, envelope) {
		Array.from(handlers.get(event) || []).forEach(function (fn) {
			try {
				fn(payload, envelope);
			} catch (e) {
				// One page's mistake must not stop the others' events.
				setTimeout(function () { throw e; });
			}
		});
	}

	// ---- what this page and the others want --------------------------------------

	let wanted = { all: false, ids: new Set() };
	const others = new Map(); // page -> the same, while we are the leader

	function wants(w, id) {
		return w.all || w.ids.has(id);
	}

	function isEmpty(w) {
		return !w.all && w.ids.size === 0;
	}

	function union() {
		const u = { all: wanted.all, ids: new Set(wanted.ids) };
		others.forEach(function (w) {
			u.all = u.all || w.all;
			w.ids.forEach(function (id) { u.ids.add(id); });
		});
		return u;
	}

	// To this page's handlers, if it wants it.
	function deliver(envelope) {
		const p = envelope.payload || {};
		if (p.generationId && !wants(wanted, p.generationId))
			return;
		emit(envelope.type, p, envelope);
		emit("*", p, envelope);
	}

	// ---- the pages of one browser --------------------------------------------------

	let running = false;
	let calls = null; // the timer of rollCall
	let heritage = null; // the place of the leader we hear
	let leading = false;
	let release = null; // gives the lock back
	let channel = null;
	let now = { state: "off", transport: null };

	function tell(message) {
		if (channel) {
			message.from = page;
			channel.postMessage(message);
		}
	}

	function tellWanted() {
		tell({ kind: "want", all: wanted.all, ids: Array.from(wanted.ids) });
	}

	function setState(state, transport) {
		now = { state: state, transport: transport || null };
		emit("state", now);
		tell({ kind: "state", now: now });
	}

	// Whoever leads next goes on from the place that comes with each event.
	function broadcast(envelope) {
		deliver(envelope);
		tell({ kind: "event", envelope: envelope, place: line.place() });
	}

	function hear(m) {
		if (leading) {
			if (m.kind === "want")
				otherWants(m.from, { all: m.all, ids: new Set(m.ids) });
			else if (m.kind === "bye" && others.delete(m.from))
				line.changed();
			return;
		}
		if (m.kind === "who") {
			tellWanted();
		} else if (m.kind === "event") {
			if (m.place)
				heritage = m.place;
			if (!m.to || m.to === page)
				deliver(m.envelope);
		} else if (m.kind === "resync") {
			emit("resync", {});
		} else if (m.kind === "state") {
			now = m.now;
			emit("state", now);
		}
	}

	// A page that joins is told what we know already; the rest is asked for.
	function otherWants(from, w) {
		const old = others.get(from);
		others.set(from, w);
		silent.delete(from);
		line.recall(Array.from(w.ids).filter(function (id) {
			return !old || !old.ids.has(id);
		}));
		line.known().forEach(function (envelope) {
			const id = envelope.payload.generationId;
			if (wants(w, id) && !(old && wants(old, id)))
				tell({ kind: "event", to: from, envelope: envelope });
		});
		if (!old)
			tell({ kind: "state", now: now });
		line.changed();
	}

	// A page that went without a word wants nothing any more.
	const silent = new Set();

	function rollCall() {
		if (!leading)
			return;
		silent.forEach(function (from) { others.delete(from); });
		silent.clear();
		others.forEach(function (w, from) { silent.add(from); });
		line.changed();
		tell({ kind: "who" });
	}

	function lead() {
		leading = true;
		others.clear();
		silent.clear();
		tell({ kind: "who" });
		line.start(heritage);
		heritage = null;
	}

	function elect() {
		const locks = globalThis.navigator && navigator.locks;
		if (!locks || typeof BroadcastChannel === "undefined") {
			lead();
			return;
		}
		channel = new BroadcastChannel(NAME);
		channel.onmessage = function (e) { hear(e.data); };
		tellWanted();
		const stop = new AbortController();
		release = function () { stop.abort(); };
		locks.request(NAME, { signal: stop.signal }, function () {
			return new Promise(function (done) {
				release = done;
				lead();
			});
		}).catch(function () {
			// Disconnected while it waited for its turn.
		});
	}

	// ---- cursors ----------------------------------------------------------------------

	// "epoch-ms-seq": is a after b?  Of another epoch, it is.
	function isAfter(a, b) {
		const x = String(a).split("-"), y = String(b).split("-");
		if (x.length !== 3 || y.length !== 3 || x[0] !== y[0])
			return true;
		return Number(x[1]) - Number(y[1]) || Number(x[2]) - Number(y[2])
		    ? (Number(x[1]) - Number(y[1]) || Number(x[2]) - Number(y[2])) > 0
		    : false;
	}

	// ---- the connection: of the leader alone -----------------------------------------------

	const line = (function () {
		let cursor = null;     // everything up to here was told
		let asked = null;      // what the connection listens to
		const fresh = new Set(); // ids whose present state has not come yet
		let freshAll = false;
		let present = null;    // {cursor, left: ids} while present states come
		let placed = null;     // the cursor of the last "subscribed"
		let everLive = false;
		const last = new Map(); // generation -> its last progress or status
		let level = 0;         // in TRANSPORTS
		let failures = 0;      // in a row
		let current = null;    // {close, ask}
		let timer = null;
		let openedAt = 0;
		let loweredAt = 0;
		const missing = new Set(); // ids that are deleted, or never were
		let forgetting = null; // a timer

		// The service would refuse it each time it is asked for.
		function forget(id) {
			missing.add(id);
			if (missing.size > REMEMBERED)
				missing.delete(missing.values().next().value);
			if (!forgetting)
				forgetting = setTimeout(function () {
					forgetting = null;
					changed();
				}, FORGET_AFTER);
		}

		// Somebody asks for them anew.
		function recall(ids) {
			ids.forEach(function (id) { missing.delete(id); });
		}

		// What is to be asked for, and will not be refused.
		function listable() {
			const u = union();
			missing.forEach(function (id) { u.ids.delete(id); });
			return u.ids.size > NAMED_MAX ? { all: true, ids: new Set() } : u;
		}

		function remember(e) {
			const id = e.payload.generationId;
			last.delete(id);
			if (e.type === "generation:deleted")
				return;
			last.set(id, e);
			if (last.size > REMEMBERED)
				last.delete(last.keys().next().value);
		}

		function known() {
			return Array.from(last.values());
		}

		function arrived(id) {
			fresh.delete(id);
			if (!present)
				return;
			present.left.delete(id);
			if (present.left.size === 0) {
				freshAll = freshAll && !present.all;
				cursor = present.cursor || cursor;
				present = null;
			}
		}

		// The present states have no place of their own until all are here.
		function subscribed(p) {
			placed = p.cursor;
			if (p.resumed) {
				present = null;
				freshAll = false;
				return;
			}
			if (everLive && p.missed !== 0) {
				emit("resync", {});
				tell({ kind: "resync" });
			}
			present = { cursor: p.cursor, left: new Set(p.generationIds || []),
			    all: asked && asked.all };
			if (present.left.size === 0)
				arrived(null);
		}

		function receive(e) {
			if (!e || typeof e.type !== "string")
				return;
			const p = e.payload || {};
			if (e.type === "connected" || e.type === "pong" || e.type === "heartbeat")
				return;
			if (e.type === "subscribed") {
				subscribed(p);
				everLive = true;
				return;
			}
			if (e.type === "error") {
				if (p.generationId)
					arrived(p.generationId);
				if (p.code === "not_found" && p.generationId)
					forget(p.generationId);
				broadcast(e);
				return;
			}
			if (!p.generationId)
				return;
			// A present state may be newer than the last event, at its place.
			const isPresent = e.id === placed;
			if (!isPresent && e.id && cursor && !isAfter(e.id, cursor))
				return;
			remember(e);
			if (e.type === "generation:deleted")
				forget(p.generationId);
			if (isPresent)
				arrived(p.generationId);
			else if (e.id && !present)
				cursor = e.id;
			broadcast(e);
		}

		// ---- asking ----

		function idList(u) {
			return u.all ? null : Array.from(u.ids);
		}

		// Nothing fresh: a cursor says where to go on.
		function whereFrom() {
			return fresh.size === 0 && !freshAll ? cursor : null;
		}

		function place() {
			return { cursor: cursor, all: asked.all && !freshAll,
			    ids: Array.from(asked.ids).filter(function (id) {
				return !fresh.has(id);
			    }) };
		}

		// What another page's connection was told need not be told again.
		function start(inherited) {
			if (inherited && inherited.cursor) {
				cursor = inherited.cursor;
				asked = { all: inherited.all, ids: new Set(inherited.ids) };
				everLive = true;
			}
			changed();
		}

		function query(extra) {
			const q = new URLSearchParams(extra);
			const ids = idList(asked);
			if (ids)
				q.set("ids", ids.join(","));
			if (whereFrom())
				q.set("cursor", whereFrom());
			return q.toString();
		}

		// What is asked for has changed.
		function changed() {
			if (!leading)
				return;
			const u = listable();
			const more = [], less = [];
			u.ids.forEach(function (id) {
				if (!asked || (!asked.ids.has(id) && !(asked.all && last.has(id))))
					more.push(id);
			});
			if (asked)
				asked.ids.forEach(function (id) {
					if (!u.ids.has(id))
						less.push(id);
				});
			const toAll = u.all && !(asked && asked.all);
			const fromAll = !u.all && asked && asked.all;
			more.forEach(function (id) { fresh.add(id); });
			less.forEach(function (id) { fresh.delete(id); });
			freshAll = u.all && (freshAll || toAll);
			asked = u;
			if (isEmpty(u)) {
				shut();
				setState("idle", null);
			} else if (!current) {
				if (!timer)
					open();
			} else if (more.length || less.length || toAll || fromAll) {
				current.ask({ more: more, less: u.all ? [] : less,
				    toAll: toAll, fromAll: fromAll });
			}
		}

		// ---- opening and failing ----

		function shut() {
			clearTimeout(timer);
			timer = null;
			present = null;
			if (current) {
				const c = current;
				current = null;
				c.close();
			}
		}

		function open() {
			clearTimeout(timer);
			timer = null;
			if (level > 0 && Date.now() - loweredAt > UPGRADE_AFTER)
				level = 0;
			while (level < 2 && !({ ws: globalThis.WebSocket, sse: globalThis.EventSource,
			    poll: true })[TRANSPORTS[level]])
				level++;
			present = null;
			openedAt = 0;
			setState("connecting", TRANSPORTS[level]);
			current = transports[TRANSPORTS[level]]();
		}

		function alive() {
			if (openedAt)
				return;
			openedAt = Date.now();
			setState("live", TRANSPORTS[level]);
		}

		// The connection is gone.  least: not before so many ms.
		function gone(me, least) {
			if (current !== me)
				return;
			current = null;
			present = null;
			if (openedAt && Date.now() - openedAt > STEADY)
				failures = 0;
			failures++;
			if (!openedAt && failures >= 2 && level < 2) {
				level++;
				loweredAt = Date.now();
				failures = 0;
			}
			const most = Math.min(BACKOFF_MAX, BACKOFF_MIN * Math.pow(2, failures));
			const wait = Math.max(least || 0, most / 2) + Math.random() * most / 2;
			setState("waiting", null);
			clearTimeout(timer);
			timer = setTimeout(open, wait);
		}

		// Something suggests that now is a better moment.
		function hurry() {
			if (!leading || !asked || isEmpty(asked))
				return;
			if (timer) {
				failures = 0;
				open();
			} else if (current && current.check) {
				current.check();
			}
		}

		// ---- transports ----

		function parse(text) {
			try {
				return JSON.parse(text);
			} catch (e) {
				return null;
			}
		}

		const transports = {
			ws: function () {
				const url = location.protocol.replace("http", "ws") + "//"
				    + location.host + "/ws";
				const s = new WebSocket(url);
				let silence = null;
				let refused = 0; // ms not to come back for
				const me = { close: close, ask: ask, check: check };

				function close() {
					clearTimeout(silence);
					s.onclose = s.onmessage = s.onerror = null;
					s.close();
				}

				function send(type, payload) {
					if (s.readyState === 1)
						s.send(JSON.stringify({ type: type, payload: payload }));
				}

				function broken() {
					close();
					gone(me, refused);
				}

				function check() {
					if (s.readyState !== 1)
						return;
					send("ping", {});
					clearTimeout(silence);
					silence = setTimeout(broken, PONG_WAIT);
				}

				function heard() {
					clearTimeout(silence);
					silence = setTimeout(check, SILENCE);
				}

				function subscribe(ids, from) {
					// A request names at most 100; null is all.
					for (let i = 0; ids === null || i < ids.length; i += 100) {
						const p = {};
						if (ids)
							p.generationIds = ids.slice(i, i + 100);
						if (from)
							p.cursor = from;
						send("subscribe", p);
						if (!ids)
							return;
					}
				}

				// At the start: what is known goes on, what is fresh begins.
				function begin() {
					if (asked.all)
						subscribe(null, freshAll ? null : cursor);
					const ids = Array.from(asked.ids);
					const old = ids.filter(function (id) { return !fresh.has(id); });
					if (!asked.all)
						subscribe(old, cursor);
					subscribe(Array.from(fresh), null);
				}

				function ask(change) {
					if (change.toAll)
						subscribe(null, null);
					if (change.fromAll) {
						send("unsubscribe", {});
						subscribe(Array.from(asked.ids), null);
						return;
					}
					if (change.less.length)
						send("unsubscribe", { generationIds: change.less });
					subscribe(change.more, null);
				}

				silence = setTimeout(broken, OPEN_WAIT);
				s.onmessage = function (e) {
					const m = parse(e.data);
					heard();
					if (m && m.type === "connected") {
						alive();
						begin();
					}
					if (m && m.type === "error" && m.payload.code === "unauthorized")
						refused = BACKOFF_MAX;
					receive(m);
				};
				s.onclose = function (e) {
					clearTimeout(silence);
					// The service restarts: not all at once.
					if (e.code === 1012)
						refused = Math.random() * 4000;
					gone(me, refused);
				};
				return me;
			},

			sse: function () {
				const s = new EventSource("/events?" + query({}));
				const me = { close: close, ask: ask };
				let silence = setTimeout(broken, OPEN_WAIT);

				function close() {
					clearTimeout(silence);
					s.close();
				}

				function broken() {
					close();
					gone(me, 0);
				}

				// A stream listens to what its address says: another one.
				function ask() {
					close();
					current = null;
					open();
				}

				function take(e) {
					// A browser's own error has no data.
					if (typeof e.data !== "string")
						return;
					clearTimeout(silence);
					silence = setTimeout(broken, STREAM_SILENCE);
					alive();
					receive(parse(e.data));
				}

				["subscribed", "generation:created", "generation:progress",
				    "generation:status", "generation:deleted",
				    "error", "heartbeat"].forEach(function (type) {
					s.addEventListener(type, take);
				});
				// All that was asked for is over.
				s.addEventListener("end", function (e) {
					if (e.lastEventId)
						cursor = e.lastEventId;
					close();
				});
				// Our own back-off, which ends at another transport, and not
				// the browser's endless tries.  The service may restart: not
				// all at once.
				s.onerror = function (e) {
					if (typeof e.data === "string")
						return;
					close();
					gone(me, openedAt ? Math.random() * 4000 : 0);
				};
				return me;
			},

			poll: function () {
				let stop = null;
				let over = false;
				const me = { close: close, ask: ask };

				function close() {
					over = true;
					if (stop)
						stop.abort();
				}

				function ask() {
					if (stop)
						stop.abort();
				}

				function take(answer) {
					alive();
					subscribed({ resumed: answer.resumed, missed: answer.missed,
					    cursor: answer.cursor, generationIds: answer.generationIds });
					everLive = true;
					answer.events.forEach(receive);
					present = null;
					fresh.clear();
					freshAll = false;
					cursor = answer.cursor;
				}

				function next() {
					const mine = stop = new AbortController();
					let late = false;
					const deadline = setTimeout(function () {
						late = true;
						mine.abort();
					}, POLL_DEADLINE);
					fetch("/poll?" + query({ wait: String(POLL_WAIT) }), { signal: mine.signal })
					    .then(function (r) {
						if (!r.ok)
							throw r;
						return r.json();
					}).then(function (answer) {
						clearTimeout(deadline);
						if (over)
							return;
						take(answer);
						if (!over)
							next();
					}).catch(function (e) {
						clearTimeout(deadline);
						if (over)
							return;
						if (mine.signal.aborted && !late)
							next();
						else
							gone(me, e.status === 401 ? BACKOFF_MAX : 0);
					});
				}

				next();
				return me;
			},
		};

		return {
			start: start,
			place: place,
			stop: function () {
				shut();
				asked = null;
				fresh.clear();
				freshAll = false;
				last.clear();
				missing.clear();
				clearTimeout(forgetting);
				forgetting = null;
			},
			changed: changed,
			recall: recall,
			known: known,
			hurry: hurry,
		};
	})();

	// ---- for the page ------------------------------------------------------------------------

	function update() {
		if (!running)
			return;
		if (leading)
			line.changed();
		else
			tellWanted();
	}

	function connect() {
		if (running)
			return;
		running = true;
		calls = setInterval(rollCall, ROLL_CALL);
		elect();
	}

	function leave() {
		if (!running)
			return;
		running = false;
		clearInterval(calls);
		tell({ kind: "bye" });
		if (leading)
			line.stop();
		leading = false;
		others.clear();
		heritage = null;
		if (release)
			release();
		release = null;
		if (channel)
			channel.close();
		channel = null;
	}

	function disconnect() {
		leave();
		setState("off", null);
	}

	function asList(ids) {
		return ids === undefined || ids === null ? []
		    : typeof ids === "string" ? [ids] : Array.from(ids);
	}

	function subscribe(ids) {
		const list = asList(ids);
		if (list.length === 0)
			wanted.all = true;
		list.forEach(function (id) { wanted.ids.add(id); });
		line.recall(list);
		update();
	}

	function unsubscribe(ids) {
		const list = asList(ids);
		if (list.length === 0)
			wanted = { all: false, ids: new Set() };
		list.forEach(function (id) { wanted.ids.delete(id); });
		update();
	}

	if (typeof addEventListener === "function") {
		// A page that the browser puts aside gives its place to another.
		let aside = false;
		addEventListener("pagehide", function () {
			aside = running;
			leave();
		});
		addEventListener("pageshow", function () {
			if (aside)
				connect();
			aside = false;
		});
		addEventListener("online", function () { line.hurry(); });
		if (typeof document !== "undefined")
			document.addEventListener("visibilitychange", function () {
				if (!document.hidden)
					line.hurry();
			});
	}

	return { connect: connect, subscribe: subscribe, unsubscribe: unsubscribe,
	    on: on, disconnect: disconnect,
	    get state() { return now.state; },
	    get transport() { return now.transport; } };
})();

/*
 * The next line is one thing to a module and another to a plain script.  Where
 * "await" is a keyword, a regular expression comes after it, and then the
 * exports; where it is a name, it is divided by a string that goes to the end
 * of the line.
 */
typeof await /"/; export default globalThis.Platen; export const { connect, subscribe, unsubscribe, on, disconnect } = globalThis.Platen; //";
