/* user_agent: how the service introduces itself to the sites it reads. */
#ifndef CORE_USER_AGENT_H
#define CORE_USER_AGENT_H

#include "core/arena.h"
#include "core/conf.h"

/* user_agent_contact: the address for owners of sites; "" if there is none. */
const char *user_agent_contact(const struct conf *c);

/* user_agent_text: "Platen/0.1 (+https://platen.example)", maybe in a. */
const char *user_agent_text(struct arena *a, const struct conf *c);

#endif
