#include "worker/llms/folders.h"

#include "core/arena.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/llms/described_site.h"
#include "core/wordlist.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <search.h>
#include <string.h>
#include <strings.h>

#define PARTS_MAX 16

static bool
name_is(const char *s, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n && name[i] != '\0'; i++)
		if (tolower((unsigned char)s[i]) != name[i] &&
		    !(s[i] == '_' && name[i] == '-'))
			return false;
	return i == n && name[i] == '\0';
}

static bool
name_is_one_of(const char *s, size_t n, const char *const *list)
{
	for (; *list != NULL; list++)
		if (name_is(s, n, *list))
			return true;
	return false;
}

static bool
is_optional(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);
	size_t len;

	if (dot != NULL && dot > s)
		n = dot - s;
	if (name_is_one_of(s, n, words_optional_names))
		return true;
	len = wordlist_starts(words_optional_starts, s);
	return len > 0 && n > len;
}

/*
 * is_made: what a documentation generator makes beside the pages: the code of
 * a file ("kite_8h_source"), all members of a class, a folder of files, its own
 * remarks.
 */
static bool
is_made(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);

	if (dot != NULL && dot > s)
		n = dot - s;
	if (n >= 36 && strncmp(s, "dir_", 4) == 0)
		return strspn(s + 4, "0123456789abcdef") >= 32;
	if (n > 9 && strncmp(s + n - 8, "-members", 8) == 0)
		return strncmp(s, "class", 5) == 0 ||
		       strncmp(s, "struct", 6) == 0 ||
		       strncmp(s, "union", 5) == 0;
	if (n > 9 && strncmp(s + n - 7, "_source", 7) == 0)
		return memmem(s, n, "_8", 2) != NULL;
	return n > 4 && (strncmp(s + n - 4, "_toc", 4) == 0 ||
			    strncmp(s + n - 4, "_abt", 4) == 0);
}

/* is_date: "/2023/05/", all posts of a month, is a date alone. */
static bool
is_date(const char *path)
{
	size_t n = strspn(path, "0123456789/"),
	       digits = strspn(path + 1, "0123456789");

	return path[n] == '\0' && digits == 4 &&
	       (strncmp(path, "/19", 3) == 0 || strncmp(path, "/20", 3) == 0) &&
	       n <= sizeof("/2023/05/03/") - 1;
}

/* "index.html", "default.aspx": the folder's own page. */
static bool
is_index_name(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);
	size_t stem = dot == NULL ? n : (size_t)(dot - s);

	return (stem == 5 && strncasecmp(s, "index", 5) == 0) ||
	       (stem == 7 && strncasecmp(s, "default", 7) == 0 && dot != NULL);
}

/* "intro.html": in a folder without a page of its own, the next best. */
static bool
is_intro_name(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);

	if (dot != NULL)
		n = dot - s;
	return name_is_one_of(s, n, words_intro_names);
}

static int
folder_compare(const void *x, const void *y)
{
	return strcmp(x, y);
}

static void
folder_node_keep(void *node)
{
	(void)node; /* the arena's */
}

/* note_folders: every folder that the path lies in, as "/a", "/a/b". */
static void
note_folders(struct arena *a, void **known, const char *path)
{
	size_t n = strcspn(path, "?");

	for (size_t i = 1; i < n; i++) {
		char *folder;

		if (path[i] != '/')
			continue;
		folder = arena_strndup(a, path, i);
		tsearch(folder, known, folder_compare);
	}
}

static void
folder_place(
    struct arena *a, void *const *known, const char *path, struct folder *f)
{
	size_t n = strcspn(path, "?"), from = 1;

	f->part = arena_array(a, PARTS_MAX, sizeof(*f->part));
	for (size_t i = 1; i <= n; i++) {
		size_t len = i - from;

		if (i < n && path[i] != '/')
			continue;
		if (len > 0 && (is_optional(path + from, len) ||
				   is_made(path + from, len)))
			f->optional = true;
		if (i == n) {
			const char *whole = arena_strndup(a, path, n);

			f->is_index =
			    len == 0 || is_index_name(path + from, len);
			f->is_intro = is_intro_name(path + from, len);
			/* Else a file of this folder, or a folder's page. */
			if (f->is_index ||
			    tfind(whole, known, folder_compare) == NULL)
				return;
			f->is_index = true;
		}
		if (len > 0 && f->depth < PARTS_MAX)
			f->part[f->depth++] =
			    arena_strndup(a, path + from, len);
		from = i + 1;
	}
}

/* has_sentence: the page says something beside what it lists. */
static bool
has_sentence(const struct described_page *p)
{
	struct arena a;
	const char *s;
	bool has = false;

	arena_init(&a);
	for (unsigned i = 0;
	     !has && (s = prose_line(&a, p->crawled->lead, i)) != NULL; i++)
		has = prose_sentence(s);
	arena_release(&a);
	return has;
}

/* is_index_title: "Function Index", "Index of new symbols in 1.2". */
static bool
is_index_title(const char *s)
{
	size_t n = strlen(s), word = strcspn(s, " ");

	if (strncmp(s, "Index of ", 9) == 0)
		return true;
	if (n < 7 || strcmp(s + n - 6, " Index") != 0)
		return false;
	for (size_t i = 0; words_index_words[i] != NULL; i++)
		if (strlen(words_index_words[i]) == word &&
		    strncmp(s, words_index_words[i], word) == 0)
			return true;
	return false;
}

/* is_source: links call it nothing but the source of something, or it is. */
static bool
is_source(const struct described_page *p)
{
	if (p->crawled->has_code &&
	    (strstr(p->crawled->path, "/src/") != NULL ||
		strstr(p->crawled->path, "/source/") != NULL))
		return true;
	return text_line_same(p->crawled->label, "source") ||
	       text_line_same(p->crawled->label, "src") ||
	       text_line_same(p->crawled->label, "view source") ||
	       text_line_same(p->crawled->label, "source code");
}

static bool
optional_title(const struct described_page *p)
{
	if (is_source(p))
		return true;
	if (is_index_title(p->own_name) && !has_sentence(p))
		return true;
	return text_line_is_one_of(p->own_name, words_optional_titles);
}

struct folder *
folders_find(struct arena *a, const struct described_site *site)
{
	struct folder *out =
	    arena_array(a, site->crawled->npages + 1, sizeof(*out));
	void *known = NULL;

	for (size_t i = 0; i < site->crawled->npages; i++)
		note_folders(a, &known, site->crawled->pages[i].path);
	for (size_t i = 0; i < site->crawled->npages; i++) {
		folder_place(a, &known, site->crawled->pages[i].path, &out[i]);
		if ((!out[i].is_index && optional_title(&site->pages[i])) ||
		    is_date(site->crawled->pages[i].path))
			out[i].optional = true;
	}
	tdestroy(known, folder_node_keep);
	return out;
}

const char *
folders_part(const struct folder *f, size_t i)
{
	size_t n = strlen(f->part[i]);

	return n <= 4 && strspn(f->part[i], "0123456789") == n ? "#"
							       : f->part[i];
}
