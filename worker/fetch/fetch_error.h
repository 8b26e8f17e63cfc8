/* fetch_error: how a fetch can end, and how that is told. */
#ifndef WORKER_FETCH_FETCH_ERROR_H
#define WORKER_FETCH_FETCH_ERROR_H

enum fetch_error {
#define FETCH_ERROR(name, word) FETCH_##name,
#include "worker/fetch/fetch_errors.def"
#undef FETCH_ERROR
	FETCH_ERROR_MAX
};

/* fetch_error_name: as a word for logs and reports, "too_big". */
const char *fetch_error_name(enum fetch_error e);

/* fetch_status_text: "404 Not Found", "599". */
const char *fetch_status_text(int status, char out[static 48]);

#endif
