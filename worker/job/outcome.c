#include "worker/job/outcome.h"

#include <string.h>

#define COUNT_MAX 2000000000L
#define SENTENCE_MAX_BYTES 8192
#define FACT_NAME_MAX_BYTES 64
#define FACT_TEXT_MAX_BYTES 1024
#define FACTS_MAX 16 /* in one object or list */
#define FACTS_DEPTH 4
#define FACTS_MAX_BYTES 32768

bool
job_count_valid(long n)
{
	return n >= 0 && n <= COUNT_MAX;
}

void
text_cut(char *to, size_t size, const char *s)
{
	size_t n = strlen(s);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && ((unsigned char)s[n] & 0xc0) == 0x80)
			n--;
	}
	memmove(to, s, n);
	to[n] = '\0';
}

void
job_outcome_put(struct json_object *o, const struct job_outcome *outcome)
{
	json_put_num(o, "rc", outcome->rc);
	json_put_num(o, "processed", outcome->processed);
	json_put_num(o, "total", outcome->total);
	json_put_num(o, "entries", outcome->entries);
	json_put_num(o, "tokens", outcome->tokens);
	json_put_flag(o, "permanent", outcome->permanent);
	json_put_str(o, "error", outcome->error);
	json_put_num(o, "after_ms", outcome->after_ms);
	json_put_num(o, "quota_ms", outcome->quota_ms);
	json_put_str(o, "quota", outcome->quota);
	if (outcome->facts != NULL)
		json_put(o, "facts", json_object_get(outcome->facts));
}

static bool
facts_fit(struct json_object *v, int depth)
{
	switch (json_object_get_type(v)) {
	case json_type_string:
		return json_object_get_string_len(v) <= FACT_TEXT_MAX_BYTES;
	case json_type_boolean:
	case json_type_int:
	case json_type_double:
		return true;
	case json_type_array:
		if (depth == 0 || json_object_array_length(v) > FACTS_MAX)
			return false;
		for (size_t i = 0; i < json_object_array_length(v); i++)
			if (!facts_fit(
				json_object_array_get_idx(v, i), depth - 1))
				return false;
		return true;
	case json_type_object:
		if (depth == 0 || json_object_object_length(v) > FACTS_MAX)
			return false;
		break;
	default:
		return false;
	}
	json_object_object_foreach(v, key, member)
	{
		if (strlen(key) > FACT_NAME_MAX_BYTES ||
		    !facts_fit(member, depth - 1))
			return false;
	}
	return true;
}

/* Column result of table generations is jsonb, which takes no NUL. */
bool
job_facts_valid(struct json_object *facts)
{
	const char *text;

	if (!json_object_is_type(facts, json_type_object) ||
	    !facts_fit(facts, FACTS_DEPTH))
		return false;
	text = json_object_to_json_string(facts);
	return strlen(text) <= FACTS_MAX_BYTES &&
	       strstr(text, "\\u0000") == NULL;
}

static bool
is_sentence(const char *s)
{
	return s == NULL || strlen(s) <= SENTENCE_MAX_BYTES;
}

enum rc
job_outcome_parse(struct json_object *o, struct job_outcome *outcome)
{
	int64_t rc = json_num(o, "rc", OK);

	*outcome = (struct job_outcome){
	    .processed = json_num(o, "processed", 0),
	    .total = json_num(o, "total", 0),
	    .entries = json_num(o, "entries", 0),
	    .tokens = json_num(o, "tokens", 0),
	    .permanent = json_flag(o, "permanent", false),
	    .error = json_str(o, "error", NULL),
	    .after_ms = json_num(o, "after_ms", 0),
	    .quota_ms = json_num(o, "quota_ms", 0),
	    .quota = json_str(o, "quota", NULL),
	    .facts = json_sub(o, "facts"),
	};
	if (rc < 0 || rc >= RC_MAX)
		return E_INPUT;
	outcome->rc = (enum rc)rc;
	if (!job_count_valid(outcome->processed) ||
	    !job_count_valid(outcome->total) ||
	    !job_count_valid(outcome->entries) ||
	    !job_count_valid(outcome->tokens) ||
	    !job_count_valid(outcome->after_ms) ||
	    !job_count_valid(outcome->quota_ms))
		return E_INPUT;
	if (!is_sentence(outcome->error) || !is_sentence(outcome->quota) ||
	    (outcome->facts != NULL && !job_facts_valid(outcome->facts)))
		return E_INPUT;
	return OK;
}

static const char *
sentence_copy(struct arena *a, const char *s, size_t size)
{
	char *to;

	if (s == NULL)
		return NULL;
	to = arena_alloc(a, size);
	text_cut(to, size, s);
	return to;
}

void
job_outcome_copy(
    struct arena *a, struct job_outcome *to, const struct job_outcome *from)
{
	const char *text, *why;

	*to = *from;
	to->error = sentence_copy(a, from->error, OUTCOME_ERROR_BYTES);
	to->quota = sentence_copy(a, from->quota, OUTCOME_QUOTA_BYTES);
	if (from->facts != NULL) {
		text = json_text(from->facts);
		to->facts = json_parse(a, text, strlen(text), &why);
	}
}
