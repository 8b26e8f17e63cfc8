/*
 * edits: what a person mended by hand in the host's last llms.txt, put into
 * the one that was just generated (core/llms_edits.h).
 */
#ifndef WORKER_LLMS_EDITS_H
#define WORKER_LLMS_EDITS_H

#include "core/llms_edits.h"
#include "core/rc.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct buf;
struct json_object;
struct described_site;

struct edits_made {
	size_t number; /* of edits that there were */
	bool changed;  /* the file is another than the generated one */
	const char
	    *refused; /* why none was made, a sentence; NULL: they were */
	struct llms_file file;
	struct llms_edits_outcome outcome;
};

/*
 * edits_make: the edits (as llms_edits_json wrote them) put into generated,
 * whose text comes out in mended.  Where that would give no valid file,
 * nothing is changed and made->refused says why.  made lives in a.
 */
void edits_make(struct arena *a, struct json_object *edits,
    const struct buf *generated, struct buf *mended, struct edits_made *made);

/*
 * edits_mirror: the site says what made->file says: names, lines, sections.
 * Pages that were removed by hand are in no section (SITE_NONE).
 */
void edits_mirror(struct described_site *site, const struct edits_made *made);

#endif
