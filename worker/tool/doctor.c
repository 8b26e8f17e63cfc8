/* doctor: what is wrong with this installation, and what to do about it. */
#include "worker/doctor/doctor.h"

#include "core/arena.h"
#include "core/conf.h"
#include "core/json.h"
#include "worker/tool/tool.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const struct tool tool_doctor;

#define SAID_BYTES 4096

/*
 * Loads the configuration in a child first: what is wrong with it ends the
 * process that reads it.  NULL, or its sentence.
 */
static const char *
try_conf(struct arena *a)
{
	char said[SAID_BYTES];
	int fds[2], status = 0;
	struct conf conf;
	size_t len = 0;
	ssize_t n;
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		return "it could not be read: too many processes or files";
	if (pid == 0) {
		dup2(fds[1], STDERR_FILENO);
		conf_load(&conf);
		_exit(0);
	}
	close(fds[1]);
	while (len < sizeof(said) &&
	       (n = read(fds[0], said + len, sizeof(said) - len)) > 0)
		len += (size_t)n;
	close(fds[0]);
	waitpid(pid, &status, 0);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return NULL;
	while (len > 0 && said[len - 1] == '\n')
		len--;
	return arena_strndup(a, said, len);
}

static void
put_configuration(
    struct json_object *list, const char *status, const char *detail)
{
	struct json_object *o = json_object_new_object();

	json_put_str(o, "name", "configuration");
	json_put_str(o, "status", status);
	json_put_str(o, "detail", detail);
	json_object_array_add(list, o);
}

/* Where the settings are from. */
static const char *
settings_from(struct arena *a, const struct conf *conf)
{
	const char *file = getenv("PLATEN_CONF");
	const char *record = getenv(CONF_INSTANCE);

	if (record != NULL)
		return arena_printf(a,
		    "Taken from the Platen that runs with %s.", conf->run_var);
	if (file != NULL && *file != '\0')
		return arena_printf(a, "%s is fine.", file);
	return "The defaults and the environment (PLATEN_CONF names no file).";
}

/* Everything, the configuration first. */
static struct json_object *
examine_all(struct arena *a)
{
	struct json_object *root = json_new(a), *found;
	struct json_object *list = json_object_new_array();
	const char *why = try_conf(a);
	struct conf conf;

	json_put(root, "checks", list);
	if (why != NULL) {
		put_configuration(list, "fail",
		    arena_printf(a,
			"%s. Nothing starts until this is corrected; `platen "
			"config` shows every key.",
			why));
		return list;
	}
	conf_load(&conf);
	put_configuration(list, "ok", settings_from(a, &conf));
	found = doctor_examine(a, &conf);
	for (size_t i = 0; i < json_object_array_length(found); i++)
		json_object_array_add(
		    list, json_object_get(json_object_array_get_idx(found, i)));
	conf_release(&conf);
	return list;
}

static const char *
worst_of(struct json_object *list)
{
	const char *worst = "ok", *s;

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		s = json_str(
		    json_object_array_get_idx(list, i), "status", "fail");
		if (strcmp(s, "fail") == 0)
			return "fail";
		if (strcmp(s, "warn") == 0)
			worst = "warn";
	}
	return worst;
}

static void
print_lines(struct json_object *list)
{
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		printf("%-5s %-14s ", json_str(o, "status", ""),
		    json_str(o, "name", ""));
		tool_print(stdout, json_str(o, "detail", ""));
		putchar('\n');
	}
}

static void
print_json(struct arena *a, struct json_object *list)
{
	struct json_object *o = json_new(a);

	json_put_str(o, "status", worst_of(list));
	json_put(o, "checks", json_object_get(list));
	puts(json_object_to_json_string_ext(
	    o, JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static int
run(int argc, char **argv)
{
	bool json = argc == 2 && strcmp(argv[1], "--json") == 0;
	struct json_object *list;
	struct arena a;
	int code;

	if (argc > 1 && !json)
		return tool_misused(
		    &tool_doctor, "unknown option '%s'", argv[1]);
	tool_warn_unknown();
	arena_init(&a);
	list = examine_all(&a);
	if (json)
		print_json(&a, list);
	else
		print_lines(list);
	code = strcmp(worst_of(list), "fail") == 0 ? 1 : 0;
	arena_release(&a);
	return code;
}

const struct tool tool_doctor = {
    .name = "doctor",
    .usage = "doctor [--json]",
    .run = run,
};
