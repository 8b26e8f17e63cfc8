/* json: json-c with arenas, and the few readers everyone needs. */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/arena.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* json_new: an object that goes with the arena. */
struct json_object *json_new(struct arena *a);

/*
 * json_parse: strict JSON of exactly len bytes, UTF-8, at most 32 levels
 * deep.  NULL and a sentence in *why (static or in the arena) when it is not.
 */
struct json_object *json_parse(
    struct arena *a, const char *p, size_t len, const char **why);

/* json_text: compact text, owned by the object. */
const char *json_text(struct json_object *o);

/* json_str: the string under key, or def when it is not a string. */
const char *json_str(struct json_object *o, const char *key, const char *def);

/* json_num: the whole number under key, or def. */
int64_t json_num(struct json_object *o, const char *key, int64_t def);

bool json_flag(struct json_object *o, const char *key, bool def);

/* json_sub: the object or array under key, or NULL. */
struct json_object *json_sub(struct json_object *o, const char *key);

/* json_put_str: key = s; JSON null for NULL. */
void json_put_str(struct json_object *o, const char *key, const char *s);
void json_put_num(struct json_object *o, const char *key, int64_t n);
void json_put_flag(struct json_object *o, const char *key, bool b);

/* json_put: key = v; takes over the caller's reference. */
void json_put(struct json_object *o, const char *key, struct json_object *v);

#endif
