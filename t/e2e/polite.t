#!/usr/bin/perl
# A site is read as far as it allows, and no faster: robots.txt of the host
# that is really read, of one that cannot be read, and Retry-After.  From the
# command line, with the sites of t/fakes/polite.pl.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Test::More;
use Time::HiRes qw(time);
use Platen::Sites;

my $top = dirname(dirname($FindBin::Bin));
my $bin = ($ENV{PLATEN_BUILD} // "$top/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;

my $web = Platen::Sites::fake('polite.pl');
my %env = Platen::Sites::environment($web);
@ENV{ keys %env } = values %env;
my $tmp = tempdir(CLEANUP => 1);
my $runs = 0;

sub slurp {
	my ($path) = @_;
	open my $h, '<:raw', $path or return '';
	local $/;
	return scalar <$h>;
}

# generate HOST ARGS: {code, out, report, fate => {path => fate}, listed}.
sub generate {
	my ($host, @args) = @_;
	my $dir = "$tmp/" . ++$runs;
	my $code = system("$bin generate http://$host/ @args -o $dir >$tmp/out 2>&1");
	my $report = decode_json(slurp("$dir/report.json") || '{}');
	my (%fate, %detail);
	for (@{ $report->{pages} // [] }) {
		my $path = $_->{url} =~ s{^http://[^/]+}{}r;
		$fate{$path} = $_->{fate};
		$detail{$path} = $_->{detail};
	}
	return { code => $code >> 8, out => slurp("$tmp/out"), report => $report,
		fate => \%fate, detail => \%detail,
		listed => [sort grep { $fate{$_} eq 'listed' } keys %fate] };
}

# asked: the paths a host was asked for, in order; when_asked: when.
sub asked { my ($host) = @_; return map { $_->[1] } grep { $_->[0] eq $host } $web->requests }
sub when_asked { my ($host) = @_; return map { $_->[2] } grep { $_->[0] eq $host } $web->requests }

# apart: the requests of a host came at least so far apart, s.
sub apart {
	my ($host, $seconds) = @_;
	my @t = when_asked($host);
	my @soon = grep { $t[$_] - $t[$_ - 1] < $seconds } 1 .. $#t;
	diag join ' ', map { sprintf '%.3f', $_ - $t[0] } @t if @soon;
	return !@soon;
}

my $g = generate('apex.test');
is_deeply($g->{listed}, [qw(/ /x /y)], 'a site that moved to its www is read');
is((asked('www.apex.test'))[0], '/robots.txt', 'its rules first');
is_deeply([grep { /private/ } asked('www.apex.test')], [],
    'and they are obeyed: each host has its own');
ok(apart('www.apex.test', 0.2), 'as is its Crawl-delay');
is($g->{report}{movedFrom} // '', '', 'it is the same site');

$g = generate('both.test');
is_deeply($g->{listed}, [qw(/ /x /y)], 'one whose robots.txt moved, too');
is(scalar(grep { $_ eq '/robots.txt' } asked('www.both.test')), 1,
    'whose rules are read once');
ok(apart('www.both.test', 0.2), 'the delay is of the host that is read');

$g = generate('circle.test');
is($g->{code}, 1, 'a host and its www that lead to each other end');
like($g->{out}, qr/to one another|circle|without end/, 'which is said');
cmp_ok(scalar(asked('circle.test')) + asked('www.circle.test'), '<', 20, 'soon');

$g = generate('half.test');
is($g->{code}, 1, 'a robots.txt that breaks off allows nothing');
like($g->{out}, qr/robots\.txt.*try again later/s, 'which is said');
is_deeply([grep { $_ ne '/robots.txt' } asked('half.test')], [],
    'and nothing else is asked for');
cmp_ok(scalar(asked('half.test')), '>', 1, 'but it is asked for again');
$g = generate('once.test');
is_deeply($g->{listed}, [qw(/ /a)], 'one that breaks off once is read');

$g = generate('dead.test');
is($g->{code}, 1, 'a robots.txt that leads to a dead host allows nothing');
like($g->{out}, qr/robots\.txt.*refuse\.test/s, 'which is said');
$g = generate('loop.test');
is_deeply($g->{listed}, [qw(/ /a)],
    'one that leads in a circle is as good as none (RFC 9309, 2.3.1.2)');

for (['stout.test', '404 that is longer than any robots.txt'],
	['guard.test', '403 of that kind'], ['broken.test', '404 that breaks off']) {
	my ($host, $what) = @$_;
	$g = generate($host);
	is_deeply($g->{listed}, [qw(/ /a)], "a $what is as good as none (2.3.1.3)")
	    or diag $g->{out};
	like($g->{report}{robots}, qr/^There is none/, 'and said to be none');
}
$g = generate('busy.test');
is($g->{code}, 1, 'but one that answers 429 allows nothing');
is_deeply([grep { $_ ne '/robots.txt' } asked('busy.test')], [],
    'however long its answer is');

$g = generate('led.test');
is_deeply($g->{listed}, [qw(/a /welcome?in=en)],
    'a home page that leads to a page of www is that page') or diag $g->{out};
is($g->{fate}{'/private'}, 'robots', 'under the rules of www');

generate('barred.test');
is_deeply([asked('barred.test')], ['/robots.txt'],
    'who may read nothing guesses no sitemap');
$g = generate('slash.test');
is($g->{fate}{'//a/secret'}, 'robots', 'two slashes do not hide a page');
is_deeply($g->{listed}, [qw(/ /b)], 'and only that one is left out');

$g = generate('peace.test');
is($g->{code}, 1, 'a host that asks for an hour of peace at its front door');
like($g->{out}, qr/503 Service Unavailable and asked for a pause of 60 minutes/,
    'is left alone, and why is said');
is_deeply([asked('peace.test')], ['/robots.txt', '/'], 'at once');

# The pauses are not waited for here: the time is over before.
{
	local $ENV{PLATEN_CRAWL_SECONDS} = 5;
	$g = generate('limit.test');
	cmp_ok(scalar(grep { m{^/p} } asked('limit.test')), '<', 40,
	    'a host that asks for an hour of peace is not asked for the rest');
	cmp_ok(scalar(@{ $g->{listed} }), '>=', 11, 'what it gave is listed');
	is($g->{fate}{'/p300'}, 'out_of_time', 'and the rest is told');
}

{
	local $ENV{PLATEN_WORKER_PARSERS} = 1;
	local $ENV{PLATEN_CRAWL_PARSE_CPU_SECONDS} = 1;
	$g = generate('lost.test', '--limit 3');
	my %map = map { $_->{url} => $_ } @{ $g->{report}{sitemaps} };
	is($map{'http://lost.test/good.xml'}{urls}, 300,
	    'a sitemap that was lost with its parser is read again, whole');
	is($map{'http://lost.test/good.xml'}{note}, undef, 'and once');
	like($map{'http://lost.test/bad.xml'}{note}, qr/^this sitemap took/,
	    'what killed it is told');
	my ($first, $second) = map { $_->[2] } grep { $_->[1] eq '/good.xml' }
	    $web->requests;
	ok(defined $second, 'at a second request');
}

$g = generate('old.test');
is_deeply($g->{listed}, [qw(/ /b)], 'a site that moved with its robots.txt');
is($g->{report}{movedFrom}, 'old.test', 'is read where it is now');

generate('pile.test', '--limit 3');
my @map = grep { $_->[1] =~ /^\/m\d+\.xml/ } $web->requests;
my ($slow) = map { $_->[2] } grep { $_->[1] eq '/m0.xml' } @map;
cmp_ok(scalar(grep { $_->[2] < $slow } @map), '<', 4,
    'sitemaps behind a slow one do not pile up');

done_testing;
