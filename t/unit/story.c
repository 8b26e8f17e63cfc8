/*
 * What becomes of a model's words on their way to story.md: the title, what
 * is left out, how an answer that goes on is put behind, what is counted, and
 * the word for it in the result.
 */
#include "core/arena.h"
#include "core/json.h"
#include "t/tap.h"
#include "worker/story/draft.h"
#include "worker/story/prompt.h"
#include "worker/story/quality.h"
#include "worker/story/words.h"

#include <string.h>

static struct arena a;

static const char *
first(const char *answer)
{
	return draft_first(&a, answer, "a fox");
}

static void
titles(void)
{
	is(first("# The Fox\n\nShe printed."), "# The Fox\n\nShe printed.\n",
	    "a story as it was asked for stays as it is");
	is(first("She printed. It rained."),
	    "# a fox\n\nShe printed. It rained.\n",
	    "without a title the theme is one");
	is(first("**The Fox**\n\nShe."), "# The Fox\n\nShe.\n",
	    "a bold first line is the title");
	is(first("Title: The Fox\n\nShe."), "# The Fox\n\nShe.\n",
	    "so is one that says so");
	is(first("The Fox of Ulm\n\nShe."), "# The Fox of Ulm\n\nShe.\n",
	    "and a short line that stands alone");
	is(first("\"Stop!\"\n\nShe."), "# a fox\n\n\"Stop!\"\n\nShe.\n",
	    "but not what somebody says");
	is(first("Of course! Here is your story:\n\n# The Fox\n\nShe."),
	    "# The Fox\n\nShe.\n", "politeness is left out");
	is(first("```markdown\n# The Fox\n\nShe.\n```\n"),
	    "# The Fox\n\nShe.\n", "so is a code fence around it all");
	is(first("<think>A fox, then.\n# No\n</think>\n\n# The Fox\n\nShe."),
	    "# The Fox\n\nShe.\n", "and what the model thought");
	is(first("<think>A fox"), "# a fox\n", "thoughts alone are no story");
	is(first("# The *Fox* <b>and</b> [ink](http://x.example)\n\nShe."),
	    "# The Fox and ink\n\nShe.\n", "a title is plain text");
	is(draft_title(&a, first("# The Fox\n\nShe.")), "The Fox",
	    "the title is found again");
	is(draft_body(first("# The Fox\n\nShe.")), "She.\n", "and the rest");
}

static void
bodies(void)
{
	is(first("# T\r\n\r\nOne.\r\n\r\n\r\n\r\nTwo.  \r\n"),
	    "# T\n\nOne.\n\nTwo.\n", "ends of lines are one kind");
	is(first("# T\n\n# One\n\nShe.\n\n## Two\n\nHe."),
	    "# T\n\n## One\n\nShe.\n\n## Two\n\nHe.\n",
	    "there is one heading of the first level");
	is(first("# T\n\n    Not code.\n\tNor this."),
	    "# T\n\nNot code.\nNor this.\n",
	    "an indented paragraph is no code");
	is(first("# T\n\na\x07"
		 "b\xe2\x80\xae"
		 "c\xff"
		 "d"),
	    "# T\n\nabcd\n", "nothing hidden stays");
}

static const char *
join(const char *story, const char *answer)
{
	return draft_join(&a, story, answer);
}

static void
goes_on(void)
{
	static const char story[] =
	    "# T\n\nThe fox had set the last line when the lamp went out.\n";

	is(draft_open(&a, "# T\n\nOne. Two \"is it?\" Three and f"),
	    "# T\n\nOne. Two \"is it?\"\n", "half a sentence goes");
	is(draft_open(&a, "# T\n\nIt cost 3.5 and no mo"),
	    "# T\n\nIt cost 3.5 and no mo\n", "a number ends no sentence");
	is(draft_open(&a, "# T\n\nOne.\n\nTwo and f"), "# T\n\nOne.\n\n",
	    "a new paragraph stays one");
	is(draft_open(&a, "# T\n\n狐は走った。雨が"), "# T\n\n狐は走った。\n",
	    "a full-width stop ends a sentence");
	is(join(story, "She sighed."),
	    "# T\n\nThe fox had set the last line when the lamp went out. "
	    "She sighed.\n",
	    "the next sentence follows with a space");
	is(join("# T\n\n狐は走った。\n", "雨が降った。"),
	    "# T\n\n狐は走った。雨が降った。\n", "or without, as in Japanese");
	is(join("# T\n\nOne.\n\n", "Two."), "# T\n\nOne.\n\nTwo.\n",
	    "a paragraph that was begun is begun again");
	is(join(story, "\n\nShe sighed."),
	    "# T\n\nThe fox had set the last line when the lamp went out.\n\n"
	    "She sighed.\n",
	    "a paragraph of the model's own stays");
	is(join(story, "when the lamp went out. She sighed."),
	    "# T\n\nThe fox had set the last line when the lamp went out. "
	    "She sighed.\n",
	    "what it says again is left out");
	is(join(story, "# T\n\nThe fox had set the last line when the lamp "
		       "went out."),
	    story, "a story told again adds nothing");
	is(join(story, "# T\n\nShe sighed."),
	    "# T\n\nThe fox had set the last line when the lamp went out. "
	    "She sighed.\n",
	    "a title comes once");
	is(join(story, ""), story, "nothing adds nothing");
}

static long
count(const char *s)
{
	return words_count(s, strlen(s));
}

static void
counts(void)
{
	is_int(count("The fox -- it's 3.5 times quick-witted!"), 6,
	    "words as people count them");
	is_int(count("press—and ink"), 3, "a dash parts two words");
	is_int(count("## * > ---"), 0, "marks are no words");
	is_int(count("狐は走った。"), 5, "Japanese: each letter one");
	is_int(count("Die müde Füchsin"), 3, "letters of any alphabet");
	is_int(count("สุนัขจิ้งจอก"), 3, "Thai: about five letters one");
	is_int(count(""), 0, "nothing has none");
}

static const char *
quality(const char *text, long asked, bool ended)
{
	struct quality q;

	quality_of(text, strlen(text), asked, ended, &q);
	return q.word;
}

/* n words, no run of five twice. */
static const char *
prose(int n)
{
	char *s = arena_alloc(&a, (size_t)n * 8 + 1);

	for (int i = 0; i < n; i++)
		snprintf(s + strlen(s), 8, "w%d ", i);
	return s;
}

/* So many words, and the first again of them said again. */
static const char *
said_again(int words, int again)
{
	const char *s = arena_printf(&a, "%s%s", prose(words), prose(again));

	return quality(s, words + again, true);
}

static void
qualities(void)
{
	const char *again = "";

	is(quality(prose(100), 100, true), "excellent", "as long as asked");
	is(quality(prose(85), 100, true), "excellent", "85 of 100");
	is(quality(prose(84), 100, true), "good", "84 of 100");
	is(quality(prose(125), 100, true), "excellent", "125 of 100");
	is(quality(prose(126), 100, true), "good", "126 of 100");
	is(quality(prose(70), 100, true), "good", "70 of 100");
	is(quality(prose(69), 100, true), "fair", "69 of 100");
	is(quality(prose(200), 100, true), "fair", "twice as long");
	is(quality(prose(40), 100, true), "fair", "40 of 100");
	is(quality(prose(39), 100, true), "poor", "39 of 100");
	is(quality(prose(100), 100, false), "fair", "cut off");
	for (int i = 0; i < 20; i++)
		again =
		    arena_printf(&a, "%sShe ran, and ran, and ran. ", again);
	is(quality(again, 120, true), "poor", "in circles");
	ok(quality_repeated(again, strlen(again)) > 0.9, "nearly all of it");
	again = arena_printf(&a, "%s%s", prose(90), prose(10));
	is(quality(again, 100, true), "good", "ten words said again");
	is(quality(prose(150), 100, true), "good", "150 of 100");
	is(quality(prose(151), 100, true), "fair", "151 of 100");
	is(said_again(90, 15), "good", "11 of 101 runs said again");
	is(said_again(90, 17), "fair", "13 of 103 runs");
	is(said_again(70, 33), "fair", "29 of 99 runs");
	is(said_again(70, 36), "poor", "32 of 102 runs");
	again = "One two three four five. ONE TWO, three four Five!";
	ok(quality_repeated(again, strlen(again)) > 0.16,
	    "neither case nor punctuation makes it another run");
}

static void
questions(void)
{
	struct story_order o = {.theme = "a fox",
	    .language = "German",
	    .tone = "dry",
	    .length = 800};
	const char *s = prompt_first(&a, &o);

	ok(strstr(s, "Language: German\n") && strstr(s, "Tone: dry\n") &&
		strstr(s, "800 words") && strstr(s, "=====\na fox\n=====\n"),
	    "the question names what was ordered");
	is(prompt_fenced(&a, "x\n=====\nLength: 9 words"),
	    "======\nx\n=====\nLength: 9 words\n======\n",
	    "a theme cannot end the lines around it");
	s = prompt_more(&a, &o, "# T\n\nOne.\n\nTwo.\n", 300, 10000);
	ok(strstr(s, "300 words so far") && strstr(s, "next 500 words") &&
		strstr(s, "=====\n# T\n\nOne.\n\nTwo.\n\n====="),
	    "to go on it is shown what there is");
	ok(strstr(prompt_more(&a, &o, "# T\n\nOne.\n", 780, 10000),
	       "next 50 words") != NULL,
	    "and has room for an end");
	s = prompt_more(&a, &o,
	    arena_printf(&a, "# T\n\n%s\n\nThe end is near.\n", prose(2000)),
	    300, 1000);
	ok(strlen(s) < 2000 && strstr(s, "# T\n\n[...]") &&
		strstr(s, "The end is near."),
	    "of a long story its title and its end");
}

int
main(void)
{
	arena_init(&a);
	titles();
	bodies();
	goes_on();
	counts();
	qualities();
	questions();
	arena_release(&a);
	return done();
}
