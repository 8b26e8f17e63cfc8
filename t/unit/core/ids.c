/* Ids and tokens: order of lists and safety of sessions rest on them. */
#include "core/ids.h"

#include "core/clock.h"
#include "t/tap.h"

static void
makes_ordered_uuids(void)
{
	char a[UUID_LEN + 1], b[UUID_LEN + 1];
	long long now = clock_unix_ms();

	uuid_make(a);
	uuid_make(b);
	ok(uuid_valid(a), "a made UUID is valid");
	ok(a[14] == '7', "of version 7");
	ok(strchr("89ab", a[19]) != NULL, "and the RFC's variant");
	ok(strcmp(a, b) != 0, "no two are the same");
	ok(uuid_ms(a) >= now && uuid_ms(a) < now + 1000, "it holds the time");
}

static void
tells_uuids_from_other_text(void)
{
	ok(uuid_valid("0190163D-8694-739B-AEA5-966C26F8AD91"), "upper case");
	ok(!uuid_valid(""), "empty");
	ok(!uuid_valid("0190163d-8694-739b-aea5-966c26f8ad9"), "too short");
	ok(!uuid_valid("0190163d-8694-739b-aea5-966c26f8ad911"), "too long");
	ok(!uuid_valid("0190163d_8694-739b-aea5-966c26f8ad91"), "wrong mark");
	ok(!uuid_valid("0190163d-8694-739b-aea5-966c26f8ad9g"), "no hex digit");
}

static void
makes_tokens(struct arena *a)
{
	char t[TOKEN_LEN + 1], u[TOKEN_LEN + 1];

	token_make(t);
	token_make(u);
	ok(token_valid(t), "a made token is valid");
	ok(strcmp(t, u) != 0, "no two are the same");
	ok(!token_valid("short"), "a short one is not");
	t[3] = '+';
	ok(!token_valid(t), "nor one of the other base64 alphabet");
	is(base64url_encode(a, "\xfb\xff", 2), "-_8",
	    "RFC 4648, 5, without padding");
	is(base64url_encode(a, "", 0), "", "of nothing, nothing");
	is(base64url_encode(a, "foobar", 6), "Zm9vYmFy", "RFC 4648, 10");
}

static void
hashes(struct arena *a)
{
	/* FIPS 180-2, B.1 */
	is(sha256_hex(a, "abc", 3),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
	    "SHA-256 of abc");
	ok(same_secret("abc", "abc"), "equal secrets");
	ok(!same_secret("abc", "abd"), "other secrets");
	ok(!same_secret("abc", "abcd"), "a longer one");
}

int
main(void)
{
	struct arena a;

	arena_init(&a);
	makes_ordered_uuids();
	tells_uuids_from_other_text();
	makes_tokens(&a);
	hashes(&a);
	arena_release(&a);
	return done();
}
