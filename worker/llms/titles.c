#include "worker/llms/titles.h"

#include "core/arena.h"
#include "worker/site/text_line.h"
#include "worker/llms/described_site.h"
#include "worker/site/counter.h"
#include "worker/llms/write.h"
#include "worker/site/words.h"

#include <ctype.h>
#include <string.h>

/* A title that more pages than this have is not theirs. */
#define SHARED_TITLES 2

bool
titles_say_nothing(const char *s)
{
	return text_line_is_one_of(s, words_generic_titles) ||
	       text_line_same(s, "");
}

const char *
titles_label(struct arena *a, const char *label)
{
	size_t n = strlen(label), digits = 0, letters = 0;

	for (size_t i = 0; i < n; i++)
		letters += isalpha((unsigned char)label[i]) ||
			   (unsigned char)label[i] >= 0x80;
	if (letters == 0 || titles_say_nothing(label))
		return "";
	while (digits < n && isdigit((unsigned char)label[n - digits - 1]))
		digits++;
	if (digits > 0 && digits + 1 < n && label[n - digits - 1] == ':')
		return arena_strndup(a, label, n - digits - 1);
	return label;
}

bool
titles_broken(const char *s)
{
	int open = 0;

	for (; *s != '\0' && open >= 0; s++)
		open += (*s == '(') - (*s == ')');
	return open != 0;
}

/*
 * file_name: "kite_case.h" of Doxygen's "kite__case_8h", also of the page of
 * its source; NULL of others.
 */
static const char *
file_name(struct arena *a, const char *s, size_t n)
{
	const char *dot = memmem(s, n, "_8", 2), *end;
	char *out, *to;

	if (dot == NULL)
		return NULL;
	end = dot + 2 + strspn(dot + 2, "abcdefghijklmnopqrstuvwxyz");
	if (end == dot + 2 || end - dot > 6 || end > s + n ||
	    (*end != '.' && strncmp(end, "_source", 7) != 0))
		return NULL;
	to = out = arena_alloc(a, n + 1);
	for (const char *p = s; p < end; p++) {
		p += p[0] == '_' && p[1] == '_';
		*to++ = p == dot ? '.' : *p;
		p += p == dot;
	}
	*to = '\0';
	return out;
}

/* last_piece: the last segment of the path for people, "" for the root. */
static const char *
last_piece(struct arena *a, const char *path)
{
	size_t n = strcspn(path, "?"), from;
	const char *file;

	while (n > 0 && path[n - 1] == '/')
		n--;
	from = n;
	while (from > 0 && path[from - 1] != '/')
		from--;
	file = file_name(a, path + from, n - from);
	return file != NULL ? file : text_line_human(a, path + from, n - from);
}

/* Titles that several pages have, as they are shown and as written. */
struct shared {
	struct counter titles, raw;
};

/* is_cut: the title is what is left of a longer one that says more. */
static bool
is_cut(const struct shared *s, const struct described_page *p)
{
	if (*p->crawled->raw_title == '\0')
		return false;
	return titles_broken(p->crawled->title) ||
	       (counter_shared(&s->titles, p->crawled->title, SHARED_TITLES) &&
		   !counter_shared(&s->raw, p->crawled->raw_title, 1));
}

static const char *
first_choice(struct described_site *site, const struct shared *s,
    const struct described_page *p)
{
	const char *choice[] = {
	    is_cut(s, p) ? p->crawled->raw_title : p->crawled->title,
	    p->crawled->title, p->crawled->h1, p->crawled->raw_title,
	    titles_label(site->arena, p->crawled->label),
	    last_piece(site->arena, p->crawled->path), p->crawled->title,
	    write_host(site->arena, site->crawled->host)};
	size_t n = sizeof(choice) / sizeof(*choice);

	for (size_t i = 0; i < n; i++)
		if (*choice[i] != '\0' && !titles_say_nothing(choice[i]))
			return choice[i];
	return write_host(site->arena, site->crawled->host);
}

void
titles_first(struct described_site *site)
{
	struct shared s = {0};

	for (size_t i = 0; i < site->crawled->npages; i++) {
		counter_add(&s.titles, site->crawled->pages[i].title);
		counter_add(&s.raw, site->crawled->pages[i].raw_title);
	}
	for (size_t i = 0; i < site->crawled->npages; i++)
		site->pages[i].name = first_choice(site, &s, &site->pages[i]);
	counter_free(&s.titles);
	counter_free(&s.raw);
}

const char *
titles_second(struct described_site *site, const struct described_page *p)
{
	const char *choice[] = {p->crawled->h1,
	    titles_label(site->arena, p->crawled->label),
	    last_piece(site->arena, p->crawled->path)};

	for (size_t i = 0; i < sizeof(choice) / sizeof(*choice); i++)
		if (*choice[i] != '\0' && !titles_say_nothing(choice[i]))
			return choice[i];
	return p->name;
}

const char *
titles_plural(struct arena *a, const char *name)
{
	size_t n = strlen(name);

	if (strcmp(name, "Category") == 0)
		return "Categories";
	for (size_t i = 0; words_plural_nouns[i] != NULL; i++)
		if (strcmp(name, words_plural_nouns[i]) == 0)
			return arena_printf(
			    a, "%s%s", name, name[n - 1] == 's' ? "es" : "s");
	return name;
}
