/* place: an order is placed, whoever sent it and however. */
#ifndef FCGI_ORDER_SUBMIT_H
#define FCGI_ORDER_SUBMIT_H

#include "core/db.h"
#include "core/order.h"
#include "core/rc.h"

struct request;

/*
 * order_submit: for the session's account, or a guest made now.  rows gets
 * the new generation (columns of table generations).  E_LIMIT when too many
 * of the account's wait or run, or there is no room for more results.
 */
enum rc order_submit(
    struct request *rq, struct order *order, struct rows *rows) MUST_CHECK;

/*
 * order_submit_room: there is room for the result of another run of the
 * session's account.  E_LIMIT, as 507 with its sentence: the limit of the
 * account or the service, or the disk, is used up.
 */
enum rc order_submit_room(struct request *rq) MUST_CHECK;

#endif
