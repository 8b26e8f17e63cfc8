/*
 * Answers of a model on their way to story.md: whatever they are, the draft
 * keeps what worker/story/draft.h promises.  The input is two answers with a
 * NUL between them: the first, and one that goes on.
 */
#include "t/fuzz/fuzz.h"

#include "core/arena.h"
#include "core/text.h"
#include "worker/story/draft.h"
#include "worker/story/prompt.h"
#include "worker/story/quality.h"
#include "worker/story/word_walk.h"

#include <stdlib.h>
#include <string.h>

static void
check(struct arena *a, const char *story)
{
	size_t n = strlen(story);
	const char *line;

	if (!text_valid(story, n) || strncmp(story, "# ", 2) != 0)
		abort();
	if (n < 3 || story[n - 1] != '\n' || strstr(story, "\n\n\n") != NULL)
		abort();
	for (line = story; (line = strchr(line, '\n')) != NULL;) {
		line++;
		if (line[0] == '#' && line[1] != '#')
			abort();
	}
	for (size_t i = 0; i < n; i++)
		if (((unsigned char)story[i] < ' ' && story[i] != '\n') ||
		    story[i] == 0x7f)
			abort();
	if (*draft_title(a, story) == '\0')
		abort();
}

static void
judge(const char *story)
{
	size_t n = strlen(story);
	struct quality q;

	quality_measure(story, n, 100, true, &q);
	if (q.words != word_walk_count(story, n) || q.repeated < 0 ||
	    q.repeated > 1 || q.word == NULL)
		abort();
}

/* The lines around what a person wrote are not in it. */
static void
fence(struct arena *a, const char *text)
{
	const char *fenced = prompt_fenced(a, text);
	size_t n = strcspn(fenced, "\n");

	if (strstr(text, arena_strndup(a, fenced, n)) != NULL)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const char *first, *more, *story;
	struct arena a;

	arena_init(&a);
	first = arena_strndup(&a, (const char *)data, len);
	more = strlen(first) < len ? first + strlen(first) + 1 : "";
	story = draft_first(&a, first, "a theme");
	check(&a, story);
	judge(story);
	story = draft_join(&a, draft_open(&a, story), more);
	check(&a, story);
	story = draft_join(&a, story, first);
	check(&a, story);
	judge(story);
	fence(&a, first);
	arena_release(&a);
	return 0;
}
