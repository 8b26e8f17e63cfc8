#!/usr/bin/perl
# The commands for people who ask why: good, bad and hostile input, their
# answers and their exit codes (0 yes, 1 no, 2 could not say).
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use Encode qw(decode_utf8);
use IO::Compress::Gzip ();
use JSON::PP qw(decode_json);
use Test::More;
use Time::HiRes qw(time);
use lib "$Bin/../lib";
use Platen::Sites;

my $platen = ($ENV{PLATEN_BUILD} // "$Bin/../../build/release") . '/platen';
plan skip_all => "$platen is not built" unless -x $platen;

my $tmp = tempdir(CLEANUP => 1);
my $web = Platen::Sites::fake();
my $inside = Platen::Sites::guarded();
my %env = (Platen::Sites::environment($web, $inside),
	PLATEN_CRAWL_TIMEOUT_MS => 20000, PLATEN_CRAWL_CONNECT_MS => 5000);

sub slurp {
	my ($name) = @_;
	open my $h, '<:raw', $name or return '';
	local $/;
	return <$h> // '';
}

# file NAME, BYTES: its path.
sub file {
	my ($name, $bytes) = @_;
	open my $h, '>:raw', "$tmp/$name" or die "$name: $!";
	print $h $bytes;
	close $h or die "$name: $!";
	return "$tmp/$name";
}

# platen ARGS: exit code, stdout, stderr; stdin is the file of that name.
sub platen {
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		@ENV{keys %env} = values %env;
		open STDIN, '<', -e "$tmp/stdin" ? "$tmp/stdin" : '/dev/null';
		open STDOUT, '>', "$tmp/out";
		open STDERR, '>', "$tmp/err";
		exec $platen, @_ or exit 127;
	}
	waitpid $pid, 0;
	unlink "$tmp/stdin";
	return ($? & 127 ? "signal $?" : $? >> 8, slurp("$tmp/out"),
		slurp("$tmp/err"));
}

# answers ARGS..., CODE, OUT, ERR, NAME
sub answers {
	my ($args, $code, $out, $err, $name) = @_;
	my ($c, $o, $e) = platen(@$args);
	is($c, $code, "$name: exit code $code") or diag substr "$o$e", 0, 500;
	ref $out ? like($o, $out, "$name: what it prints")
	    : is($o, $out, "$name: what it prints");
	like($e, $err, "$name: what it says on stderr");
}

my $nothing = qr/\A\z/;
my $sentence = qr/\Aplaten: [^\n]+\n\z/;

# ---- robots ----

my $robots = file('robots.txt', "\xef\xbb\xbf# ours\r\nUser-agent: *\r\n"
	. "Disallow: /private/\r\nAllow: /private/open\$\r\n\r\n"
	. "User-agent: greedy\r\nDisallow: /\r\n");
answers(['robots', $robots, '--agent', 'me', '/', 'http://x.test/private/open'],
	0, "allow\t/\tno rule fits (group *)\nallow\thttp://x.test/private/open\t"
	. "Allow: /private/open\$ (line 4, group *)\n", $nothing,
	'robots, all allowed');
answers(['robots', '--agent=me', $robots, '/', '/private/a'], 1,
	"allow\t/\tno rule fits (group *)\n"
	. "disallow\t/private/a\tDisallow: /private/ (line 3, group *)\n",
	$nothing, 'robots, one disallowed');
answers(['robots', $robots, '--agent', 'Greedy', '/a'], 1,
	"disallow\t/a\tDisallow: / (line 7, group greedy)\n", $nothing,
	'robots, a group by name');
answers(['robots', file('ours', "User-agent: platen\nDisallow: /\n"), '/a'], 1,
	"disallow\t/a\tDisallow: / (line 2, group platen)\n", $nothing,
	'robots for ourselves, where no agent is named');
file('stdin', "user-agent: *\ndisalow: /x\n");
answers(['robots', '-', '/x'], 1,
	"disallow\t/x\tDisallow: /x (line 2, group *)\n", $nothing,
	'robots from stdin, a misspelt key');
answers(['robots', "$tmp/nosuch", '/'], 2, '', $sentence, 'robots, no file');
answers(['robots', $tmp, '/'], 2, '', $sentence, 'robots, a folder');
answers(['robots', $robots], 2, '', qr/which URLs.*usage/s, 'robots, no URL');
answers(['robots', $robots, '/', '--agent'], 2, '', qr/usage/,
	'robots, an option without its value');
answers(['robots', 'http://good.test/robots.txt', '/private/x'], 1,
	qr/^disallow\t/, $nothing, 'robots by URL');
answers(['robots', 'http://notfound.test/robots.txt', '/x'], 0,
	qr/^allow\t/, qr/404/, 'robots that are not there');
answers(['robots', 'http://robots5xx.test/robots.txt', '/x'], 2, '',
	qr/503/, 'robots of a server in trouble');
answers(['robots', 'http://inside.test/robots.txt', '/x'], 2, '',
	qr/private or internal|loopback/, 'robots of an internal address');
ok(!$inside->touched, 'which was not even connected to');
answers(['robots', 'http://8.8.8.8:22/robots.txt', '/x'], 2, '',
	qr/only the ports 80 and 443/, 'robots on a port of no web server');
answers(['robots', file('junk', join('', map { chr } 0 .. 255) x 4000), '/'],
	0, qr/^allow\t/, qr/first 512000 bytes/, 'robots of a megabyte of junk');
answers(['robots', file('esc', "User-agent: *\nDisallow: /\e[2J\n"),
		"/\e[2J"], 1, "disallow\t/%1B[2J\tDisallow: /%1B[2J (line 2,"
	. " group *)\n", $nothing, 'robots that would clear the terminal');

# ---- sitemap ----

my $map = '<?xml version="1.0"?><urlset>'
    . '<url><loc> http://a.test/1 </loc></url>'
    . '<url><loc>/relative</loc></url><url><loc>ftp://a.test/</loc></url>'
    . '<url><loc><![CDATA[http://a.test/2?a=1&b=2]]></loc></url></urlset>';
my $found = "http://a.test/1\nhttp://a.test/2?a=1&b=2\n";
answers(['sitemap', file('map.xml', $map)], 0, $found,
	qr/One location is not a web address.*One location is not a complete web address.*urlset, 2/s,
	'sitemap with bad locations');
IO::Compress::Gzip::gzip(\$map => \my $packed);
answers(['sitemap', file('map.bin', $packed)], 0, $found,
	qr/urlset, gzip/, 'sitemap, gzip by content');
answers(['sitemap', file('cut.xml', substr $map, 0, -25)], 0,
	qr{^http://a.test/1\n}, qr/incomplete/, 'sitemap that is cut');
answers(['sitemap', file('cut.gz', substr $packed, 0, -30)], 0,
	qr{^http://a.test/1\n}, qr/incomplete/, 'gzip that is cut');
answers(['sitemap', file('map.txt', "http://a.test/1\nhttp://a.test/2?a=1&b=2\n")],
	0, $found, qr/: text, 2/, 'sitemap of plain text');
file('stdin', $map);
answers(['sitemap', '-'], 0, $found, qr/urlset/, 'sitemap from stdin');
answers(['sitemap', file('index.xml', '<sitemapindex><sitemap>'
	. '<loc>http://a.test/s.xml</loc></sitemap></sitemapindex>')], 0,
	"http://a.test/s.xml\n", qr/index, 1/, 'sitemap index');
answers(['sitemap', file('doctype.xml', '<!DOCTYPE x [<!ENTITY a "&b;&b;">]>'
	. $map)], 1, '', qr/DOCTYPE/, 'sitemap with a DOCTYPE');
answers(['sitemap', file('page.html', '<html><body>Hello</body></html>')], 1,
	'', qr/not a sitemap/, 'sitemap that is a page');
answers(['sitemap', file('empty', '')], 1, '', qr/empty/, 'an empty file');
answers(['sitemap', "$tmp/nosuch"], 2, '', qr/\Aplaten: \S+ cannot be opened/,
	'sitemap, no file');
answers(['sitemap'], 2, '', qr/usage/, 'sitemap of nothing');
answers(['sitemap', file('many.xml', '<urlset>' . join('', map {
	"<url><loc>http://a.test/$_</loc></url>" } 1 .. 50010) . '</urlset>')],
	0, qr{/50000\n\z}, qr/more than 50000/, 'sitemap of too many');
answers(['sitemap', 'http://good.test/map.xml'], 0,
	qr{^http://good.test/\n.*/private/ledger\n}s, qr/urlset, 8/,
	'sitemap by URL');
answers(['sitemap', 'http://gzipmap.test/m.gz'], 0, qr{/z\n}, qr/gzip/,
	'gzip by URL');
answers(['sitemap', 'http://selfindex.test/sitemap.xml', '--follow'], 0,
	"http://selfindex.test/\nhttp://selfindex.test/a\n",
	qr/named before.*urlset, 2/s, 'an index that names itself');
answers(['sitemap', '--follow', "$tmp/index.xml"], 2, '', qr/usage/,
	'a file to follow from');
answers(['sitemap', 'http://notfound.test/sitemap.xml'], 2, '', qr/404/,
	'sitemap that is not there');
answers(['sitemap', 'http://refuse.test/sitemap.xml'], 2, '', qr/refused/,
	'sitemap of nobody');
{
	my ($code, $out, $err) = platen('sitemap', 'http://mapbomb.test/sitemap.xml');
	like($code, qr/^[12]$/, 'a bomb is no sitemap');
	like($err, qr/more than|larger|longer|not a sitemap/, 'and said why');
}

# ---- extract ----

my $body = '<p>' . 'The press prints a sheet when the type is inked. ' x 8
    . '<a href="next">Next</a></p>';
my $page = file('page.html', '<!DOCTYPE html><html lang="en"><head>'
	. '<title>Ink - The Press</title><meta name="description" content="Oil, rubber and acrylic inks compared.">'
	. '<meta name="robots" content="noindex"><link rel="canonical" href="/ink">'
	. '<meta property="article:published_time" content="2024-05-01">'
	. '<meta property="article:modified_time" content="2025-06-02">'
	. '<link rel="alternate" hreflang="de" href="/de/ink">'
	. "</head><body><nav>Menu</nav><main><h1>Ink</h1>$body</main></body></html>");
my ($code, $out, $err) = platen('extract', $page, '--url',
    'http://x.test/shop/a');
is($code, 0, 'extract a page');
is($err, '', 'without a word on stderr');
my $d = decode_json($out);
is($d->{title}, 'Ink', 'its title without the suffix');
is($d->{description}, 'Oil, rubber and acrylic inks compared.', 'its description');
is($d->{language}, 'en', 'its language');
is($d->{canonical}, 'http://x.test/ink', 'its canonical URL, made absolute');
is($d->{noindex}, JSON::PP::true, 'that it is not to be indexed');
is_deeply($d->{dates}, { published => '2024-05-01', modified => '2025-06-02' },
	'its dates');
is_deeply($d->{alternates}, [{ language => 'de', url => 'http://x.test/de/ink' }],
	'its other languages');
is_deeply($d->{warnings}, [], 'and no warning');
like($d->{markdown}, qr{^# Ink\n.*\[Next\]\(http://x.test/shop/next\)}s,
    'its text as Markdown with absolute links');
unlike($d->{markdown}, qr/Menu/, 'without its menu');

file('stdin', "<title>\xcf\xe5\xf7\xe0\xf2\xfc</title><meta charset=windows-1251>"
	. '<p>' . "\xcf\xe5\xf7\xe0\xf2\xfc " x 50);
($code, $out) = platen('extract', '-');
is($code, 0, 'extract from stdin');
is(decode_json($out)->{title}, "\x{41f}\x{435}\x{447}\x{430}\x{442}\x{44c}",
    'decoded as it says');
($code, $out) = platen('extract', 'http://hidden.test/noindex');
is($code, 0, 'extract by URL');
is(decode_json($out)->{noindex}, JSON::PP::true, 'with what it asks for');
($code, $out) = platen('extract', 'http://cyrillic.test/');
like(decode_json($out)->{title}, qr/^\x{41f}\x{435}/,
	'in the encoding that the header says');
($code, $out) = platen('extract', 'http://hidden.test/header');
is(decode_json($out)->{noindex}, JSON::PP::true, 'or asks for by its header alone');
($code, $out) = platen('extract', file('deep.html', '<html><body>'
	. '<div>' x 2000 . 'The press prints a sheet when the type is inked.'));
like(join(' ', @{ decode_json($out)->{warnings} }), qr/nested too deep/,
	'extract says what it could not read well');
answers(['extract', $robots], 1, '', qr/not HTML/, 'extract plain text');
answers(['extract', file('image.png', "\x89PNG\r\n\x1a\n" . "\0\1\2" x 900)],
	1, '', qr/not HTML/, 'extract an image');
answers(['extract', 'http://hidden.test/paper.pdf'], 1, '', qr/not HTML/,
	'extract a PDF');
answers(['extract', "$tmp/nosuch"], 2, '', $sentence, 'extract no file');
answers(['extract', $page, '--url', 'mailto:a'], 2, '', qr/usage/,
	'extract with a base that is none');
answers(['extract', $page, $page], 2, '', qr/usage/, 'extract two');
answers(['extract', 'http://inside.test/'], 2, '', qr/private or internal/,
	'extract an internal page');
answers(['extract', 'http://huge.test/'], 2, '', qr/more than/,
	'extract a page without end');
answers(['extract', 'http://bomb.test/'], 2, '', qr/more than/,
	'extract a bomb');
for my $bad (['nested', '<div>' x 300000], ['attributes', '<a '
	. join(' ', map { "a$_=1" } 1 .. 80000) . '>x</a>'],
	['tables', '<table><tr><td>' x 50000], ['zeroes', "\0" x 100000],
	['entities', '<p>' . '&amp;' x 200000]) {
	my ($c, $o, $e) = platen('extract', file('bad.html',
		"<html><body>$bad->[1]"));
	if ($c == 0) {
		ok(eval { decode_json($o) }, "$bad->[0]: JSON");
	} else {
		like($c, qr/^[12]$/, "$bad->[0]: a code, no crash");
		like($e, $sentence, "$bad->[0]: a sentence");
	}
}
SKIP: {
	skip 'a sanitizer needs all the addresses there are', 3
	    if $platen =~ m{/asan/};
	local $env{PLATEN_CRAWL_PARSE_CPU_SECONDS} = 1;
	local $env{PLATEN_CRAWL_PARSE_BYTES} = 33554432;
	answers(['extract', file('large.html', '<html><body>'
		. '<p>a<b>b<i>c' x 400000)], 2, '',
		qr/\Aplaten: [^\n]+(?:needed more|took more)[^\n]+\n\z/,
		'extract what costs too much');
}

# ---- check ----

my $llms = "# A\n\n> B\n\nC\n\n## D\n\n- [e](http://x.test/e): f\n";
answers(['check', file('llms.txt', $llms)], 0, qr/valid, 1 link in 1 section$/, $nothing,
	'check a file');
file('stdin', $llms);
answers(['check', '-'], 0, qr/valid/, $nothing, 'check stdin');
answers(['check', file('bad.txt', "no title\n")], 1, qr/bad.txt/, $nothing,
	'check a bad file');
answers(['check', 'http://good.test/'], 1, qr/good.test/, $nothing,
	'check a page by URL');
answers(['check', 'http://notfound.test/llms.txt'], 2, '', qr/404/,
	'check what is not there');

# Files that readers take are valid; what could be better about them is advice.
answers(['check', file('port.txt', $llms =~ s/x\.test/x.test:70000/r)], 0,
	qr/port\.txt:9: advice: '70000' is not a port number .*valid, 1 link/s,
	$nothing, 'check a port that is none');
answers(['check', '--strict', "$tmp/port.txt"], 1, qr/advice: '70000'/,
	$nothing, 'check --strict: advice counts');
answers(['check', file('short.txt', "# llms.txt\n\n> A proposal.\n\n"
	. "## Docs\n\n- [The proposal](https://x.test/index.md): What it is\n")],
	0, qr/short\.txt:5: advice: there is no paragraph .*valid, 1 link in 1 section, 1 piece of advice$/s,
	$nothing, 'a file without a paragraph, as the one of the format itself, is valid');
answers(['check', file('dos.txt', "# A\r\n\r\n## B\r\n\r\n"
	. join('', map { "* [e$_](/e$_)\r\n" } 1 .. 30))], 0,
	qr/\A(?=(?:.*CR LF){2}(?!.*CR LF))(?=.*and 33 more lines that end in CR LF\n)(?=.*and 20 more links that do not begin with '- '\n).*valid, 30 links/s,
	$nothing, 'asterisks, relative links and CR LF are advice, told ten times at most');
answers(['check', file('broken.txt', "$llms- [g](http://x.test/g\n")], 1,
	qr/broken\.txt:10: no '\)' after the link's URL\n.*not valid, 1 error$/s,
	$nothing, 'a link that no reader can read is invalid');
answers(['check'], 2, '', qr/which file.*usage/s, 'check nothing');
answers(['check', "$tmp/llms.txt", "$tmp/llms.txt"], 2, '',
	qr/give exactly one file.*usage/s, 'check two');
answers(['check', '--strict', "$tmp/llms.txt"], 0, qr/valid/, $nothing,
	'check --strict a file that leaves nothing to say');
answers(['check', '--lax', "$tmp/llms.txt"], 2, '',
	qr/unknown option '--lax'/, 'check with an option it has not');
chdir $tmp or die $!;
file('-dash', $llms);
answers(['check', '--', '-dash'], 0, qr/valid/, $nothing,
	'check a file whose name begins with a dash');
chdir $Bin or die $!;
for my $what (["$tmp/nosuch", qr/cannot be opened/], [$tmp, qr/cannot be read/],
	['', qr/cannot be opened/]) {
	my ($name, $says) = @$what;
	answers([$_, $name, $_ eq 'robots' ? '/' : ()], 2, '',
		qr/\Aplaten: [^\n]*${says}[^\n]*\.\n\z/, "$_ '$name'")
	    for qw(check robots sitemap extract);
}
answers(['check', "$tmp/image.png"], 1, qr/image\.png:1: byte 0x89 is not UTF-8/,
	$nothing, 'check an image');
answers(['check', "$tmp/empty"], 1, qr/the file is empty/, $nothing,
	'check an empty file');
for my $tool (qw(check robots sitemap extract explain generate doctor)) {
	answers([$tool, $_], 0, qr/\Ausage: platen $tool\b[^\n]*\n\z/, $nothing,
		"$tool $_") for qw(--help -h);
}

# ---- an output that nobody reads ----

file('long.xml', '<urlset>' . join('', map {
	"<url><loc>http://a.test/$_</loc></url>" } 1 .. 40000) . '</urlset>');
for my $full (["check $tmp/llms.txt", '/dev/full'],
	["sitemap $tmp/long.xml", '/dev/full'], ["extract $page", '/dev/full'],
	["robots $robots /", '/dev/full']) {
	my $said = qx($platen $full->[0] 2>&1 >$full->[1]);
	is($? >> 8, 2, "$full->[0]: nothing is said where nothing can be written");
	like($said, qr/could not be written/, 'which is told');
}
{
	my $said = qx(bash -c '$platen sitemap $tmp/long.xml 2>$tmp/err | head -1; echo \${PIPESTATUS[0]}');
	like($said, qr{\Ahttp://a\.test/1\n(?:141|2)\n\z}, 'a pipe that closes early ends it');
	unlike(slurp("$tmp/err"), qr/abort|assert|segmentation/i, 'quietly');
}

# ---- a terminal ----

SKIP: {
	skip 'there is no script(1)', 1
	    if system('command -v script >/dev/null') != 0;
	local @ENV{keys %env} = values %env;
	my $told = qx(script -qec 'stty cols 22; exec $platen generate good.test -o $tmp/narrow' /dev/null);
	my @drawn = $told =~ /\r\e\[K([^\r\n]+)(?=\r(?!\n))/g;
	ok(@drawn > 0 && !(grep { length(decode_utf8($_)) > 21 } @drawn),
		'the line of progress fits a terminal of 22 columns')
	    or diag join "\n", @drawn;
}

# ---- explain ----

answers(['explain', 'good.test', '/guide/ink?utm_source=x'], 0,
	qr{^page:\ http://good.test/guide/ink\n
	    .*^robots.txt:\ allowed
	    .*^sitemap:\ listed\n
	    .*^fetch:\ 200\ OK.*text/html\n
	    .*^noindex:\ no\n
	    .*^listed:\ yes,\ as\ http://good.test/guide/ink\n}smx, $nothing,
	'explain a page');
answers(['explain', 'good.test', '/guide/ink', '--section'], 0,
	qr/^section: \S.*^listed: yes/sm, $nothing, 'explain with its section');
for my $no (
	['good.test', '/private/ledger',
		qr{Disallow: /private/" \(line 2.*Blocked by robots.txt}s],
	['good.test', '/gone', qr/^fetch: 404.*server returned an error/sm],
	['good.test', '/nosuch', qr/^listed: no. No sitemap lists it/m],
	['good.test', 'http://other.test/', qr{not of http://good.test}],
	['twins.test', '/a/', qr{Duplicate URL.*^instead: http://twins.test/a\n}sm],
	['twins.test', '/b', qr{canonical: http://twins.test/a\n.*canonical URL is another page}s],
	['twins.test', '/c', qr{301 .*twins.test/c\n.*instead: http://twins.test/a\n}s],
	['wiki.test', '/w/Press/?action=history',
		qr{Duplicate URL.*^instead: http://wiki.test/w/Press\?action=history\n}sm],
	['hidden.test', '/noindex', qr/noindex: yes\n.*not to be indexed/s],
	['hidden.test', '/paper.pdf', qr/Not an HTML page/],
	['htmlmap.test', '/two', qr/^listed: no. No page that was read links/m],
	['disallow.test', '/x', qr/not allowed by "Disallow: \/"/],
	['attributes.test', '/nosuch', qr/^listed: no/m],
) {
	answers(['explain', @$no[0, 1]], 1, $no->[2], $nothing,
		"explain $no->[0] $no->[1]");
}
answers(['explain', 'good.test', '/guide/ink', '--exclude', '/guide/**'], 1,
	qr{^patterns: .*/guide/\*\*.*^listed: no}sm, $nothing,
	'explain an excluded page');
answers(['explain', 'good.test', '/guide/ink', '--include', '/shop/**'], 1,
	qr/none of your include patterns/, $nothing, 'explain one that is not included');
answers(['explain', 'good.test', '/shop/roller', '--limit', '1'], 1,
	qr/Over the page limit/, $nothing, 'explain one over the limit');
answers(['explain', 'htmlmap.test', '/one'], 0, qr/links are followed/,
	$nothing, 'explain a page that was found by a link');
answers(['explain', 'late.test', '/de/1'], 1, qr/different language/, $nothing,
	'explain a page whose language is left out when others are read');
answers(['explain', 'late.test', '/de/1', '--language', 'de'], 0,
	qr/^listed: yes/m, $nothing, 'explain one of the language that is wanted');
for my $mute (['robots5xx.test', '/', qr/503/], ['refuse.test', '/', qr/refused/],
	['inside.test', '/', qr/private or internal/],
	['inward.test', '/', qr/private or internal/], ['a b', '/', qr/hostname/],
	['good.test', 'mailto:x', qr/not the URL of a page/]) {
	answers(['explain', @$mute[0, 1]], 2, '', $mute->[2],
		"explain $mute->[0] $mute->[1]");
}
answers(['explain', 'good.test'], 2, '', qr/usage/, 'explain no page');
answers(['explain', 'good.test', '/', '--limit', '0'], 2, '', qr/usage/,
	'explain with a bad limit');
ok(!$inside->touched, 'nothing connected to the internal server');

done_testing();
