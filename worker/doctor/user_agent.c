/* What the sites that are visited learn of who visits them. */
#include "core/user_agent.h"
#include "worker/doctor/doctor.h"

void
doctor_user_agent(const struct doctor *d)
{
	const char *agent = user_agent_text(d->arena, d->conf);

	if (*user_agent_contact(d->conf) == '\0')
		doctor_report(d, DOCTOR_WARN, "crawler",
		    "The User-Agent that sites see, \"%s\", names no contact. "
		    "Set crawl.contact to a web or mail address where their "
		    "owners reach you.",
		    agent);
	else
		doctor_report(d, DOCTOR_OK, "crawler",
		    "The User-Agent that sites see is \"%s\".", agent);
}
