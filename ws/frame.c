#include "ws/frame.h"

#include "core/buf.h"
#include "core/log.h"

#include <stdlib.h>
#include <string.h>

struct frame *
frame_new(const void *p, size_t len)
{
	struct frame *f;

	f = malloc(sizeof(*f) + LWS_PRE + len);
	if (f == NULL || len > UINT32_MAX)
		fatal("out of memory");
	f->refs = 1;
	f->len = (uint32_t)len;
	memcpy(frame_data(f), p, len);
	return f;
}

struct frame *
frame_message(enum frame_shape shape, const char *id, const char *type,
    const char *text, size_t len)
{
	struct frame *f;
	struct buf b;

	if (shape == SHAPE_TEXT)
		return frame_new(text, len);
	buf_init(&b, len + 512);
	if (shape == SHAPE_SSE && id != NULL && id[0] != '\0')
		buf_printf(&b, "id: %s\n", id);
	buf_printf(&b, "event: %s\ndata: ", type);
	/* JSON text has no line break outside of escapes. */
	buf_add(&b, text, len);
	buf_adds(&b, "\n\n");
	if (!buf_ok(&b))
		BUG("an event of %zu bytes does not fit", len);
	f = frame_new(b.data, b.len);
	buf_release(&b);
	return f;
}

struct frame *
frame_ref(struct frame *f)
{
	f->refs++;
	return f;
}

void
frame_unref(struct frame *f)
{
	if (f != NULL && --f->refs == 0)
		free(f);
}
