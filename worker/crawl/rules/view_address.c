/*
 * view_address: the address alone says that it shows another page in another
 * way, or is for signing in, buying or searching.
 */
#include "worker/crawl/rules/alternate_view.h"
#include "worker/crawl/url_rule.h"

static enum disposition
judge_view_address(struct url_case *c)
{
	struct alternate_view view;

	alternate_view_judge(c->arena, c->url, &view);
	c->detail = view.why;
	c->page = view.page;
	return view.disposition;
}

const struct url_rule url_rule_view_address = {
    .name = "view_address",
    .stage = URL_RULE_ADDRESS,
    .order = 50,
    .links_only = true,
    .judge = judge_view_address,
};
