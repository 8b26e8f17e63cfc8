/*
 * idn: international host names, Unicode to ASCII and back (IDNA 2008 with
 * the mapping of UTS 46, as browsers have it).
 */
#ifndef CORE_IDN_H
#define CORE_IDN_H

#include "core/arena.h"
#include "core/rc.h"

#include <stdbool.h>

/*
 * idn_to_ascii: "Bücher.example" becomes "xn--bcher-kva.example", in lower
 * case, in the arena.  E_INPUT: *why, if wanted, is the end of a sentence
 * about the name ("has a part of more than 63 characters").
 */
enum rc idn_to_ascii(struct arena *a, const char *host, const char **out,
    const char **why) MUST_CHECK;

/* idn_label_is_valid: an "xn--" label decodes to a name that may be used. */
bool idn_label_is_valid(const char *label);

/*
 * idn_display: a host for people, in Unicode; the ASCII form itself where the
 * other would mix alphabets (a lookalike) or does not convert back.
 */
const char *idn_display(struct arena *a, const char *host);

/*
 * idn_mixes_scripts: whether a label of the UTF-8 host mixes alphabets that no
 * language writes together; *one and *two name them ("Latin", "Cyrillic").
 */
bool idn_mixes_scripts(const char *host, const char **one, const char **two);

#endif
