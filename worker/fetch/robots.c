#include "worker/fetch/robots.h"

#include "core/buf.h"
#include "core/text.h"
#include "worker/fetch/robots_index.h"
#include "worker/fetch/robots_rule.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/*
 * Longer lines are cut, as the most used parser cuts them: eight times the
 * longest URL browsers once took.
 */
#define LINE_BYTES (2083 * 8 - 1)

struct rules {
	struct robots_rule *at;
	size_t n, cap;
	const char *agent; /* as named in the file; NULL: no such group */
	long delay_ms;
	struct robots_index *index; /* of at, once all are there */
};

struct robots {
	struct rules named, any; /* our agent's, and those of "*" */
	const char **sitemaps;
	size_t sitemap_n, sitemap_cap;
	bool truncated;
};

struct parse {
	struct arena *a;
	struct robots *r;
	const char *agent;
	bool in_named, in_any; /* whom the present group is for */
	bool in_rules;         /* a further User-agent begins a group */
	bool cut;              /* the last line may lack its end */
	int line;
};

struct robots_line {
	const char *key, *value;
	size_t key_n, value_n;
};

static void
trim_bytes(const char **s, size_t *n)
{
	while (*n > 0 && text_is_ascii_space((*s)[0])) {
		(*s)++;
		(*n)--;
	}
	while (*n > 0 && text_is_ascii_space((*s)[*n - 1]))
		(*n)--;
}

/* Where key and value part: at ":"; else at the space between two words. */
static size_t
separator_offset(const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	size_t at = 0, next;

	if (colon != NULL)
		return (size_t)(colon - s);
	while (at < n && s[at] != ' ' && s[at] != '\t')
		at++;
	for (next = at; next < n && (s[next] == ' ' || s[next] == '\t');)
		next++;
	/* More than two words are prose. */
	for (; next < n; next++)
		if (s[next] == ' ' || s[next] == '\t')
			return n;
	return at;
}

/* Takes "key: value # comment" apart; false for anything else. */
static bool
split_line(const char *s, size_t n, struct robots_line *out)
{
	const char *comment;
	size_t at;

	n = strnlen(s, n);
	comment = memchr(s, '#', n);
	if (comment != NULL)
		n = (size_t)(comment - s);
	trim_bytes(&s, &n);
	at = separator_offset(s, n);
	if (at == n)
		return false;
	out->key = s;
	out->key_n = at;
	out->value = s + at + 1;
	out->value_n = n - at - 1;
	trim_bytes(&out->key, &out->key_n);
	trim_bytes(&out->value, &out->value_n);
	return out->key_n > 0;
}

/* Whether the key begins with one of the words, as it is often misspelt. */
static bool
is_key(const struct robots_line *l, const char *const *words)
{
	for (; *words != NULL; words++) {
		size_t n = strlen(*words);

		if (l->key_n >= n && strncasecmp(l->key, *words, n) == 0)
			return true;
	}
	return false;
}

static const char *const user_agent_keys[] = {
    "user-agent", "useragent", "user agent", NULL};
static const char *const allow_keys[] = {"allow", NULL};
static const char *const disallow_keys[] = {"disallow", "dissallow", "dissalow",
    "disalow", "diasllow", "disallaw", NULL};
static const char *const sitemap_keys[] = {"sitemap", "site-map", NULL};
static const char *const delay_keys[] = {
    "crawl-delay", "crawldelay", "crawl delay", NULL};

/* ---- patterns ------------------------------------------------------------ */

static struct robots_rule *
add_rule(struct arena *a, struct rules *to)
{
	if (to->n == to->cap) {
		size_t cap = to->cap ? to->cap * 2 : 16;
		struct robots_rule *more = arena_array(a, cap, sizeof(*more));

		if (to->n > 0)
			memcpy(more, to->at, to->n * sizeof(*more));
		to->at = more;
		to->cap = cap;
	}
	return &to->at[to->n++];
}

static void
parse_pattern(struct parse *p, const struct robots_line *l, const char *s,
    size_t n, bool allow)
{
	struct rules *to = p->in_named ? &p->r->named : &p->r->any;
	struct robots_rule *r;

	/* An empty pattern takes nothing. */
	if (n == 0)
		return;
	r = add_rule(p->a, to);
	r->allow = allow;
	r->line = p->line;
	r->text = arena_printf(p->a, "%s: %.*s", allow ? "Allow" : "Disallow",
	    (int)l->value_n, l->value);
	robots_rule_compile(p->a, r, s, n);
}

static void
parse_rule(struct parse *p, const struct robots_line *l, bool allow)
{
	static const char index[] = "/index.htm";
	const char *slash = memrchr(l->value, '/', l->value_n);
	char *folder;
	size_t n;

	if (!p->in_named && !p->in_any)
		return;
	p->in_rules = true;
	parse_pattern(p, l, l->value, l->value_n, allow);
	if (!allow || slash == NULL)
		return;
	/* Who allows the index page means the folder too. */
	n = (size_t)(slash - l->value) + 1;
	if (l->value_n - n + 1 < sizeof(index) - 1 ||
	    memcmp(slash, index, sizeof(index) - 1) != 0)
		return;
	folder = arena_strndup(p->a, l->value, n + 1);
	folder[n] = '$';
	parse_pattern(p, l, folder, n + 1, allow);
}

/* ---- groups -------------------------------------------------------------- */

/* The product token of a User-agent line: letters, "-" and "_". */
static size_t
token_length(const char *s, size_t n)
{
	size_t k = 0;

	while (k < n && (s[k] == '-' || s[k] == '_' ||
			    ((s[k] | 0x20) >= 'a' && (s[k] | 0x20) <= 'z')))
		k++;
	return k;
}

static void
parse_agent(struct parse *p, const struct robots_line *l)
{
	size_t n;

	if (p->in_rules)
		p->in_named = p->in_any = p->in_rules = false;
	if (l->value_n > 0 && l->value[0] == '*' &&
	    (l->value_n == 1 || text_is_ascii_space(l->value[1]))) {
		p->in_any = true;
		p->r->any.agent = "*";
		return;
	}
	n = token_length(l->value, l->value_n);
	if (strlen(p->agent) != n || strncasecmp(l->value, p->agent, n) != 0)
		return;
	p->in_named = true;
	p->r->named.agent = arena_strndup(p->a, l->value, n);
}

/* Seconds, maybe with a fraction; the largest of several is obeyed. */
static void
parse_delay(struct parse *p, const struct robots_line *l)
{
	struct rules *to = p->in_named ? &p->r->named : &p->r->any;
	long ms = 0, unit = 100;
	size_t i = 0;

	if ((!p->in_named && !p->in_any) || l->value_n == 0 ||
	    l->value[0] < '0' || l->value[0] > '9')
		return;
	for (; i < l->value_n && l->value[i] >= '0' && l->value[i] <= '9'; i++)
		if (ms < 1000000)
			ms = ms * 10 + (l->value[i] - '0');
	ms *= 1000;
	if (i < l->value_n && l->value[i] == '.')
		while (++i < l->value_n && l->value[i] >= '0' &&
		       l->value[i] <= '9') {
			ms += unit * (l->value[i] - '0');
			unit /= 10;
		}
	if (ms > to->delay_ms)
		to->delay_ms = ms;
}

static void
parse_sitemap(struct parse *p, const struct robots_line *l)
{
	struct robots *r = p->r;

	if (l->value_n == 0)
		return;
	if (r->sitemap_n == r->sitemap_cap) {
		size_t cap = r->sitemap_cap ? r->sitemap_cap * 2 : 8;
		const char **more = arena_array(p->a, cap, sizeof(*more));

		if (r->sitemap_n > 0)
			memcpy(more, r->sitemaps, r->sitemap_n * sizeof(*more));
		r->sitemaps = more;
		r->sitemap_cap = cap;
	}
	r->sitemaps[r->sitemap_n++] = arena_strndup(p->a, l->value, l->value_n);
}

/* Other keys, and Sitemap, do not end a group of User-agent lines. */
static void
parse_line(struct parse *p, const char *s, size_t n)
{
	struct robots_line l;

	p->line++;
	if (!split_line(s, n < LINE_BYTES ? n : LINE_BYTES, &l))
		return;
	if (is_key(&l, user_agent_keys))
		parse_agent(p, &l);
	else if (is_key(&l, allow_keys))
		parse_rule(p, &l, true);
	else if (is_key(&l, disallow_keys))
		parse_rule(p, &l, false);
	else if (is_key(&l, sitemap_keys))
		parse_sitemap(p, &l);
	else if (is_key(&l, delay_keys))
		parse_delay(p, &l);
}

static void
rules_arrange(struct arena *a, struct rules *r)
{
	if (r->n > 1)
		qsort(r->at, r->n, sizeof(*r->at), robots_rule_compare);
	r->index = robots_index_new(a, r->at, r->n);
}

static void
parse_lines(struct parse *p, const char *text, size_t len)
{
	static const char bom[] = "\xef\xbb\xbf";
	const char *end = text + len;

	for (int i = 0; i < 3 && text < end && *text == bom[i]; i++)
		text++;
	while (text < end) {
		size_t n = 0, rest = (size_t)(end - text);

		while (n < rest && text[n] != '\n' && text[n] != '\r')
			n++;
		if (n == rest && p->cut)
			return;
		parse_line(p, text, n);
		if (n == rest)
			return;
		if (rest - n > 1 && text[n] == '\r' && text[n + 1] == '\n')
			n++;
		text += n + 1;
	}
}

static struct robots *
parse_for(struct arena *a, const char *text, size_t len, const char *agent,
    size_t max)
{
	struct robots *r = arena_alloc(a, sizeof(*r));
	struct parse p = {.a = a, .r = r, .agent = agent};

	r->named.delay_ms = r->any.delay_ms = -1;
	r->truncated = len > max;
	/* Who fetched no more than max bytes cannot know either. */
	p.cut = len >= max;
	if (len > 0)
		parse_lines(&p, text, len < max ? len : max);
	rules_arrange(a, &r->named);
	rules_arrange(a, &r->any);
	return r;
}

struct robots *
robots_parse(struct arena *a, const char *text, size_t len, const char *agents,
    size_t max)
{
	struct robots *r = NULL;

	do {
		size_t n = strcspn(agents, ",");
		const char *s = agents;
		size_t k = n;

		trim_bytes(&s, &k);
		/* "platen/1.0" is the product token "platen". */
		if (memchr(s, '/', k) != NULL)
			k = (size_t)((const char *)memchr(s, '/', k) - s);
		r = parse_for(a, text, len, arena_strndup(a, s, k), max);
		agents += n + (agents[n] == ',');
	} while (r->named.agent == NULL && *agents != '\0');
	return r;
}

struct robots *
robots_uniform(struct arena *a, bool allowed)
{
	static const char none[] = "User-agent: *\nDisallow: /\n";

	return parse_for(a, none, allowed ? 0 : sizeof(none) - 1, "", SIZE_MAX);
}

bool
robots_status_forbids_all(int status)
{
	return status >= 500 || status == 429;
}

/* ---- answers ------------------------------------------------------------- */

/*
 * Path and query of a URL, which also begin at "?" or ";" after the host; no
 * fragment.  *slash: it lacks the "/" at its start.
 */
static size_t
target_of(const char *url, const char **out, bool *slash)
{
	const char *scheme = strstr(url, "://");
	size_t n;

	if (url[0] == '/' && url[1] == '/')
		url += 2;
	if (scheme != NULL && strcspn(url, "/?;#") > (size_t)(scheme - url))
		url = scheme + 3;
	url += strcspn(url, "/?;#");
	n = strcspn(url, "#");
	*out = url;
	*slash = n == 0 || url[0] != '/';
	return n;
}

static void
rules_judge(const struct rules *rules, const char *t, size_t n,
    struct robots_verdict *v)
{
	struct robots_found found = robots_index_find(rules->index, t, n);

	v->agent = rules->agent;
	v->steps = found.steps;
	v->unsure = found.unsure;
	if (found.unsure) {
		v->allowed = false;
		v->rule = "it has more rules with \"*\" than can be compared "
			  "with this address";
	} else if (found.rule != NULL) {
		v->allowed = found.rule->allow;
		v->rule = found.rule->text;
		v->line = found.rule->line;
	}
}

struct robots_verdict
robots_check(const struct robots *r, const char *url)
{
	struct robots_verdict v = {.allowed = true};
	const char *target;
	struct buf b;
	bool slash;
	size_t n = target_of(url, &target, &slash);

	/* Who may not read it could not know (RFC 9309, 2.2.2). */
	if (n == 11 && memcmp(target, "/robots.txt", 11) == 0)
		return v;
	buf_init(&b, SIZE_MAX / 8);
	if (slash)
		buf_addc(&b, '/');
	(void)robots_normalize(&b, target, n);
	rules_judge(
	    r->named.agent != NULL ? &r->named : &r->any, b.data, b.len, &v);
	buf_release(&b);
	return v;
}

long
robots_delay_ms(const struct robots *r)
{
	return r->named.agent != NULL ? r->named.delay_ms : r->any.delay_ms;
}

const char *const *
robots_sitemaps(const struct robots *r, size_t *n)
{
	*n = r->sitemap_n;
	return r->sitemaps;
}

bool
robots_truncated(const struct robots *r)
{
	return r->truncated;
}
