#include "worker/slot/confine.h"

#include "core/sanitized.h"

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- seccomp ------------------------------------------------------------- */

static const int refused[] = {
#define CALL(name) SCMP_SYS(name),
#include "worker/slot/refused_calls.def"
#undef CALL
};

enum rc
confine_calls(void)
{
	scmp_filter_ctx ctx;
	int bad = 0;

	/* A sanitizer starts programs when it has something to tell. */
	if (SANITIZED)
		return OK;
	ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (ctx == NULL)
		return E_UNAVAILABLE;
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		bad |=
		    seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), refused[i], 0);
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT),
	    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_UNIX, 0));
	bad |= seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EAFNOSUPPORT),
	    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_EQ, AF_PACKET, 0));
	if (bad == 0)
		bad = seccomp_load(ctx);
	seccomp_release(ctx);
	return bad == 0 ? OK : E_UNAVAILABLE;
}

/* ---- Landlock ------------------------------------------------------------ */

/*
 * Its interface, linux/landlock.h, which older headers know in part: bits of
 * access to files by the version that brought them.
 */
#define NR_CREATE 444
#define NR_ADD 445
#define NR_RESTRICT 446
#define CREATE_VERSION 1u
#define RULE_PATH 1
#define READ_FILE (1u << 2)
#define READ_DIR (1u << 3)
#define WRITE_FILE (1u << 1)
#define TRUNCATE (1u << 14)
#define FILE_ONLY (READ_FILE | WRITE_FILE | TRUNCATE)

struct ruleset {
	uint64_t files;
};

struct __attribute__((packed)) path_rule {
	uint64_t allowed;
	int32_t fd;
};

/* What of files the kernel's version can refuse. */
static uint64_t
known_access(long version)
{
	uint64_t all = (1u << 13) - 1;

	if (version >= 2)
		all |= 1u << 13; /* to another folder */
	if (version >= 3)
		all |= TRUNCATE;
	return all;
}

/* The resolver's and TLS's, and what a process reads of the machine. */
static const char *const readable[] = {
#define READABLE(s) s,
#include "worker/slot/readable_paths.def"
#undef READABLE
    NULL};

/* A path that is not there needs no rule. */
static bool
allow_path(int ruleset, const char *path, uint64_t access)
{
	struct path_rule rule = {.allowed = access,
	    .fd = path == NULL ? -1 : open(path, O_PATH | O_CLOEXEC)};
	long rc;

	if (rule.fd < 0)
		return true;
	rc = syscall(NR_ADD, ruleset, RULE_PATH, &rule, 0u);
	/* A file has no folder's rights. */
	if (rc != 0 && errno == EINVAL) {
		rule.allowed &= FILE_ONLY;
		rc = syscall(NR_ADD, ruleset, RULE_PATH, &rule, 0u);
	}
	close(rule.fd);
	return rc == 0;
}

enum rc
confine_files(void)
{
	long version = syscall(NR_CREATE, NULL, (size_t)0, CREATE_VERSION);
	struct ruleset what;
	bool good = true;
	int set;

	if (version < 1)
		return E_NOTFOUND;
	what.files = known_access(version);
	set = (int)syscall(NR_CREATE, &what, sizeof(what), 0u);
	if (set < 0)
		return E_UNAVAILABLE;
	for (int i = 0; readable[i] != NULL; i++)
		good &= allow_path(set, readable[i], READ_FILE | READ_DIR);
	good &= allow_path(set, getenv("SSL_CERT_FILE"), READ_FILE);
	good &= allow_path(set, getenv("SSL_CERT_DIR"), READ_FILE | READ_DIR);
	good &= allow_path(set, "/dev/null", FILE_ONLY & what.files);
	good &= allow_path(set, ".", what.files);
	good = good && syscall(NR_RESTRICT, set, 0u) == 0;
	close(set);
	return good ? OK : E_UNAVAILABLE;
}
