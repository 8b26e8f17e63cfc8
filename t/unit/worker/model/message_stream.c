/* Framing of model answers: a piece that ends badly must not lose words. */
#include "worker/model/message_stream.h"

#include "t/tap.h"

struct seen {
	struct buf text; /* messages, each in <> */
	int n;
	int enough; /* stop after so many; 0 never */
};

static bool
note(void *ctx, const char *text, size_t n)
{
	struct seen *s = ctx;

	buf_addc(&s->text, '<');
	buf_add(&s->text, text, n);
	buf_addc(&s->text, '>');
	s->n++;
	return s->enough == 0 || s->n < s->enough;
}

/* Feeds text in pieces of step bytes; what came of it. */
static const char *
run(struct seen *s, enum message_framing kind, const char *text, size_t step)
{
	struct message_stream st;
	size_t n = strlen(text), i;

	buf_clear(&s->text);
	s->n = 0;
	message_stream_init(&st, kind, 64, note, s);
	for (i = 0; i < n; i += step)
		if (!message_stream_feed(
			&st, text + i, n - i < step ? n - i : step))
			break;
	if (!message_stream_end(&st))
		buf_adds(&s->text, "!");
	message_stream_release(&st);
	return s->text.data;
}

static void
all_steps(struct seen *s, enum message_framing kind, const char *text,
    const char *want, const char *name)
{
	size_t step;

	for (step = 1; step <= strlen(text); step++)
		if (strcmp(run(s, kind, text, step), want) != 0)
			break;
	is(s->text.data, want, name);
}

int
main(void)
{
	struct seen s = {.n = 0, .enough = 0};

	buf_init(&s.text, 4096);
	all_steps(&s, FRAMING_NDJSON, "{\"a\":1}\n{\"b\":2}\n",
	    "<{\"a\":1}><{\"b\":2}>", "two lines, split anywhere");
	all_steps(&s, FRAMING_NDJSON, "{\"a\":1}\r\n\r\n  \n{\"b\":2}",
	    "<{\"a\":1}><{\"b\":2}>", "empty lines, CRLF, no last end");
	all_steps(&s, FRAMING_NDJSON, "\"\xd0\xbf\xe2\x82\xac\"\n",
	    "<\"\xd0\xbf\xe2\x82\xac\">",
	    "letters of several bytes, split inside");
	all_steps(&s, FRAMING_SSE, "data: {\"a\":1}\n\ndata:{\"b\":2}\n\n",
	    "<{\"a\":1}><{\"b\":2}>", "two events");
	all_steps(&s, FRAMING_SSE,
	    ": hello\r\nevent: x\r\nid: 3\r\ndata: 1\r\ndata: 2\r\n\r\n",
	    "<1\n2>", "comments and names are passed over, lines joined");
	all_steps(&s, FRAMING_SSE,
	    "\xef\xbb\xbf"
	    "data: 1\r\rdata\n\n",
	    "<1><>", "a BOM, lone CR, a field without a value");
	all_steps(&s, FRAMING_SSE, "data: 1\n\ndata: 2\n", "<1><2>",
	    "a last event needs no empty line");
	all_steps(&s, FRAMING_SSE, "data: 1\n\ndata: 2", "<1><2>",
	    "nor the end of its line");
	all_steps(&s, FRAMING_WHOLE, "{\n \"a\":1\r\n}\n",
	    "<{\n \"a\":1\r\n}\n>",
	    "a whole text in many lines is one message");
	all_steps(&s, FRAMING_SSE, "database: 1\n\n", "",
	    "a longer name is another field");
	is(run(&s, FRAMING_NDJSON,
	       "{\"012345678901234567890123456789012345678901234567890123456789"
	       "0123456789\"}\n",
	       7),
	    "!", "a line over the limit ends the stream");
	s.enough = 1;
	is(run(&s, FRAMING_NDJSON, "1\n2\n3\n", 2), "<1>!",
	    "a caller who has enough gets no more");
	buf_release(&s.text);
	return done();
}
