/* stage: what a generation is doing, for people. */
#ifndef CORE_STAGE_H
#define CORE_STAGE_H

struct json_object;

/* stage_label: "Reading pages"; an unknown word stays as it is. */
const char *stage_label(const char *stage);

/* stage_labels: {"pages":"Reading pages",...}; the caller owns it. */
struct json_object *stage_labels(void);

#endif
