/* What was mended by hand is found again in the next file of the site. */
#include "core/arena.h"
#include "core/buf.h"
#include "core/json.h"
#include "core/llms_edits.h"

#include "t/cpu.h"
#include "t/tap.h"

#include "t/llms.h"

#define HEAD "# Site\n\n> What it is.\n\nMore about it.\n"
#define LINK(n, title, text) "- [" title "](https://a.test/" #n "): " text "\n"

static const struct llms_edits none;

static const char *
print(struct arena *a, const struct llms_file *f)
{
	struct buf b;
	const char *s;

	buf_init(&b, 1 << 20);
	llms_print(&b, f);
	s = arena_strndup(a, b.data, b.len);
	buf_release(&b);
	return s;
}

/* Through JSON and back, as the database keeps them. */
static struct llms_edits *
kept(struct arena *a, const struct llms_edits *e)
{
	struct llms_edits *out = arena_alloc(a, sizeof(*out));
	struct json_object *o = llms_edits_json(e), *again;
	const char *why, *text = arena_strdup(a, json_text(o));

	json_object_put(o);
	again = json_parse(a, text, strlen(text), &why);
	if (again == NULL || llms_edits_read(a, again, out) != OK)
		tap_ok(0, __FILE__, __LINE__, "edits are read: %s", text);
	return out;
}

static struct llms_edits *
derive(struct arena *a, const char *generated, const char *shown,
    const char *edited, const struct llms_edits *old)
{
	struct llms_edits e;

	llms_edits_derive(
	    a, parse(a, generated), parse(a, shown), parse(a, edited), old, &e);
	return kept(a, &e);
}

static const char *
apply(struct arena *a, const char *generated, const struct llms_edits *e,
    struct llms_edits_outcome *outcome)
{
	struct llms_file f;

	llms_edits_apply(a, parse(a, generated), e, &f, outcome);
	return print(a, &f);
}

/* ---- one by one ---- */

static const char first[] =
    HEAD "\n## Guide\n\n" LINK(1, "One", "First") LINK(2, "Two", "Second")
	LINK(3, "Three", "Third") "\n## News\n\n" LINK(4, "Four", "Fourth")
	    LINK(5, "Five", "Fifth");

static const char mended[] =
    "# Our site\n\n> What it is.\n\nMore about it.\n\n## Handbook\n\n" LINK(
	1, "One, better", "First") LINK(9, "Nine", "By hand")
	LINK(3, "Three", "Third") LINK(5, "Five", "Fifth") "\n## News\n\n" LINK(
	    4, "Four", "Said by hand");

static const char next[] = HEAD "\n## Guide\n\n" LINK(1, "One",
    "First, now longer") LINK(2, "Two", "Second") LINK(3, "Three", "Third")
    LINK(6, "Six", "Sixth") "\n## News\n\n" LINK(4, "Four", "Fourth, but new")
	LINK(7, "Seven", "Seventh");

static const char want[] =
    "# Our site\n\n> What it is.\n\nMore about it.\n\n## Handbook\n\n" LINK(
	1, "One, better", "First, now longer") LINK(9, "Nine", "By hand")
	LINK(3, "Three", "Third") LINK(6, "Six", "Sixth") "\n## News\n\n" LINK(
	    4, "Four", "Said by hand") LINK(7, "Seven", "Seventh");

static void
survives(struct arena *a)
{
	struct llms_edits *e = derive(a, first, first, mended, &none), *again;
	struct llms_edits_outcome o;
	const char *shown;

	is(apply(a, first, e, &o), mended, "the same file: the same edits");
	is_int((long long)o.nconflicts, 0, "nothing changed under them");
	shown = apply(a, next, e, &o);
	is(shown, want, "the next file has them, and what is new");
	is_int((long long)o.norphaned, 1, "but for the line that is gone");
	is(o.norphaned ? o.orphaned[0]->url : "", "https://a.test/5",
	    "which is told");
	is_int((long long)o.nconflicts, 1, "the hand won over new words");
	is(o.nconflicts ? o.conflicts[0].now : "", "Fourth, but new",
	    "which are told");
	is(o.nconflicts ? o.conflicts[0].is : "", "Said by hand",
	    "with what stands");

	again = derive(a, next, shown, shown, e);
	is(apply(a, next, again, &o), want, "saved without a change: the same");
	is(apply(a, first, again, &o), mended,
	    "and the line that was gone keeps its edit");
	again = derive(a, next, shown, next, e);
	is(apply(a, next, again, &o), next, "all taken back: as generated");
	is_int((long long)o.applied, 0, "with no edit that holds");
	is_int((long long)llms_edits_count(again), 1,
	    "but the one of the line that was not there");
}

/* An older file is edited while newer edits exist. */
static void
older_file(struct arena *a)
{
	static const char before[] = HEAD "\n## A\n\n" LINK(1, "One", "x");
	static const char now[] =
	    HEAD "\n## A\n\n" LINK(1, "One", "x") LINK(2, "Two", "y");
	struct llms_edits *e = derive(a, now, now,
	    HEAD "\n## A\n\n" LINK(1, "Uno", "x") LINK(2, "Due", "y"), &none);
	struct llms_edits_outcome o;

	e = derive(a, before, before, HEAD "\n## A\n\n" LINK(1, "One", "z"), e);
	is(apply(a, now, e, &o),
	    HEAD "\n## A\n\n" LINK(1, "One", "z") LINK(2, "Due", "y"),
	    "a line of the older file counts, others stay");
}

static void
odd_ones(struct arena *a)
{
	static const char site[] = HEAD "\n## A\n\n" LINK(1, "One", "x");
	static const char other[] = HEAD "\n## B\n\n" LINK(2, "Two", "y");
	struct llms_edits e = {.nlinks = 0};
	struct llms_edits_outcome o;
	struct llms_edit removed = {
	    .kind = LLMS_REMOVED, .url = "https://a.test/1"};

	e.links = &removed;
	e.nlinks = 1;
	is(apply(a, site, &e, &o), HEAD, "all lines can go");
	e = *derive(a, site, site,
	    HEAD "\n## A\n\n" LINK(1, "One", "x") "\n## Optional\n\n" LINK(
		3, "Three", "z"),
	    &none);
	is(apply(a, HEAD "\n## B\n\n" LINK(2, "Two", "y"), &e, &o),
	    HEAD "\n## B\n\n" LINK(2, "Two", "y") "\n## Optional\n\n" LINK(
		3, "Three", "z"),
	    "a line of one's own stays when all others are new");
	is(apply(a, HEAD "\n## B\n\n" LINK(3, "Generated", "w"), &e, &o),
	    HEAD "\n## Optional\n\n" LINK(3, "Three", "z"),
	    "and when the site has it after all");
	e = *derive(
	    a, site, site, HEAD "\n## Mine\n\n" LINK(1, "One", "x"), &none);
	is(apply(a, other, &e, &o), other, "a section that is gone");
}

/* The only line of a section goes to "Optional": that renames nothing. */
static void
to_optional(struct arena *a)
{
	static const char before[] = HEAD "\n## A\n\n" LINK(1, "One", "x")
	    LINK(2, "Two", "y") "\n## B\n\n" LINK(3, "Three", "z");
	static const char edited[] = HEAD "\n## A\n\n" LINK(1, "One", "x")
	    LINK(2, "Two", "y") "\n## Optional\n\n" LINK(3, "Three", "z");
	struct llms_edits *e = derive(a, before, before, edited, &none);
	struct llms_edits_outcome o;

	is(apply(a, before, e, &o), edited,
	    "a section's only line is optional");
	is(apply(a,
	       HEAD "\n## A\n\n" LINK(1, "One", "x") "\n## B\n\n" LINK(
		   3, "Three", "z") LINK(4, "Four", "w") LINK(5, "Five", "v"),
	       e, &o),
	    HEAD
	    "\n## A\n\n" LINK(1, "One", "x") "\n## B\n\n" LINK(4, "Four", "w")
		LINK(5, "Five", "v") "\n## Optional\n\n" LINK(3, "Three", "z"),
	    "what is new in its section is not");
	e = derive(a, edited, edited,
	    HEAD "\n## A\n\n" LINK(1, "One", "x")
		LINK(2, "Two", "y") "\n## More\n\n" LINK(3, "Three", "z"),
	    &none);
	is(apply(a,
	       HEAD "\n## A\n\n" LINK(1, "One", "x") "\n## Optional\n\n" LINK(
		   3, "Three", "z") LINK(4, "Four", "w"),
	       e, &o),
	    HEAD "\n## A\n\n" LINK(1, "One", "x") "\n## More\n\n" LINK(
		3, "Three", "z") "\n## Optional\n\n" LINK(4, "Four", "w"),
	    "a line taken out of Optional takes no other along");
}

/* Names of sections that differ by case alone are the person's, too. */
static void
another_case(struct arena *a)
{
	static const char *const names[][2] = {
	    {"optional", "Optional"},
	    {"Optional", "optional"},
	    {"OPTIONAL", "Optional"},
	    {"guide", "Guide"},
	};
	struct llms_edits_outcome o;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		const char *before = arena_printf(a,
		    "%s\n## A\n\n%s\n## %s\n\n%s%s", HEAD, LINK(1, "One", "x"),
		    names[i][0], LINK(2, "Two", "y"), LINK(3, "Three", "z"));
		const char *edited = arena_printf(a,
		    "%s\n## A\n\n%s\n## %s\n\n%s%s", HEAD, LINK(1, "One", "x"),
		    names[i][1], LINK(2, "Two", "y"), LINK(3, "Three", "z"));
		const char *one = arena_printf(a,
		    "%s\n## A\n\n%s%s\n## %s\n\n%s", HEAD, LINK(1, "One", "x"),
		    LINK(2, "Two", "y"), names[i][1], LINK(3, "Three", "z"));
		struct llms_edits *e = derive(a, before, before, edited, &none);

		is(apply(a, before, e, &o), edited, "renamed to another case");
		e = derive(a, before, before, one, &none);
		is(apply(a, before, e, &o), one,
		    "also where lines left the section");
	}
}

/* Two sections become one, named like one of them but for its case. */
static void
joined_in_another_case(struct arena *a)
{
	static const char before[] = HEAD "\n## a\n\n" LINK(1, "One",
	    "x") "\n## b\n\n" LINK(2, "Two", "y") LINK(3, "Three", "z");
	static const char edited[] = HEAD "\n## A\n\n" LINK(1, "One", "x")
	    LINK(2, "Two", "y") LINK(3, "Three", "z");
	struct llms_edits *e = derive(a, before, before, edited, &none);
	struct llms_edits_outcome o;

	is(apply(a, before, e, &o), edited, "two sections joined");
}

#define AT(site, path, title, text) \
	"- [" title "](" site "/" path "): " text "\n"
#define MOVED(site)                                                           \
	HEAD "\n## A\n\n" AT(site, "1", "One", "x") AT(site, "2", "Two", "y") \
	    AT(site, "3", "Three", "z")
#define MOVED_EDITED(site, own)                     \
	HEAD "\n## A\n\n" AT(site, "1", "Uno", "x") \
	    AT(own, "mine", "Mine", "By hand") AT(site, "3", "Three", "z")

/* The site moves between http and https, with "www." and without. */
static void
site_moves(struct arena *a)
{
	static const char *const to[][2] = {
	    {MOVED("https://h.test"),
		MOVED_EDITED("https://h.test", "http://h.test")},
	    {MOVED("https://www.h.test"),
		MOVED_EDITED("https://www.h.test", "http://h.test")},
	    {MOVED("http://www.h.test"),
		MOVED_EDITED("http://www.h.test", "http://h.test")},
	};
	static const char before[] = MOVED("http://h.test");
	static const char edited[] =
	    MOVED_EDITED("http://h.test", "http://h.test");
	struct llms_edits *e = derive(a, before, before, edited, &none), *again;
	struct llms_edits_outcome o;
	const char *shown;

	for (size_t i = 0; i < sizeof(to) / sizeof(to[0]); i++) {
		shown = apply(a, to[i][0], e, &o);
		is(shown, to[i][1], "a site that moved keeps its edits");
		is_int(
		    (long long)(o.norphaned + o.nconflicts), 0, "all of them");
		again = derive(a, to[i][0], shown, shown, e);
		is_int((long long)llms_edits_count(again), 3,
		    "saved there, they are as many");
		is(apply(a, to[i][0], again, &o), to[i][1], "and the same");
		is(apply(a, before, again, &o), edited, "also when it returns");
		again = derive(a, to[i][0], shown, to[i][0], e);
		is_int((long long)llms_edits_count(again), 0,
		    "all taken back there: none is kept");
	}
	is(apply(a,
	       HEAD "\n## A\n\n" AT("https://h.test", "mine", "Gen", "g")
		   AT("https://h.test", "1", "One", "x"),
	       e, &o),
	    HEAD "\n## A\n\n" AT("https://h.test", "1", "Uno", "x")
		AT("https://h.test", "mine", "Mine", "By hand"),
	    "a line of one's own does not stand beside its twin");
}

/* Twins that are both there are two lines. */
static void
twins(struct arena *a)
{
	static const char before[] =
	    HEAD "\n## A\n\n" AT("http://h.test", "1", "One", "x");
	static const char both[] = HEAD "\n## A\n\n" AT("http://h.test", "1",
	    "Uno", "x") AT("https://h.test", "1", "One again", "y");
	static const char other[] =
	    HEAD "\n## A\n\n" AT("https://h.test", "1", "One", "x");
	struct llms_edits *e = derive(a, before, before, both, &none);
	struct llms_edits_outcome o;

	is(apply(a, before, e, &o), both, "a twin can be added");
	e = derive(a, before, both, both, e);
	is(apply(a, before, e, &o), both, "and saved again");
	e = derive(a, before, before, other, &none);
	is(apply(a, before, e, &o), other, "an address can be changed to it");
	is(apply(a, other, e, &o), other, "and the site may follow");
}

static void
bad_json(struct arena *a)
{
	static const char *const bad[] = {"{}", "{\"links\":[],\"sections\":3}",
	    "{\"sections\":[],\"links\":[1]}",
	    "{\"sections\":[],\"links\":[{\"url\":\"x\",\"kind\":\"odd\"}]}",
	    "{\"sections\":[{}],\"links\":[]}",
	    "{\"sections\":[],\"links\":[{\"url\":\"x\",\"kind\":\"added\"}]}"};
	struct llms_edits e;
	const char *why;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		is_int(llms_edits_read(
			   a, json_parse(a, bad[i], strlen(bad[i]), &why), &e),
		    E_INPUT, bad[i]);
}

/* ---- any edit of any file ---- */

static unsigned
dice(unsigned *seed, unsigned n)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % n;
}

static const char *
any_url(struct arena *a, unsigned n)
{
	static const char *const sites[] = {
	    "https://a.test", "http://a.test", "https://www.a.test"};

	return arena_printf(a, "%s/%u", sites[n % 3], n / 3);
}

/* Its last section may be "Optional". */
static const char *
any_section(struct arena *a, unsigned *seed, unsigned number, bool last)
{
	if (last && dice(seed, 3) == 0)
		return "Optional";
	return arena_printf(a, "Part %u", number);
}

/* A file of some of 30 URLs, with twins, in any order, in some of 7 sections.
 */
static const char *
any_file(struct arena *a, unsigned *seed, unsigned variety)
{
	unsigned order[30], nsections = 1 + dice(seed, 6), at = 0;
	char *s = arena_printf(a, "# T%u\n\n> S%u\n\nP%u\n",
	    dice(seed, variety), dice(seed, variety), dice(seed, variety));
	unsigned start = dice(seed, 7);

	for (unsigned i = 0; i < 30; i++) {
		unsigned j = dice(seed, i + 1);

		/* Mostly in order, so that few are moved. */
		if (dice(seed, 4) > 0)
			j = i;
		order[i] = order[j];
		order[j] = i;
	}
	for (unsigned n = 0; n < nsections && at < 30; n++) {
		s = arena_printf(a, "%s\n## %s\n\n", s,
		    any_section(a, seed, (start + n) % 7, n + 1 == nsections));
		for (unsigned k = 1 + dice(seed, 8); k > 0 && at < 30; k--)
			s = arena_printf(a, "%s- [t%u](%s)\n", s,
			    dice(seed, variety), any_url(a, order[at++]));
	}
	return s;
}

static void
any_edit(struct arena *a)
{
	unsigned seed = 1, wrong = 0, wrong_again = 0;

	for (int i = 0; i < 2000; i++) {
		const char *g = any_file(a, &seed, 2);
		const char *e = any_file(a, &seed, 2);
		struct llms_edits *edits = derive(a, g, g, e, &none), *again;
		struct llms_edits_outcome o;
		const char *got = apply(a, g, edits, &o);

		if (strcmp(got, e) != 0 && wrong++ == 0)
			is(got, e, g);
		again = derive(a, g, e, e, edits);
		if (strcmp(apply(a, g, again, &o), e) != 0)
			wrong_again++;
		arena_reset(a);
	}
	is_int(wrong, 0, "whatever was edited is found again");
	is_int(wrong_again, 0, "and again, when it is saved once more");
}

/* many: n sections of a line each, called so, from the last to the first. */
static struct llms_file *
many(struct arena *a, const char *name, uint32_t n, bool back)
{
	struct llms_file *f = arena_alloc(a, sizeof(*f));

	*f = (struct llms_file){.title = "Site",
	    .summary = "",
	    .sections = arena_array(a, n, sizeof(*f->sections)),
	    .nsections = n,
	    .links = arena_array(a, n, sizeof(*f->links)),
	    .nlinks = n};
	for (uint32_t i = 0; i < n; i++) {
		uint32_t of = back ? n - 1 - i : i;

		f->sections[i] = (struct llms_section){
		    arena_printf(a, "%s %u", name, of), i, 1};
		f->links[i] = (struct llms_link){
		    "Page", arena_printf(a, "https://a.test/%u", of), "", i};
	}
	return f;
}

/* What the sections of a file may cost, renamed and turned about by hand. */
static double
many_sections(uint32_t n)
{
	struct llms_edits before, after;
	struct llms_edits_outcome o;
	struct llms_file out;
	struct arena a;
	double began;

	arena_init(&a);
	began = cpu();
	llms_edits_derive(&a, many(&a, "Part", n, false),
	    many(&a, "Part", n, false), many(&a, "Mine", n, true), &none,
	    &before);
	/* The site has others now. */
	llms_edits_derive(&a, many(&a, "Other", n, false),
	    many(&a, "Other", n, false), many(&a, "Other", n, true), &before,
	    &after);
	llms_edits_apply(&a, many(&a, "Other", n, false), &after, &out, &o);
	llms_edits_apply(&a, many(&a, "Part", n, false), &before, &out, &o);
	began = cpu() - began;
	is_int((long)out.nsections, (long)n, "all sections are there again");
	arena_release(&a);
	return began;
}

static void
costs_what_it_is_large(void)
{
	double once = many_sections(10000), twice = many_sections(20000);

	ok(twice < 3.2 * once + 0.1,
	    "edits of 10,000 sections take %.3f s, of twice as many %.3f s",
	    once, twice);
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	survives(&a);
	older_file(&a);
	odd_ones(&a);
	to_optional(&a);
	another_case(&a);
	joined_in_another_case(&a);
	site_moves(&a);
	twins(&a);
	bad_json(&a);
	any_edit(&a);
	costs_what_it_is_large();
	arena_release(&a);
	return done();
}
