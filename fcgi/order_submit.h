/* order_submit: from a checked order to a queued generation. */
#ifndef FCGI_ORDER_SUBMIT_H
#define FCGI_ORDER_SUBMIT_H

#include "core/db.h"
#include "core/order.h"
#include "core/rc.h"

struct request;

/*
 * order_submit: creates the generation for the session's account, or for a new
 * guest.  rows gets it (columns of table generations).  E_LIMIT when too many
 * of the account's generations wait or run, or there is no room for results.
 */
enum rc order_submit(
    struct request *rq, struct order *order, struct rows *rows) MUST_CHECK;

/*
 * order_submit_room: checks that the account's next result has room.  E_LIMIT,
 * as 507 with its sentence: the limit of the account or of the service is
 * reached, or the disk is nearly full.
 */
enum rc order_submit_room(struct request *rq) MUST_CHECK;

#endif
