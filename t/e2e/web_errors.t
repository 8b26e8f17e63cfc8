#!/usr/bin/perl
# Errors without end: what a program sends by the hundred thousand is answered
# with a few sentences and a number, and the memory it took is given back.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use JSON::PP;
use Platen::Http;
use Platen::Seed;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web', env => { PLATEN_WEB_PROCESSES => 1 });
my $u = Platen::Http->new($s->url);
my $api = '/api/v1/generations';
my %json = ('Content-Type' => 'application/json');

# The process that answers: its resident memory, kB.
sub web_pid {
	my ($pid) = grep { $_ } map {
		m{^/proc/(\d+)/stat$} && stat_parent($_) == $s->pid('web') ? $1 : 0
	} glob '/proc/[0-9]*/stat';
	return $pid;
}

sub stat_parent {
	open my $h, '<', $_[0] or return 0;
	my $line = <$h> // '';
	return $line =~ /^.*\) \S (\d+)/s ? $1 : 0;
}

sub memory {
	open my $h, '<', '/proc/' . $_[0] . '/status' or die "no process: $!";
	local $/;
	return <$h> =~ /^VmRSS:\s+(\d+)/m ? $1 : die;
}

$u->json(POST => $api, { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $id = Platen::Seed::generation($s, $me, 'x.test', 'completed', entries => 1,
    artifacts => { 'llms.txt' => "# T\n\n> S\n\nText.\n\n## A\n\n- [a](https://x.test/a): b\n" });

# fits: no more than twenty errors, and how many were left out.
sub fits {
	my ($r, $more, $name, $told) = @_;
	$told //= 20;
	subtest $name => sub {
		is($r->{status}, 400, 'refused');
		is($r->{headers}{'content-type'}, 'application/problem+json', 'as a problem');
		is(scalar @{ $r->{json}{errors} // [] }, $told, "$told errors are told");
		like($r->{json}{detail}, qr/\b\Q$more\E more\b/, "and that there are $more more");
		cmp_ok(length $r->{body}, '<', 16_384, 'in a few words');
	};
}

my $pid = web_pid();
ok($pid, 'the web process');
$u->get('/') for 1 .. 8;
my $before = memory($pid);

my $keys = sub { join ',', map { qq("k$_":0) } 1 .. $_[0] };
my $n = 80_000;
my $body = '{' . $keys->($n) . '}';
cmp_ok(length $body, '<', 1_048_576, 'the body is within its limit');
for (1 .. 8) {
	my $r = $u->request(POST => $api, {%json}, $body);
	fits($r, '79,980', 'members that do not exist') if $_ == 1;
}
fits($u->request(POST => $api, {%json}, qq({"type":"llms_txt","input":{"hostname":"a.test",${\ $keys->($n)}}})),
    '79,980', 'fields of the input that do not exist');
fits($u->request(POST => '/api/generations', {%json}, '{"hostname":"a.test",' . $keys->($n) . '}'),
    '79,980', 'the same by the short name');
fits($u->request(POST => "$api/$id/cancel", {%json}, $body), '79,980', 'what is sent to a call without members');
fits($u->get("$api?" . join '&', map { "q$_=" } 1 .. 150), '130', 'parameters that do not exist');
fits($u->request(PUT => "$api/$id/artifacts/llms.txt", { 'Content-Type' => 'text/plain' },
    "# T\n\n> S\n\nText.\n\n## A\n\n- [a](https://x.test/a): b\n" . "- x\n" x 200_000),
    '199,990', 'faulty lines of a file, all of a kind', 10);

# What is small to send and large to read.
for (['lists in a list', '[' . join(',', ('[]') x 300_000) . ']'],
	['objects in a list', '[' . join(',', ('{}') x 300_000) . ']'],
	['objects under names', '{' . join(',', map { qq("$_":{}) } 1 .. 60_000) . '}']) {
	my ($name, $value) = @$_;
	my $r = $u->request(POST => $api, {%json}, qq({"type":"llms_txt","input":{"include":$value}}));
	is($r->{status}, 400, "$name: refused");
	like($r->{json}{detail}, qr/^[A-Z].*\.$/, 'with a sentence: ' . ($r->{json}{detail} // ''));
	cmp_ok(length $r->{body}, '<', 16_384, 'of no great length');
}
is($u->request(POST => $api, {%json}, '[' x 1_000_000)->{status}, 400, 'a depth without end');
is($u->request(POST => $api, {%json}, '{"a":' x 190_000)->{status}, 400, 'of objects');
is($u->get("$api?" . 'a=b&' x 1400)->{status}, 400, 'parameters without end');
is($u->request(POST => '/generations', { 'Content-Type' => 'application/x-www-form-urlencoded' },
    join '&', map { "f$_=1" } 1 .. 100_000)->{status}, 400, 'fields of a form without end');
is($u->get($api, Cookie => join '; ', map { "sid=$_" } 1 .. 1500)->{status}, 400, 'cookies without end');
is($u->json(POST => $api, { type => 'llms_txt', input => { hostname => 'a.test' } },
    'Idempotency-Key' => 'k' x 9000)->{status}, 400, 'a key without end');

is(web_pid(), $pid, 'it is the same process still');
my $grown = memory($pid) - $before;
cmp_ok($grown, '<', 65_536, "its memory is given back: $grown kB more");
is($u->get("$api/$id")->{status}, 200, 'and it answers');

done_testing;
