/* not_page: the path ends as those of files that are no pages do (".pdf"). */
#include "core/url.h"
#include "worker/crawl/url_rule.h"
#include "worker/crawl/words.h"

#include <string.h>
#include <strings.h>

/* non_page_extension: the ending of the path, if no page has it; or NULL. */
static const char *
non_page_extension(const struct url *u)
{
	const char *slash = strrchr(u->path, '/');
	const char *dot = slash == NULL ? NULL : strrchr(slash, '.');

	/* "/wiki/File:Press.jpg" is a page about a picture. */
	if (dot != NULL && strchr(slash, ':') != NULL)
		return NULL;
	for (size_t i = 0; dot != NULL && words_file_extensions[i] != NULL; i++)
		if (strcasecmp(dot, words_file_extensions[i]) == 0)
			return words_file_extensions[i];
	return NULL;
}

static enum disposition
judge_not_page(struct url_case *c)
{
	c->detail = non_page_extension(c->url);
	return c->detail != NULL ? DISPOSITION_NOT_PAGE : DISPOSITION_PENDING;
}

const struct url_rule url_rule_not_page = {
    .name = "not_page",
    .stage = URL_RULE_ADDRESS,
    .order = 30,
    .judge = judge_not_page,
};
