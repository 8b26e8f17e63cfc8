/*
 * prompt: what a model is asked for a story.
 *
 * What a person typed stands between two lines of "=" that are longer than
 * any run of "=" in it, so it cannot end them: it can say what it likes to
 * the model, as any user of a model could, but not pass for our words.
 */
#ifndef WORKER_STORY_PROMPT_H
#define WORKER_STORY_PROMPT_H

struct arena;
struct json_object;

struct story_order {
	const char *theme;
	const char *language; /* "": the theme's */
	const char *tone;     /* "": the writer's choice */
	long length;          /* words */
};

/* prompt_order: from the canonical input of core/type/story.c. */
void prompt_order(struct json_object *input, struct story_order *out);

/* prompt_rules: the instructions; the same for every story. */
extern const char prompt_rules[];

/* prompt_first: the question for a whole story; in the arena. */
const char *prompt_first(struct arena *a, const struct story_order *o);

/*
 * prompt_more: the question to go on after the story so far, of which at
 * most max bytes are shown, its title and its end.  words: what it has.
 */
const char *prompt_more(struct arena *a, const struct story_order *o,
    const char *story, long words, long max);

/* prompt_fenced: "=====\ntext\n=====\n", the lines as long as they must be. */
const char *prompt_fenced(struct arena *a, const char *text);

#endif
