#!/usr/bin/perl
# A generation made again: what changed since the last one, and what was
# mended by hand and stays so.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use JSON::PP;
use Platen::Seed;
use Platen::Sites;
use Platen::Stack;
use Platen::User 'text';

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $api = '/api/v1/generations';
my $web = Platen::Sites::fake();
my $s = Platen::Stack->new(with => 'web worker', env => {
	Platen::Sites::environment($web),
	PLATEN_WEB_BODY_BYTES => 65_536,
});
my $u = Platen::User->new($s->url);
$u->json(POST => $api, { type => 'llms_txt', provider => 'builtin', input => { hostname => 'other.test' } });
my $me = Platen::Seed::account_of($s, $u);

# file: an llms.txt of sections [name, [path, title, description]...].
sub file {
	my ($title, @sections) = @_;
	my $t = "# $title\n\n> All about $title.\n\nMore about it.\n";
	for my $section (@sections) {
		my ($name, @links) = @$section;
		$t .= "\n## $name\n\n";
		$t .= "- [$_->[1]](https://a.test/$_->[0])" . ($_->[2] ? ": $_->[2]" : '') . "\n" for @links;
	}
	return $t;
}

sub seed {
	my ($host, $text, %o) = @_;
	return Platen::Seed::generation($s, $o{account} // $me, $host, 'completed',
	    entries => 1, artifacts => { 'llms.txt' => $text });
}

# ---- what changed ---------------------------------------------------------------

my @guide = map { [$_, "Page $_", "About $_"] } 1 .. 30;
my $old = seed('a.test', file('Site', ['Guide', @guide], ['News', ['n1', 'News 1'], ['n2', 'News 2']]));
my $between = seed('b.test', file('Elsewhere', ['A', ['x', 'X']]));
my $new = seed('a.test', file('Site two', ['Handbook', [1, 'First page', 'About 1'], @guide[1 .. 27]],
    ['News', ['n1', 'News 1', 'Now with words'], (map { ["m$_", "More $_"] } 1 .. 15)],
    ['Last', ['n2', 'News 2']]));

my $r = $u->get("$api/$new/diff");
is($r->{status}, 200, 'the difference to the last one');
my $d = $r->{json}{data};
is($d->{against}, $old, 'which is the last of the same host');
like($d->{againstCompletedAt}, qr/^\d{4}-.*Z$/, 'and its date');
is_deeply($d->{counts}, { added => 15, removed => 2, changed => 3, same => 27, renamedSections => 1 },
    'counts');
is_deeply($d->{renamedSections}, [{ before => 'Guide', after => 'Handbook' }],
    'a section with another name does not change its lines');
is_deeply($d->{head}, { title => { before => 'Site', after => 'Site two' },
	summary => { before => 'All about Site.', after => 'All about Site two.' },
	information => undef }, 'the head');
is_deeply($d->{added}[0], { url => 'https://a.test/m1', title => 'More 1', description => '',
	section => 'News' }, 'what was added');
is_deeply([map { $_->{url} } @{ $d->{removed} }], ['https://a.test/29', 'https://a.test/30'],
    'what was removed');
is_deeply([map { $_->{name} } @{ $d->{changed} }],
    ["First page", "News 1", "News 2"], "what changed");
is_deeply($d->{changed}[0]{title}, { before => 'Page 1', after => 'First page' }, 'a title');
is_deeply($d->{changed}[1]{description}, { before => '', after => 'Now with words' }, 'a description');
is_deeply($d->{changed}[2]{section}, { before => 'News', after => 'Last' }, 'a section');
is($d->{changed}[2]{title}, undef, 'and what stayed is null');

$r = $u->get("$api/$new/diff?limit=10&offset=10");
is(scalar @{ $r->{json}{data}{added} }, 5, 'by pages');
is($r->{json}{data}{counts}{added}, 15, 'with all counted');
ok(!$r->{json}{data}{more}, 'and the end known');
is($u->get("/api/generations/$new/diff")->{json}{data}{against}, $old, 'the short name');
$r = $u->get("$api/$new/diff", Accept => 'text/plain');
is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'as text');
like($r->{body}, qr/^--- $old.*\n\+\+\+ $new.*\n/, 'with its two names');
like($r->{body}, qr/^-# Site\n\+# Site two$/m, 'the title');
like($r->{body}, qr/^\@\@ Handbook \@\@\n-- \[Page 1\].*\n\+- \[First page\]/m, 'and lines by section');
is($u->get("$api/$new/diff?format=text")->{body}, $r->{body}, 'or by format');

is($u->get("$api/$old/diff")->{status}, 404, 'the first has nothing to be compared with');
like($u->get("$api/$old/diff")->{json}{detail}, qr/first completed llms\.txt for a\.test/, 'and says so');
is($u->get("$api/$old/diff?against=$new")->{json}{data}{counts}{removed}, 15, 'unless it is told with what');
is($u->get("$api/$new/diff?against=$between")->{status}, 400, 'another host is refused');
is($u->get("$api/$new/diff?against=1")->{status}, 400, 'so is what is no id');
is($u->get("$api/$new/diff?limit=0")->{status}, 400, 'and a wrong limit');
is($u->get("$api/$new/diff?format=html")->{status}, 400, 'and a wrong format');
my $running = Platen::Seed::generation($s, $me, 'a.test', 'processing');
is($u->get("$api/$running/diff")->{status}, 409, 'what still runs cannot be compared');

my $stranger = Platen::User->new($s->url);
$stranger->json(POST => $api, { type => 'llms_txt', provider => 'builtin', input => { hostname => 'o.test' } });
my $foreign = seed('a.test', file('Theirs', ['A', ['x', 'X']]), account => Platen::Seed::account_of($s, $stranger));
is($stranger->get("$api/$new/diff")->{status}, 404, "someone else's is not there");
is($u->get("$api/$new/diff?against=$foreign")->{status}, 404, 'nor to compare with');
is($stranger->get("$api/$foreign/diff")->{status}, 404, "nor taken for one's own last");

my $page = $u->page("/generations/$new");
like(text($page->{body}), qr/What changed since .* UTC .*15 added .*2 removed .*3 changed/, 'the page says it');
like(text($page->{body}), qr/5 more: Show all/, 'with the first of each');
like(text($u->page("/generations/$new?all=1")->{body}), qr/More 15/, 'or all');
unlike(text($u->page("/generations/$old")->{body}), qr/What changed/, 'the first one does not');
my $same = seed('a.test', $u->get("$api/$new/artifacts/llms.txt")->{body});
like(text($u->page("/generations/$same")->{body}), qr/No changes since then/, 'nor one without a change');

# ---- mended by hand --------------------------------------------------------------

sub code {
	my ($method, $path, $body, %h) = @_;
	my $r = $u->request($method => $path, { 'Content-Type' => 'text/plain', %h }, $body);
	$r->{json} = eval { decode_json($r->{body}) } if ($r->{headers}{'content-type'} // '') =~ /json/;
	return $r;
}

my $file = "$api/$new/artifacts/llms.txt";
my $made = $u->get($file);
my $tag = $made->{headers}{etag};
(my $mended = $made->{body}) =~ s/First page/Begin here/;
$mended =~ s/^- \[Page 5\].*\n//m;
$r = code(PUT => $file, $mended, 'If-Match' => $tag);
is($r->{status}, 200, 'a mended file is taken');
is($r->{json}{data}{editsKept}, 2, 'with two edits');
is($u->get($file)->{body}, $mended, 'it is shown');
is($u->get($file)->{headers}{etag}, $r->{headers}{etag}, 'under the tag that was told');
is($u->get("$api/$new/artifacts/llms.generated.txt")->{body}, $made->{body}, 'the generated one stays');
is($u->get("$api/$new")->{json}{data}{entriesCount}, 45 - 1, 'its links are counted anew');
is(code(PUT => $file, $made->{body}, 'If-Match' => $tag)->{status}, 412, 'an old tag is refused');
is($u->get($file)->{body}, $mended, 'and nothing changed');
$r = $u->get("$api/$new/edits");
is($r->{json}{data}{number}, 2, 'the edits can be read');
is($r->{json}{data}{hostname}, 'a.test', 'of their host');

$r = code(PUT => $file, "# T\n\n> S\n\nI\n\n## A\n\nno link\n");
is($r->{status}, 400, 'what is no llms.txt is refused');
is_deeply([map { $_->{pointer} } @{ $r->{json}{errors} }], ['#/9'], 'by line, one cause once');
like($r->{json}{errors}[0]{detail}, qr/^Line 9: a section can contain only '- \[title\]/, 'in words');
is(code(PUT => $file, '')->{status}, 400, 'nothing is refused');
is(code(PUT => $file, "# T\n\xff")->{status}, 400, 'so is what is no UTF-8');
is(code(PUT => $file, 'x' x 70_000)->{status}, 413, 'and what is too large');
is(code(PUT => $file, $mended, 'Content-Type' => 'application/json')->{status}, 415, 'and another type');
is(code(PUT => $file, $mended, Origin => 'http://evil.test')->{status}, 403, 'and a foreign page');
is(code(PUT => "$api/$new/artifacts/llms.generated.txt", $mended)->{status}, 405, 'and another file');
is(code(PUT => "$api/$running/artifacts/llms.txt", $mended)->{status}, 409, 'and one that still runs');
is($stranger->request(PUT => $file, { 'Content-Type' => 'text/plain' }, $mended)->{status}, 404,
    "and someone else's");
is($u->get($file)->{body}, $mended, 'all of which changed nothing');

# In a browser without JavaScript.
$page = $u->page("/generations/$new");
like(text($page->{body}), qr/You edited this file/, 'the page says that it was mended');
my $form = $u->page("/generations/$new/edit");
is($form->{status}, 200, 'the form');
my ($f) = grep { $_->{action} =~ m{/edit$} } Platen::User::forms($form->{body});
is($f->{fields}{text}, $mended, 'has the file');
like(text($form->{body}), qr/2 edits are kept since/, 'says how many edits there are');
(my $typed = $mended) =~ s/\n/\r\n/g;
$typed =~ s/News 2/News, two/;
$typed =~ s{(a\.test/n2\))}{$1   };
$typed =~ s/About Site two/Ours/i;
my $bad = $u->submit($form, qr{/edit$}, text => "$typed\r\nnonsense here\r\n");
is($bad->{status}, 400, 'a mistake');
like(text($bad->{body}), qr/Not saved: 1 problem to fix .*Line \d+ a section can contain only '- \[title\]\(URL\).* nonsense here/,
    'is told with its line');
($f) = grep { $_->{action} =~ m{/edit$} } Platen::User::forms($bad->{body});
like($f->{fields}{text}, qr/News, two.*nonsense here/s, 'and what was typed is still there');
my $late = $u->page("/generations/$new/edit");
$r = $u->submit($form, qr{/edit$}, text => $typed);
is($r->{status}, 303, 'a good one is saved');
like($u->get($file)->{body}, qr{^- \[News, two\]\(https://a\.test/n2\)$}m, 'as it was typed');
unlike($u->get($file)->{body}, qr/\r| $/m, 'without what nobody sees');
$r = $u->submit($late, qr{/edit$}, text => $mended);
is($r->{status}, 409, 'a form that was opened before is not saved over it');
like(text($r->{body}), qr/has changed since you opened it.*View the current file/, 'says why, and shows what it is now');
$r = $u->submit($late, qr{/edit$}, text => "# A\r\n\r\n\a");
like(text($r->{body}), qr/"text" is wrong: it has a control character \(U\+0007\) in line 3/,
    'a character that no file may have is named with its line');
my $foreign_form = $u->request(POST => "/generations/$new/edit",
    { 'Content-Type' => 'application/x-www-form-urlencoded', Origin => 'http://evil.test' }, 'text=x&etag=y');
is($foreign_form->{status}, 403, 'a foreign page cannot send it');
is($u->page("/generations/$running/edit")->{status}, 409, 'there is none for what still runs');
is($stranger->page("/generations/$new/edit")->{status}, 404, "nor for someone else's");
my $huge = seed('huge.test', file('Huge', ['A', map { [$_, '!' x 100] } 1 .. 300]));
$r = $u->page("/generations/$huge/edit");
is($r->{status}, 413, 'nor for what no form can carry');
like(text($r->{body}), qr/too large to edit in a form/, 'which is told');

$u->submit($u->page("/generations/$new/delete"), qr{/delete$});
is($u->get("$api/$new")->{status}, 404, 'the generation goes');
is($s->value("SELECT number FROM llms_edits WHERE hostname = 'a.test'"), 4, 'its edits stay with the host');
like(text($u->page("/generations/$same/edit")->{body}), qr/4 edits are kept/, 'as the next one says');
$u->submit($u->page("/generations/$same/edit/undo"), qr{/undo$});
is($s->value("SELECT count(*) FROM llms_edits"), 0, 'until they are undone');
$r = code(PUT => "$api/$same/artifacts/llms.txt", $mended);
is($r->{status}, 200, 'edited once more');
is($u->request(DELETE => "$api/$same/edits", {})->{status}, 204, 'and undone by a program');
is($u->get("$api/$same/artifacts/llms.txt")->{body}, $made->{body}, 'the file is as it was generated');
is($u->get("$api/$same/artifacts/llms.generated.txt")->{status}, 404, 'and alone');

# ---- made again -------------------------------------------------------------------

sub order {
	my $r = $u->json(POST => $api, { type => 'llms_txt', provider => 'builtin',
		input => { hostname => 'http://changing.test' } });
	my $id = $r->{json}{data}{id} // die $r->{body};
	Platen::Stack::wait_for {
		$u->get("$api/$id")->{json}{data}{status} =~ /completed|failed/
	} 20, 'it ends';
	return $id;
}

my $one = order();
$file = $u->get("$api/$one/artifacts/llms.txt")->{body};
like($file, qr{^- \[News two\]\(http://changing\.test/news/two\)}m, 'a site');
$file =~ s/^# .*/# Our press/;
$file =~ s/Choosing ink/Ink, by hand/;
$file =~ s/in an hour/in an afternoon/;
$file =~ s/^- \[Choosing paper\].*\n//m;
$file =~ s/\[News two\]/[News two, by hand]/;
$file =~ s{^(- \[News one\].*\n)}{$1- [Elsewhere](https://elsewhere.test/doc): By hand\n}m;
$file =~ s/^## Guides$/## Handbook/m or fail("no section Guides in $file");
is(code(PUT => "$api/$one/artifacts/llms.txt", $file)->{status}, 200, 'is mended by hand');
open my $later, '>', "$web->{log}.later" or die;
close $later;

my $two = order();
my $got = $u->get("$api/$two/artifacts/llms.txt")->{body};
like($got, qr/\A# Our press\n/, 'the next has the title by hand');
like($got, qr/^## Handbook$/m, 'the section by its new name');
like($got, qr{^- \[Ink, by hand\]\(http://changing\.test/guide/ink\)}m, 'the line by hand');
like($got, qr/in an afternoon/, 'even where the site says something else now');
unlike($got, qr/paper\)/, 'not the line that was removed');
like($got, qr{^- \[News one\].*\n- \[Elsewhere\]\(https://elsewhere\.test/doc\): By hand$}m,
    'the line that was added, in its place');
like($got, qr{^- \[News three\]}m, 'and what is new on the site');
unlike($got, qr{news/two\)}, 'but not what is gone');
is($u->get("$api/$two")->{json}{data}{entriesCount}, () = $got =~ /^- /mg, 'its links are counted');
like($u->get("$api/$two/artifacts/llms.generated.txt")->{body}, qr/in a day/, 'the generated one is beside it');
my $full = $u->get("$api/$two/artifacts/llms-full.txt")->{body};
like($full, qr{\A# Our press\n.*^# Ink, by hand$}ms, 'llms-full.txt says the same');
unlike($full, qr{^URL: http://changing\.test/guide/paper$}m, 'without the page that was removed');
my $report = $u->get("$api/$two/artifacts/report.json")->{json};
is_deeply([map { [$_->{url}, $_->{what}, $_->{now}] } @{ $report->{edits}{over} }],
    [['http://changing.test/guide/ink', 'title', 'Ink for presses'],
	['http://changing.test/guide/start', 'description', 'Set up the press in a day.']],
    'the report says what the site says now') or diag(JSON::PP->new->pretty->encode($report->{edits}));
is_deeply([map { [@$_{qw(url reason detail)}] } @{ $report->{edits}{dropped} }],
    [['http://changing.test/news/two', 'The server returned an error', '404 Not Found']],
    'and which edit has no page') or diag(JSON::PP->new->pretty->encode($report->{edits}));
my ($paper) = grep { $_->{url} =~ /paper/ } @{ $report->{pages} };
is($paper->{fate}, 'by_hand', 'and what was removed by hand');
$d = $u->get("$api/$two/diff")->{json}{data};
is($d->{against}, $one, 'compared with the last');
is_deeply([$d->{counts}{added}, $d->{counts}{removed}, $d->{counts}{changed}], [1, 1, 0],
    'the hand edits are no changes') or diag(JSON::PP->new->pretty->encode($d));
is(scalar @{ $d->{handEdits}{over} }, 2, 'and those the site changed under are told');
like(text($u->page("/generations/$two")->{body}), qr/, edited by hand in \d places/, 'the page counts them');
like(text($u->page("/generations/$two")->{body}),
    qr/1 added .* 1 removed .*Your edits .*2 edits kept although .*1 edit not applied: its page is gone/, 'on the page, too');
is($u->request(DELETE => "$api/$two/edits", {})->{status}, 204, 'all are undone');
is($u->get("$api/$two/artifacts/llms.txt")->{body} =~ /in a day/, 1, 'it is as generated');
unlike(text($u->page("/generations/$two")->{body}), qr/Your edits \d|edited by hand/, 'and the page speaks of no edits');

$s->value("INSERT INTO llms_edits VALUES ('$me', 'x', '{}', 1) RETURNING 1");
$s->psql('platen', "DELETE FROM accounts WHERE id = '$me'");
is($s->value('SELECT count(*) FROM llms_edits'), 0, 'edits go with their account');

done_testing;
