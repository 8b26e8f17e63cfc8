#include "worker/crawl/url_rule.h"

#include "core/log.h"

/* url_rule_insert: behind those of a lower order; two of one are a bug. */
static void
url_rule_insert(const struct url_rule **list, const struct url_rule *rule)
{
	size_t n = 0, i;

	while (list[n] != NULL)
		n++;
	if (n == URL_RULES_MAX)
		BUG("more than %d rules in a stage", URL_RULES_MAX);
	for (i = n; i > 0 && list[i - 1]->order >= rule->order; i--) {
		if (list[i - 1]->order == rule->order)
			BUG("rules %s and %s have one order", rule->name,
			    list[i - 1]->name);
		list[i] = list[i - 1];
	}
	list[i] = rule;
}

void
url_rule_list_make(struct url_rule_list *list)
{
	*list = (struct url_rule_list){0};
	for (size_t i = 0; url_rules[i] != NULL; i++)
		url_rule_insert(list->rule[url_rules[i]->stage], url_rules[i]);
}

enum disposition
url_rule_judge(const struct url_rule_list *list, enum url_rule_stage stage,
    bool links, struct url_case *c, const struct url_rule **by)
{
	for (const struct url_rule *const *r = list->rule[stage]; *r != NULL;
	     r++) {
		enum disposition d;

		if ((*r)->links_only && !links)
			continue;
		c->detail = c->page = NULL;
		c->other = FRONTIER_NONE;
		d = (*r)->judge(c);
		if (d == DISPOSITION_PENDING)
			continue;
		if (by != NULL)
			*by = *r;
		return d;
	}
	c->detail = c->page = NULL;
	c->other = FRONTIER_NONE;
	return DISPOSITION_PENDING;
}
