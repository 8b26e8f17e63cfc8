#include "worker/extract/tags.h"

#include <stdbool.h>
#include <string.h>

struct known_name {
	const char *name;
	uint8_t len;
};

static const struct known_name tags[TAG_MAX] = {
    [TAG_TEXT] = {"", 0},
    [TAG_OTHER] = {"", 0},
#define X(id, name, kinds) [TAG_##id] = {name, sizeof(name) - 1},
#include "worker/extract/tags.def"
#undef X
};

const uint16_t tag_kinds[TAG_MAX] = {
#define X(id, name, kinds) [TAG_##id] = kinds,
#include "worker/extract/tags.def"
#undef X
};

static const struct known_name attrs[ATTR_MAX] = {
    [ATTR_NONE] = {"", 0},
#define X(id, name) [ATTR_##id] = {name, sizeof(name) - 1},
#include "worker/extract/attrs.def"
#undef X
};

_Static_assert(TAG_MAX < 256 && TAG_MAX * 2 < NAME_SLOTS, "tags fit");

/* Case-blind for letters: bit 5 is dropped. */
static unsigned
name_hash(const char *s, size_t len)
{
	unsigned h = (unsigned)len * 31;

	for (size_t i = 0; i < len; i++)
		h = h * 33 + ((unsigned char)s[i] & 0xdf);
	return (h ^ (h >> 9)) & (NAME_SLOTS - 1);
}

static void
slots_fill(
    uint8_t *slots, const struct known_name *list, unsigned from, unsigned to)
{
	for (unsigned i = from; i < to; i++) {
		unsigned h = name_hash(list[i].name, list[i].len);

		while (slots[h] != 0)
			h = (h + 1) & (NAME_SLOTS - 1);
		slots[h] = (uint8_t)i;
	}
}

void
name_tables_init(struct name_tables *n)
{
	memset(n, 0, sizeof(*n));
	slots_fill(n->tag, tags, TAG_OTHER + 1, TAG_MAX);
	slots_fill(n->attr, attrs, ATTR_NONE + 1, ATTR_MAX);
}

static unsigned
slots_find(const uint8_t *slots, const struct known_name *list, const char *s,
    size_t len)
{
	unsigned h;

	if (len > 16)
		return 0;
	for (h = name_hash(s, len); slots[h] != 0;
	     h = (h + 1) & (NAME_SLOTS - 1)) {
		const struct known_name *e = &list[slots[h]];

		if (e->len == len && (memcmp(e->name, s, len) == 0 ||
					 strncasecmp(e->name, s, len) == 0))
			return slots[h];
	}
	return 0;
}

enum tag
name_tables_tag(const struct name_tables *n, const char *s, size_t len)
{
	unsigned i = slots_find(n->tag, tags, s, len);

	return i == 0 ? TAG_OTHER : (enum tag)i;
}

uint32_t
name_tables_id(const struct name_tables *n, const char *s, size_t len)
{
	uint32_t i = slots_find(n->tag, tags, s, len), h = 2166136261u;

	if (i != 0)
		return i;
	for (size_t k = 0; k < len; k++) {
		bool upper = s[k] >= 'A' && s[k] <= 'Z';

		h = (h ^ (unsigned char)(s[k] | (upper ? 32 : 0))) * 16777619u;
	}
	return h | 0x80000000u;
}

enum attr
name_tables_attr(const struct name_tables *n, const char *s, size_t len)
{
	return (enum attr)slots_find(n->attr, attrs, s, len);
}

const char *
tag_name(enum tag t)
{
	return tags[t].name;
}
