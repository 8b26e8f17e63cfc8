/* A comparison as JSON and as text. */
#include "core/buf.h"
#include "fcgi/diff.h"
#include "fcgi/request.h"

#include <string.h>

static struct json_object *
link_json(const struct llms_file *f, const struct llms_link *l)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "url", l->url);
	json_put_str(o, "title", l->title);
	json_put_str(o, "description", l->text);
	json_put_str(o, "section", llms_section_name(f, l));
	return o;
}

static struct json_object *
links_json(const struct llms_file *f, const struct llms_link *const *v,
    size_t n, size_t offset, size_t limit)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = offset; i < n && i - offset < limit; i++)
		json_object_array_add(list, link_json(f, v[i]));
	return list;
}

/* {"before":...,"after":...} */
static struct json_object *
before_after(const char *before, const char *after)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "before", before);
	json_put_str(o, "after", after);
	return o;
}

/* What did not change is null. */
static struct json_object *
change_json(const struct diff *diff, const struct llms_change *c)
{
	struct json_object *o = json_object_new_object();
	const char *was = llms_section_name(&diff->before, c->before);
	const char *is = llms_section_name(&diff->after, c->after);

	json_put_str(o, "url", c->after->url);
	json_put_str(o, "name", c->after->title);
	json_put(o, "title",
	    c->what & LLMS_TITLE
		? before_after(c->before->title, c->after->title)
		: NULL);
	json_put(o, "description",
	    c->what & LLMS_TEXT ? before_after(c->before->text, c->after->text)
				: NULL);
	json_put(o, "section",
	    c->what & LLMS_SECTION ? before_after(was, is) : NULL);
	return o;
}

static struct json_object *
changes_json(const struct diff *diff, size_t offset, size_t limit)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = offset; i < diff->d.nchanged && i - offset < limit; i++)
		json_object_array_add(
		    list, change_json(diff, &diff->d.changed[i]));
	return list;
}

static struct json_object *
file_texts(const struct llms_file *f)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < f->ninfo; i++)
		json_object_array_add(list, json_object_new_string(f->info[i]));
	return list;
}

static struct json_object *
texts_pair(const struct llms_file *was, const struct llms_file *is)
{
	struct json_object *o = json_object_new_object();

	json_put(o, "before", file_texts(was));
	json_put(o, "after", file_texts(is));
	return o;
}

/* Title, summary and information text; null where they did not change. */
static struct json_object *
head_json(const struct diff *diff)
{
	const struct llms_file *was = &diff->before, *is = &diff->after;
	struct json_object *o = json_object_new_object();

	json_put(o, "title",
	    diff->d.title ? before_after(was->title, is->title) : NULL);
	json_put(o, "summary",
	    diff->d.summary ? before_after(was->summary, is->summary) : NULL);
	json_put(o, "information", diff->d.info ? texts_pair(was, is) : NULL);
	return o;
}

static struct json_object *
counts_json(const struct llms_diff *d)
{
	struct json_object *o = json_object_new_object();

	json_put_num(o, "added", (int64_t)d->nadded);
	json_put_num(o, "removed", (int64_t)d->nremoved);
	json_put_num(o, "changed", (int64_t)d->nchanged);
	json_put_num(o, "same", (int64_t)d->same);
	json_put_num(o, "renamedSections", (int64_t)d->nrenamed);
	return o;
}

static struct json_object *
renamed_json(const struct llms_diff *d, size_t offset, size_t limit)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = offset; i < d->nrenamed && i - offset < limit; i++)
		json_object_array_add(list,
		    before_after(d->renamed[i].before, d->renamed[i].after));
	return list;
}

static size_t
longest_text(const struct llms_diff *d)
{
	size_t n = d->nadded;

	n = d->nremoved > n ? d->nremoved : n;
	n = d->nchanged > n ? d->nchanged : n;
	return d->nrenamed > n ? d->nrenamed : n;
}

struct json_object *
diff_json(const struct diff *diff, size_t offset, size_t limit)
{
	struct json_object *o = json_object_new_object();
	const struct llms_diff *d = &diff->d;

	json_put_str(o, "id", diff->id);
	json_put_str(o, "against", diff->against);
	json_put_str(o, "againstCompletedAt", diff->against_at);
	json_put_str(o, "hostname", diff->hostname);
	json_put_flag(o, "unchanged", llms_diff_empty(d));
	json_put(o, "counts", counts_json(d));
	json_put(o, "head", head_json(diff));
	json_put(o, "renamedSections", renamed_json(d, offset, limit));
	json_put(o, "added",
	    links_json(&diff->after, d->added, d->nadded, offset, limit));
	json_put(o, "removed",
	    links_json(&diff->before, d->removed, d->nremoved, offset, limit));
	json_put(o, "changed", changes_json(diff, offset, limit));
	json_put_num(o, "limit", (int64_t)limit);
	json_put_num(o, "offset", (int64_t)offset);
	json_put_flag(o, "more", longest_text(d) > offset + limit);
	return o;
}

/* ---- as text ---- */

static void
put_line(struct buf *b, char sign, const struct llms_link *l)
{
	buf_printf(b, "%c- [%s](%s)%s%s\n", sign, l->title, l->url,
	    *l->text != '\0' ? ": " : "", l->text);
}

static void
put_pair(struct buf *b, const char *mark, const char *was, const char *is)
{
	if (was != NULL)
		buf_printf(b, "-%s%s\n", mark, was);
	if (is != NULL)
		buf_printf(b, "+%s%s\n", mark, is);
}

/* A paragraph of several lines has its sign on each. */
static void
put_info(struct buf *b, char sign, const struct llms_file *f)
{
	for (size_t i = 0; i < f->ninfo; i++) {
		const char *s = f->info[i];

		while (*s != '\0') {
			size_t n = strcspn(s, "\n");

			buf_printf(b, "%c%.*s\n", sign, (int)n, s);
			s += n + (s[n] == '\n');
		}
	}
}

static void
put_heads(struct buf *b, const struct diff *diff)
{
	const struct llms_diff *d = &diff->d;

	if (d->title || d->summary || d->info)
		buf_adds(b, "@@ head @@\n");
	if (d->title)
		put_pair(b, "# ", diff->before.title, diff->after.title);
	if (d->summary)
		put_pair(b, "> ", diff->before.summary, diff->after.summary);
	if (d->info) {
		put_info(b, '-', &diff->before);
		put_info(b, '+', &diff->after);
	}
	for (size_t i = 0; i < d->nrenamed; i++) {
		buf_printf(b, "@@ %s @@\n", d->renamed[i].after);
		put_pair(b, "## ", d->renamed[i].before, d->renamed[i].after);
	}
}

/* section: the heading, where it is not that of the line before. */
static void
put_section(struct buf *b, const struct llms_file *f, const struct llms_link *l,
    const char **last)
{
	const char *name = llms_section_name(f, l);

	if (name != *last)
		buf_printf(b, "@@ %s @@\n", name);
	*last = name;
}

static void
put_links(struct buf *b, const struct diff *diff)
{
	const struct llms_diff *d = &diff->d;
	const char *last = NULL;
	size_t added = 0, changed = 0;

	for (size_t i = 0; i < d->nremoved; i++) {
		put_section(b, &diff->before, d->removed[i], &last);
		put_line(b, '-', d->removed[i]);
	}
	/* Both lists are in the order of the file. */
	while (added < d->nadded || changed < d->nchanged) {
		const struct llms_change *c = &d->changed[changed];

		if (changed == d->nchanged ||
		    (added < d->nadded && d->added[added] < c->after)) {
			put_section(b, &diff->after, d->added[added], &last);
			put_line(b, '+', d->added[added++]);
			continue;
		}
		put_section(b, &diff->after, c->after, &last);
		put_line(b, '-', c->before);
		put_line(b, '+', c->after);
		changed++;
	}
}

static void
release_buf(void *b)
{
	buf_release(b);
}

enum rc
diff_text(
    struct request *rq, const struct diff *diff, const char **text, size_t *len)
{
	struct buf *b = arena_alloc(rq->arena, sizeof(*b));

	buf_init(b, REPLY_MAX);
	arena_defer(rq->arena, release_buf, b);
	if (!llms_diff_empty(&diff->d))
		buf_printf(b, "--- %s llms.txt\n+++ %s llms.txt\n",
		    diff->against, diff->id);
	put_heads(b, diff);
	put_links(b, diff);
	*text = b->data;
	*len = b->len;
	return buf_ok(b) ? OK : E_TOOBIG;
}
