#include "core/url_noise.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A session's id has so many characters or more, */
#define ID_CHARS 16
/* and goes from digits to letters or back so often: words do not. */
#define ID_SWITCHES 4
/* An "s" has the 32 of an MD5, as in forums. */
#define HASH_CHARS 32

/*
 * Parameters that say where a visitor came from, not what the page is.  A
 * name that ends with "*" is a prefix.
 */
static const char *const trackers[] = {"utm_*", "gclid", "gclsrc", "dclid",
    "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid", "_ga", "_gl",
    "_gac", "fbclid", "fb_action_ids", "fb_action_types", "fb_source", "fb_ref",
    "msclkid", "yclid", "ysclid", "_openstat", "ymclid", "twclid", "ttclid",
    "li_fat_id", "igshid", "igsh", "epik", "rdt_cid", "scclid", "sccid",
    "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hssc", "__hstc",
    "__hsfp", "hsctatracking", "vero_id", "vero_conv", "oly_anon_id",
    "oly_enc_id", "rb_clickid", "s_cid", "s_kwcid", "ef_id", "wickedid",
    "irclickid", "irgwc", "cjevent", "awc", "zanpid", "dm_i", "trk_contact",
    "trk_msg", "trk_module", "trk_sid", "pk_*", "piwik_*", "mtm_*", "matomo_*",
    "hsa_*", "at_medium", "at_campaign", "_branch_*", "_kx", "ml_subscriber",
    "ml_subscriber_hash",
    /* A session's id, of PHP, Java, ASP, ColdFusion and shops. */
    "phpsessid", "jsessionid", "aspsessionid*", "cfid", "cftoken", "oscsid",
    "zenid", "xtcsid"};

/* Names of a session's id that may be names of something else, too. */
static const char *const sessions[] = {"sid", "sessid", "sessionid",
    "session_id", "session-id", "phpsessionid", "asp.net_sessionid"};

static bool
is_tracker(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(trackers) / sizeof(trackers[0]); i++) {
		const char *t = trackers[i];
		size_t len = strlen(t);

		if (t[len - 1] == '*'
			? n >= len - 1 && strncasecmp(name, t, len - 1) == 0
			: n == len && strncasecmp(name, t, len) == 0)
			return true;
	}
	return false;
}

/* looks_random: n characters that are no word of a person. */
static bool
looks_random(const char *s, size_t n)
{
	unsigned switches = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (!isalnum(c) && c != '-' && c != '_')
			return false;
		switches += i > 0 && isalnum(c) &&
			    isalnum((unsigned char)s[i - 1]) &&
			    !isdigit(c) != !isdigit((unsigned char)s[i - 1]);
	}
	return n >= ID_CHARS && switches >= ID_SWITCHES;
}

static bool
is_session(const char *name, size_t n, const char *value)
{
	size_t len = strlen(value);

	if (n == 1 && (*name == 's' || *name == 'S'))
		return len == HASH_CHARS && looks_random(value, len) &&
		       strspn(value, "0123456789abcdefABCDEF") == len;
	for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++)
		if (n == strlen(sessions[i]) &&
		    strncasecmp(name, sessions[i], n) == 0)
			return looks_random(value, len);
	return false;
}

bool
url_is_noise(const char *parameter)
{
	size_t n = strcspn(parameter, "=");

	if (is_tracker(parameter, n))
		return true;
	return parameter[n] == '=' &&
	       is_session(parameter, n, parameter + n + 1);
}

size_t
url_session_part(const char *part)
{
	size_t n = strcspn(part, "/"), at = 1, id;
	bool session = false;

	if (n < 4 || part[0] != '(' || part[n] != '/')
		return 0;
	/* "(A(...)S(...)F(...))" */
	while (at + 2 < n && isupper((unsigned char)part[at]) &&
	       part[at + 1] == '(') {
		id = strcspn(part + at + 2, "()/");
		if (part[at + 2 + id] != ')')
			return 0;
		session |= part[at] == 'S' && id >= ID_CHARS;
		at += id + 3;
	}
	return session && part[at] == ')' && at + 1 == n ? n + 1 : 0;
}
