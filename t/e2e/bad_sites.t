#!/usr/bin/perl
# Sites that are broken, hostile or not there, all ordered at once: each ends
# with a sentence a person can act on, and costs nobody else anything.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);
use Platen::LlmsTxt;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $web = Platen::Sites::fake();
my $inside = Platen::Sites::guarded();
my $s = Platen::Stack->new(with => 'live worker web', env => {
	Platen::Sites::environment($web, $inside),
	PLATEN_CRAWL_TIMEOUT_MS => 2500,
	PLATEN_CRAWL_CONNECT_MS => 2000,
	PLATEN_WORKER_ATTEMPTS => 2,
	PLATEN_WORKER_BACKOFF_MS => 100,
	PLATEN_WORKER_SLOTS => 8,
});

# What must become of an order of each host: 'failed' and what its sentence
# must speak of, or the number of pages that are listed.
my %must = (
	'good.test'         => 6,
	'notfound.test'     => ['failed', qr/404|not found/i],
	'forbidden.test'    => ['failed', qr/403|forbid|refus/i],
	'error.test'        => ['failed', qr/500|error/i],
	'robots5xx.test'    => ['failed', qr/robots\.txt/],
	'disallow.test'     => ['failed', qr/robots\.txt/],
	'empty.test'        => ['failed', qr/empty|no text|no page|nothing/i],
	'loopredirect.test' => ['failed', qr/redirect/i],
	'endless.test'      => ['failed', qr/redirect/i],
	'inward.test'       => ['failed', qr/private|internal|not public|allowed/i],
	'inside.test'       => ['failed', qr/private|internal|not public|allowed/i],
	'huge.test'         => ['failed', qr/large|limit|big/i],
	'bomb.test'         => ['failed', qr/large|limit|big/i],
	'hang.test'         => ['failed', qr/respond/],
	'drip.test'         => ['failed', qr/time|slow/i],
	'refuse.test'       => ['failed', qr/refus|connect/i],
	'nosuch.test'       => ['failed', qr/exist|found|resolve|DNS/i],
	'garbage.test'      => ['failed', qr/HTTP|answer|understood/i],
	'header.test'       => ['failed', qr/header|HTTP|large|answer/i],
	'binary.test'       => ['failed', qr/HTML|page/],
	'cut.test'          => ['failed', qr/./],
	'attributes.test'   => [2, 3],
	'deep.test'         => [1, 2],
	'selfindex.test'    => 2,
	'htmlmap.test'      => 2,
	'twins.test'        => 2,
	'hidden.test'       => 2,
	'cyrillic.test'     => 1,
	'gzipmap.test'      => 2,
	'cutmap.test'       => [2, 3],
	'busy.test'         => 6,
	'mapbomb.test'      => 2,
	'hostile.test'      => [1, 3],
	'moved.test'        => 6,
	'xn--bcher-kva.test' => 6,
);
my %exact = (
	'http://[::1]/' => 1, 'http://[::ffff:127.0.0.1]/' => 1,
	'http://[fe80::1]/' => 1, 'http://[fd00::1]/' => 1,
	map { $_ => 1 } qw(localhost 127.0.0.1 127.1 2130706433 0x7f.1 0177.0.0.1
	    0 0.0.0.0 10.1.2.3 169.254.169.254 192.168.1.1 172.16.0.1 100.64.0.1
	    255.255.255.255 224.0.0.1 http://127.0.0.1:8080/),
);

my $u = Platen::User->new($s->url);
my $bystander = Platen::User->new($s->url);
my $began = time;
my %id = map { $_ => $u->order($_) } sort keys %must;
my $beside = $bystander->order('good.test');

# A person who wants to know how many pages a host has does not wait behind
# these.
{
	my (undef, $d) = $bystander->api(GET => '/api/v1/stats/host?hostname=good.test');
	is($d->{data}{urlsCount}, 7, 'a count does not wait behind broken sites');
}
{
	my $g = $bystander->wait_over($beside, 30);
	is($g->{status}, 'completed', "someone else's order is done meanwhile");
}

# A host inside the house is refused in every spelling: on the form, or when
# the address is known.
my %refused;
for my $host (sort keys %exact) {
	my ($status, $d) = $u->api(POST => '/api/v1/generations',
		{ type => 'llms_txt', provider => 'builtin', input => { hostname => $host } });
	if ($status == 202) { $id{$host} = $d->{data}{id}; $must{$host} = 'inner' }
	else { $refused{$host} = [$status, $d] }
}

sub a_sentence {
	my ($text, $name) = @_;
	like($text // '', qr/^[A-Z"'“a-z0-9\[].{14,}[.?!)]$/s, "$name: says why, in a sentence")
	    and unlike($text, qr/\bE_[A-Z]+\b|errno|CURLE|\(null\)|rc=|%[sd]/,
		"$name: in words for people");
}

for my $host (sort keys %refused) {
	my ($status, $d) = @{ $refused{$host} };
	like($status, qr/^4\d\d$/, "$host: refused at once");
	a_sentence(($d->{errors} && @{ $d->{errors} } ? $d->{errors}[0]{detail} : undef)
	    // $d->{detail}, $host);
}

for my $host (sort keys %id) {
	my $g = $u->wait_over($id{$host}, 90);
	my $must = $must{$host};
	if ($must eq 'inner' || ref $must && $must->[0] eq 'failed') {
		is($g->{status}, 'failed', "$host: failed") or diag explain $g;
		a_sentence($g->{errorMessage}, $host);
		like($g->{errorMessage} // '', $must->[1], "$host: for what it is")
		    if ref $must;
		note "$host: $g->{errorMessage}" if $g->{errorMessage};
		next;
	}
	is($g->{status}, 'completed', "$host: completed") or do {
		diag explain $g;
		next;
	};
	my ($low, $high) = ref $must ? @$must : ($must, $must);
	ok($g->{entriesCount} >= $low && $g->{entriesCount} <= $high,
		"$host: $low to $high pages are listed") or diag "it was $g->{entriesCount}";
	my $text = $u->get("/api/v1/generations/$id{$host}/artifacts/llms.txt")->{body};
	my ($said, @bad) = Platen::LlmsTxt::check($text);
	is_deeply(\@bad, [], "$host: llms.txt passes a strict reader") or diag $text;
	like($said->{title}, qr/\x{41f}\x{435}\x{447}\x{430}\x{442}\x{44c}/,
		"$host: letters of another encoding are right")
	    if $host eq 'cyrillic.test';
}
note sprintf 'all over after %.1f s', time - $began;

is($s->value("SELECT count(*) FROM generations WHERE status IN ('pending', 'processing')"),
	0, 'nothing is stuck');
ok(!$inside->touched, 'an address the guard must stop was never connected to');
my %asked = map { $_->[0] => 1 } $web->requests;
ok(!$asked{'169.254.169.254'}, 'nor what a redirect led to');

my $report = JSON::PP->new->utf8->decode(
	$u->get("/api/v1/generations/$id{'attributes.test'}/artifacts/report.json")->{body});
ok(scalar(grep { ref eq 'ARRAY' && grep { ref eq 'HASH' && ($_->{url} // '') =~ m{/bad$}
    && ($_->{reason} || $_->{fate} eq 'listed') } @$_ } values %$report),
	'a page that costs too much is listed, or in the report with a reason')
    or diag explain $report;

# The worker is as well as before.
ok(kill(0, $s->pid('worker')), 'the worker lives');
is($s->value('SELECT count(*) FROM workers'), 1, 'the same one');
for my $n (1 .. 10) {
	my $g = $u->wait_over($u->order('good.test'), 20);
	is($g->{status}, 'completed', "after bad sites the worker does the next order ($n)");
}

done_testing;
