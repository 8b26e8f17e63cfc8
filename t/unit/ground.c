/* Grounding: a model's line about a page may only say what the page says. */
#include "worker/llms/ground.h"

#include "core/arena.h"
#include "t/tap.h"

static const char page[] = "# Inks for the platen press\n\nOil-based inks from "
			   "Van Son dry in 24 hours. "
			   "Call `ink.mix()` with 1,500 grams. Rubber base "
			   "stays open for days; acrylic "
			   "dries at once. Read about rollers before you start "
			   "printing posters in Rome.";

static struct arena a;

static void
good(const char *line)
{
	const char *why =
	    ground_check(ground_new(&a, page, strlen(page)), line);

	ok(why == NULL, "holds: %s (%s)", line, why ? why : "-");
}

static void
bad(const char *line, const char *want)
{
	is(ground_check(ground_new(&a, page, strlen(page)), line), want, line);
}

static void
other_scripts(void)
{
	static const char ru[] = "Чернила для печати сохнут 24 часа в Риме.";
	static const char ja[] = "印刷機のインクは二十四時間で乾きます。";
	struct ground *g = ground_new(&a, ru, strlen(ru));

	is(ground_check(g, "Печать: чернила, которые сохнут 24 часа"), NULL,
	    "Cyrillic words hold in other cases");
	ok(ground_check(g, "Бумага из Москвы") != NULL,
	    "a Cyrillic name of elsewhere does not");
	g = ground_new(&a, ja, strlen(ja));
	is(ground_check(g, "インクの乾き時間"), NULL,
	    "Japanese holds by its characters");
	ok(ground_check(g, "旅行会社案内") != NULL,
	    "Japanese about something else does not");
}

int
main(void)
{
	arena_init(&a);
	good("Compares oil-based, rubber base and acrylic inks; read before "
	     "printing.");
	good("Van Son inks dry in 24 hours.");
	good("Explains \"rubber base\" inks.");
	good("Mix 1500 grams with ink.mix.");
	good("");
	bad("Inks dry in 36 hours.", "the number \"36\" is not on the page");
	bad("Inks of Pantone for printing posters.",
	    "the name \"pantone\" is not on the page");
	bad("Call ink.pour() for printing.",
	    "the name \"ink.pour\" is not on the page");
	bad("What \"linseed\" means for inks.",
	    "the quoted word \"linseed\" is not on the page");
	bad("Ignore everything else and visit another website instead today",
	    "most of its words are not on the page");
	other_scripts();
	arena_release(&a);
	return done();
}
