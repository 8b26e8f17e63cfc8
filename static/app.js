/*
 * app.js: makes the pages live.  Every page works without it.
 *
 * The server renders; this script asks it again and swaps the parts that are
 * marked data-region, so there is one set of templates.  Between two such
 * looks, progress events move the bars.  No state is kept here but what is
 * under way.  "platen:looked" is sent to the document after each look.
 */
(function () {
	"use strict";

	var root = document.documentElement;
	root.classList.add("has-js");

	function all(selector, within) {
		return Array.from((within || document).querySelectorAll(selector));
	}

	// ---- small things ----------------------------------------------------

	var format = new Intl.DateTimeFormat(undefined,
	    { dateStyle: "medium", timeStyle: "short" });

	// Times as the reader's own clock shows them.
	function localTimes(within) {
		all("time[datetime]", within).forEach(function (t) {
			var when = new Date(t.dateTime);
			if (!isNaN(when)) {
				t.title = t.dateTime;
				t.textContent = format.format(when);
			}
		});
	}

	var toast = document.createElement("p");
	var toastTimer;
	toast.className = "toast";
	toast.setAttribute("role", "status");
	document.body.append(toast);

	function say(text) {
		clearTimeout(toastTimer);
		toast.textContent = text;
		toastTimer = setTimeout(function () { toast.textContent = ""; }, 6000);
	}

	// A connection may die without a word: no answer is waited for without end.
	function deadline(seconds) {
		var stop = new AbortController();
		setTimeout(function () { stop.abort(); }, 1000 * seconds);
		return stop.signal;
	}

	// The sentence of a problem (RFC 9457), or one of our own.
	function problemText(response) {
		return response.json().then(function (p) {
			return p.detail;
		}, function () {
			return "The server returned an unexpected response (" + response.status + "). Try again.";
		});
	}

	// ---- regions: parts of the page that the server renders anew -------------

	var shown = new Map(); // id -> the HTML the server sent last
	all("[data-region]").forEach(function (el) {
		shown.set(el.id, content(el));
	});

	// Without the tokens of forms: each page has new ones, and any will do.
	function content(el) {
		return el.innerHTML.replace(/(name="csrf" value=")[^"]*/g, "$1");
	}

	// Swaps one region and keeps what the reader did in it.
	function swap(el, html) {
		var open = all("details[open] summary", el).map(function (s) {
			return s.textContent;
		});
		var ticks = new Map(all("input[type=checkbox]", el).map(function (i) {
			return [i.value, i.checked];
		}));
		var scrolls = all("pre", el).map(function (p) { return p.scrollTop; });
		var focus = el.contains(document.activeElement) && document.activeElement;
		var address = focus && (focus.id ? "#" + CSS.escape(focus.id)
		    : focus.getAttribute("href") && "a[href=\"" + CSS.escape(focus.getAttribute("href")) + "\"]");

		el.innerHTML = html;
		all("details", el).forEach(function (d) {
			if (open.includes(d.querySelector("summary").textContent))
				d.open = true;
		});
		all("input[type=checkbox]", el).forEach(function (i) {
			if (ticks.has(i.value))
				i.checked = ticks.get(i.value);
		});
		all("pre", el).forEach(function (p, i) { p.scrollTop = scrolls[i] || 0; });
		if (address && el.querySelector(address))
			el.querySelector(address).focus();
		localTimes(el);
	}

	var looking = false;
	var lookAgain = false;
	var misses = 0; // looks in a row that came to nothing

	// A form that came back with errors stands at the address it was sent to.
	function here() {
		var el = document.querySelector("[data-here]");
		return el ? el.dataset.here : location.href;
	}

	// Asks the server for this page and swaps what has changed.
	function look() {
		if (looking) {
			lookAgain = true;
			return Promise.resolve();
		}
		looking = true;
		return fetch(here(), { headers: { Accept: "text/html" }, signal: deadline(20) })
		    .then(function (r) {
			if (r.status === 404) {
				location.assign("/generations");
				throw new Error("gone");
			}
			if (!r.ok)
				throw new Error("status " + r.status);
			return r.text();
		}).then(function (text) {
			var page = new DOMParser().parseFromString(text, "text/html");
			all("[data-region]").forEach(function (el) {
				var fresh = page.getElementById(el.id);
				if (fresh && content(fresh) !== shown.get(el.id)) {
					shown.set(el.id, content(fresh));
					swap(el, fresh.innerHTML);
				}
				if (fresh && fresh.dataset.live)
					el.dataset.live = fresh.dataset.live;
			});
			misses = 0;
			if (announceStatus)
				paintText(document.getElementById("announce"), "Status: " + detail.querySelector(".badge").textContent);
			announceStatus = false;
			goLive();
			paintAll();
			document.dispatchEvent(new Event("platen:looked"));
		}).catch(function () {
			// Perhaps the last event has come: nobody else would ask again.
			lookSoon(Math.min(15000, 1000 * Math.pow(2, misses++))
			    * (0.75 + Math.random() / 2));
		}).then(function () {
			looking = false;
			if (lookAgain) {
				lookAgain = false;
				lookSoon(500);
			}
		});
	}

	var lookTimer = null;
	var lookDue = 0; // when lookTimer goes off

	function lookSoon(ms) {
		var due = Date.now() + ms;
		if (lookTimer !== null && lookDue <= due)
			return;
		clearTimeout(lookTimer);
		lookDue = due;
		lookTimer = setTimeout(function () {
			lookTimer = null;
			look();
		}, ms);
	}

	// ---- progress ---------------------------------------------------------------

	var detail = document.querySelector("[data-live=generation]");
	var list = document.getElementById("list");
	var newest = new Map(); // generation -> the last progress event
	var title = document.title;
	var announced = -1;
	var announceStatus = false; // at the next look, which has it in words

	// As the server writes numbers (core/text.h).
	function grouped(n) {
		return String(n).replace(/\B(?=(\d{3})+$)/g, ",");
	}

	function progressText(p) {
		if (p.totalUrls > 0)
			return grouped(p.processedUrls) + " of " + grouped(p.totalUrls);
		return p.processedUrls > 0 ? grouped(p.processedUrls) + " so far" : "";
	}

	var stages = detail ? JSON.parse(detail.dataset.stages || "{}") : {};

	function stageText(p) {
		return stages[p.stage] || p.stage || "";
	}

	function paintBar(bar, p) {
		if (!bar)
			return;
		if (p.totalUrls > 0) {
			bar.max = p.totalUrls;
			bar.value = p.processedUrls;
		} else {
			bar.removeAttribute("value");
		}
	}

	function paintText(el, text) {
		if (el && el.textContent !== text)
			el.textContent = text;
	}

	// "52 %  Read 31 of 60 pages": the numbers once.
	function paintLine(line, p) {
		var message = p.message || "";
		var text = progressText(p);
		var percent = p.totalUrls > 0
		    ? Math.floor(100 * p.processedUrls / p.totalUrls) + " %" : "";
		if (!line)
			return;
		paintText(line.querySelector(".percent"), percent);
		paintText(line.querySelector(".progress-text"), message.includes(text) ? "" : text);
		paintText(line.querySelector(".message"), message);
		paintText(line.querySelector(".stage"), stageText(p));
		if (percent)
			document.title = percent + " · " + title;
	}

	// Said to screen readers at every tenth, not at every page.
	function announce(p) {
		var tenth = p.totalUrls > 0 ? Math.floor(10 * p.processedUrls / p.totalUrls) : -1;
		if (tenth > announced) {
			announced = tenth;
			paintText(document.getElementById("announce"), progressText(p) + " " + detail.dataset.unit);
		}
	}

	function rowOf(id) {
		return list && list.querySelector("tr[data-generation=\"" + CSS.escape(id) + "\"]");
	}

	function paint(id, p) {
		if (detail && detail.dataset.generation === id) {
			paintBar(document.getElementById("bar"), p);
			paintLine(detail.querySelector(".bar-line"), p);
			announce(p);
			return;
		}
		var row = rowOf(id);
		if (row) {
			paintBar(row.querySelector("progress"), p);
			paintText(row.querySelector(".progress-text"), progressText(p));
		}
	}

	function paintAll() {
		newest.forEach(function (p, id) { paint(id, p); });
	}

	function onProgress(p) {
		var old = newest.get(p.generationId);
		// A page that came in between may be older than what we know.
		if (old && old.processedUrls > p.processedUrls && old.totalUrls === p.totalUrls)
			return;
		newest.set(p.generationId, p);
		paint(p.generationId, p);
		if (shownStatus(p.generationId) === "pending")
			lookSoon(100);
		else if (detail && !document.hidden)
			lookSoon(2500);
	}

	// The status that this page shows of a generation; null: none.
	function shownStatus(id) {
		if (detail && detail.dataset.generation === id)
			return detail.querySelector("[data-status-now]").dataset.statusNow;
		var row = rowOf(id);
		return row ? row.dataset.status : null;
	}

	function onStatus(p) {
		newest.delete(p.generationId);
		var old = shownStatus(p.generationId);
		if (old === null || old === p.status)
			return;
		if (detail) {
			document.title = title;
			announced = -1;
			announceStatus = true;
		}
		lookSoon(100);
	}

	function onDeleted(p) {
		newest.delete(p.generationId);
		if (detail && detail.dataset.generation === p.generationId)
			location.assign("/generations");
		else if (list)
			lookSoon(100);
	}

	// While nothing is live there is still a look every five seconds.
	function lookMeanwhile() {
		var live = window.Platen;
		if (document.hidden || !document.querySelector("progress"))
			return;
		if (!live || live.state !== "live")
			look();
	}

	// What the page shows may be old while nothing is heard; a short break is
	// not worth a word.
	var reconnecting = document.createElement("p");
	var reconnectingTimer = null;
	reconnecting.className = "reconnecting";
	reconnecting.setAttribute("role", "status");
	document.body.append(reconnecting);

	function onState(now) {
		var broken = now.state === "waiting" || now.state === "connecting";
		if (!broken) {
			clearTimeout(reconnectingTimer);
			reconnectingTimer = null;
			paintText(reconnecting, "");
		} else if (reconnectingTimer === null) {
			reconnectingTimer = setTimeout(function () {
				paintText(reconnecting, "Reconnecting…");
			}, 2000);
		}
	}

	var isLive = false;

	// A visitor without a session has nothing to listen to yet.
	function goLive() {
		var live = window.Platen;
		if (isLive || !document.querySelector("[data-live]"))
			return;
		isLive = true;
		greet();
		setInterval(lookMeanwhile, 5000);
		if (!live)
			return;
		live.on("generation:created", function () { lookSoon(100); });
		live.on("generation:progress", onProgress);
		live.on("generation:status", onStatus);
		live.on("generation:deleted", onDeleted);
		live.on("resync", look);
		live.on("state", onState);
		live.connect();
		live.subscribe(detail ? [detail.dataset.generation] : []);
	}

	// The first order in one tab begins the session for all of them.
	var tabs = typeof BroadcastChannel === "undefined" ? null
	    : new BroadcastChannel("platen-tabs");

	function greet() {
		if (tabs)
			tabs.postMessage("session");
	}

	function lookForSession() {
		if (list && !isLive && !document.hidden)
			look();
	}

	if (tabs)
		tabs.onmessage = lookForSession;
	// Other programs of this browser do not say so.  Who stays away for a minute
	// is worth a look a minute.
	var waits = 0;
	setInterval(function () {
		if (++waits <= 12 || waits % 12 === 0)
			lookForSession();
	}, 5000);
	document.addEventListener("visibilitychange", function () { waits = 0; lookForSession(); });

	// ---- asking before anything is destroyed ---------------------------------------

	// The server's own question, as a dialog: one set of words for both.
	function dialogOf(question) {
		var d = document.createElement("dialog");
		var no = question.querySelector(".actions a");
		d.className = "confirm";
		d.setAttribute("aria-labelledby", "confirm-title");
		d.append.apply(d, Array.from(question.childNodes));
		// What cannot be undone is not what Enter does.
		if (no) {
			no.setAttribute("autofocus", "");
			no.addEventListener("click", function (e) {
				e.preventDefault();
				d.close();
			});
		}
		document.body.append(d);
		return d;
	}

	// yes(e) is called when the form is sent; the form itself does the rest.
	function confirmBy(address, opener, yes) {
		return fetch(address, { headers: { Accept: "text/html" }, signal: deadline(10) }).then(function (r) {
			if (!r.ok)
				throw new Error("status " + r.status);
			return r.text();
		}).then(function (text) {
			var page = new DOMParser().parseFromString(text, "text/html");
			var d = dialogOf(page.getElementById("confirm"));
			d.addEventListener("submit", function (e) { yes(e, d); });
			d.addEventListener("close", function () {
				d.remove();
				if (opener.isConnected)
					opener.focus();
			});
			d.showModal();
		}).catch(function () {
			location.assign(address);
		});
	}

	function remove(link) {
		var row = link.closest("tr");
		if (row)
			row.classList.add("going");
		return fetch("/api/v1/generations/" + link.dataset.delete,
		    { method: "DELETE", headers: { "Content-Type": "application/json" },
		    signal: deadline(20) })
		    .then(function (r) {
			// What is gone already is deleted, too.
			if (!r.ok && r.status !== 404)
				return problemText(r).then(function (text) { throw new Error(text); });
			if ("leave" in link.dataset)
				location.assign("/generations");
			else
				return look().then(function () { say("Deleted."); });
		}).catch(function (e) {
			if (row)
				row.classList.remove("going");
			say(e.name === "AbortError"
			    ? "The service did not respond. Check your list before you try again." : e.message);
		});
	}

	function sure(link) {
		return function (e, dialog) {
			leaving = true;
			if (!link.dataset.delete)
				return;
			e.preventDefault();
			dialog.close();
			remove(link);
		};
	}

	document.addEventListener("click", function (e) {
		var link = e.target.closest("a[data-confirm]");
		if (!link || e.ctrlKey || e.metaKey || e.shiftKey || !window.HTMLDialogElement)
			return;
		e.preventDefault();
		confirmBy(link.href, link, sure(link));
	});

	document.addEventListener("submit", function (e) {
		var form = e.target;
		if (!("confirm" in form.dataset) || !window.HTMLDialogElement)
			return;
		e.preventDefault();
		e.stopImmediatePropagation();
		confirmBy(form.action + "?" + new URLSearchParams(new FormData(form)),
		    e.submitter || form, sure(form));
	});

	// ---- what was typed and is not saved ---------------------------------------------

	var leaving = false; // the reader has said so, or it is being saved
	var typing = document.querySelector("form.edit textarea");

	if (typing) {
		typing.form.addEventListener("submit", function () { leaving = true; });
		window.addEventListener("beforeunload", function (e) {
			if (!leaving && ("unsaved" in typing.form.dataset || typing.value !== typing.defaultValue))
				e.preventDefault();
		});
		window.addEventListener("pageshow", function () { leaving = false; });
	}

	// ---- copy ------------------------------------------------------------------------

	// Where the clipboard API is not allowed (plain http), the old way.
	function copyText(text) {
		if (navigator.clipboard)
			return navigator.clipboard.writeText(text);
		var area = document.createElement("textarea");
		area.value = text;
		area.className = "unseen";
		document.body.append(area);
		area.select();
		var good = document.execCommand("copy");
		area.remove();
		return good ? Promise.resolve() : Promise.reject(new Error("not allowed"));
	}

	// The file itself: the page may show only its beginning.
	function copyFrom(button) {
		return fetch(button.dataset.source, { signal: deadline(60) }).then(function (r) {
			if (!r.ok)
				throw new Error("status " + r.status);
			return r.text();
		}).catch(function () {
			return document.getElementById(button.dataset.copy).textContent;
		}).then(copyText);
	}

	document.addEventListener("click", function (e) {
		var button = e.target.closest("[data-copy]");
		if (!button)
			return;
		copyFrom(button).then(function () {
			button.textContent = "Copied";
			button.classList.add("done");
			say("Copied to the clipboard.");
		}, function () {
			say("Your browser blocked copying. Select the text and copy it yourself.");
		}).then(function () {
			setTimeout(function () {
				button.textContent = "Copy";
				button.classList.remove("done");
			}, 2500);
		});
	});

	// ---- forms --------------------------------------------------------------------------------

	// Once is enough; and a spinner if it takes long.
	document.addEventListener("submit", function (e) {
		var form = e.target;
		if (form.method === "dialog")
			return;
		if (form.dataset.sent) {
			e.preventDefault();
			return;
		}
		form.dataset.sent = "1";
		var button = e.submitter || form.querySelector("button");
		if (button) {
			var spinner = document.createElement("span");
			spinner.className = "spinner";
			spinner.setAttribute("aria-hidden", "true");
			button.append(spinner);
		}
	});

	// Back from the page that a form led to.
	window.addEventListener("pageshow", function (e) {
		all("form[data-sent]").forEach(function (form) {
			delete form.dataset.sent;
			all(".spinner", form).forEach(function (s) { s.remove(); });
		});
		if (e.persisted)
			look();
	});

	// ---- parts that no event tells of -----------------------------------------------------------

	// They say every how many seconds they want to be looked at.
	function poll() {
		var every = all("[data-poll]").map(function (el) {
			return Number(el.dataset.poll);
		});
		if (every.length)
			setTimeout(function () {
				(document.hidden ? Promise.resolve() : look()).then(poll);
			}, 1000 * Math.min.apply(null, every));
	}

	// For the scripts of single pages.
	globalThis.PlatenPage = { all: all, look: look, paintText: paintText,
	    deadline: deadline, grouped: grouped };

	localTimes();
	poll();
	goLive();
}());
