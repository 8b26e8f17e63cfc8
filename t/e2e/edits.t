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
use Platen::Stack;
use Platen::User;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $api = '/api/v1/generations';
my $s = Platen::Stack->new(with => 'web');
my $u = Platen::User->new($s->url);
$u->json(POST => $api, { type => 'llms_txt', provider => 'builtin', input => { hostname => 'other.test' } });
my $me = Platen::Seed::account_of($s, $u);

sub text {
	my ($html) = @_;
	utf8::decode($html);
	$html =~ s/<[^>]*>/ /g;
	$html =~ s/\s+/ /g;
	return Platen::User::unescape($html);
}

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
like($u->get("$api/$old/diff")->{json}{detail}, qr/first llms\.txt of a\.test/, 'and says so');
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
like(text($page->{body}), qr/5 more: show all/, 'with the first of each');
like(text($u->page("/generations/$new?all=1")->{body}), qr/More 15/, 'or all');
unlike(text($u->page("/generations/$old")->{body}), qr/What changed/, 'the first one does not');
my $same = seed('a.test', $u->get("$api/$new/artifacts/llms.txt")->{body});
like(text($u->page("/generations/$same")->{body}), qr/Nothing: the file says/, 'nor one without a change');

done_testing;
