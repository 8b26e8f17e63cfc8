/* tabs: panels are text, under the names on their tabs; controls are none. */
#include "t/tap.h"

#include "worker/extract/page_reader.h"

#include <string.h>

static struct arena a;

#define AROUND                                                             \
	"<p>The press was made by a printer in Mainz, who ran it for ten " \
	"years, and sold it when he was old.</p>"

/* says: the page with body says want, and nothing else of it. */
static void
says(const char *body, const char *want, const char *name)
{
	static const char around[] =
	    "The press was made by a printer in Mainz, who ran it for ten "
	    "years, and sold it when he was old.\n";
	char *html = arena_printf(&a,
	    "<html lang=en><title>Press</title><main><h1>Press</h1>" AROUND
	    "%s" AROUND "</main></html>",
	    body);
	struct page_reader_input in = {
	    .url = "https://example.org/docs/page.html",
	    .content_type = "text/html; charset=utf-8",
	    .bytes = html,
	    .len = strlen(html)};
	struct html_page d;

	page_reader_read(&a, &in, NULL, &d);
	is(d.markdown,
	    arena_printf(&a, "# Press\n\n%s%s%s\n%s", around,
		want[0] ? "\n" : "", want, around),
	    name);
}

#define TWO "**npm**\n\n```\nnpm add\n```\n\n**yarn**\n\n```\nyarn add\n```\n"

static void
code_groups(void)
{
	says("<div class=tabbed-set><input id=t1 name=t type=radio checked>"
	     "<input id=t2 name=t type=radio><div class=tabbed-labels><label "
	     "for=t1>npm</label><label for=t2>yarn</label></div><div "
	     "class=tabbed-content><div class=tabbed-block><pre>npm add</pre>"
	     "</div><div class=tabbed-block><pre>yarn add</pre></div></div>"
	     "</div>",
	    TWO, "labels stand above the code that they name");
	says("<div class=vp-code-group><div class=tabs><input type=radio "
	     "name=g id=t1 checked><label for=t1>npm</label><input type=radio "
	     "name=g id=t2><label for=t2>yarn</label></div><div class=blocks>"
	     "<div class=active><pre>npm add</pre></div><div><pre>yarn "
	     "add</pre></div></div></div>",
	    TWO, "with the buttons between them");
	says("<div class=CodeTabs><div class=bar><button>npm</button><button>"
	     "yarn</button></div><div class=inner><pre>npm add</pre><pre>yarn "
	     "add</pre></div></div>",
	    TWO, "as buttons that say nothing of tabs");
	says("<div><ul role=tablist class=tabs><li role=tab>npm</li><li "
	     "role=tab>yarn</li></ul><div><div role=tabpanel><pre>npm "
	     "add</pre></div><div role=tabpanel hidden><pre>yarn add</pre>"
	     "</div></div></div>",
	    TWO, "by their roles, though one is hidden");
	says("<ul class='nav nav-tabs' role=tablist><li><button role=tab "
	     "aria-controls=a>npm</button></li><li><button role=tab "
	     "aria-controls=b>yarn</button></li></ul><div><div id=a><pre>npm "
	     "add</pre></div><div id=b><pre>yarn add</pre></div></div>",
	    TWO, "by what they open");
	says("<ul class='nav nav-tabs'><li><a href=#a>npm</a></li><li><a "
	     "href=#b>yarn</a></li></ul><div><div class=tab-pane id=a><pre>npm "
	     "add</pre></div><div class=tab-pane id=b style='display:none'>"
	     "<pre>yarn add</pre></div></div>",
	    TWO, "by where they lead");
	says("<div class=set><input type=radio id=a><label for=a>npm</label>"
	     "<input type=radio id=b><label for=b>yarn</label><div><section>"
	     "<pre>npm add</pre></section><section><pre>yarn add</pre>"
	     "</section></div></div>",
	    TWO, "labels before all panels");
	says("<div class=set><input type=radio id=a><label for=a>npm</label>"
	     "<div><pre>npm add</pre></div><input type=radio id=b><label "
	     "for=b>yarn</label><div><pre>yarn add</pre></div></div>",
	    "npm\n\n```\nnpm add\n```\n\nyarn\n\n```\nyarn add\n```\n",
	    "labels in their places stay there");
	says("<div role=tablist><button role=tab aria-controls=p>Care</button>"
	     "</div><div role=tabpanel id=p><h2>Care</h2><p>Wash it cold, and "
	     "seldom.</p></div>",
	    "## Care\n\nWash it cold, and seldom.\n",
	    "a panel that says its name itself");
	says("<div class=bar><button>Like</button><button>Send</button></div>"
	     "<p>One of the pages is lost, and no copy is known of it.</p><p>"
	     "The other one is in a library far away from here.</p>",
	    "One of the pages is lost, and no copy is known of it.\n\nThe "
	    "other one is in a library far away from here.\n",
	    "buttons above paragraphs name nothing");
}

static void
controls(void)
{
	says("<ul><li><input type=checkbox disabled> Run the tests</li><li>"
	     "<input type=checkbox checked disabled> Write the notes</li></ul>",
	    "- Run the tests\n- Write the notes\n", "a list of tasks");
	says("<ul class=task-list><li><label class=c><input type=checkbox "
	     "disabled><span></span></label> Run the tests</li><li><label "
	     "class=c><input type=checkbox><span></span></label> Write the "
	     "notes</li></ul>",
	    "- Run the tests\n- Write the notes\n", "with empty labels");
	says("<ol><li><label><input type=checkbox> Check that the cable is "
	     "connected to the wall, then wait.</label></li><li><label><input "
	     "type=checkbox> Check the other cable.</label></li></ol>",
	    "1. Check that the cable is connected to the wall, then wait.\n"
	    "2. Check the other cable.\n",
	    "steps to tick");
	says("<ul><li>Your name: <input value=Ada> is what others see of "
	     "you.</li><li>Your address: <input type=email> is where we "
	     "write.</li></ul>",
	    "- Your name: is what others see of you.\n- Your address: is "
	    "where we write.\n",
	    "a list with fields as examples");
	says("<div><div><input type=checkbox> The press is level on its "
	     "feet.</div><div><input type=checkbox> Its screw is oiled.</div>"
	     "</div>",
	    "The press is level on its feet.\n\nIts screw is oiled.\n",
	    "boxes to tick that are no list");
	says("<div><form><div></form><p>It prints.</p></div></div>",
	    "It prints.\n", "a form that ends too early costs no text");
	says("<form><p>It prints.</p></form>", "It prints.\n",
	    "nor does one with nothing to fill in");
	says("<form><label>Name <input name=n></label><label>Mail <input "
	     "name=m></label><button>Send</button></form>",
	    "", "a form to fill in is no text");
}

int
main(void)
{
	arena_init(&a);
	code_groups();
	controls();
	arena_release(&a);
	return done();
}
