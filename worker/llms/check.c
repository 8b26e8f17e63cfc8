#include "worker/llms/check.h"

#include "core/llms_parse.h"

#include <string.h>

enum rc
check_llms(
    struct arena *a, const void *bytes, size_t n, struct check_report *out)
{
	struct llms_file f;
	enum rc rc = llms_parse(a, bytes, n, &f);

	*out = (struct check_report){
	    .title = f.title,
	    .summary = f.summary,
	    .paragraphs = f.ninfo,
	    .sections = f.nsections,
	    .links = f.nlinks,
	    .issues = f.issues,
	    .nissues = f.nissues,
	    .found = f.found,
	    .invalid = f.invalid,
	};
	memcpy(out->dropped, f.dropped, sizeof(out->dropped));
	return rc;
}
