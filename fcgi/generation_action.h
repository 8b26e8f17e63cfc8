/* generation_action: cancel and try again, for people and programs alike. */
#ifndef FCGI_GENERATION_ACTION_H
#define FCGI_GENERATION_ACTION_H

#include "core/rc.h"

struct request;

/*
 * generation_action_cancel, generation_action_again: the generation of
 * rq->param.id. E_CONFLICT with the reason, where its status does not allow it;
 * E_NOTFOUND.
 */
enum rc generation_action_cancel(struct request *rq) MUST_CHECK;
enum rc generation_action_again(struct request *rq) MUST_CHECK;

#endif
