/*
 * words: the words of a site as they were before a model bettered them, so
 * that its file can be written without the model, whatever the model said.
 */
#ifndef WORKER_LLMS_WORDS_H
#define WORKER_LLMS_WORDS_H

struct arena;
struct buf;
struct site;
struct words;

/* words_save: of a described, grouped site; in its arena. */
struct words *words_save(const struct site *site);

/* words_restore: the site's titles, lines, head and sections as saved. */
void words_restore(const struct words *w, struct site *site);

/*
 * words_write: the site's llms.txt into out, as write_llms does.  When it is
 * not valid and was is not NULL, the words of was are restored and written
 * instead; then the result is what was wrong, in a, else NULL.
 */
const char *words_write(struct arena *a, struct buf *out, struct site *site,
    const struct words *was);

#endif
