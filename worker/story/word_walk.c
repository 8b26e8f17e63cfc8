#include "worker/story/word_walk.h"

#include "core/text.h"

#include <ctype.h>
#include <stdint.h>

/* Letters of a script without spaces that make a word. */
#define LETTERS_A_WORD 5

enum sort {
	SORT_GAP,    /* white space, or no text */
	SORT_MARK,   /* punctuation: inside a word at most */
	SORT_LETTER, /* letters and digits */
	SORT_ALONE,  /* a word of its own */
	SORT_DENSE   /* of a script without spaces */
};

struct char_range {
	int32_t from, to;
	enum sort sort;
};

static const struct char_range ranges[] = {
#define CHAR_RANGE(from, to, sort) {from, to, SORT_##sort},
#include "worker/story/char_ranges.def"
#undef CHAR_RANGE
};

static enum sort
character_kind(int32_t cp)
{
	if (cp < 0)
		return SORT_GAP;
	if (cp < 0x80)
		return isalnum(cp) ? SORT_LETTER
		       : cp <= ' ' ? SORT_GAP
				   : SORT_MARK;
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (cp >= ranges[i].from && cp <= ranges[i].to)
			return ranges[i].sort;
	return SORT_LETTER;
}

static enum sort
character_kind_at(const struct word_walk *w, const char *p, size_t *len)
{
	return character_kind(text_decode(p, (size_t)(w->end - p), len));
}

void
word_walk_begin(struct word_walk *w, const char *s, size_t n)
{
	*w = (struct word_walk){.at = s, .end = s + n, .word = s};
}

/* One of these between two letters is inside a word: "don't", "3.5". */
static bool
is_joiner(const struct word_walk *w, const char *p, size_t *len)
{
	int32_t cp = text_decode(p, (size_t)(w->end - p), len);
	size_t next;

	if (cp != '\'' && cp != '.' && cp != ',' && cp != '-' && cp != '_' &&
	    cp != 0xB7 && cp != 0x2010 && cp != 0x2011 && cp != 0x2019)
		return false;
	p += *len;
	return p < w->end && character_kind_at(w, p, &next) == SORT_LETTER;
}

static void
walk_letters(struct word_walk *w)
{
	size_t len;

	while (w->at < w->end) {
		if (character_kind_at(w, w->at, &len) != SORT_LETTER &&
		    !is_joiner(w, w->at, &len))
			break;
		w->at += len;
	}
	w->counts = 1;
}

static void
walk_dense(struct word_walk *w)
{
	long letters = 0;
	size_t len;

	while (
	    w->at < w->end && character_kind_at(w, w->at, &len) == SORT_DENSE) {
		w->at += len;
		letters++;
	}
	w->counts = (letters + LETTERS_A_WORD - 1) / LETTERS_A_WORD;
}

bool
word_walk_next(struct word_walk *w)
{
	enum sort sort = SORT_GAP;
	size_t len = 0;

	for (; w->at < w->end; w->at += len) {
		sort = character_kind_at(w, w->at, &len);
		if (sort != SORT_GAP && sort != SORT_MARK)
			break;
	}
	if (w->at >= w->end)
		return false;
	w->word = w->at;
	if (sort == SORT_LETTER) {
		walk_letters(w);
	} else if (sort == SORT_DENSE) {
		walk_dense(w);
	} else {
		w->at += len;
		w->counts = 1;
	}
	w->len = (size_t)(w->at - w->word);
	return true;
}

long
word_walk_count(const char *s, size_t n)
{
	struct word_walk w;
	long count = 0;

	word_walk_begin(&w, s, n);
	while (word_walk_next(&w))
		count += w.counts;
	return count;
}
