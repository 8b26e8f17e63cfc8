#include "core/schema/report_json.h"

#include "core/json.h"

#include <string.h>

/* The head of a report and one of its entries are never larger (bytes). */
#define HEAD_MAX (8 << 20)
#define ENTRY_MAX (1 << 20)

static void
put_string(FILE *out, const char *s)
{
	struct json_object *o;

	if (s == NULL) {
		fputs("null", out);
		return;
	}
	o = json_object_new_string(s);
	fputs(json_object_to_json_string_ext(o, JSON_C_TO_STRING_NOSLASHESCAPE),
	    out);
	json_object_put(o);
}

static void
put_member(FILE *out, const char *key, const char *s)
{
	fprintf(out, ", \"%s\": ", key);
	put_string(out, s);
}

void
report_page_write(FILE *out, const struct report_page *p)
{
	fputs("{\"url\": ", out);
	put_string(out, p->url);
	fprintf(out, ", \"fate\": \"%s\"", p->disposition);
	if (p->lastmod != NULL)
		put_member(out, "lastmod", p->lastmod);
	if (p->reason != NULL) {
		put_member(out, "reason", p->reason);
		if (p->detail != NULL)
			put_member(out, "detail", p->detail);
		if (p->other != NULL)
			put_member(out, "other", p->other);
	} else {
		put_member(out, "section", p->section);
		put_member(out, "title", p->title);
	}
	fputc('}', out);
}

void
report_page_read(struct json_object *o, struct report_page *out)
{
	*out = (struct report_page){
	    .url = json_str(o, "url", ""),
	    .disposition = json_str(o, "fate", ""),
	    .lastmod = json_str(o, "lastmod", NULL),
	    .reason = json_str(o, "reason", NULL),
	    .detail = json_str(o, "detail", NULL),
	    .other = json_str(o, "other", NULL),
	    .section = json_str(o, "section", NULL),
	    .title = json_str(o, "title", NULL),
	};
}

void
report_reader_init(struct report_reader *r, struct arena *a)
{
	*r = (struct report_reader){.a = a};
	buf_init(&r->text, HEAD_MAX);
}

void
report_reader_release(struct report_reader *r)
{
	buf_release(&r->text);
}

/* is_pages: the bracket that is next opens the list of pages. */
static bool
is_pages(const struct report_reader *r)
{
	static const char key[] = "pages";

	return r->depth == 1 && r->key_end - r->key == sizeof(key) - 1 &&
	       memcmp(r->text.data + r->key, key, sizeof(key) - 1) == 0;
}

/* head_end: parses what came before the pages. */
static enum rc
head_end(struct report_reader *r)
{
	const char *why;

	buf_adds(&r->text, "[]}");
	if (!buf_ok(&r->text))
		return E_INPUT;
	r->head = json_parse(r->a, r->text.data, r->text.len, &why);
	r->stage = REPORT_PAGES;
	buf_release(&r->text);
	buf_init(&r->text, ENTRY_MAX);
	return r->head == NULL ? E_INPUT : OK;
}

static enum rc
entry_end(struct report_reader *r)
{
	struct report_page page;
	struct json_object *o;
	struct arena a;
	const char *why;
	enum rc rc = E_INPUT;

	if (!buf_ok(&r->text))
		return E_INPUT;
	arena_init(&a);
	o = json_parse(&a, r->text.data, r->text.len, &why);
	if (o != NULL) {
		report_page_read(o, &page);
		if (!r->page(r->arg, &page))
			r->stage = REPORT_END;
		rc = OK;
	}
	arena_release(&a);
	buf_clear(&r->text);
	return rc;
}

/* text_byte: a byte that lies in a string, its quotes too. */
static void
text_byte(struct report_reader *r, char c)
{
	if (r->escaped) {
		r->escaped = false;
	} else if (c == '\\') {
		r->escaped = true;
	} else if (c == '"') {
		r->in_string = false;
		r->key_end = r->text.len;
	}
}

static enum rc
mark_byte(struct report_reader *r, char c)
{
	bool in_pages = r->stage == REPORT_PAGES;

	if (c == '"') {
		r->in_string = true;
		r->key = r->text.len + 1;
	} else if (c == '[' && !in_pages && is_pages(r)) {
		r->depth++;
		return head_end(r);
	} else if (c == '{' || c == '[') {
		r->depth++;
	} else if (c == '}' || c == ']') {
		r->depth--;
		if (in_pages && r->depth == 2) {
			buf_addc(&r->text, c);
			return entry_end(r);
		}
		if (r->depth < (in_pages ? 2 : 1))
			r->stage = REPORT_END;
	}
	/* Between two entries there is nothing to keep. */
	if (!in_pages || r->depth > 2)
		buf_addc(&r->text, c);
	return OK;
}

enum rc
report_reader_feed(struct report_reader *r, const char *p, size_t n)
{
	enum rc rc = OK;

	for (size_t i = 0; i < n && rc == OK && r->stage != REPORT_END; i++)
		if (r->in_string) {
			text_byte(r, p[i]);
			buf_addc(&r->text, p[i]);
		} else {
			rc = mark_byte(r, p[i]);
		}
	return rc == OK && !buf_ok(&r->text) ? E_INPUT : rc;
}

long
report_left_out(struct json_object *head)
{
	return (long)json_num(json_sub(head, "counts"), "leftOut", 0);
}

long
report_listed(struct json_object *head)
{
	return (long)json_num(json_sub(head, "counts"), "listed", 0);
}

bool
report_reason(struct json_object *head, size_t i, struct report_reason *out)
{
	struct json_object *list = json_sub(head, "reasons"), *o;

	if (!json_object_is_type(list, json_type_array) ||
	    i >= json_object_array_length(list))
		return false;
	o = json_object_array_get_idx(list, i);
	out->disposition = json_str(o, "fate", "");
	out->sentence = json_str(o, "sentence", out->disposition);
	out->pages = (long)json_num(o, "pages", 0);
	return true;
}
