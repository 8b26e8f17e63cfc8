#include "core/conf.h"

#include "core/buf.h"
#include "core/log.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

extern char **environ;

enum conf_kind { KIND_STR, KIND_SECRET, KIND_INT, KIND_BOOL };

struct conf_key {
	const char *name; /* "crawl.allow" */
	enum conf_kind kind;
	size_t offset; /* of the field in struct conf */
	const char *def;
	long min, max;
	const char *unit;
	const char *help;
};

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)
#define STR(f, k, d, h) {k, KIND_STR, offsetof(struct conf, f), d, 0, 0, "", h},
#define SECRET(f, k, h) \
	{k, KIND_SECRET, offsetof(struct conf, f), "", 0, 0, "", h},
#define INT(f, k, d, lo, hi, u, h) \
	{k, KIND_INT, offsetof(struct conf, f), TEXT(d), lo, hi, u, h},
#define BOOL(f, k, d, h) \
	{k, KIND_BOOL, offsetof(struct conf, f), TEXT(d), 0, 0, "", h},
static const struct conf_key keys[] = {
#include "core/conf.def"
};
#undef STR
#undef SECRET
#undef INT
#undef BOOL

#define NKEYS (sizeof(keys) / sizeof(keys[0]))
#define FILE_MAX_LINE 8192
#define OWN_REDIS "redis/redis.sock"
#define OWN_PASSWORD_MAX 128
#define SHARED_MAX 262144 /* all keys with long values, bytes */

/* The room of sockaddr_un.sun_path, and the longest name we put there. */
#define SOCKET_PATH_MAX 107
#define LONGEST_SOCKET "/pg/.s.PGSQL.5432"

static const struct conf_key *
find_key(const char *name)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

/* "crawl.allow" -> "PLATEN_CRAWL_ALLOW" */
static void
variable_name(char out[128], const char *key)
{
	size_t n;

	n = (size_t)snprintf(out, 128, "PLATEN_%s", key);
	for (size_t i = 0; i < n && out[i] != '\0'; i++)
		out[i] =
		    out[i] == '.' ? '_' : (char)toupper((unsigned char)out[i]);
}

static const char *
set_int(struct conf *c, const struct conf_key *k, const char *value)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(value, &end, 10);
	if (errno != 0 || end == value || *end != '\0')
		return arena_printf(&c->arena,
		    "%s takes a whole number, not \"%s\"", k->name, value);
	if (n < k->min || n > k->max)
		return arena_printf(&c->arena,
		    "%s takes %ld to %ld %s, not %ld", k->name, k->min, k->max,
		    k->unit, n);
	*(int *)((char *)c + k->offset) = (int)n;
	return NULL;
}

static const char *
set_bool(struct conf *c, const struct conf_key *k, const char *value)
{
	bool *to = (bool *)((char *)c + k->offset);

	if (strcmp(value, "true") == 0 || strcmp(value, "1") == 0 ||
	    strcmp(value, "yes") == 0)
		*to = true;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0 ||
		 strcmp(value, "no") == 0)
		*to = false;
	else
		return arena_printf(&c->arena,
		    "%s takes true or false, not \"%s\"", k->name, value);
	return NULL;
}

static const char *
set_key(struct conf *c, const struct conf_key *k, const char *value)
{
	switch (k->kind) {
	case KIND_INT:
		return set_int(c, k, value);
	case KIND_BOOL:
		return set_bool(c, k, value);
	case KIND_STR:
	case KIND_SECRET:
		*(const char **)((char *)c + k->offset) =
		    arena_strdup(&c->arena, value);
		return NULL;
	}
	BUG("configuration kind %d", (int)k->kind);
}

const char *
conf_set(struct conf *c, const char *key, const char *value)
{
	const struct conf_key *k;

	k = find_key(key);
	if (k == NULL)
		return arena_printf(&c->arena, "there is no key \"%s\"", key);
	return set_key(c, k, value);
}

const char *
conf_text(const struct conf *c, const char *key)
{
	const struct conf_key *k = find_key(key);

	const char *value;

	if (k == NULL || (k->kind != KIND_STR && k->kind != KIND_SECRET))
		return "";
	value = *(const char *const *)((const char *)c + k->offset);
	return value == NULL ? "" : value;
}

int
conf_int(const struct conf *c, const char *key)
{
	const struct conf_key *k = find_key(key);

	if (k == NULL || k->kind != KIND_INT)
		return 0;
	return *(const int *)(const void *)((const char *)c + k->offset);
}

static char *
trim_space(char *s)
{
	size_t n;

	while (isspace((unsigned char)*s))
		s++;
	n = strlen(s);
	while (n > 0 && isspace((unsigned char)s[n - 1]))
		s[--n] = '\0';
	return s;
}

/* Of another build, perhaps: a key that we do not know does not matter. */
static void
load_record(struct conf *c, const char *path)
{
	char line[FILE_MAX_LINE], *eq;
	FILE *f = fopen(path, "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		eq = strchr(line, '=');
		if (line[0] == '#' || eq == NULL)
			continue;
		*eq = '\0';
		if (conf_set(c, trim_space(line), trim_space(eq + 1)) != NULL)
			log_debug("record_not_taken", "key", trim_space(line));
	}
	if (f != NULL)
		fclose(f);
}

static void
load_file(struct conf *c, const char *path)
{
	char line[FILE_MAX_LINE];
	const char *wrong;
	char *eq, *s;
	int n = 0;
	FILE *f;

	f = fopen(path, "re");
	if (f == NULL)
		fatal("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), f) != NULL) {
		n++;
		s = trim_space(line);
		if (*s == '\0' || *s == '#')
			continue;
		eq = strchr(s, '=');
		if (eq == NULL)
			fatal("%s:%d: expected \"key = value\"", path, n);
		*eq = '\0';
		wrong = conf_set(c, trim_space(s), trim_space(eq + 1));
		if (wrong != NULL)
			fatal("%s:%d: %s", path, n, wrong);
	}
	fclose(f);
}

/* The first line of the file named by PLATEN_X_FILE. */
static const char *
read_secret(struct conf *c, const char *variable, const char *path)
{
	char line[FILE_MAX_LINE];
	FILE *f;

	f = fopen(path, "re");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL)
		fatal("%s: cannot read %s: %s", variable, path,
		    f == NULL ? strerror(errno) : "it is empty");
	fclose(f);
	return arena_strdup(&c->arena, trim_space(line));
}

static void
load_environment(struct conf *c)
{
	const char *value, *wrong;
	char name[128], file[136];
	size_t i;

	for (i = 0; i < NKEYS; i++) {
		variable_name(name, keys[i].name);
		value = getenv(name);
		if (value == NULL && keys[i].kind == KIND_SECRET) {
			snprintf(file, sizeof(file), "%s_FILE", name);
			value = getenv(file);
			if (value != NULL)
				value = read_secret(c, file, value);
		}
		if (value == NULL)
			continue;
		wrong = set_key(c, &keys[i], value);
		if (wrong != NULL)
			fatal("%s: %s", name, wrong);
	}
}

static bool
is_variable(const char *given)
{
	char name[128];
	size_t n;

	/* The latter are for the programs of t/. */
	if (strcmp(given, "PLATEN_CONF") == 0 ||
	    strcmp(given, CONF_FD_VARIABLE) == 0 ||
	    strcmp(given, CONF_INSTANCE) == 0 ||
	    strncmp(given, "PLATEN_TEST_", 12) == 0)
		return true;
	for (size_t i = 0; i < NKEYS; i++) {
		variable_name(name, keys[i].name);
		n = strlen(name);
		if (strcmp(name, given) == 0 ||
		    (keys[i].kind == KIND_SECRET &&
			strncmp(given, name, n) == 0 &&
			strcmp(given + n, "_FILE") == 0))
			return true;
	}
	return false;
}

const char *
conf_unknown(struct arena *a)
{
	const char *list = NULL, *name;

	for (char **e = environ; *e != NULL; e++) {
		if (strncmp(*e, "PLATEN_", 7) != 0)
			continue;
		name = arena_strndup(a, *e, strcspn(*e, "="));
		if (is_variable(name))
			continue;
		list =
		    list == NULL ? name : arena_printf(a, "%s, %s", list, name);
	}
	return list;
}

/* A misspelt variable would be silently ignored: say so. */
static void
warn_unknown(struct conf *c)
{
	const char *names = conf_unknown(&c->arena);

	if (names != NULL)
		log_warn("unknown_variable", "name", names);
}

static void
set_defaults(struct conf *c)
{
	size_t i;

	for (i = 0; i < NKEYS; i++)
		if (set_key(c, &keys[i], keys[i].def) != NULL)
			BUG("default of %s", keys[i].name);
}

const char *
conf_path(struct conf *c, const char *relative)
{
	return arena_printf(&c->arena, "%s/%s", c->run_var, relative);
}

/*
 * The folder of the sockets.  A unix socket's path is at most 107 bytes: in
 * a deeper var it is reached through a descriptor of its folder, which stays
 * open for the life of the process.
 */
static const char *
socket_folder(struct conf *c)
{
	const char *folder = conf_path(c, "run");
	int fd;

	if (strlen(folder) + strlen(LONGEST_SOCKET) <= SOCKET_PATH_MAX)
		return folder;
	fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return folder;
	return arena_printf(&c->arena, "/proc/self/fd/%d", fd);
}

/* A value of a connection string, in the quotes that libpq wants. */
static const char *
quote_conninfo(struct conf *c, const char *value)
{
	char *out = arena_alloc(&c->arena, 2 * strlen(value) + 3), *p = out;

	*p++ = '\'';
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			*p++ = '\\';
		*p++ = *value;
	}
	*p++ = '\'';
	*p = '\0';
	return out;
}

/* The password of this process for the private servers; NULL: none. */
static const char *
own_password(struct conf *c)
{
	char line[OWN_PASSWORD_MAX];
	const char *path;
	size_t n;
	FILE *f;

	if (c->identity == NULL)
		return NULL;
	path = conf_path(c, "keys");
	f = fopen(arena_printf(&c->arena, "%s/%s", path, c->identity), "re");
	if (f == NULL)
		return NULL;
	n = fread(line, 1, sizeof(line) - 1, f);
	fclose(f);
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return *line == '\0' ? NULL : arena_strdup(&c->arena, line);
}

/* The operator may be each role, whose passwords libpq finds in a file. */
static const char *
db_password(struct conf *c, const char *password)
{
	if (password == NULL)
		return "";
	if (strcmp(c->identity, CONF_OPERATOR) == 0)
		return arena_printf(&c->arena, " passfile=%s",
		    quote_conninfo(c, conf_path(c, "keys/pgpass")));
	return arena_printf(&c->arena, " password=%s", password);
}

void
conf_refresh_paths(struct conf *c)
{
	const char *sockets = socket_folder(c), *password = own_password(c);

	/* The port too: PGPORT would change it. */
	if (c->own_db)
		c->db_conninfo =
		    arena_printf(&c->arena, "host=%s port=5432 dbname=platen%s",
			quote_conninfo(
			    c, arena_printf(&c->arena, "%s/pg", sockets)),
			db_password(c, password));
	if (c->own_redis && password != NULL)
		c->redis_url = arena_printf(&c->arena, "unix://%s:%s@%s/%s",
		    c->identity, password, sockets, OWN_REDIS);
	else if (c->own_redis)
		c->redis_url =
		    arena_printf(&c->arena, "unix:%s/redis.sock", sockets);
	if (c->own_live_socket)
		c->live_socket =
		    arena_printf(&c->arena, "%s/live.sock", sockets);
}

void
conf_set_identity(struct conf *c, const char *name)
{
	c->identity = name;
	conf_refresh_paths(c);
}

/* Left empty; what was not handed over at all (NULL) stays away. */
static bool
is_empty(const char **value)
{
	if (*value != NULL)
		return **value == '\0';
	*value = "";
	return false;
}

static void
make_var_absolute(struct conf *c)
{
	char *cwd;

	if (c->run_var[0] == '/')
		return;
	cwd = getcwd(NULL, 0);
	if (cwd == NULL)
		fatal("getcwd: %s", strerror(errno));
	c->run_var = arena_printf(&c->arena, "%s/%s", cwd, c->run_var);
	free(cwd);
}

/* run.var becomes absolute; what was left empty points into it. */
static void
conf_derive(struct conf *c)
{
	make_var_absolute(c);
	c->own_db = is_empty(&c->db_conninfo);
	c->own_redis = is_empty(&c->redis_url);
	c->own_live_socket = is_empty(&c->live_socket);
	conf_refresh_paths(c);
	if (log_level_parse(c->log_level) < 0)
		fatal("log.level takes debug, info, warn or error, not \"%s\"",
		    c->log_level);
}

const char *
conf_var(struct arena *a)
{
	const char *file = getenv("PLATEN_CONF");
	const char *given = getenv("PLATEN_RUN_VAR"), *var;
	struct conf c;

	memset(&c, 0, sizeof(c));
	arena_init(&c.arena);
	set_defaults(&c);
	if (file != NULL && *file != '\0')
		load_record(&c, file);
	if (given != NULL)
		c.run_var = given;
	make_var_absolute(&c);
	var = arena_strdup(a, c.run_var);
	conf_release(&c);
	return var;
}

void
conf_release(struct conf *c)
{
	arena_release(&c->arena);
}

static bool
has_prefix(const char *s, const char *const *prefixes)
{
	for (; *prefixes != NULL; prefixes++)
		if (strncmp(s, *prefixes, strlen(*prefixes)) == 0)
			return true;
	return false;
}

/* The value in force as text; "" for a text that is not set. */
static const char *
value_text(const struct conf *c, struct arena *a, const struct conf_key *k)
{
	const char *field = (const char *)c + k->offset, *text;

	switch (k->kind) {
	case KIND_INT:
		return arena_printf(a, "%d", *(const int *)field);
	case KIND_BOOL:
		return *(const bool *)field ? "true" : "false";
	case KIND_STR:
	case KIND_SECRET:
		text = *(const char *const *)field;
		return text == NULL ? "" : text;
	}
	BUG("configuration kind %d", (int)k->kind);
}

/* Filled in by conf_refresh_paths, so not given by anyone. */
static bool
is_under_var_run(const struct conf *c, const char *field)
{
	return (c->own_db && field == (const char *)&c->db_conninfo) ||
	       (c->own_redis && field == (const char *)&c->redis_url) ||
	       (c->own_live_socket && field == (const char *)&c->live_socket);
}

void
conf_write_record(const struct conf *c, FILE *out)
{
	const char *value;
	struct arena a;
	size_t i;

	arena_init(&a);
	for (i = 0; i < NKEYS; i++) {
		value = value_text(c, &a, &keys[i]);
		if (strcmp(value, keys[i].def) != 0 &&
		    strpbrk(value, "\r\n") == NULL &&
		    !is_under_var_run(c, (const char *)c + keys[i].offset))
			fprintf(out, "%s = %s\n", keys[i].name, value);
	}
	arena_release(&a);
}

/* An address may hold "user:password@" before its host. */
static bool
holds_secret(const struct conf_key *k, const char *value)
{
	const char *host = strstr(value, "://");

	if (k->kind == KIND_SECRET)
		return *value != '\0';
	return k->kind == KIND_STR && host != NULL &&
	       memchr(host + 3, '@', strcspn(host + 3, "/?#")) != NULL;
}

bool
conf_has_secret(const struct conf *c, const char *key)
{
	const struct conf_key *k = find_key(key);

	return k != NULL && holds_secret(k, conf_text(c, key));
}

/* Records of key, NUL, value, NUL. */
static void
share_keys(const struct conf *c, struct buf *out, const char *const *prefixes,
    const char *const *given)
{
	struct arena a;

	arena_init(&a);
	for (size_t i = 0; i < NKEYS; i++) {
		const struct conf_key *k = &keys[i];
		const char *value = value_text(c, &a, k);

		if (!has_prefix(k->name, prefixes))
			continue;
		if (holds_secret(k, value) &&
		    (given == NULL || !has_prefix(k->name, given)))
			value = CONF_WITHHELD;
		buf_add(out, k->name, strlen(k->name) + 1);
		buf_add(out, value, strlen(value) + 1);
	}
	arena_release(&a);
}

int
conf_share(
    const struct conf *c, const char *const *prefixes, const char *const *given)
{
	int fd = memfd_create("platen-conf", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct buf b;

	buf_init(&b, SHARED_MAX);
	share_keys(c, &b, prefixes, given);
	if (!buf_ok(&b) || fd < 0 ||
	    write(fd, b.data, b.len) != (ssize_t)b.len ||
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		fatal(
		    "cannot hand the configuration over: %s", strerror(errno));
	explicit_bzero(b.data, b.len);
	buf_release(&b);
	return fd;
}

/* Takes over what conf_share made, and closes it. */
static void
load_shared(struct conf *c, int fd)
{
	char *text = arena_alloc(&c->arena, SHARED_MAX + 1), *p, *end;
	ssize_t n = pread(fd, text, SHARED_MAX, 0);
	const char *wrong, *key;

	if (n < 0)
		fatal(CONF_FD_VARIABLE ": cannot read descriptor %d: %s", fd,
		    strerror(errno));
	close(fd);
	unsetenv(CONF_FD_VARIABLE);
	text[n] = '\0';
	for (p = text, end = text + n; p < end; p += strlen(p) + 1) {
		key = p;
		p += strlen(p) + 1;
		wrong = p < end ? conf_set(c, key, p) : "it ends too early";
		if (wrong != NULL)
			fatal(CONF_FD_VARIABLE ": %s", wrong);
	}
	explicit_bzero(text, (size_t)n);
}

void
conf_load(struct conf *c)
{
	const char *file = getenv("PLATEN_CONF"),
		   *record = getenv(CONF_INSTANCE),
		   *shared = getenv(CONF_FD_VARIABLE);

	memset(c, 0, sizeof(*c));
	arena_init(&c->arena);
	set_defaults(c);
	if (shared != NULL) {
		c->db_conninfo = c->redis_url = c->live_socket = NULL;
		load_shared(c, atoi(shared));
	} else {
		c->identity = CONF_OPERATOR;
		if (record != NULL && *record != '\0')
			load_record(c, record);
		if (file != NULL && *file != '\0')
			load_file(c, file);
		load_environment(c);
		warn_unknown(c);
	}
	conf_derive(c);
}

void
conf_write_template(FILE *out)
{
	char name[128];
	size_t i;

	for (i = 0; i < NKEYS; i++) {
		const struct conf_key *k = &keys[i];

		variable_name(name, k->name);
		fprintf(
		    out, "# %s%s%s", k->help, *k->unit ? "; " : "", k->unit);
		if (k->kind == KIND_INT)
			fprintf(out, ", %ld to %ld", k->min, k->max);
		fprintf(out, "\n# %s%s\n#%s = %s\n\n", name,
		    k->kind == KIND_SECRET ? " or its _FILE" : "", k->name,
		    k->def);
	}
}
