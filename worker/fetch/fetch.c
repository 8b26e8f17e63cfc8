#include "worker/fetch/fetch.h"

#include "core/clock.h"
#include "core/log.h"
#include "worker/fetch/fetch_transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A signal does not wake curl, so the stop flag is looked at so often. */
#define STOP_MS 250

/* Rounds of ends and starts in one poll before others get their turn. */
#define ROUNDS 4

/* A host's queue is counted so far: no permit is for more. */
#define WANT_MAX 32

/* ---- where a host leads ------------------------------------------------ */

/* Parts between the colons outside of brackets; ports are numbers or empty. */
static bool
is_connect_to_entry(const char *s)
{
	int parts = 1, depth = 0;

	for (const char *p = s; *p != '\0'; p++) {
		bool port = parts == 2 || parts == 4;

		if (*p == '[')
			depth++;
		else if (*p == ']')
			depth--;
		else if (*p == ':' && depth == 0)
			parts++;
		else if (port && (*p < '0' || *p > '9'))
			return false;
		if (depth < 0 || depth > 1)
			return false;
	}
	return parts == 4 && depth == 0;
}

/* part_length: the length of what stands before the next colon outside
 * brackets. */
static size_t
part_length(const char *s)
{
	size_t n = 0;

	if (*s == '[')
		n = strcspn(s, "]");
	return n + strcspn(s + n, ":");
}

bool
fetch_is_routed(const struct fetcher *f, const struct url *u)
{
	for (const struct curl_slist *e = f->connect_to; e != NULL;
	     e = e->next) {
		size_t n = part_length(e->data);
		const char *port = e->data + n + 1;
		bool any_port = *port == ':';

		/* What is left empty fits all. */
		if (n > 0 && (strlen(u->host) != n ||
				 strncasecmp(e->data, u->host, n) != 0))
			continue;
		if (any_port || strtol(port, NULL, 10) == u->port)
			return true;
	}
	return false;
}

static enum rc
fetch_connect_to(struct fetcher *f, const char *list, const char **why)
{
	static const char separators[] = ", \t\r\n";
	struct curl_slist *more;
	char *entry;
	size_t n;

	for (list += strspn(list, separators); *list != '\0';
	     list += strspn(list, separators)) {
		n = strcspn(list, separators);
		entry = arena_strndup(&f->a, list, n);
		list += n;
		if (!is_connect_to_entry(entry)) {
			*why = "An entry is not host:port:address:port, for "
			       "example example.org:443:10.0.0.1:8443.";
			return E_INPUT;
		}
		more = curl_slist_append(f->connect_to, entry);
		if (more == NULL)
			fatal("out of memory");
		f->connect_to = more;
	}
	return OK;
}

/* ---- the beginning and the end ------------------------------------------- */

static const char *
copy_string(struct arena *a, const char *s)
{
	return s != NULL ? arena_strdup(a, s) : NULL;
}

static void
add_header(struct fetcher *f, const char *name, const char *value)
{
	struct curl_slist *more;

	if (value == NULL)
		return;
	more = curl_slist_append(
	    f->headers, arena_printf(&f->a, "%s: %s", name, value));
	if (more == NULL)
		fatal("out of memory");
	f->headers = more;
}

static void
open_multi(struct fetcher *f)
{
	const struct fetch_policy *p = &f->policy;

	f->multi = curl_multi_init();
	if (f->multi == NULL)
		fatal("out of memory");
	/*
	 * No limit of curl's own per host: a transfer that it holds back is
	 * served last come, first served, while its time runs.  The hosts'
	 * queues hold back.
	 */
	curl_multi_setopt(
	    f->multi, CURLMOPT_MAXCONNECTS, (long)p->max_in_flight * 2);
	f->transfers =
	    arena_array(&f->a, (size_t)p->max_in_flight, sizeof(*f->transfers));
	for (int i = p->max_in_flight - 1; i >= 0; i--) {
		f->transfers[i].next = f->idle;
		f->idle = &f->transfers[i];
	}
}

enum rc
fetcher_new(
    const struct fetch_policy *p, struct fetcher **out, const char **why)
{
	struct fetcher *f = calloc(1, sizeof(*f));
	enum rc rc;

	if (f == NULL)
		fatal("out of memory");
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		fatal("curl does not start");
	f->policy = *p;
	if (f->policy.max_in_flight < 1 || f->policy.max_per_host < 1)
		BUG("a fetcher that may fetch nothing");
	f->policy.user_agent = copy_string(&f->a, p->user_agent);
	f->policy.ca_file = copy_string(&f->a, p->ca_file);
	f->ended_tail = &f->ended;
	if (p->permit == NULL)
		f->permits = permits_new();
	rc = fetch_connect_to(f, p->connect_to ? p->connect_to : "", why);
	if (rc != OK) {
		fetcher_free(f);
		return rc;
	}
	add_header(f, "Accept", p->accept);
	add_header(f, "Accept-Language", p->accept_language);
	open_multi(f);
	*out = f;
	return OK;
}

static void
free_tasks(struct fetch_task *k)
{
	struct fetch_task *next;

	for (; k != NULL; k = next) {
		next = k->next;
		buf_release(&k->body);
		arena_release(&k->a);
		free(k);
	}
}

/* Others need not wait until our shares run out. */
static void
permits_return(struct fetcher *f)
{
	for (struct fetch_host *h = f->hosts; h != NULL; h = h->next) {
		if (h->permit.share == 0 || f->policy.permit == NULL)
			continue;
		h->told.in_flight = h->told.want = 0;
		f->policy.permit(f->policy.ctx, &h->told);
	}
}

void
fetcher_free(struct fetcher *f)
{
	if (f == NULL)
		return;
	permits_return(f);
	permits_free(f->permits);
	for (int i = 0; f->transfers != NULL && i < f->policy.max_in_flight;
	     i++) {
		if (f->transfers[i].task != NULL)
			f->transfers[i].task->next = NULL;
		free_tasks(f->transfers[i].task);
		fetch_transfer_release(&f->transfers[i]);
	}
	for (struct fetch_host *h = f->hosts; h != NULL; h = h->next)
		free_tasks(h->queue);
	free_tasks(f->ended);
	free_tasks(f->spare);
	if (f->multi != NULL)
		curl_multi_cleanup(f->multi);
	curl_slist_free_all(f->headers);
	curl_slist_free_all(f->connect_to);
	arena_release(&f->a);
	curl_global_cleanup();
	free(f);
}

/* ---- queues -------------------------------------------------------------- */

/* fetch_host_of: the host of u, made when it is new. */
static struct fetch_host *
fetch_host_of(struct fetcher *f, const struct url *u)
{
	char name[300];
	struct fetch_host *h, **at;

	if (url_port_is_default(u))
		snprintf(name, sizeof(name), "%s", u->host);
	else
		snprintf(name, sizeof(name), "%s:%d", u->host, u->port);
	for (at = &f->hosts; (h = *at) != NULL; at = &h->next)
		if (strcmp(h->name, name) == 0)
			break;
	if (h == NULL) {
		h = arena_alloc(&f->a, sizeof(*h));
		fetch_host_init(h, &f->policy, arena_strdup(&f->a, name));
	} else {
		*at = h->next;
	}
	/* The one asked last is likely asked next. */
	h->next = f->hosts;
	f->hosts = h;
	return h;
}

static void
task_queue(struct fetcher *f, struct fetch_task *k, bool front)
{
	struct fetch_host *h = k->host = fetch_host_of(f, &k->at);

	if (front) {
		k->next = h->queue;
		h->queue = k;
		if (k->next == NULL)
			h->tail = &k->next;
	} else {
		k->next = NULL;
		*h->tail = k;
		h->tail = &k->next;
	}
}

/* The first that may start now; *wake is lowered to when the others may. */
static struct fetch_task *
task_unqueue(struct fetch_host *h, int64_t now, int64_t *wake)
{
	struct fetch_task *k, **at;

	for (at = &h->queue; (k = *at) != NULL; at = &k->next) {
		if (k->not_before > now && !h->given_up) {
			if (k->not_before < *wake)
				*wake = k->not_before;
			continue;
		}
		*at = k->next;
		if (*at == NULL)
			h->tail = at;
		return k;
	}
	return NULL;
}

static struct fetch_task *
new_task(struct fetcher *f)
{
	struct fetch_task *k = f->spare;

	if (k == NULL) {
		k = calloc(1, sizeof(*k));
		if (k == NULL)
			fatal("out of memory");
		arena_init(&k->a);
		buf_init(&k->body, 0);
		return k;
	}
	f->spare = k->next;
	*k = (struct fetch_task){.a = k->a, .body = k->body};
	buf_clear(&k->body);
	return k;
}

static void
task_ended(struct fetcher *f, struct fetch_task *k)
{
	k->next = NULL;
	*f->ended_tail = k;
	f->ended_tail = &k->next;
}

void
fetcher_add(struct fetcher *f, const char *url, void *user,
    const struct fetch_opts *opts)
{
	struct fetch_task *k = new_task(f);
	struct fetch_result *r = &k->result;

	k->user = user;
	if (opts != NULL)
		k->opts = *opts;
	r->body = &k->body;
	r->type = r->charset = r->etag = r->last_modified = "";
	r->robots_tag = "";
	f->pending++;
	if (url_parse(&k->a, url, &k->first) != OK) {
		r->url = r->final_url = arena_strdup(&k->a, url);
		fetch_explain(f, k, FETCH_BAD_URL, NULL);
		task_ended(f, k);
		return;
	}
	k->at = k->first;
	r->url = r->final_url = k->first.text;
	task_queue(f, k, false);
}

size_t
fetcher_pending(const struct fetcher *f)
{
	return f->pending;
}

void
fetcher_delay(struct fetcher *f, const struct url *u, long delay_ms)
{
	struct fetch_host *h = fetch_host_of(f, u);

	h->told.delay_ms =
	    delay_ms > f->policy.delay_ms ? delay_ms : f->policy.delay_ms;
	h->told.knows_delay = true;
	h->ask = 0;
	h->permit.starts = 0;
}

/* ---- permits ------------------------------------------------------------- */

/* How many of the host's could start now; *wake as in unqueue. */
static int
count_wanted(const struct fetch_host *h, int64_t now, int64_t *wake)
{
	int n = 0;

	for (const struct fetch_task *k = h->queue; k != NULL && n < WANT_MAX;
	     k = k->next) {
		if (k->not_before <= now)
			n++;
		else if (k->not_before < *wake)
			*wake = k->not_before;
	}
	return n;
}

static void
ask_permit(struct fetcher *f, struct fetch_host *h, int64_t now)
{
	struct permit p;

	if (f->policy.permit != NULL) {
		f->policy.permit(f->policy.ctx, &h->told);
	} else {
		permits_ask(f->permits, "me", &h->told, now * 1000, &p);
		fetch_host_permit(h, &p, now);
	}
	h->told.good = 0;
	h->told.bad = false;
	h->told.pause_ms = h->told.refused_s = 0;
}

/* Asks for what is due; returns when to look again. */
static int64_t
ask_permits(struct fetcher *f, int64_t now)
{
	int64_t wake = INT64_MAX;

	for (struct fetch_host *h = f->hosts; h != NULL; h = h->next)
		if (fetch_host_asks(
			h, &f->policy, count_wanted(h, now, &wake), now, &wake))
			ask_permit(f, h, now);
	return wake;
}

void
fetcher_permit(struct fetcher *f, const char *host, const struct permit *p)
{
	for (struct fetch_host *h = f->hosts; h != NULL; h = h->next)
		if (strcmp(h->name, host) == 0 && h->asked != 0)
			fetch_host_permit(h, p, clock_ms());
}

/* ---- running ------------------------------------------------------------- */

static void
task_start(struct fetcher *f, struct fetch_task *k, int64_t now)
{
	struct fetch_transfer *t = f->idle;

	f->idle = t->next;
	if (t->easy == NULL)
		fetch_transfer_init(f, t);
	if (k->begun == 0)
		k->begun = now;
	f->in_flight++;
	fetch_host_started(k->host, now);
	fetch_transfer_start(t, k);
}

static bool
is_https(const struct fetch_task *k)
{
	return strcmp(k->at.scheme, "https") == 0;
}

/* Whether one more of the host's was started or ended. */
static bool
fetcher_start_one(
    struct fetcher *f, struct fetch_host *h, int64_t now, int64_t *wake)
{
	struct fetch_task *k;
	int64_t at;

	if (h->queue == NULL)
		return false;
	at = fetch_host_ready(h, now);
	/* Its first connection tells whether it carries many at once. */
	if (at == 0 && h->tls == TLS_UNKNOWN && h->in_flight > 0 &&
	    is_https(h->queue) && !h->given_up)
		return false;
	if (at != 0) {
		if (at < *wake)
			*wake = at;
		return false;
	}
	k = task_unqueue(h, now, wake);
	if (k == NULL)
		return false;
	if (h->given_up) {
		fetch_explain(f, k, FETCH_GAVE_UP, NULL);
		task_ended(f, k);
	} else {
		task_start(f, k, now);
	}
	return true;
}

/* Whether what is being read leaves room for more. */
static bool
has_room(const struct fetcher *f)
{
	size_t bytes = 0;

	if (f->policy.room == NULL)
		return true;
	for (int i = 0; i < f->policy.max_in_flight; i++)
		if (f->transfers[i].task != NULL)
			bytes += f->transfers[i].task->body.len;
	return f->policy.room(f->policy.ctx, bytes);
}

/* Starts what is permitted, the hosts in turn; whether that was any. */
static bool
start_permitted(struct fetcher *f, int64_t now, int64_t *wake)
{
	bool more = has_room(f), any = false;

	while (more && f->in_flight < (size_t)f->policy.max_in_flight) {
		more = false;
		for (struct fetch_host *h = f->hosts;
		     h != NULL &&
		     f->in_flight < (size_t)f->policy.max_in_flight;
		     h = h->next)
			more |= fetcher_start_one(f, h, now, wake);
		any |= more;
	}
	return any;
}

/* Asks for permits and starts what may start; returns when to look again. */
static int64_t
fetcher_start_some(struct fetcher *f, int64_t now)
{
	int64_t wake, asked = ask_permits(f, now);

	do {
		wake = asked;
		if (!start_permitted(f, now, &wake))
			break;
		/* What was permitted may be used up. */
		asked = ask_permits(f, now);
	} while (f->policy.permit == NULL);
	return wake < asked ? wake : asked;
}

static void
transfer_finish(struct fetcher *f, struct fetch_transfer *t, CURLcode code)
{
	struct fetch_task *k = t->task;
	int64_t now = clock_ms();
	enum fetch_next next;

	fetch_host_ended(k->host, now);
	k->host->own |= t->watch.allowed;
	if (is_https(k))
		k->host->tls = fetch_transfer_tls(t);
	f->in_flight--;
	next = fetch_transfer_decide(t, code, now);
	if (curl_multi_remove_handle(f->multi, t->easy) != CURLM_OK)
		BUG("curl lost a transfer");
	t->task = NULL;
	t->next = f->idle;
	f->idle = t;
	if (next == NEXT_END) {
		k->result.ms = (long)(now - k->begun);
		task_ended(f, k);
	} else {
		task_queue(f, k, true);
	}
}

/* Calls done for what has ended; whether there was any. */
static bool
fetcher_deliver(struct fetcher *f)
{
	struct fetch_task *k;
	bool any = false;

	while ((k = f->ended) != NULL) {
		f->ended = k->next;
		if (f->ended == NULL)
			f->ended_tail = &f->ended;
		f->pending--;
		any = true;
		f->policy.done(f->policy.ctx, k->user, &k->result);
		arena_reset(&k->a);
		if (k->body.cap > FETCH_KEPT_BYTES)
			buf_release(&k->body);
		k->next = f->spare;
		f->spare = k;
	}
	return any;
}

/* One round: move transfers on, take what ended, call back. */
static bool
fetcher_turn(struct fetcher *f)
{
	CURLMsg *m;
	int left;

	if (f->in_flight > 0 && curl_multi_perform(f->multi, &left) != CURLM_OK)
		BUG("curl cannot go on");
	while ((m = curl_multi_info_read(f->multi, &left)) != NULL) {
		struct fetch_transfer *t = NULL;
		CURLcode code = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &t);
		transfer_finish(f, t, code);
	}
	return fetcher_deliver(f);
}

static bool
is_stopped(const struct fetcher *f)
{
	return f->policy.stop != NULL && *f->policy.stop != 0;
}

enum rc
fetcher_poll(
    struct fetcher *f, struct curl_waitfd *extra, unsigned n, long timeout_ms)
{
	int64_t now = clock_ms(), wake, wait = timeout_ms;
	bool any = false, more = true;
	int left;

	for (int i = 0; i < ROUNDS && more && !is_stopped(f); i++) {
		(void)fetcher_start_some(f, now);
		more = fetcher_turn(f);
		any |= more;
	}
	if (is_stopped(f))
		return E_STOPPED;
	now = clock_ms();
	wake = fetcher_start_some(f, now);
	if (any || f->ended != NULL || (f->pending == 0 && n == 0))
		wait = 0;
	else if (wake - now < wait)
		wait = wake - now;
	if (f->policy.stop != NULL && wait > STOP_MS)
		wait = STOP_MS;
	if (n > 0 || wait > 0) {
		if (curl_multi_poll(f->multi, extra, n, (int)wait, &left) !=
		    CURLM_OK)
			BUG("curl cannot wait");
		(void)fetcher_turn(f);
	}
	return is_stopped(f) ? E_STOPPED : OK;
}
