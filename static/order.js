/*
 * order.js: the page of an order, after app.js: the count of a host's pages as
 * it grows, and what the parts that are ticked will take.
 */
(function () {
	"use strict";

	var page = globalThis.PlatenPage;
	var all = page.all, look = page.look, paintText = page.paintText, grouped = page.grouped;

	// ---- counting a host's pages ----------------------------------------------------------

	// Each call is held until the count is complete, ten seconds at most.
	function count(line) {
		fetch("/api/v1/stats/host?hostname=" + encodeURIComponent(line.dataset.count),
		    { signal: page.deadline(30) })
		    .then(function (r) {
			if (!r.ok)
				throw new Error("status " + r.status);
			return r.json();
		}).then(function (answer) {
			var stats = answer.data || answer;
			if (stats.isComplete)
				return look().then(function () {
					setTimeout(startCount, 1000);
					awaitQuote();
				});
			var wait = line.querySelector(".count-wait");
			if (wait && stats.urlsCount > 0)
				wait.textContent = grouped(stats.urlsCount) + " so far";
			paintText(line.querySelector(".count-number"), grouped(stats.urlsCount) + " so far");
			setTimeout(count, 500, line);
		}).catch(function () {
			// Failed or away: the page says which, as the server knows it.
			setTimeout(function () {
				look().then(startCount);
			}, 3000);
		});
	}

	function startCount() {
		var line = document.querySelector("[data-counting]");
		if (line)
			count(line);
	}

	// What was counted is then measured, which takes some seconds more.
	var measureLooks = 0;

	function awaitQuote() {
		if (document.querySelector("[data-measuring]") && measureLooks++ < 20)
			setTimeout(function () { look().then(awaitQuote); }, 1500);
	}

	// ---- which parts of a site, and what they take ------------------------------------------

	// As the server says it (fcgi/datetime.c).
	function span(s) {
		if (s < 5)
			return "a few seconds";
		if (s < 55)
			return "about " + Math.floor((Math.floor(s) + 4) / 5) * 5 + " seconds";
		if (s < 90)
			return "about a minute";
		if (s < 55 * 60)
			return "about " + Math.floor(s / 60 + 0.5) + " minutes";
		if (s < 90 * 60)
			return "about an hour";
		if (s < 36 * 3600)
			return "about " + Math.floor(s / 3600 + 0.5) + " hours";
		return "about " + Math.floor(s / 86400 + 0.5) + " days";
	}

	// Pages in the ticked rows; what is in an unticked row is out.
	function tickedPages(boxes) {
		var out = 99, pages = 0;
		boxes.forEach(function (box) {
			var level = Number(box.dataset.level);
			if (level <= out)
				out = box.checked ? 99 : level;
			var off = !box.checked || level > out;
			box.closest("li").classList.toggle("off", off);
			if (!off)
				pages += Number(box.dataset.own);
		});
		return pages;
	}

	function typed(name) {
		var field = document.getElementById(name);
		return field !== null && field.value.trim() !== "";
	}

	// Patterns that were typed may leave out more.
	function sumText(pages, limit) {
		if (pages === 0)
			return "Select at least one part of the site.";
		if (pages <= limit)
			return (typed("include") || typed("exclude") ? "At most " : "") + grouped(pages) + (pages === 1 ? " page" : " pages") + " will be read.";
		return grouped(pages) + " pages selected. The " + grouped(limit)
		    + " closest to the home page will be read; raise the maximum under Options to read more.";
	}

	function quote() {
		var boxes = all("#paths input[type=checkbox]");
		var sum = document.querySelector("#paths .sum");
		var field = document.getElementById("limit");
		if (!boxes.length || !sum || !field)
			return;
		var limit = Number(field.value) >= 1 ? Number(field.value) : Number(sum.dataset.limit);
		var pages = tickedPages(boxes);
		paintText(sum, sumText(pages, limit));
		pages = Math.min(pages, limit);
		all(".quote-line").forEach(function (line) {
			var d = line.dataset;
			paintText(line.querySelector(".quote-pages"),
			    grouped(pages) + (pages === 1 ? " page" : " pages"));
			paintText(line.querySelector(".quote-time"),
			    span(Number(d.fixed) + pages * Number(d.perPage)));
			paintText(line.querySelector(".quote-credits"),
			    grouped(pages * Number(d.credits)) + " credits");
		});
	}

	document.addEventListener("change", function (e) {
		if (e.target.closest("#paths") || /^(limit|include|exclude)$/.test(e.target.id))
			quote();
	});

	document.addEventListener("platen:looked", quote);
	startCount();
	awaitQuote();
	quote();
}());
