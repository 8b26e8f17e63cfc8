#include "core/stage.h"

#include "core/json.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *stage;
	const char *label;
} stages[] = {
#define STAGE(stage, label) {stage, label},
#include "core/stage.def"
#undef STAGE
};

#define NSTAGES (sizeof(stages) / sizeof(stages[0]))

const char *
stage_label(const char *stage)
{
	for (size_t i = 0; i < NSTAGES; i++)
		if (strcmp(stages[i].stage, stage) == 0)
			return stages[i].label;
	return stage;
}

struct json_object *
stage_labels(void)
{
	struct json_object *o = json_object_new_object();

	for (size_t i = 0; i < NSTAGES; i++)
		json_put_str(o, stages[i].stage, stages[i].label);
	return o;
}
