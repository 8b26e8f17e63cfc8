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

/*
 * The text of a member: NULL where it is missing; told as wrong, and NULL,
 * where it is none.
 */
static const char *
text_of(struct order_check *c, const char *field, const char *example)
{
	struct json_object *v = json_sub(c->given, field);
	const char *s;

	if (v == NULL)
		return NULL;
	if (!json_object_is_type(v, json_type_string)) {
		order_wrong(c, field, "The %s is a text, for example \"%s\".",
		    field, example);
		return NULL;
	}
	s = json_object_get_string(v);
	if (strlen(s) == (size_t)json_object_get_string_len(v))
		return s;
	order_wrong(c, field, "The %s has a NUL in it; leave it out.", field);
	return NULL;
}

/* Says whether s has at most so many characters. */
static bool
field_fits(struct order_check *c, const char *field, const char *s, int most)
{
	size_t n = text_count(s);

	if (n <= (size_t)most)
		return true;
	order_wrong(c, field,
	    "The %s is %zu characters long; at most %d are taken. Shorten it.",
	    field, n, most);
	return false;
}

/* Ends of lines as "\n", tabs as spaces, nothing at either end. */
static const char *
tidy_text(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, strlen(s) + 1), *to = out;

	for (s += strspn(s, " \t\r\n"); *s != '\0'; s++)
		if (*s != '\r')
			*to++ = *s == '\t' ? ' ' : *s;
		else if (s[1] != '\n')
			*to++ = '\n';
	while (to > out && strchr(" \n", to[-1]) != NULL)
		to--;
	*to = '\0';
	return out;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' && *s != '\n') || *s == 0x7f)
			return true;
	return false;
}

static void
check_theme(struct order_check *c)
{
	static const char example[] = "A fox who runs a printing house";
	struct json_object *prompt = json_sub(c->given, "prompt");
	const char *field = "theme", *s;

	if (prompt != NULL && json_sub(c->given, "theme") != NULL) {
		order_wrong(c, "prompt",
		    "The fields theme and prompt mean the same; give one of "
		    "them.");
		return;
	}
	if (prompt != NULL)
		field = "prompt";
	s = text_of(c, field, example);
	if (s == NULL && json_sub(c->given, field) != NULL)
		return;
	s = s == NULL ? "" : tidy_text(c->a, s);
	if (*text_line(c->a, s, PROMPT_CHARS) == '\0')
		order_wrong(c, field,
		    "The %s is missing: say what the story is about, for "
		    "example \"%s\".",
		    field, example);
	else if (has_control(s))
		order_wrong(c, field,
		    "The %s has a control character in it; leave it out.",
		    field);
	else if (field_fits(c, field, s, c->conf->story_theme_chars)) {
		json_put_str(c->input, "theme", s);
		c->prompt = arena_printf(
		    c->a, "Story: %s", text_line(c->a, s, PROMPT_CHARS));
	}
}

/* A field of one line that may be left out. */
static const char *
line_of(struct order_check *c, const char *field, const char *example, int most)
{
	const char *s = text_of(c, field, example);

	if (s == NULL)
		return "";
	s = tidy_text(c->a, s);
	if (has_control(s) || strchr(s, '\n') != NULL) {
		order_wrong(c, field,
		    "The %s is one line without control characters, for "
		    "example \"%s\".",
		    field, example);
		return "";
	}
	return field_fits(c, field, s, most) ? text_line(c->a, s, (size_t)most)
					     : "";
}

static void
check_language(struct order_check *c)
{
	static const char marks[] = " -_()'.,";
	const char *s =
	    line_of(c, "language", "English", c->conf->story_language_chars);
	bool letters = false;

	json_put_str(c->input, "language", s);
	for (const char *p = s; *p != '\0'; p++) {
		bool letter =
		    (*p & 0x80) || ((*p | 32) >= 'a' && (*p | 32) <= 'z');

		letters = letters || letter;
		if (letter || (*p >= '0' && *p <= '9') || strchr(marks, *p))
			continue;
		order_wrong(c, "language",
		    "The language is a name or a code, such as \"English\" or "
		    "\"pt-BR\", not \"%s\".",
		    text_bit(c->a, s));
		return;
	}
	if (*s != '\0' && !letters)
		order_wrong(c, "language",
		    "The language \"%s\" has no letter in it. Name it, for "
		    "example \"English\".",
		    text_bit(c->a, s));
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
check_length(struct order_check *c)
{
	struct json_object *v = json_sub(c->given, "length");
	int least = c->conf->story_words_min, most = c->conf->story_words_max;
	int64_t n = usual_length(c->conf);

	if (v != NULL && !json_object_is_type(v, json_type_int)) {
		order_wrong(c, "length",
		    "The length is a whole number of words, from %d to %d.",
		    least, most);
		return;
	}
	if (v != NULL)
		n = json_object_get_int64(v);
	if (n < least || n > most) {
		order_wrong(c, "length",
		    "The length is %lld words; from %d to %d are possible "
		    "here.",
		    (long long)n, least, most);
		return;
	}
	c->units = (long)n;
	json_put_num(c->input, "length", n);
}

static void
story_check(struct order_check *c)
{
	check_theme(c);
	check_language(c);
	json_put_str(c->input, "tone",
	    line_of(
		c, "tone", "warm and a little sad", c->conf->story_tone_chars));
	check_length(c);
}

static const char *const languages[] = {"English", "Deutsch", "Español",
    "Français", "Italiano", "Português", "Polski", "Русский", "Українська",
    "Türkçe", "العربية", "हिन्दी", "中文", "日本語", "한국어", NULL};

static const char *const tones[] = {"funny", "warm", "sad", "dark", "dry",
    "adventurous", "for small children", NULL};

static const struct order_field *
story_form(struct arena *a, const struct conf *conf)
{
	struct order_field *f = arena_array(a, 5, sizeof(*f));
	int least = conf->story_words_min, most = conf->story_words_max;

	f[0] = (struct order_field){
	    .name = "theme",
	    .label = "What is it about?",
	    .holder = "A fox who runs a printing house",
	    .hint = "A theme, or as much of the plot as you like.",
	    .kind = FIELD_TEXT,
	    .required = true,
	    .most = conf->story_theme_chars,
	};
	f[1] = (struct order_field){
	    .name = "language",
	    .label = "Language",
	    .hint = "Left empty: that of your words.",
	    .kind = FIELD_LINE,
	    .most = conf->story_language_chars,
	    .ideas = languages,
	};
	f[2] = (struct order_field){
	    .name = "tone",
	    .label = "Tone",
	    .hint = "Left empty: the writer chooses.",
	    .kind = FIELD_LINE,
	    .most = conf->story_tone_chars,
	    .ideas = tones,
	};
	f[3] = (struct order_field){
	    .name = "length",
	    .label = "Length in words",
	    .holder = arena_printf(a, "%d", usual_length(conf)),
	    .hint = arena_printf(a, "From %d to %d.", least, most),
	    .kind = FIELD_NUMBER,
	    .least = least,
	    .most = most,
	};
	return f;
}

const struct ordertype ordertype_story = {
    .name = "story",
    .label = "Story",
    .fields = (const char *const[]){"theme", "prompt", "language", "tone",
	"length", NULL},
    .check = story_check,
    .needs = CAN_CHAT,
    .form = story_form,
    .lead = "Say what it is about. A language model writes it while you "
	    "watch.",
    .unit = "words",
    .result = "story.md",
    .is_markdown = true,
    .usual_units = 800,
    .unit_cost = 0.02,
};
