#include "worker/llms/folders.h"

#include "core/arena.h"
#include "worker/site/text_line.h"
#include "worker/site/prose.h"
#include "worker/llms/described_site.h"

#include <ctype.h>
#include <search.h>
#include <string.h>
#include <strings.h>

#define PARTS_MAX 16

/* Pages called so are looked up when wanted, not read. */
static const char *const optional_names[] = {"404", "_modules", "_sources",
    "accessibility", "account", "advertise", "agb", "all-classes", "allclasses",
    "allclasses-index", "allpackages-index", "annotated", "archive", "archives",
    "author", "authors", "basket", "book-index", "bookindex", "cart",
    "change-log", "changelog", "changelogs", "checkout", "class-use",
    "code-of-conduct", "colophon", "constant-values", "contributors", "cookie",
    "cookie-policy", "cookies", "copying", "copyright", "credits",
    "datenschutz", "deprecated-list", "disclaimer", "doc-index", "errata",
    "gdpr", "genindex", "globals", "help-doc", "hierarchy", "impressum",
    "imprint", "index-all", "keyword-index", "legal", "legal-notice",
    "legalnotice", "licence", "license", "licenses", "log-in", "login",
    "logout", "memberlist", "modindex", "modules-index", "my-account",
    "news-archive", "overview-tree", "package-tree", "package-use", "password",
    "print", "privacy", "privacy-policy", "py-modindex", "register",
    "release-notes", "releaselog", "releasenotes", "releases", "rss", "search",
    "search-results", "serialized-form", "sign-in", "sign-up", "signin",
    "signup", "site-map", "sitemap", "src-html", "subscribe",
    "table-of-contents", "tag", "tags", "terms", "terms-and-conditions",
    "terms-of-service", "terms-of-use", "thank-you", "thanks", "theindex",
    "tos", "unsubscribe", NULL};

/* So are pages that call themselves so. */
static const char *const optional_titles[] = {"Index", "Legal Notice",
    "Licence", "License", "Licenses", "Copyright", "Colophon", "Bibliography",
    "Changelog", "Change Log", "Search", "Search Page", "Site Map", "Sitemap",
    "Credits", "Class Index", "Keyword Index", "Index of all symbols",
    "Alphabetical Index", "Concept Index", "Function Index", "Deprecated List",
    "Terms of Service", "Privacy Policy", "Imprint", "Impressum", NULL};

/* Beginnings of such names, for pages in several parts. */
static const char *const optional_starts[] = {"genindex", "class-index",
    "api-index-", "doc-index", "globals_", "index-all", "functions_",
    /* A wiki's pages about its pages, its members and its files. */
    "talk:", "user:", "user_talk:", "file:", "template:", "mediawiki:", NULL};

/* First words of "Concept Index", of a book or a reference. */
static const char *const index_words[] = {"API", "Alphabetical", "Author",
    "Class", "Command", "Commands", "Concept", "Data", "Editor", "File",
    "Function", "Functions", "General", "Key", "Keyword", "Keywords", "Macro",
    "Macros", "Method", "Methods", "Module", "Modules", "Name", "Option",
    "Options", "Program", "Style", "Subject", "Symbol", "Symbols", "Term",
    "Terms", "Topic", "Type", "Types", "Variable", "Variables", NULL};

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
is_optional(const char *s, size_t n)
{
	const char *dot = memchr(s, '.', n);

	if (dot != NULL && dot > s)
		n = dot - s;
	for (size_t i = 0; optional_names[i] != NULL; i++)
		if (name_is(s, n, optional_names[i]))
			return true;
	for (size_t i = 0; optional_starts[i] != NULL; i++) {
		size_t len = strlen(optional_starts[i]);

		if (n > len && strncasecmp(s, optional_starts[i], len) == 0)
			return true;
	}
	return false;
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
	static const char *const known[] = {
	    "intro", "introduction", "overview", "contents", "toc", NULL};
	const char *dot = memchr(s, '.', n);

	if (dot != NULL)
		n = dot - s;
	for (size_t i = 0; known[i] != NULL; i++)
		if (name_is(s, n, known[i]))
			return true;
	return false;
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
	for (size_t i = 0; index_words[i] != NULL; i++)
		if (strlen(index_words[i]) == word &&
		    strncmp(s, index_words[i], word) == 0)
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
	for (size_t i = 0; optional_titles[i] != NULL; i++)
		if (text_line_same(p->own_name, optional_titles[i]))
			return true;
	return false;
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
