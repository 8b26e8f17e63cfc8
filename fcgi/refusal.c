#include "fcgi/refusal.h"

#include "fcgi/request.h"

#include <stdlib.h>
#include <string.h>

struct refusal {
	int status;
	enum rc rc;
	const char *detail, *advice; /* NULL: the usual ones */
};

/* All others are as 400 or as 503. */
static const struct refusal refusals[] = {
    {403, E_FORBIDDEN, "Directory listing is not available.",
	"Start again from your list."},
    {404, E_NOTFOUND, NULL, NULL},
    {413, E_TOOBIG, "The request is too large.", "Send a smaller one."},
    {416, E_INPUT, "The requested range is outside the file.",
	"Request the file without a Range header."},
    {431, E_INPUT,
	"The address and the headers of the request are too long; together "
	"they may have 32 kB.",
	"Enter only the hostname. If that does not help, delete this site's "
	"cookies."},
    {501, E_INPUT,
	"The method of the request, or its Transfer-Encoding, is not "
	"supported.",
	"Use GET, POST, PUT or DELETE, and no Transfer-Encoding other than "
	"chunked."},
    {505, E_INPUT, "This version of HTTP is not supported.", "Use HTTP/1.1."},
    {400, E_INPUT,
	"The request is malformed: its URL or headers contain an invalid "
	"character, or the Host header is missing.",
	"Check the address, or start again from the list."},
    {503, E_UNAVAILABLE,
	"This part of the service is temporarily unavailable. Nothing has been "
	"lost.",
	NULL},
};

int
refusal_status(const struct request *rq)
{
	const char *text = request_header(rq, "REDIRECT_STATUS");
	int status = text == NULL ? 0 : atoi(text);

	return status >= 400 ? status : 0;
}

bool
refusal_stands(const struct request *rq)
{
	int status = refusal_status(rq);

	return status != 0 && status != 405 && status != 411;
}

static const struct refusal *
find_refusal(int status)
{
	const struct refusal *r = refusals;
	int other = status < 500 ? 400 : 503;

	while (r->status != status && r->status != other)
		r++;
	return r;
}

enum rc
refusal_answer(struct request *rq, enum rc read)
{
	int status = refusal_status(rq);
	const struct refusal *r = find_refusal(status);

	/* The sidecar hangs up on an address that we do not read either. */
	if (r->rc == E_UNAVAILABLE && read != OK)
		return read;
	/*
	 * What the front server could not read has no address, and it was a
	 * program that sent it.
	 */
	if (strcmp(rq->uri, "/") == 0)
		rq->api = true;
	rq->problem = (struct problem){
	    .status = r->status,
	    .detail = r->detail,
	    .advice = r->advice,
	};
	return r->rc;
}
