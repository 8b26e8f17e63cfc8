/* enrich_form: the form of what a model is shown and of what it may answer. */
#include "core/json.h"
#include "core/text.h"
#include "worker/llms/enrich_internal.h"
#include "worker/site/text_line.h"
#include "worker/llms/write.h"

#include <ctype.h>
#include <string.h>

#define SENTENCE_CHARS 10

const char *
enrich_field(struct arena *a, const char *s, size_t max)
{
	char *out = text_line_clip(a, text_line_fold(a, s), max);

	for (char *p = out; (p = strchr(p, '|')) != NULL;)
		*p = '/';
	return out;
}

size_t
enrich_words(const char *s)
{
	size_t n = 0;

	for (bool in = false; *s != '\0'; s++) {
		n += *s != ' ' && !in;
		in = *s != ' ';
	}
	return n;
}

/* Half of it, at least, is more than marks: "a ----------" says nothing. */
static bool
is_wordy(const char *s)
{
	size_t words = 0, marks = 0;

	for (; *s != '\0'; s++) {
		bool letter = (unsigned char)*s >= 0x80 || isalnum(*s);

		words += letter;
		marks += !letter && *s != ' ';
	}
	return words > 0 && words >= marks;
}

bool
enrich_wordy(struct arena *a, const char *s)
{
	return is_wordy(write_paragraph(a, s));
}

bool
enrich_sentence(struct arena *a, const char *s, size_t most)
{
	return text_line_length(write_paragraph(a, s)) >= SENTENCE_CHARS &&
	       enrich_wordy(a, s) && text_line_length(s) <= most &&
	       strstr(s, "http://") == NULL && strstr(s, "https://") == NULL &&
	       strstr(s, "](") == NULL;
}

struct json_object *
enrich_json(struct arena *a, const char *text)
{
	const char *why;

	return json_parse(a, text, strlen(text), &why);
}

bool
enrich_is_refused(struct json_object *o)
{
	return json_object_object_length(o) == 0;
}
