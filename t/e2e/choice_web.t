#!/usr/bin/perl
# The order page of a large site, without JavaScript: its paths with their
# counts, which of them are wanted, and what that will take.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Test::More;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

my $top = "$FindBin::Bin/../..";
my $web = Platen::Sites::fake();
my $pid = open my $out, '-|', $^X, "$top/t/fakes/models.pl"
    or die "models.pl: $!\n";
# The pipe is named here, so that Perl does not close it, and wait, before.
END { my $code = $?; kill 'TERM', $pid if $pid; close $out if $out; $? = $code }
my ($models) = <$out> =~ /port (\d+)/ or die "models.pl gave no port\n";

my $s = Platen::Stack->new(with => 'live worker web', env => {
	Platen::Sites::environment($web),
	PLATEN_OLLAMA_URL => "http://127.0.0.1:$models",
	PLATEN_OLLAMA_MODEL => 'good',
	PLATEN_MODEL_QUOTE_MS => 2000,
});
my $u = Platen::User->new($s->url);
my $new = '/generations/new?hostname=shop.test';

sub text { return Platen::User::text(@_) =~ s/ ,/,/gr }

# values NAME, HTML: of the inputs called that, checked ones where boxes.
sub values_of {
	my ($name, $html) = @_;
	return map { /value="([^"]*)"/ ? Platen::User::unescape($1) : () }
	    grep { !/checkbox/ || / checked/ } $html =~ /<input [^>]*name="$name"[^>]*>/g;
}

# send ROWS, MORE: the form with the rows ticked; the answer.
my $page;
sub send_form {
	my ($ticked, %more) = @_;
	my $to = delete $more{to} // '/generations';
	my %f = (type => 'llms_txt', hostname => 'shop.test',
		provider => 'builtin', include => '', exclude => '', limit => '',
		csrf => (values_of('csrf', $page))[0], %more);
	my @pairs = ((map { [$_, $f{$_}] } sort keys %f),
		(map { [shown => $_] } values_of('shown', $page)),
		map { [path => $_] } @$ticked);
	return $u->request(POST => $to, { 'Content-Type' =>
		'application/x-www-form-urlencoded', Cookie => $u->cookie,
		Origin => $u->origin, 'Accept-Language' => 'en;q=0.5, de-AT, *;q=0.1' },
	    join '&', map { my ($k, $v) = @$_;
		$v =~ s/([^\w.-])/sprintf '%%%02X', ord $1/ge; "$k=$v" } @pairs);
}

sub input_of {
	my ($r) = @_;
	my ($id) = ($r->{headers}{location} // '') =~ m{([0-9a-f-]{36})$} or return {};
	return decode_json($s->value("SELECT input FROM generations WHERE id = '$id'"));
}

like(text($u->page($new)->{body}), qr/Counting the pages|so far/, 'it counts');
wait_for { $page = $u->page($new)->{body}; $page =~ /Estimate based/
    && $page !~ /data-measuring/ } 20, 'a quote';
my $text = text($page);
like($text, qr/11,\d\d\d pages/, 'all pages are counted');
like($text, qr{/product/\* .{0,3}8,712}, 'and those of each part');
like($text, qr{/product/ink/\* .{0,3}300 other pages of /product/ .{0,3}8,412},
    'parts of parts');
my @rows = values_of('shown', $page);
cmp_ok(scalar @rows, '<=', 30, 'at most 30 rows');
is_deeply([values_of('path', $page)], \@rows, 'all are ticked');
like($text, qr/pages selected. The 500 closest to the home page/,
    'the limit is told');
like($text, qr/Standard \(no AI\).*Time: .* for 500 pages, 0 credits Estimate based on reading \/\S* just now/,
    'a quote, measured on a page of the host');
like($text, qr/Ollama.*Time: .* for 500 pages, 0 credits Estimate based on reading \/\S* just now/,
    'and for the model');
unlike($page, qr/data-counting|data-measuring/, 'it is done');

# ---- ticks ------------------------------------------------------------------

my $r = send_form([]);
is($r->{status}, 400, 'none ticked is an error');
like(text($r->{body}), qr/Select at least one part of the site/, 'that says so');
is_deeply([values_of('path', $r->{body})], [], 'and none is ticked still');
is($s->value('SELECT count(*) FROM generations'), 0, 'nothing was ordered');

my @some = grep { $_ ne '/product/**' } @rows;
$r = send_form(\@some, to => '/generations/new', limit => 20000, provider => 'ollama');
is($r->{status}, 200, 'the quote again');
like(text($r->{body}), qr/1 to 20,000/, 'with its limits');
unlike($r->{body}, qr{value="/product/\*\*"[^>]* checked}, 'as it was ticked');
$r = send_form([grep { m{^\+?/docs} || $_ eq '+/docs/**' } @rows], to => '/generations/new');
like(text($r->{body}), qr/1,170 pages selected.*for 500 pages/, 'of what is ticked');
$r = send_form([grep { m{^/help} } @rows], to => '/generations/new', limit => 50);
like(text($r->{body}), qr/120 pages selected. The 50 closest.*for 50 pages/,
    'and of the limit that was typed');

is_deeply(input_of(send_form(\@rows)), { hostname => 'shop.test', limit => 500,
	include => [], exclude => [], language => 'de-AT,en' },
    'all ticked needs no pattern; the language is the visitor\'s');
is_deeply(input_of(send_form([grep { $_ !~ m{^/product/\*|^/blog} } @rows],
    language => ''))->{exclude}, ['/product/**', '/blog/**'],
    'what is not ticked is excluded');
my $in = input_of(send_form([grep { m{^/help} } @rows], include => "/about\n",
    language => 'fr'));
is_deeply([$in->{include}, $in->{language}], [['/about', '/help/**'], 'fr'],
    'one part alone is included, with what was typed');

# ---- for programs ---------------------------------------------------------------

my ($status, $data) = $u->api('GET', '/api/v1/hosts?hostname=shop.test');
is($status, 200, 'GET /api/v1/hosts');
$data = $data->{data};
my ($ink) = grep { $_->{pattern} eq '/product/ink/**' } @{ $data->{paths} };
is_deeply($ink, { pattern => '/product/ink/**', level => 1,
	rest => JSON::PP::false, urls => 300, listed => 300 }, 'has the rows');
my %quote = map { $_->{provider} => $_ } @{ $data->{quotes} };
is_deeply([sort keys %quote], ['builtin', 'ollama'], 'a quote for each provider');
ok($quote{ollama}{measured} && $quote{ollama}{pages} == 500
    && $quote{ollama}{credits} == 0 && $quote{ollama}{minutes} > 0
    && $quote{ollama}{measuredAt} =~ /^20.*Z$/, 'with what it will take');
($status, $data) = $u->api('GET', '/api/v1/hosts?hostname=a+b');
is($status, 400, 'no hostname is an error');
($status, $data) = $u->api('GET', '/api/v1/stats/host?hostname=shop.test');
is_deeply([sort keys %{ $data->{data} }], [qw(hostname isComplete urlsCount)],
    'the short count is as it was');
if ($ENV{PLATEN_TEST_SHOTS}) {
	my $host = $s->url;
	for (['wide', '1280,2200'], ['narrow', '420,2600']) {
		system "chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=3000 --window-size=$_->[1] --screenshot=$ENV{PLATEN_TEST_SHOTS}/choose-$_->[0].png '$host$new' >/dev/null 2>&1";
	}
}
done_testing;
