/* What the sites that are visited learn of who visits them. */
#include "worker/doctor/doctor.h"

#include "worker/crawl/options.h"

void
doctor_crawler(const struct doctor *d)
{
	const char *agent = crawl_user_agent(d->arena, d->conf);

	if (*crawl_contact(d->conf) == '\0')
		doctor_say(d, DOCTOR_WARN, "crawler",
		    "Sites are visited as \"%s\", which does not say whom "
		    "their owners may write to. Set crawl.contact to a web or "
		    "mail address.",
		    agent);
	else
		doctor_say(d, DOCTOR_OK, "crawler",
		    "Sites are visited as \"%s\".", agent);
}
