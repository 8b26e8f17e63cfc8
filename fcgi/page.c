#include "fcgi/page.h"

const char *
page_class(const struct page *page, enum method method)
{
	static const char *const names[CLASS_MAX] = {
	    [CLASS_READ] = "read",
	    [CLASS_WRITE] = "write",
	    [CLASS_ORDER] = "order",
	    [CLASS_AUTH] = "auth",
	    [CLASS_UPLOAD] = "upload",
	};
	enum limit_class class = page->limit;

	if (class == CLASS_BY_METHOD)
		class = method & (GET | OPTIONS) ? CLASS_READ : CLASS_WRITE;
	return names[class];
}
