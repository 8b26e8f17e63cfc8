/*
 * The cases of html5lib-tests, where they are at hand: in vectors/html5lib
 * under $PLATEN_SHARED, or else under ../shared.
 *
 * Three things are compared, because extraction lives on them: the text in
 * the order of the page, how the blocks nest, and which text is a link's.
 * Left out on purpose:
 * - cases with scripting on: we run no script;
 * - fragments: a page is never parsed into an element of another one;
 * - framesets: what stands beside the frames is read, for we load none;
 * - the text of noscript and noframes may be markup, for the same reasons;
 * - attributes, doctypes, comments and names of inline elements: a page's
 *   text and blocks do not depend on them;
 * - white space, but that there is some: between blocks it is not kept;
 * - U+FFFD for NUL: a NUL is dropped before the page is parsed;
 * - <selectedcontent>, which repeats what is chosen;
 * - links without an address: they are not opened again in the next block;
 * - encodings: a label that good UTF-8 belies is not believed;
 * - control characters: "&#1;" is a space.
 */
#include "t/tap.h"

#include "core/buf.h"
#include "worker/extract/charset.h"
#include "worker/extract/tree.h"

#include <dirent.h>
#include <json-c/json.h>
#include <strings.h>

#define DEEP 300

/* One case of a .dat file; slices of the file. */
struct dat {
	struct slice data;
	struct slice want; /* behind "#document" or "#encoding" */
	bool fragment;
	bool script_on;
};

/* What a page comes down to here. */
struct outline {
	struct buf text;
	struct buf blocks;
	struct buf links;
};

struct score {
	const char *name;
	unsigned good, all;
};

static const char *shared;

static struct slice
read_whole(struct arena *a, const char *folder, const char *name)
{
	char path[4096], *s;
	size_t n, max = 4u << 20;
	FILE *f;

	snprintf(path, sizeof(path), "%s/vectors/html5lib/%s/%s", shared,
	    folder, name);
	f = fopen(path, "rb");
	if (f == NULL)
		return (struct slice){NULL, 0};
	s = arena_alloc(a, max);
	n = fread(s, 1, max - 1, f);
	s[n] = '\0';
	fclose(f);
	return (struct slice){s, n};
}

/* line_of_file: the next line of *rest, without its end. */
static bool
next_line(struct slice *rest, struct slice *line)
{
	const char *nl;

	if (rest->len == 0)
		return false;
	nl = memchr(rest->s, '\n', rest->len);
	line->s = rest->s;
	line->len = nl == NULL ? rest->len : (size_t)(nl - rest->s);
	rest->s += line->len + (nl != NULL);
	rest->len -= line->len + (nl != NULL);
	return true;
}

static bool
line_is(struct slice line, const char *s)
{
	return line.len == strlen(s) && memcmp(line.s, s, line.len) == 0;
}

/* dat_next: the case that *rest begins with. */
static bool
dat_next(struct slice *rest, struct dat *d)
{
	struct slice line, *part = NULL;

	memset(d, 0, sizeof(*d));
	while (next_line(rest, &line)) {
		if (line_is(line, "#data")) {
			part = &d->data;
			part->s = rest->s;
			continue;
		}
		if (line_is(line, "#document") || line_is(line, "#encoding")) {
			part = &d->want;
			part->s = rest->s;
			continue;
		}
		if (part != &d->want && (line_is(line, "#errors") ||
					    line_is(line, "#new-errors"))) {
			part = NULL;
			continue;
		}
		d->fragment |= line_is(line, "#document-fragment");
		d->script_on |= line_is(line, "#script-on");
		if (part != NULL)
			part->len = (size_t)(line.s + line.len - part->s);
		/* The next case begins behind an empty line. */
		if (part == &d->want && rest->len > 6 &&
		    memcmp(rest->s, "#data\n", 6) == 0)
			break;
	}
	return d->data.s != NULL && d->want.s != NULL;
}

static void
outline_init(struct outline *o)
{
	buf_init(&o->text, 1u << 20);
	buf_init(&o->blocks, 1u << 20);
	buf_init(&o->links, 1u << 20);
}

static void
outline_release(struct outline *o)
{
	buf_release(&o->text);
	buf_release(&o->blocks);
	buf_release(&o->links);
}

/* put_text: white space joined; U+FFFD left out. */
static void
put_text(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.len - i >= 3 && memcmp(s.s + i, "\xef\xbf\xbd", 3) == 0) {
			i += 2;
			continue;
		}
		if (s.s[i] == '\0')
			continue;
		if (strchr(" \n\t\r\f", s.s[i]) == NULL)
			buf_addc(b, s.s[i]);
		else if (b->len > 0 && b->data[b->len - 1] != ' ')
			buf_addc(b, ' ');
	}
}

static void
outline_text(struct outline *o, struct slice s, bool linked)
{
	put_text(&o->text, s);
	if (linked)
		put_text(&o->links, s);
}

static void
outline_open(struct outline *o, enum tag tag)
{
	bool block = tag_kind(tag) & T_BLOCK;

	if (block || tag == TAG_BR)
		outline_text(o, (struct slice){" ", 1}, true);
	if (block && tag != TAG_BODY && tag != TAG_HTML) {
		buf_addc(&o->blocks, '(');
		buf_adds(&o->blocks, tag_name(tag));
	}
}

static void
outline_close(struct outline *o, enum tag tag)
{
	bool block = tag_kind(tag) & T_BLOCK;

	if (block)
		outline_text(o, (struct slice){" ", 1}, true);
	if (block && tag != TAG_BODY && tag != TAG_HTML)
		buf_addc(&o->blocks, ')');
}

static void
outline_of_tree(struct outline *o, const struct tree *t)
{
	uint32_t up = 0;

	for (uint32_t i = 1; i < t->n; i++) {
		for (; t->nodes[up].end <= i; up = t->nodes[up].parent)
			outline_close(o, t->nodes[up].tag);
		if (t->nodes[i].tag == TAG_TEXT) {
			outline_text(
			    o, tree_text(t, i), tree_within(t, i, TAG_A));
			continue;
		}
		outline_open(o, t->nodes[i].tag);
		up = i;
	}
	for (; up != 0; up = t->nodes[up].parent)
		outline_close(o, t->nodes[up].tag);
}

/* element_tag: of "<p>"; of "<svg title>" nothing that is HTML's. */
static enum tag
element_tag(const struct name_tables *names, struct slice line)
{
	const char *s = line.s + 1;
	size_t len = line.len - 2;

	if (memchr(s, ' ', len) != NULL)
		return TAG_OTHER;
	return name_tables_tag(names, s, len);
}

/* whole_text: the lines of a text up to the one that ends in a quote. */
static struct slice
whole_text(struct slice *rest, struct slice line)
{
	struct slice more;

	while (line.len == 1 || line.s[line.len - 1] != '"' ||
	       (rest->len > 1 && rest->s[0] != '|' && rest->s[0] != '\n' &&
		   rest->s[0] != '#')) {
		if (!next_line(rest, &more))
			break;
		line.len = (size_t)(more.s + more.len - line.s);
	}
	return (struct slice){line.s + 1, line.len - 2};
}

/* outline_of_dump: "| " and two spaces a level, then what the node is. */
static void
outline_of_dump(
    struct outline *o, struct slice rest, const struct name_tables *names)
{
	enum tag open[DEEP];
	unsigned depth = 0, linked = 0;
	struct slice line;

	while (next_line(&rest, &line)) {
		unsigned at = 0;

		if (line.len < 3 || line.s[0] != '|')
			continue;
		line.s += 2;
		line.len -= 2;
		for (; line.len > 1 && line.s[0] == ' '; at++) {
			line.s += 2;
			line.len -= 2;
		}
		/* An attribute is no child, and ends nothing. */
		if (line.s[0] != '"' && line.s[0] != '<' &&
		    !line_is(line, "content"))
			continue;
		for (; depth > at; depth--) {
			outline_close(o, open[depth - 1]);
			linked -= open[depth - 1] == TAG_A;
		}
		if (line.s[0] == '"') {
			outline_text(o, whole_text(&rest, line), linked > 0);
			continue;
		}
		if (line.s[1] == '!' || line.s[1] == '?' || depth == DEEP)
			continue;
		open[depth] =
		    line.s[0] == '<' ? element_tag(names, line) : TAG_OTHER;
		linked += open[depth] == TAG_A;
		outline_open(o, open[depth++]);
	}
	while (depth > 0)
		outline_close(o, open[--depth]);
}

static const char *
trimmed(struct buf *b)
{
	size_t from = b->data[0] == ' ';

	if (b->len > from && b->data[b->len - 1] == ' ')
		b->data[b->len - 1] = '\0';
	return b->data + from;
}

static void
count(struct score *s, struct buf *got, struct buf *want, struct slice data,
    const char *file)
{
	bool good = strcmp(trimmed(got), trimmed(want)) == 0;

	s->all++;
	s->good += good;
	if (!good && getenv("V") != NULL)
		printf("# %s %s\n# in:   %.*s\n# got:  %s\n# want: %s\n", file,
		    s->name, (int)data.len, data.s, trimmed(got),
		    trimmed(want));
}

/* parsed: the tree of a page, in the arena. */
static const struct tree *
parsed(struct arena *a, struct slice data)
{
	struct tree *t = arena_alloc(a, sizeof(*t));
	struct page_reader_limits limits;
	size_t len;
	char *text;
	bool bad;

	page_reader_limits_default(&limits);
	text = charset_decode(a, "UTF-8", data.s, data.len, &len, &bad);
	tree_parse(t, a, text, len, &limits);
	return t;
}

static bool
left_out(const struct dat *d)
{
	return d->fragment || d->script_on ||
	       memmem(d->want.s, d->want.len, "<frameset>", 10) != NULL;
}

static void
run_dat(const char *folder, const char *file, struct score *scores)
{
	struct arena a;
	struct name_tables names;
	struct slice rest;
	struct dat d;

	arena_init(&a);
	name_tables_init(&names);
	rest = read_whole(&a, folder, file);
	while (dat_next(&rest, &d)) {
		struct outline got, want;

		if (left_out(&d))
			continue;
		outline_init(&got);
		outline_init(&want);
		outline_of_tree(&got, parsed(&a, d.data));
		outline_of_dump(&want, d.want, &names);
		count(&scores[0], &got.text, &want.text, d.data, file);
		count(&scores[1], &got.blocks, &want.blocks, d.data, file);
		count(&scores[2], &got.links, &want.links, d.data, file);
		outline_release(&got);
		outline_release(&want);
	}
	arena_release(&a);
}

static bool
all_ascii(struct slice v)
{
	for (size_t i = 0; i < v.len; i++)
		if ((unsigned char)v.s[i] >= 0x80)
			return false;
	return true;
}

static void
run_encoding(const char *folder, const char *file, struct score *scores)
{
	struct arena a;
	struct slice rest, line;
	struct dat d;

	arena_init(&a);
	rest = read_whole(&a, folder, file);
	while (dat_next(&rest, &d)) {
		const char *got = charset_find(NULL, d.data.s, d.data.len);
		struct buf b, want;

		next_line(&d.want, &line);
		buf_init(&b, 100);
		buf_init(&want, 100);
		buf_adds(&b, got);
		buf_add(&want, line.s, line.len);
		/* ASCII reads the same in both. */
		if (line_is(line, "windows-1252") ||
		    line_is(line, "Windows-1252"))
			got = strcmp(got, "UTF-8") == 0 && all_ascii(d.data)
				  ? "windows-1252"
				  : got;
		/* Names are compared in any case. */
		if (slice_is(line, got)) {
			buf_clear(&b);
			buf_add(&b, line.s, line.len);
		}
		count(scores, &b, &want, d.data, file);
		buf_release(&b);
		buf_release(&want);
	}
	arena_release(&a);
}

/* characters: the text of a tokenizer case's tokens. */
static void
characters(struct buf *b, struct json_object *tokens)
{
	for (size_t i = 0; i < json_object_array_length(tokens); i++) {
		struct json_object *o = json_object_array_get_idx(tokens, i);
		struct json_object *v;

		if (!json_object_is_type(o, json_type_array) ||
		    strcmp(
			json_object_get_string(json_object_array_get_idx(o, 0)),
			"Character") != 0)
			continue;
		v = json_object_array_get_idx(o, 1);
		put_text(b, (struct slice){json_object_get_string(v),
				(size_t)json_object_get_string_len(v)});
	}
}

/* Cases that start in another state than "data", or are escaped, are not run.
 */
static void
run_tokens(const char *folder, const char *file, struct score *scores)
{
	struct json_object *root, *tests = NULL, *in, *out;
	struct arena a;
	char path[4096];

	snprintf(path, sizeof(path), "%s/vectors/html5lib/%s/%s", shared,
	    folder, file);
	root = json_object_from_file(path);
	if (root == NULL || !json_object_object_get_ex(root, "tests", &tests)) {
		json_object_put(root);
		return;
	}
	arena_init(&a);
	for (size_t i = 0; i < json_object_array_length(tests); i++) {
		struct json_object *c = json_object_array_get_idx(tests, i);
		struct outline got, want;
		struct slice data;

		if (json_object_object_get_ex(c, "initialStates", &in) ||
		    json_object_object_get_ex(c, "doubleEscaped", &in) ||
		    !json_object_object_get_ex(c, "input", &in) ||
		    !json_object_object_get_ex(c, "output", &out))
			continue;
		data.s = json_object_get_string(in);
		data.len = (size_t)json_object_get_string_len(in);
		outline_init(&got);
		outline_init(&want);
		outline_of_tree(&got, parsed(&a, data));
		characters(&want.text, out);
		count(scores, &got.text, &want.text, data, file);
		outline_release(&got);
		outline_release(&want);
	}
	arena_release(&a);
	json_object_put(root);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* each_file: run on all of folder that end in ending, in order of names. */
static void
each_file(const char *folder, const char *ending, struct score *scores,
    void (*run)(const char *, const char *, struct score *))
{
	char path[4096], *list[200];
	size_t n = 0;
	struct dirent *e;
	DIR *d;

	snprintf(path, sizeof(path), "%s/vectors/html5lib/%s", shared, folder);
	d = opendir(path);
	while (d != NULL && n < 200 && (e = readdir(d)) != NULL) {
		const char *dot = strrchr(e->d_name, '.');

		if (dot != NULL && strcmp(dot, ending) == 0)
			list[n++] = strdup(e->d_name);
	}
	if (d != NULL)
		closedir(d);
	qsort(list, n, sizeof(*list), by_name);
	for (size_t i = 0; i < n; i++) {
		run(folder, list[i], scores);
		free(list[i]);
	}
}

/* reached: at least so many in a thousand hold. */
static void
reached(const struct score *s, unsigned thousandths)
{
	if (s->all == 0) {
		skip(1, "the cases of html5lib-tests are not here");
		return;
	}
	printf("# %s: %u of %u, %.1f %%\n", s->name, s->good, s->all,
	    100.0 * s->good / s->all);
	ok(s->good * 1000 >= s->all * thousandths,
	    "%s: as the standard has it in %.1f %%", s->name,
	    thousandths / 10.0);
}

int
main(void)
{
	struct score tree[] = {{.name = "text in order"},
	    {.name = "nesting of blocks"}, {.name = "text of links"}};
	struct score tokens = {.name = "characters of tokens"};
	struct score encoding = {.name = "encoding"};

	shared = getenv("PLATEN_SHARED");
	if (shared == NULL)
		shared = "../shared";
	each_file("tree-construction", ".dat", tree, run_dat);
	each_file("tokenizer", ".test", &tokens, run_tokens);
	each_file("encoding", ".dat", &encoding, run_encoding);
	reached(&tree[0], 995);
	reached(&tree[1], 1000);
	reached(&tree[2], 994);
	reached(&tokens, 994);
	reached(&encoding, 975);
	return done();
}
