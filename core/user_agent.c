#include "core/user_agent.h"

#include <string.h>

const char *
user_agent_contact(const struct conf *c)
{
	return *c->crawl_contact != '\0' ? c->crawl_contact : c->web_origin;
}

const char *
user_agent_text(struct arena *a, const struct conf *c)
{
	const char *contact = user_agent_contact(c), *kind = "";

	if (*contact == '\0' || strstr(c->crawl_user_agent, "(+") != NULL)
		return c->crawl_user_agent;
	if (strchr(contact, '@') != NULL && strstr(contact, ":") == NULL)
		kind = "mailto:";
	return arena_printf(
	    a, "%s (+%s%s)", c->crawl_user_agent, kind, contact);
}
