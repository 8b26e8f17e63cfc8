/* What the sites that are visited learn of who visits them. */
#include "worker/doctor/doctor.h"

#include "worker/crawl/options.h"

void
doctor_crawler(const struct doctor *d)
{
	const char *agent = crawl_user_agent(d->arena, d->conf);

	if (*crawl_contact(d->conf) == '\0')
		doctor_say(d, DOCTOR_WARN, "crawler",
		    "The User-Agent that sites see, \"%s\", names no contact. "
		    "Set crawl.contact to a web or mail address where their "
		    "owners reach you.",
		    agent);
	else
		doctor_say(d, DOCTOR_OK, "crawler",
		    "The User-Agent that sites see is \"%s\".", agent);
}
