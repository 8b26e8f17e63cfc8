/*
 * story: a story that a language model writes.
 *
 * Given:     theme or prompt (one of them), language, tone, length.
 * Canonical: {"theme":"A fox\nwho prints", "language":"English",
 *             "tone":"dry", "length":800}
 * theme has "\n" for ends of lines and no other control character; language
 * and tone are one line, "" where nothing was asked for: then the language is
 * the theme's and the tone the writer's.  length is words, always there.
 */
#include "core/order.h"
#include "core/text.h"

#include <stdint.h>
#include <string.h>

/* Of the theme, in the one line that names the order. */
#define PROMPT_CHARS 80

static void
check_language(struct order_check *c)
{
	static const char marks[] = " -_()'.,";
	const char *s = json_str(c->input, "language", "");
	bool letters = false;

	for (const char *p = s; *p != '\0'; p++) {
		bool letter =
		    (*p & 0x80) || ((*p | 32) >= 'a' && (*p | 32) <= 'z');

		letters = letters || letter;
		if (letter || (*p >= '0' && *p <= '9') || strchr(marks, *p))
			continue;
		order_wrong(c, "language",
		    "The language must be a name or a code, such as "
		    "\"English\" or \"pt-BR\", not \"%s\".",
		    text_excerpt(c->a, s));
		return;
	}
	if (*s != '\0' && !letters)
		order_wrong(c, "language",
		    "The language \"%s\" contains no letter. Enter a name, for "
		    "example \"English\".",
		    text_excerpt(c->a, s));
}

/* Between the limits, whatever the operator set them to. */
static int
usual_length(const struct conf *conf)
{
	if (conf->story_words > conf->story_words_max)
		return conf->story_words_max;
	if (conf->story_words < conf->story_words_min)
		return conf->story_words_min;
	return conf->story_words;
}

static void
story_check(struct order_check *c)
{
	if (order_field_take(c, "theme"))
		c->prompt = arena_printf(c->a, "Story: %s",
		    text_line(
			c->a, json_str(c->input, "theme", ""), PROMPT_CHARS));
	if (order_field_take(c, "language"))
		check_language(c);
	(void)order_field_take(c, "tone");
	if (order_field_take(c, "length"))
		c->units = (long)json_num(c->input, "length", 0);
}

static const char *const languages[] = {"English", "Deutsch", "Español",
    "Français", "Italiano", "Português", "Polski", "Русский", "Українська",
    "Türkçe", "العربية", "हिन्दी", "中文", "日本語", "한국어", NULL};

static const char *const tones[] = {"funny", "warm", "sad", "dark", "dry",
    "adventurous", "for small children", NULL};

static const struct order_field *
story_fields(struct arena *a, const struct conf *conf)
{
	struct order_field *f = arena_array(a, 5, sizeof(*f));
	int min = conf->story_words_min, max = conf->story_words_max;

	f[0] = (struct order_field){
	    .name = "theme",
	    .label = "What is it about?",
	    .alias = "prompt",
	    .missing = "say what the story is about",
	    .example = "A fox who runs a printing house",
	    .placeholder = "A fox who runs a printing house",
	    .hint = "A theme, a few lines, or a full plot outline.",
	    .kind = FIELD_TEXT,
	    .required = true,
	    .max = conf->story_theme_chars,
	};
	f[1] = (struct order_field){
	    .name = "language",
	    .label = "Language",
	    .hint = "Leave empty to use the language of your description.",
	    .kind = FIELD_LINE,
	    .example = "English",
	    .max = conf->story_language_chars,
	    .choices = languages,
	};
	f[2] = (struct order_field){
	    .name = "tone",
	    .label = "Tone",
	    .hint = "Leave empty to let the model choose.",
	    .kind = FIELD_LINE,
	    .example = "warm and a little sad",
	    .max = conf->story_tone_chars,
	    .choices = tones,
	};
	f[3] = (struct order_field){
	    .name = "length",
	    .label = "Length in words",
	    .placeholder = arena_printf(a, "%d", usual_length(conf)),
	    .hint = arena_printf(a, "From %d to %d.", min, max),
	    .kind = FIELD_NUMBER,
	    .min = min,
	    .max = max,
	    .usual = usual_length(conf),
	};
	return f;
}

const struct ordertype ordertype_story = {
    .name = "story",
    .label = "Story",
    .fields = story_fields,
    .check = story_check,
    .needs = CAN_CHAT,
    .lead = "Describe your story and watch a language model write it.",
    .unit = "words",
    .result = "story.md",
    .is_markdown = true,
    .usual_units = 800,
    .unit_cost = 0.02,
};
