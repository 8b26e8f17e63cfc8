/* What a WebSocket client sends: the same however it is cut into pieces. */
#include "t/fuzz/fuzz.h"

#include "core/text.h"
#include "ws/websocket.h"

#include <stdlib.h>

#define MAX 512

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* A number for all that was said, in order. */
static uint64_t
note(uint64_t h, const struct websocket *w, enum websocket_event kind)
{
	h = (h ^ (uint64_t)kind) * 1099511628211u;
	if (kind == WEBSOCKET_TEXT) {
		must(w->message.len <= MAX);
		must(buf_ok(&w->message));
		for (size_t i = 0; i < w->message.len; i++)
			h = (h ^ (unsigned char)w->message.data[i]) *
			    1099511628211u;
	}
	if (kind == WEBSOCKET_PING)
		for (int i = 0; i < w->ncontrol; i++)
			h = (h ^ w->control[i]) * 1099511628211u;
	if (kind == WEBSOCKET_CLOSE || kind == WEBSOCKET_BAD)
		h = (h ^ (uint64_t)w->code) * 1099511628211u;
	return h;
}

static uint64_t
run(const uint8_t *data, size_t len, size_t step)
{
	const uint8_t *at = data, *end;
	enum websocket_event kind = WEBSOCKET_MORE;
	uint64_t h = 1469598103934665603u;
	struct websocket w;

	websocket_init(&w, MAX);
	for (size_t i = 0; i < len && kind != WEBSOCKET_BAD; i += step) {
		end = data + (i + step < len ? i + step : len);
		while (at < end) {
			kind = websocket_read(&w, &at, end);
			must(at <= end);
			if (kind != WEBSOCKET_MORE)
				h = note(h, &w, kind);
			if (kind == WEBSOCKET_BAD)
				break;
		}
	}
	websocket_release(&w);
	return h;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	uint64_t whole = run(data, len, len + 1);

	must(run(data, len, 1) == whole);
	must(run(data, len, 7) == whole);
	return 0;
}
