#!/usr/bin/perl
# A page that only says where the site is now is followed as browsers follow
# it; a site that shows nothing without JavaScript is told so.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Test::More;
use Platen::Sites;

my $top = dirname(dirname($FindBin::Bin));
my $bin = ($ENV{PLATEN_BUILD} // "$top/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;

my $web = Platen::Sites::fake();
my %env = Platen::Sites::environment($web);
@ENV{ keys %env } = values %env;
my $tmp = tempdir(CLEANUP => 1);

sub slurp {
	my ($path) = @_;
	open my $h, '<:raw', $path or return '';
	local $/;
	return scalar <$h>;
}

# generate HOST: (URLs of the file, sorted; what was said; the report).
sub generate {
	my ($host) = @_;
	my $dir = "$tmp/$host";
	system("$bin generate $host -o $dir >$tmp/out 2>&1");
	my @urls = slurp("$dir/llms.txt") =~ /^- \[.*\]\((.*?)\)/mg;
	return join(' ', sort @urls), slurp("$tmp/out"), decode_json(slurp("$dir/report.json") || '{}');
}

my $there = 'http://newhome.test/docs/ http://newhome.test/docs/a';
my ($urls, $said, $report) = generate('refresh.test');
is($urls, $there, 'a home page that refreshes to the new host is followed');
is($report->{movedFrom}, 'refresh.test', 'and the report says from where');
for (['script.test', 'so is one that is nothing but a script'],
    ['canon.test', 'or a script with a canonical link'],
    ['noscript.test', 'or a refresh for those without scripts'],
    ['hops.test', 'or two hosts in a row']) {
	my ($got) = generate($_->[0]);
	is($got, $there, $_->[1]);
}
($urls) = generate('inner.test');
is($urls, 'http://inner.test/docs/ http://inner.test/docs/a',
    'a refresh within the site leads to its front page');

(undef, $said) = generate('circle-a.test');
like($said, qr/endlessly between hosts/, 'two that lead to each other end');
(undef, $said) = generate('inmeta.test');
like($said, qr/private|internal|not public/i, 'an internal address is not asked');
is(scalar(grep { $_->[1] =~ /latest/ } $web->requests), 0, 'not even once');
(undef, $said) = generate('tobarred.test');
like($said, qr/robots\.txt of barred\.test/, 'the rules of the new host are obeyed');
is(scalar(grep { $_->[0] eq 'barred.test' && $_->[1] ne '/robots.txt' }
    $web->requests), 0, 'before anything is read there');

for (['reload.test', 'a page that reloads itself is a page'],
    ['later.test', 'one that leads on after a minute, too'],
    ['oldjs.test', 'and one with text and a script for old browsers']) {
	my ($got) = generate($_->[0]);
	is($got, "http://$_->[0]/", $_->[1]);
}
($urls, undef, $report) = generate('leaving.test');
is($urls, 'http://leaving.test/ http://leaving.test/a',
    'pages that lead to another site are not listed');
my %why = map { $_->{url} => "$_->{fate}: " . ($_->{detail} // '') } @{ $report->{pages} };
is($why{'http://leaving.test/gone'}, 'other_site: it leads to http://other.test/shop',
    'the report says where a refresh leads');
is($why{'http://leaving.test/later'}, 'other_site: it leads to http://other.test/later',
    'and a script');

for my $host ('shell.test', 'shelled.test') {
	($urls, $said) = generate($host);
	is($urls, '', "$host: no file of a site that shows nothing without scripts");
	like($said, qr/\Q$host\E shows its text only with JavaScript.*sitemap/,
	    'but what can be done');
}
($urls, $said, $report) = generate('half.test');
is($urls, 'http://half.test/ http://half.test/a', 'what the server renders is listed');
like($said, qr/3 show text only with JavaScript/, 'the rest is counted');
like($report->{needsJavaScript}, qr/^3 pages show their text only with JavaScript/,
    'in the report, too');
is((grep { $_->{url} =~ m{/b$} } @{ $report->{pages} })[0]{fate},
    'needs_javascript', 'and each has its reason');
($urls) = generate('little.test');
is($urls, 'http://little.test/', 'a small page with a script is none of them');

done_testing;
