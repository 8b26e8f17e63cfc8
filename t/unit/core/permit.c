/*
 * permit: a host is asked no faster and by no more requests at once than it
 * was to be, however many jobs ask; and none of them waits for ever.
 */
#include "t/tap.h"

#include "core/permit.h"

#include <string.h>

#define MS 1000LL

static struct permits *p;
static int64_t now; /* us */

static struct permit_ask
question(int in_flight, int want)
{
	return (struct permit_ask){.host = "a.example",
	    .in_flight = in_flight,
	    .want = want,
	    .window = 8,
	    .refusals = 3};
}

static struct permit
ask(const char *who, struct permit_ask q)
{
	struct permit out;

	permits_ask(p, who, &q, now, &out);
	return out;
}

static void
begin(void)
{
	permits_free(p);
	p = permits_new();
	now = 1000000 * MS;
}

static void
shares_the_window(void)
{
	struct permit a, b;

	begin();
	a = ask("a", question(0, 20));
	ok(a.share == 8 && a.starts == PERMIT_ANY && a.wait_ms == 0,
	    "who is alone has the whole window, at once");
	b = ask("b", question(0, 20));
	ok(b.share == 0 && b.starts == 0 && b.wait_ms <= 100,
	    "a second waits until the first has heard of it");
	now += 500 * MS;
	a = ask("a", question(8, 20));
	is_int(a.share, 8, "what is in flight stays");
	a = ask("a", question(3, 20));
	is_int(a.share, 4, "then each has half");
	b = ask("b", question(0, 20));
	is_int(b.share, 4, "the second, too");
	now += 500 * MS;
	ask("a", question(0, 0));
	b = ask("b", question(4, 20));
	is_int(b.share, 8, "until the first leaves");
	a = ask("c", question(0, 1));
	now += 3500 * MS;
	b = ask("c", question(0, 1));
	is_int(b.share, 8, "who died has no share any more");
}

/* With a delay: n requests of each of several jobs, and when they start. */
static void
keeps_the_delay(void)
{
	static const char *const who[] = {"a", "b", "c"};
	int64_t next[3] = {0}, ends[3] = {0}, last = 0, least = INT64_MAX;
	int started[3] = {0}, at_once = 0, most = 0;

	begin();
	for (int64_t until = now + 60000 * MS; now < until; now += 5 * MS) {
		for (int i = 0; i < 3; i++) {
			struct permit_ask q = question(ends[i] > now, 5);
			struct permit out;

			if (ends[i] != 0 && ends[i] <= now) {
				ends[i] = 0;
				at_once--;
				next[i] = now;
			}
			if (now < next[i])
				continue;
			q.in_flight = ends[i] != 0;
			q.delay_ms = 1000;
			q.knows_delay = i == 0;
			out = ask(who[i], q);
			next[i] = now + (out.starts ? 500 : out.wait_ms) * MS;
			if (out.starts == 0)
				continue;
			if (last != 0 && now + out.wait_ms * MS - last < least)
				least = now + out.wait_ms * MS - last;
			last = now + out.wait_ms * MS;
			ends[i] = now + 300 * MS;
			started[i] += out.starts;
			if (++at_once > most)
				most = at_once;
		}
	}
	is_int(most, 1, "with a delay there is one request at a time");
	ok(least >= 995 * MS, "a second apart: %lld us", (long long)least);
	ok(started[0] + started[1] + started[2] >= 50, "and hardly more: %d",
	    started[0] + started[1] + started[2]);
	ok(started[0] >= 14 && started[1] >= 14 && started[2] >= 14,
	    "three jobs take turns: %d %d %d", started[0], started[1],
	    started[2]);
}

static void
keeps_the_ceiling(void)
{
	struct permit_ask q = question(0, 30);
	struct permit out;
	int n = 0;

	begin();
	q.gap_us = 100 * MS;
	for (int64_t until = now + 10000 * MS; now < until; now += 50 * MS) {
		n += ask("a", q).starts;
		n += ask("b", q).starts;
	}
	ok(n >= 95 && n <= 110, "ten a second for two jobs are %d in ten", n);
	out = ask("a", q);
	is_int(out.gap_us, 100 * MS, "at even times");
	begin();
	out = ask("a", q);
	is_int(out.starts, 6, "several at one question");
}

static void
tells_others(void)
{
	struct permit_ask q = question(1, 5);
	struct permit out;

	begin();
	ask("a", question(0, 5));
	q.bad = true;
	q.pause_ms = 5000;
	ask("a", q);
	out = ask("b", question(0, 5));
	ok(out.starts == 0, "a host that one was told to leave alone");
	now += 5100 * MS;
	out = ask("b", question(0, 5));
	ok(out.starts > 0 && out.share == 4,
	    "is for that time, and then by fewer: %d", out.share);
	for (int i = 0; i < 40; i++) {
		q = question(4, 5);
		q.good = 4;
		out = ask("b", q);
	}
	is_int(out.share, 8, "until it was well for a while");
	/* A rest that is longer than anybody waits. */
	for (int i = 0; i < 3; i++) {
		q = question(1, 5);
		q.bad = true;
		q.pause_ms = 100;
		q.refused_s = 3600;
		out = ask("b", q);
		now += 200 * MS;
	}
	is_int(out.gave_up_s, 3601, "a rest that a host asked for three times");
	now += 600 * 1000 * MS;
	out = ask("c", question(0, 5));
	ok(out.gave_up_s > 2990 && out.gave_up_s <= 3001,
	    "is given to it by orders that come later, too");
	now += 3000 * 1000 * MS;
	out = ask("c", question(0, 5));
	ok(out.gave_up_s == 0 && out.share == 1 && out.starts > 0,
	    "and then it is asked for one page, to see");
	q = question(1, 5);
	q.good = 1;
	out = ask("c", q);
	ok(out.share > 1, "and is well again");
}

/* More jobs than the window has places. */
static void
takes_turns(void)
{
	int had[6] = {0}, over = 0, share[6] = {0};

	begin();
	for (int64_t until = now + 30000 * MS; now < until; now += 100 * MS) {
		int sum = 0;

		for (int i = 0; i < 6; i++) {
			struct permit_ask q = question(0, 5);
			char who[2] = {(char)('a' + i), '\0'};

			q.window = 2;
			share[i] = ask(who, q).share;
			had[i] += share[i];
		}
		for (int i = 0; i < 6; i++)
			sum += share[i];
		over += sum > 2;
	}
	is_int(over, 0, "six jobs on a window of two are never three at once");
	for (int i = 0; i < 6; i++)
		ok(had[i] >= 50, "and job %d has its turns: %d", i, had[i]);
}

static void
is_bounded(void)
{
	struct permit_ask q = question(0, 1);
	char host[40], who[40];

	begin();
	for (int i = 0; i < 5000; i++) {
		snprintf(host, sizeof(host), "h%d.example", i);
		snprintf(who, sizeof(who), "w%d", i);
		q.host = host;
		ask(who, q);
		q.host = "one.example";
		ask(who, q);
	}
	ok(ask("x", question(0, 1)).share > 0, "thousands of hosts and askers");
}

int
main(void)
{
	shares_the_window();
	keeps_the_delay();
	keeps_the_ceiling();
	tells_others();
	takes_turns();
	is_bounded();
	permits_free(p);
	return done();
}
