#include "fcgi/refused.h"

#include "fcgi/request.h"

#include <stdlib.h>
#include <string.h>

struct refusal {
	int status;
	enum rc rc;
	const char *detail, *advice; /* NULL: the usual ones */
};

/* The last is for all others. */
static const struct refusal refusals[] = {
    {403, E_FORBIDDEN,
	"Only the files of this folder can be asked for, one by one.",
	"Start again from the list."},
    {404, E_NOTFOUND, NULL, NULL},
    {411, E_INPUT, "A POST request came without its length (Content-Length).",
	"Programs send Content-Length: 0 where there is nothing to say; with "
	"curl, add -d ''."},
    {413, E_TOOBIG, "What was sent is larger than this server takes.",
	"Send less at once."},
    {431, E_INPUT,
	"The address and the headers of the request are too long; together "
	"they may have 16 kB.",
	"Type the hostname alone; if that does not help, delete the cookies of "
	"this site."},
    {501, E_INPUT, "Requests of this method are not understood here.", NULL},
    {502, E_UNAVAILABLE,
	"The part that answers this address does not do so at the moment. "
	"Nothing is lost.",
	NULL},
    {503, E_UNAVAILABLE,
	"The part that answers this address does not do so at the moment. "
	"Nothing is lost.",
	NULL},
    {400, E_INPUT,
	"The address or the headers hold something that no browser sends, such "
	"as a zero byte, or lack the Host.",
	"Check the address, or start again from the list."},
};

static int
status_of(const struct request *rq)
{
	const char *text = request_header(rq, "REDIRECT_STATUS");

	return text == NULL ? 0 : atoi(text);
}

bool
refused(const struct request *rq)
{
	return status_of(rq) >= 400;
}

enum rc
refused_answer(struct request *rq)
{
	const struct refusal *r = refusals;
	int status = status_of(rq);

	while (r->status != status && r->status != 400)
		r++;
	/* It is the sidecar that is away, and programs are what listens. */
	if (r->rc == E_UNAVAILABLE)
		rq->api = true;
	rq->problem = (struct problem){
	    .status = r->status,
	    .detail = r->detail,
	    .advice = r->advice,
	};
	return r->rc;
}
