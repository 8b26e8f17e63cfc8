/*
 * order: what may be ordered, and an order checked and in canonical form.
 *
 * A type of generation is one file core/type/NAME.c with one `const struct
 * ordertype ordertype_NAME`; the build makes the table.  A provider is one
 * row of order_providers.  Pages and JSON calls order
 * through order_check.
 */
#ifndef CORE_ORDER_H
#define CORE_ORDER_H

#include "core/arena.h"
#include "core/conf.h"
#include "core/generation.h"
#include "core/json.h"
#include "core/order_field.h"
#include "core/rc.h"

#include <stdbool.h>

/* Of more wrong fields than this only the number is reported. */
#define ORDER_ERRORS_MAX 20

/* One wrong field: where ("#/input/hostname") and a sentence. */
struct order_error {
	const char *pointer;
	const char *detail;
};

/* An order on its way from what was given to what is stored. */
struct order_check {
	struct arena *a;
	const struct conf *conf;
	struct json_object *given; /* the input as it was sent; an object */
	const char *at;            /* pointer of the input: "#/input", "#" */

	/* Of the type; set by order_check. */
	const struct order_field *fields;
	const char *unit;

	/* What comes of it. */
	struct json_object *input; /* canonical; goes with the arena */
	const char *prompt;
	const char *hostname; /* or NULL */
	long units;           /* at most so many are processed and paid for */

	struct order_error errors[ORDER_ERRORS_MAX];
	int n;     /* of errors */
	long more; /* wrong fields that are only counted */
};

/*
 * What a provider can do and a type may need, as flags.  A type that needs
 * nothing is made by every provider.
 */
enum capability {
	CAN_NOTHING = 0,
	CAN_CHAT = 1 << 0,   /* answers a question in words */
	CAN_VISION = 1 << 1, /* reads images that come with a question */
	CAN_IMAGE = 1 << 2,  /* makes images */
	CAN_VIDEO = 1 << 3,  /* makes videos */
};

struct ordertype {
	const char *name;  /* "llms_txt", as in the API and the database */
	const char *label; /* for people: "llms.txt" */
	/*
	 * The fields of its input, ended by one without a name, in the arena:
	 * for its form, the check and GET /api/v1/types.
	 */
	const struct order_field *(*fields)(
	    struct arena *a, const struct conf *conf);
	/*
	 * Fills in what comes of the order: order_field_take() for each field,
	 * then prompt, units and what only the type knows; order_wrong() for
	 * each wrong field.
	 */
	void (*check)(struct order_check *c);

	unsigned needs; /* capabilities: what its provider must be able to do */
	const char *lead; /* what one gets, a sentence above its form */

	bool is_default; /* taken where an order names no type; one is */
	/* Made of a site's pages: the order page counts them first. */
	bool of_site;

	/* What may be done with a completed one. */
	bool editable; /* its file, by hand */
	bool diffable; /* compared with an earlier one of the same host */

	/* Its pages. */
	const char *kind;   /* before its name: "llms.txt of"; NULL: label */
	const char *unit;   /* of its progress: "pages" */
	const char *result; /* the file that is shown: "llms.txt" */
	bool is_markdown;   /* which is rendered, not shown as it is */

	/*
	 * For a guess of its time before there are observations: units of a
	 * usual order, and what one costs compared to a page of a site.
	 */
	long usual_units;
	double unit_cost;
};

extern const struct ordertype *const ordertypes[]; /* ended by NULL */

struct order_provider {
	const char *name;  /* "builtin" */
	const char *label; /* for people: "Built in" */
	const char *about; /* a sentence, for the llms.txt of a site */
	const char *model; /* who its model is, a sentence; NULL: none */
	unsigned can;      /* capabilities */
	double start;      /* seconds, a guess until there are */
	double per_unit;   /* observations, for a page of a site */
	/* The key of the configuration that sets it up; NULL: it always is. */
	const char *key;
};

extern const struct order_provider order_providers[]; /* ended by name NULL */

/* order_type_default: the type of an order that names none. */
const struct ordertype *order_type_default(void);

/* order_type, order_provider_find: NULL for a name that cannot be ordered. */
const struct ordertype *order_type(const char *name);
const struct order_provider *order_provider_find(const char *name);

/* order_provider_ready: it is set up here and may be ordered. */
bool order_provider_ready(
    const struct order_provider *p, const struct conf *conf);

/* order_provider_fits: it is ready, and can do what the type needs. */
bool order_provider_fits(const struct order_provider *p,
    const struct ordertype *t, const struct conf *conf);

/* order_provider_first: the first that fits; NULL: none does here. */
const struct order_provider *order_provider_first(
    const struct ordertype *t, const struct conf *conf);

/* order_no_model: why nothing of a type that needs a model can be made. */
extern const char order_no_model[];

/* order_type_valid: a type that may stand in a filter, orderable or not. */
bool order_type_valid(const char *name);

/*
 * order_check: type, provider (NULL: the first that fits) and c->given into
 * out.  c has a, conf, given and at set, the rest zero.  E_INPUT: c->errors
 * says which fields are wrong.  out's account is left to the caller; its
 * strings live in the arena.
 */
enum rc order_check(struct order_check *c, const char *type,
    const char *provider, struct order *out) MUST_CHECK;

/* order_names_text: "a, b and c" of names that end with NULL, in the arena. */
const char *order_names_text(struct arena *a, const char *const *names);

/* order_wrong: the field at c->at + "/" + field is wrong. */
void order_wrong(struct order_check *c, const char *field, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * order_unit_price: credits for one unit, from the configuration's
 * price.TYPE.PROVIDER; 0, free, for a pair that has no such key.
 */
int order_unit_price(const struct conf *conf, const struct ordertype *t,
    const struct order_provider *p);

/* order_price: credits for so many units, at most INT_MAX. */
int order_price(const struct conf *conf, const struct ordertype *t,
    const struct order_provider *p, long units);

#endif
