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

/* Beyond ASCII; what is in none of them is a letter. */
static const struct char_range ranges[] = {
    {0x80, 0xA0, SORT_GAP}, {0xA1, 0xA9, SORT_MARK}, {0xAB, 0xB1, SORT_MARK},
    {0xB6, 0xB8, SORT_MARK}, {0xBB, 0xBF, SORT_MARK},
    {0x0E00, 0x0EFF, SORT_DENSE},                             /* Thai, Lao */
    {0x1000, 0x109F, SORT_DENSE},                             /* Burmese */
    {0x1680, 0x1680, SORT_GAP}, {0x1780, 0x17FF, SORT_DENSE}, /* Khmer */
    {0x2000, 0x200B, SORT_GAP}, {0x2010, 0x2027, SORT_MARK},
    {0x2028, 0x2029, SORT_GAP}, {0x202F, 0x202F, SORT_GAP},
    {0x2030, 0x205E, SORT_MARK}, {0x205F, 0x205F, SORT_GAP},
    {0x2190, 0x2BFF, SORT_MARK}, /* arrows, boxes, symbols */
    {0x3000, 0x3000, SORT_GAP}, {0x3001, 0x3004, SORT_MARK},
    {0x3005, 0x3007, SORT_ALONE}, {0x3008, 0x3020, SORT_MARK},
    {0x3041, 0x30FA, SORT_ALONE}, /* kana */
    {0x30FB, 0x30FB, SORT_MARK}, {0x30FC, 0x30FF, SORT_ALONE},
    {0x3400, 0x9FFF, SORT_ALONE}, /* Chinese characters */
    {0xF900, 0xFAFF, SORT_ALONE}, {0xFF00, 0xFF0F, SORT_MARK},
    {0xFF1A, 0xFF20, SORT_MARK}, {0xFF3B, 0xFF40, SORT_MARK},
    {0xFF5B, 0xFF65, SORT_MARK}, {0x1F000, 0x1FAFF, SORT_MARK}, /* pictures */
    {0x20000, 0x3FFFF, SORT_ALONE}, /* rarer Chinese characters */
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
