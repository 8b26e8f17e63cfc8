/*
 * words: the words of a site as they were before a model bettered them, so
 * that its file can be written without the model, whatever the model said.
 */
#ifndef WORKER_LLMS_TEXT_BACKUP_H
#define WORKER_LLMS_TEXT_BACKUP_H

struct arena;
struct buf;
struct described_site;
struct text_backup;

/* text_backup_save: of a described, grouped site; in its arena. */
struct text_backup *text_backup_save(const struct described_site *site);

/* text_backup_restore: the site's titles, lines, head and sections as saved. */
void text_backup_restore(
    const struct text_backup *w, struct described_site *site);

/*
 * text_backup_write: the site's llms.txt into out, as write_llms_txt does. When
 * it is not valid and was is not NULL, the words of was are restored and
 * written instead; then the result is what was wrong, in a, else NULL.
 */
const char *text_backup_write(struct arena *a, struct buf *out,
    struct described_site *site, const struct text_backup *was);

#endif
