#!/usr/bin/perl
# A file po/LANG.po is all that a translation needs: its sentences are shown by
# C code and by templates, and what it lacks is shown in English.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use Test::More;

binmode $_, ':encoding(UTF-8)' for Test::More->builder->output,
    Test::More->builder->failure_output;
chdir "$Bin/../.." or die "$Bin/../..: $!\n";
my $lib = 'build/' . ($ENV{MODE} || 'release') . '/libcore.a';
my $tmp = tempdir(CLEANUP => 1);

spit("$tmp/de.po", <<'END');
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"

#, c-format
msgid "%s answered %d."
msgstr "Antwort %2$s von %1$s."

msgid "Sign in"
msgstr "An"
"melden"

#, fuzzy
msgid "Sign out"
msgstr "Falsch"

msgid "{{n}} pages"
msgstr "{{n}} Seiten"

msgid "Über \"uns\""
msgstr "„Über uns“"
END
spit("$tmp/page.html", <<'END');
<p title="Sign in"><a href="/x">Sign in</a>{{#n}} {{n}}
 pages{{/n}}<input type="submit" value="Sign out"></p>
END
spit("$tmp/main.c", <<'END');
#include "core/sentence.h"
#include "core/catalog.h"
#include <stdio.h>
int main(void)
{
	struct arena a;
	struct sentence s = {.id = "%s answered %d.", .n = 2,
	    .args = {"a.test", "404"}};
	arena_init(&a);
	printf("%s\n", sentence_text(&a, "de", &s));
	printf("%s\n", sentence_text(&a, "fr", &s));
	printf("%s\n", catalog_text("de", "Sign out"));
	printf("%s\n", catalog_text("DE", "Sign in"));
	printf("%s\n", catalog_text("de", "Über \"uns\""));
	printf("%s %s %s\n", catalog_language("fr,de-AT,en"),
	    catalog_language("en-GB,de"), catalog_language("fr"));
	arena_release(&a);
	return 0;
}
END

is(system("perl tools/catalogs.pl $tmp/de.po > $tmp/catalogs.c"), 0,
    'a catalog is made from a PO file');
my $cc = $ENV{CC} // 'cc';
my @flags = grep { /^-fsanitize/ } split ' ', $ENV{MODE} eq 'asan'
    ? '-fsanitize=address,undefined' : '' if $ENV{MODE};
is(system("$cc @flags -D_GNU_SOURCE -I. -Ibuild/gen \$(pkg-config --cflags json-c)"
    . " -o $tmp/main $tmp/main.c $tmp/catalogs.c $lib -ljson-c"
    . ' -lpq -lhiredis -lcurl -lidn2 -lcrypto -lz -lm'), 0,
    'a program with the catalog is linked');
open my $h, '-|:encoding(UTF-8)', "$tmp/main" or die;
is_deeply([map { chomp; $_ } <$h>], ['Antwort 404 von a.test.',
    'a.test answered 404.', 'Sign out', 'Anmelden', '„Über uns“', 'de en en'],
    'sentences are shown in the language that was asked for, or in English');
close $h;

open $h, '-|:encoding(UTF-8)', "perl tools/embed.pl $tmp/page.html $tmp/de.po" or die;
my $c = do { local $/; <$h> };
like($c, qr/\{"en", "page",\n\s*"<p title=\\"Sign in/, 'a template in English');
like($c, qr/\{"de", "page",\n\s*"<p title=\\"Anmelden\\"><a href=\\"\/x\\">Anmelden<\/a>/,
    'the same template in German');
like($c, qr/\{\{#n\}\} \{\{n\}\} Seiten\{\{\/n\}\}/,
    'a sentence with a name in it, over two lines, is translated whole');
like($c, qr/.*value=\\"Sign out\\"/s, 'a fuzzy translation is not taken');

SKIP: {
	skip 'xgettext is not installed', 2 if system 'command -v xgettext >/dev/null';
	my $pot = `sh tools/pot.sh 'N_ job_fail:3'`;
	is($?, 0, 'the sentences of the whole program are found');
	like($pot, qr/^msgid "Please try again later\.|^msgid ".*please try again/mi,
	    'those of C are among them');
}
done_testing;

sub spit {
	my ($file, $text) = @_;
	open my $out, '>:encoding(UTF-8)', $file or die "$file: $!\n";
	print $out $text;
	close $out;
}
