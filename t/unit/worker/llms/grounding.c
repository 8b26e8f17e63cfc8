/* Grounding: a model's line about a page may only say what the page says. */
#include "worker/llms/grounding.h"

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
	    grounding_check(grounding_new(&a, page, strlen(page)), line);

	ok(why == NULL, "holds: %s (%s)", line, why ? why : "-");
}

static void
bad(const char *line, const char *want)
{
	is(grounding_check(grounding_new(&a, page, strlen(page)), line), want,
	    line);
}

static void
other_scripts(void)
{
	static const char ru[] = "Чернила для печати сохнут 24 часа в Риме.";
	static const char ja[] = "印刷機のインクは二十四時間で乾きます。";
	struct grounding *g = grounding_new(&a, ru, strlen(ru));

	is(grounding_check(g, "Печать: чернила, которые сохнут 24 часа"), NULL,
	    "Cyrillic words hold in other cases");
	ok(grounding_check(g, "Бумага из Москвы") != NULL,
	    "a Cyrillic name of elsewhere does not");
	g = grounding_new(&a, ja, strlen(ja));
	is(grounding_check(g, "インクの乾き時間"), NULL,
	    "Japanese holds by its characters");
	ok(grounding_check(g, "旅行会社案内") != NULL,
	    "Japanese about something else does not");
}

/* said: NULL when line holds against text. */
static const char *
said(const char *text, const char *line)
{
	return grounding_check(grounding_new(&a, text, strlen(text)), line);
}

static void
numbers(void)
{
	is(said("Costs 1000 a year.", "Costs 1,000 a year."), NULL,
	    "1,000 is 1000");
	is(said("Costs 1,000,000 a year.", "Costs 1000000 a year."), NULL,
	    "and 1,000,000 is 1000000");
	is(said("Kostet 1'000 im Jahr.", "Kostet 1\u2019000 im Jahr."), NULL,
	    "in Switzerland, too");
	is(said("Grew by 24,5 percent.", "Grew by 245 percent."),
	    "the number \"245\" is not on the page", "but 24,5 is not 245");
	is(said("Grew by 24,5 percent.", "Grew by 24,5 percent."), NULL,
	    "it is itself");
	is(said("Made in 1999,2001 and later.", "Made in 1999, and later."),
	    "the number \"1999\" is not on the page",
	    "nor is a part of a number");
	is(said("Runs on 32 bit systems.", "Runs on 32-bit systems."), NULL,
	    "a number joined to its word");
	is(said("Runs on 32 bit systems.", "Runs on 64-bit systems."),
	    "the number \"64-bit\" is not on the page", "and another one");
	is(said("The iPhone14 is here.", "The new iPhone15 is here."),
	    "the name \"iphone15\" is not on the page",
	    "a name with another number");
	is(said("About GPT-4 models.", "About the GPT-4o models."),
	    "the name \"gpt-4o\" is not on the page", "or a letter more");
	is(said("乾燥は24時間です。", "乾燥は２４時間です"), NULL,
	    "digits of full width");
	is(said("乾燥は24時間です。", "乾燥は３６時間です"),
	    "the number \"36\" is not on the page", "are checked");
	is(said("يجف الحبر في ٢٤ ساعة", "يجف الحبر في 24 ساعة"), NULL,
	    "and so are Arabic ones");
	ok(said("يجف الحبر في ٢٤ ساعة", "يجف الحبر في ٣٦ ساعة") != NULL,
	    "both ways");
}

static void
names(void)
{
	is(said("Prasa drukarska łączy słowa i źródła.",
	       "Opisuje, jak prasa drukarska łączy słowa i źródła."),
	    NULL, "small letters of Polish are no names");
	is(said("Praca w Łodzi i w Żywcu.", "Praca: łodzi, żywcu."), NULL,
	    "Polish capitals are those of their small letters");
	ok(said("Praca w mieście i na wsi.", "Praca w Łomży i na wsi.") != NULL,
	    "and a Polish name of elsewhere does not hold");
	ok(said("Tiskařský stroj a barvy.", "Tiskařský stroj, Žižkov.") != NULL,
	    "nor a Czech one");
	is(said("Ținta este cerneala ȘI hârtia.", "Despre ținta, și hârtia."),
	    NULL, "Romanian letters with a comma below");
	is(said("Máy in ở Đà Nẵng và Huế.", "Máy in ở ĐÀ NẴNG."), NULL,
	    "Vietnamese capitals");
	is(said("Ο εκτυπωτής της Αθήνας", "Ο ΕΚΤΥΠΩΤΉΣ της ΑΘΉΝΑΣ"), NULL,
	    "Greek words in capitals");
	ok(said("Ο εκτυπωτής της Αθήνας", "Ο εκτυπωτής της Άνδρου") != NULL,
	    "a Greek name with an accent is one");
	ok(said("Друкарня у місті", "Друкарня у Ґданську") != NULL,
	    "and so is a Ukrainian one");
	is(said("Inks of Rome", "There's inks of Rome"), NULL,
	    "a sentence may begin with any word");
	is(said("Inks of Rome", "Gutenberg's inks of Rome"),
	    "the name \"gutenberg's\" is not on the page",
	    "but an owner is one");
	is(said("Gutenberg made inks.", "Gutenberg\u2019s inks"), NULL,
	    "and may be on the page");
	is(said("inks,rollers and type", "About rollers and inks"), NULL,
	    "a comma without its space joins no words");
}

/* A capital may be a name wherever it stands, and a likeness is no proof. */
static void
first_words(void)
{
	static const char text[] =
	    "This internet page says how the widgets of Acme are installed on "
	    "a desk and cleaned with a microscope cloth.";
	static const char *const wrong[][2] = {
	    {"Microsoft says how the widgets are installed.", "microsoft"},
	    {"Says how Interpol widgets are installed.", "interpol"},
	    {"Says how Microsoft widgets of Acme are installed.", "microsoft"},
	    {"Warning: Google widgets are installed on a desk.", "google"},
	    {"Widgets are cleaned. Google installed the widgets.", "google"},
	    {"Microsoft Widgets Installation", "microsoft"},
	    {"Installing Acme Widgets With Google", "google"},
	    {"L'installation des widgets de Google pour le desk", "google"}};
	static const char *const right[] = {
	    "Explains how to install the widgets of Acme on a desk.",
	    "Learn how Acme's widgets are cleaned, e.g. with a cloth.",
	    "Installing and Cleaning Acme Widgets",
	    "Step-by-step cleaning of the widgets with a cloth.",
	    "Comprehensive page of widgets and how they are installed."};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		is(said(text, wrong[i][0]),
		    arena_printf(
			&a, "the name \"%s\" is not on the page", wrong[i][1]),
		    wrong[i][0]);
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		is(said(text, right[i]), NULL, right[i]);
	is(grounding_title(grounding_new(&a, text, strlen(text)),
	       "Getting Started With Acme Widgets: Installation and Cleaning"),
	    NULL, "a title with capitals");
}

/* What models begin their lines with, though no page says it. */
static void
openers(void)
{
	static const char text[] =
	    "This is how the press prints a sheet when the platen meets it.";
	static const char list[] =
	    "Highlights Focuses Addresses Allows Designed Gathers Compiles "
	    "Breaks Lays Aims Delivers Essential Useful Written Assists "
	    "Emphasizes Enumerates Dives Delves Celebrates Invites Touches "
	    "Ideal Perfect Suits Because Since Once After During Despite "
	    "Although Though Unlike Beyond If As At By From Into With Both "
	    "One Two Three Four Five Six Seven Eight Nine Ten Only Another "
	    "Such No Not Now Today Below Above Performs Prevents Processes "
	    "Produces Promotes Protects Reaches Resolves Responds Scans "
	    "Secures Spans Specializes Structures Transforms Translates "
	    "Validates Verifies Across Before Between Through Without While "
	    "Whereas Unless Until And But Simplifies Studied Using Getting "
	    "Planned Describing Summarises Built Detailed Readers Note";
	char word[32];
	size_t n;

	for (const char *p = list; *p != '\0'; p += n + (p[n] == ' ')) {
		n = strcspn(p, " ");
		memcpy(word, p, n);
		word[n] = '\0';
		is(said(text, arena_printf(&a,
				  "%s how the press prints a sheet.", word)),
		    NULL, word);
		is(said(text,
		       arena_printf(&a, "The press prints. %s a sheet.", word)),
		    NULL, "and in a second sentence");
	}
}

/* A first word is no name where only a verb can stand. */
static void
verbs(void)
{
	static const char text[] =
	    "This is how the press prints a sheet when the platen meets it.";
	static const char *const right[] = {
	    "Digitizes the sheet that the press prints.",
	    "Cherishes how the press prints a sheet.",
	    "Mending a press when the platen meets the sheet."};
	static const char *const wrong[][2] = {
	    {"Hughes is how the press prints.", "hughes"},
	    {"Hughes Prints a sheet.", "hughes"},
	    {"Boeing and the press.", "boeing"},
	    {"Mercedes, the press prints a sheet.", "mercedes"},
	    {"Miller, how the press prints a sheet.", "miller"},
	    {"Walker prints a sheet when the platen meets it.", "walker"},
	    {"Porter prints a sheet when the platen meets it.", "porter"}};
	static const char *const names[] = {"Walker", "Miller", "Porter",
	    "Post", "Keys", "Seller", "Booker", "Planner", "Gibson", "Two"};

	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		is(said(text, right[i]), NULL, right[i]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(said(text, wrong[i][0]) != NULL &&
			strstr(said(text, wrong[i][0]), wrong[i][1]) != NULL,
		    "not: %s", wrong[i][0]);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		ok(said(
		       text, arena_printf(&a, "Explains how %s prints a sheet.",
				 names[i])) != NULL,
		    "no first word: %s", names[i]);
}

/* said_title: NULL when line holds as a title of text. */
static const char *
said_title(const char *text, const char *line)
{
	return grounding_title(grounding_new(&a, text, strlen(text)), line);
}

static void
titles(void)
{
	static const char text[] = "The press of Acme prints sheets.";

	is(said_title(text, "Getting Started: Sheets Prints of the Acme Press"),
	    NULL, "a title has capitals");
	is(said_title(text, "Acme Press Guide and Overview"), NULL,
	    "in all its words");
	is(said_title(text, "Acme Press of Walker"),
	    "the name \"walker\" is not on the page", "names are checked");
	is(said_title(text, "Acme Press and Keys"),
	    "the name \"keys\" is not on the page",
	    "and words that may be names");
	is(said(text, "Acme prints sheets of Guide."),
	    "the name \"guide\" is not on the page",
	    "a sentence has them for its names alone");
}

static void
other_languages(void)
{
	static const char de[] =
	    "Die Softwarepakete werden mit einem Schlüssel geprüft. Für die "
	    "Häuser in Wien ist eine Installationsanleitung da, und der Server "
	    "von Debian sichert Daten.";
	static const char fr[] =
	    "Les paquets de l'Europe sont vérifiés avec une clé, et "
	    "l'installation est décrite pour Paris.";
	static const char pl[] =
	    "Pakiety są sprawdzane przez administratorów w Warszawie, nie jest "
	    "to trudne dla Debiana.";
	static const char *const good[][2] = {
	    {de, "Erklärt, wie man Pakete der Software mit Schlüsseln prüft."},
	    {de, "Anleitung für das Haus in Wien und die Webserver."},
	    {de, "Die Anleitung mit Tipps für das Haus in Wien."},
	    {de, "Beschreibt die Sicherheit der Daten auf Servern."},
	    {fr, "Décrit la vérification des paquets d'Europe à Paris."},
	    {fr, "Vérifier les paquets: installation et clé"},
	    {pl, "Opisuje sprawdzanie pakietów w Debianie i Warszawę."}};
	static const char *const wrong[][2] = {
	    {de, "Microsoft erklärt, wie Pakete geprüft werden."},
	    {de, "Erklärt die Pakete von Microsoft auf dem Server."},
	    {de, "Pakete der Samsung mit einem Schlüssel prüfen"},
	    {fr, "Google vérifie les paquets avec une clé."},
	    {pl, "Opisuje pakiety, które są w Krakowie."}};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		is(said(good[i][0], good[i][1]), NULL, good[i][1]);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ok(said(wrong[i][0], wrong[i][1]) != NULL, "not: %s",
		    wrong[i][1]);
}

static void
quotations(void)
{
	static const char *const wrong[] = {"What 'linseed' means for inks.",
	    "What \u2018linseed\u2019 means for inks.",
	    "What \u201elinseed\u201c means for inks.",
	    "What \u201clinseed\u201d means for inks.",
	    "What \u00ablinseed\u00bb means for inks.",
	    "What `linseed` means for inks."};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		bad(wrong[i], "the quoted word \"linseed\" is not on the page");
	good("Explains 'rubber base' inks, a printer's choice.");
	is(said("Says \u2018I don\u2019t dry\u2019 of inks.",
	       "About \u2018I don\u2019t dry\u2019 and inks."),
	    NULL, "an apostrophe inside closes nothing");
	good("The printers' inks dry, and the rollers' too.");
	is(said("印刷機のインクは乾きます。", "「木版画」のインクは乾きます"),
	    "the quoted word \"木\" is not on the page",
	    "Japanese marks quote, too");
}

int
main(void)
{
	arena_init(&a);
	numbers();
	names();
	first_words();
	openers();
	verbs();
	titles();
	other_languages();
	quotations();
	good("Compares oil-based, rubber base and acrylic inks; read before "
	     "printing.");
	good("Van Son inks dry in 24 hours.");
	good("Explains \"rubber base\" inks.");
	good("Mix 1500 grams with ink.mix.");
	bad("", "it has no words");
	bad("-- ## ___ --", "it has no words");
	bad("Inks dry in 36 hours.", "the number \"36\" is not on the page");
	bad("Inks of Pantone for printing posters.",
	    "the name \"pantone\" is not on the page");
	bad("Call ink.pour() for printing.",
	    "the name \"ink.pour\" is not on the page");
	bad("What \"linseed\" means for inks.",
	    "the quoted word \"linseed\" is not on the page");
	bad("Everything else is on another website instead, visited today",
	    "most of its words are not on the page");
	other_scripts();
	arena_release(&a);
	return done();
}
