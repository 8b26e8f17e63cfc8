#!/usr/bin/perl
# The JSON API: orders, lists, one generation, its files, and how errors look.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Platen::Http;
use Platen::Seed;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web');
my $u = Platen::Http->new($s->url);
my $api = '/api/v1/generations';

sub order { return { type => 'llms_txt', provider => 'builtin', input => { hostname => $_[0] } } }

sub is_problem {
	my ($r, $status, $name) = @_;
	subtest $name => sub {
		is($r->{status}, $status, "status $status");
		is($r->{headers}{'content-type'}, 'application/problem+json', 'a problem');
		my $p = $r->{json} // {};
		is($p->{status}, $status, 'status inside');
		is($p->{type}, 'about:blank', 'type');
		ok($p->{title}, 'title');
		like($p->{detail}, qr/^[A-Z"0-9].{8,}\.$/s, 'a sentence: ' . ($p->{detail} // ''));
		is($p->{success}, JSON::PP::false, 'success is false');
		is($p->{request_id}, $r->{headers}{'x-request-id'}, 'request id as in the header');
		is($r->{headers}{'cache-control'}, 'no-store', 'not kept anywhere');
	};
}

# ---- without a session ------------------------------------------------------

my $r = $u->get($api);
is($r->{status}, 200, 'a list without a session');
is_deeply($r->{json}{data}{items}, [], 'is empty');
is_deeply($r->{cookies}, [], 'and makes nobody a guest');
is_problem($u->get("$api/01a20000-0000-7000-8000-0000000abc00"), 404, 'an id without a session');

# ---- an order ---------------------------------------------------------------

$r = $u->json(POST => $api, order('Example.ORG'));
is($r->{status}, 202, 'an order is accepted');
my $g = $r->{json}{data};
is($r->{json}{success}, JSON::PP::true, 'success');
is($r->{headers}{location}, "$api/$g->{id}", 'Location');
like($g->{id}, qr/^[0-9a-f]{8}-[0-9a-f]{4}-7/, 'the id is a UUIDv7');
is($g->{hostname}, 'example.org', 'hostname');
is($g->{status}, 'pending', 'pending');
is($g->{prompt}, 'llms.txt of example.org', 'a line for people');
like($g->{createdAt}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'time in UTC with milliseconds');
is_deeply([sort keys %{ $g->{estimatedWaitTime} }],
    [qw(activeJobs estimatedMinutes position queueLength)], 'the wait');
is($g->{estimatedWaitTime}{position}, 1, 'the first is first');
my @members = qw(id userId type provider status prompt hostname processed total stage message
    resultUrls tokensUsed creditsCharged entriesCount errorMessage attempt createdAt updatedAt
    startedAt completedAt);
ok(exists $g->{$_}, "has $_") for @members;
like($r->{cookies}[0], qr/^sid=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    'a guest gets a cookie');
is($s->redis('ZCARD', 'lane:builtin'), 1, 'it is in its lane');

$r = $u->get("$api/$g->{id}");
is($r->{status}, 200, 'it can be read');
is_deeply($r->{json}{data}{$_}, $g->{$_}, "$_ as before") for qw(id status hostname createdAt);
is($u->get("$api/\U$g->{id}")->{status}, 200, 'an id in capitals is the same');

# ---- another person ----------------------------------------------------------

my $other = Platen::Http->new($s->url);
$other->json(POST => $api, order('other.example'));
for (['GET', ''], ['DELETE', ''], ['POST', '/cancel'], ['POST', '/retry'], ['GET', '/history'],
	['GET', '/artifacts'], ['GET', '/artifacts/llms.txt']) {
	is_problem($other->json($_->[0], "$api/$g->{id}$_->[1]", $_->[0] eq 'POST' ? {} : undef),
	    404, "$_->[0] $_->[1] of someone else's is as of nobody's");
}
is($u->get("$api/$g->{id}")->{json}{data}{status}, 'pending', 'and changed nothing');

# ---- fields --------------------------------------------------------------------

$r = $u->json(POST => $api, { type => 'llms_txt', colour => 1,
	input => { hostname => 'x.example' } });
is_problem($r, 400, 'an unknown member');
is($r->{json}{errors}[0]{pointer}, '#/colour', 'is pointed at');
$r = $u->json(POST => $api, { type => 'llms_txt', input => { limit => 0, hostname => 'a b', z => 1 } });
is_deeply([sort map { $_->{pointer} } @{ $r->{json}{errors} }],
    ['#/input/hostname', '#/input/limit', '#/input/z'], 'every wrong field is told at once');
is_problem($u->request(POST => $api, { 'Content-Type' => 'application/json' }, '{"a":'), 400, 'half a JSON');
is_problem($u->request(POST => $api, { 'Content-Type' => 'text/plain' }, '{}'), 415, 'JSON as plain text');
is_problem($u->request(POST => $api, { 'Content-Type' => 'application/x-www-form-urlencoded' }, 'a=b'),
    415, 'a form');
is_problem($u->request(POST => $api, { 'Content-Type' => 'application/json' }, '"' . 'x' x 1_100_000 . '"'),
    413, 'a body over the limit');
is_problem($u->get("$api?colour=red&limit=5"), 400, 'an unknown parameter');
is_problem($u->get("$api?limit=5&limit=6"), 400, 'a parameter twice');
is_problem($u->get("$api?page=1&offset=5"), 400, 'two ways of paging at once');
is_problem($u->get("$api?q=%00"), 400, 'a NUL in the query');
is_problem($u->get('/api/v1/nothing'), 404, 'an address of the API that is not there');
is_problem($u->get('/api/nothing', Accept => 'text/html'), 404, 'even for a browser');

# ---- methods ---------------------------------------------------------------------

$r = $u->request(PUT => $api, {});
is_problem($r, 405, 'a method it does not take');
is($r->{headers}{allow}, 'GET, HEAD, POST, OPTIONS', 'and which it takes');
$r = $u->request(OPTIONS => "$api/$g->{id}", {});
is($r->{status}, 204, 'OPTIONS');
is($r->{headers}{allow}, 'GET, HEAD, DELETE, OPTIONS', 'says the same');
$r = $u->request(HEAD => $api, {});
is($r->{status}, 200, 'HEAD');
cmp_ok($r->{headers}{'content-length'} // 1, '>', 0, 'has the length of GET');

# ---- lists -------------------------------------------------------------------------

my $l = Platen::Http->new($s->url);
$l->json(POST => $api, order('h0.example'));
my $me = Platen::Seed::account_of($s, $l);
my @ids = $s->value("SELECT id FROM generations WHERE account_id = '$me'");
push @ids, Platen::Seed::generation($s, $me, "h$_.example", (qw(completed failed canceled processing))[$_ % 4],
    created_at => sprintf('2026-01-%02dT12:00:00Z', $_)) for 1 .. 11;
my @newest = reverse @ids;

sub ids { [map { $_->{id} } @{ $_[0]{json}{data}{items} }] }

$r = $l->get($api);
is($r->{json}{data}{total}, 12, 'the total');
is($r->{json}{data}{limit}, 50, 'fifty unless asked for less');
is_deeply(ids($r), \@newest, 'newest first');
is($r->{headers}{link}, undef, 'all of them have no next');
$r = $l->get("$api?limit=5&offset=5");
is_deeply(ids($r), [@newest[5 .. 9]], 'by offset');
like($r->{headers}{link}, qr{<http://[^>]+/api/v1/generations\?limit=5&offset=10>; rel="next", <[^>]+offset=0>; rel="prev"},
    'with links');
$r = $l->get("$api?limit=5&page=3");
is_deeply(ids($r), [@newest[10, 11]], 'by page, the last one');
is($r->{json}{data}{next}, undef, 'which is the end');
is_deeply(ids($l->get("$api?limit=5&page=4")), [], 'past the end there is nothing');

# Keyset: what comes in between neither hides nor doubles anything.
my @seen;
$r = $l->get("$api?limit=5");
push @seen, @{ ids($r) };
Platen::Seed::generation($s, $me, 'late.example', 'pending');
while (my $next = $r->{json}{data}{next}) {
	$next =~ s{^http://[^/]+}{};
	$r = $l->get($next);
	push @seen, @{ ids($r) };
}
is_deeply(\@seen, \@newest, 'by keyset: each once, in spite of a new one');

is($l->get("$api?status=failed")->{json}{data}{total}, 3, 'by status');
is($l->get("$api?type=llms_txt")->{json}{data}{total}, 13, 'by type');
is($l->get("$api?type=story")->{json}{data}{total}, 0, 'by another type');
is_problem($l->get("$api?type=poem"), 400, 'by a type there is not');
is_problem($l->get("$api?status=done"), 400, 'by a status there is not');
is($l->get("$api?startDate=2026-01-03&endDate=2026-01-05")->{json}{data}{total}, 3,
    'by date, the last day included');
is($l->get("$api?endDate=2026-01-03T12:00:00Z")->{json}{data}{total}, 3, 'by time');
is($l->get("$api?startDate=2026-01-03T13:00:00%2B01:00&endDate=2026-01-03T12:00:00Z")->{json}{data}{total},
    1, 'with an offset');
like($l->get("$api?status=failed&limit=1")->{headers}{link}, qr/status=failed/, 'links keep the filter');

# A time as it is shown finds what it is shown of, to either side.
my $d = Platen::Http->new($s->url);
$d->json(POST => $api, order('date.example'));
my $dated = Platen::Seed::account_of($s, $d);
for ('2026-02-03T04:05:06.123456Z', '2026-02-03T04:05:06.999999Z', '2026-02-03T23:59:59.999999Z',
	'2026-02-04T00:00:00.000999Z') {
	my $one = Platen::Seed::generation($s, $dated, 'd.example', 'completed', created_at => $_);
	my $shown = $d->get("$api/$one")->{json}{data}{createdAt};
	is_deeply(ids($d->get("$api?startDate=$shown&endDate=$shown")), [$one], "from $shown to $shown");
	(my $east = $shown) =~ s/Z$/%2B00:00/;
	is_deeply(ids($d->get("$api?startDate=$east&endDate=$east")), [$one], 'with another offset, too');
}
is($d->get("$api?startDate=2026-02-03&endDate=2026-02-03")->{json}{data}{total}, 3,
    'a day ends with its last moment');
is($d->get("$api?startDate=2026-02-03T04:05:06.124Z&endDate=2026-02-03T04:05:06.998Z")->{json}{data}{total}, 0,
    'what is shown as a millisecond sooner or later is not in');

# Links at the ends: each leads to where there is something.
sub rel {
	my ($r, $rel) = @_;
	return ($r->{headers}{link} // '') =~ /<http:[^>]*?\?([^>]*)>; rel="$rel"/ ? $1 : undef;
}
my $of = 'limit=5&status=completed&type=llms_txt';
Platen::Seed::generation($s, $dated, 'p.example', 'completed') for 1 .. 8;
for (["page=1", 'page=2', undef], ["page=2", 'page=3', 'page=1'], ["page=3", undef, 'page=2'],
	["page=4", undef, 'page=3'], ["page=9", undef, 'page=3'], ["page=1000000", undef, 'page=3'],
	["offset=0", 'offset=5', undef], ["offset=3", 'offset=8', 'offset=0'],
	["offset=7", undef, 'offset=2'], ["offset=10", undef, 'offset=5'], ["offset=11", undef, 'offset=6'],
	["offset=12", undef, 'offset=7'], ["offset=16", undef, 'offset=10'],
	["offset=99999999", undef, 'offset=10']) {
	my ($at, $next, $prev) = @$_;
	$r = $d->get("$api?$at&$of");
	for (['next', $next], ['prev', $prev]) {
		my ($rel, $want) = @$_;
		my $got = rel($r, $rel);
		like($got // 'none', defined $want ? qr/\b$want\b/ : qr/^none$/, "$at: $rel is " . ($want // 'none'));
		cmp_ok(@{ ids($d->get("$api?$got")) }, '>', 0, 'and not empty') if defined $got;
	}
}
is(rel($d->get("$api?limit=5&status=failed&$_"), 'prev') // '', 'limit=5&' . ($_ =~ s/=.*//r)
    . '=' . (/page/ ? 1 : 0) . '&status=failed', "nothing at all: before $_ is the beginning")
    for 'page=7', 'offset=70';
is($d->get("$api?limit=5&status=failed")->{headers}{link}, undef, 'nothing at all has no links');

# ---- short names -----------------------------------------------------------------------

$r = $l->get('/api/generations?page=2&limit=5');
is($r->{status}, 200, 'the short name of the list');
is($r->{json}{data}{page}, 2, 'has pages');
is($r->{json}{data}{totalPages}, 3, 'and how many');
ok(exists $r->{json}{data}{items}[0]{$_}, "an item has $_") for qw(processedUrls totalUrls);
$r = $l->json(POST => '/api/generations', { hostname => 'short.example', limit => 5 });
is($r->{status}, 202, 'an order under the short name');
my $short = $r->{json}{data}{id};
is($r->{headers}{location}, "/api/generations/$short", 'has its Location there');
is($l->get("/api/generations/$short")->{json}{data}{totalUrls}, 0, 'is read there');
is($s->value("SELECT input->>'limit' FROM generations WHERE id = '$short'"), 5, 'and is what was asked');
is_problem($l->json(POST => '/api/generations', { hostnam => 'x' }), 400, 'a wrong field there');
is($l->json(POST => '/api/generations', order('long.example'))->{status}, 202, 'the long form does there, too');
is($l->delete("/api/generations/$short")->{status}, 204, 'and deleted');
is($l->get("/api/generations/$short")->{status}, 404, 'gone');

# ---- steps ---------------------------------------------------------------------------------

my $id = $u->json(POST => $api, order('steps.example'))->{json}{data}{id};
for my $step ('cancel', 'retry') {
	$r = $u->json(POST => "$api/$id/$step", { reason => 'late' });
	is_problem($r, 400, "$step: a field that it does not have");
	is($r->{json}{errors}[0]{pointer}, '#/reason', 'is named');
	is_problem($u->json(POST => "$api/$id/$step", ['x']), 400, 'no object');
	is_problem($u->request(POST => "$api/$id/$step",
	    { 'Content-Type' => 'application/json' }, '{'), 400, 'no JSON');
	is_problem($u->request(POST => "$api/$id/$step",
	    { 'Content-Type' => 'text/plain' }, 'now'), 415, 'another type');
}
is($u->get("$api/$id")->{json}{data}{status}, 'pending', 'and none of that did anything');
$r = $u->json(POST => "$api/$id/retry", {});
is_problem($r, 409, 'what waits cannot be tried again');
like($r->{json}{detail}, qr/pending/, 'and the reason says so');
$r = $u->json(POST => "$api/$id/cancel", {});
is($r->{status}, 202, 'cancel');
is($r->{json}{data}{status}, 'canceled', 'canceled');
is($s->redis('ZSCORE', 'lane:builtin', $id), undef, 'out of its lane');
is_problem($u->json(POST => "$api/$id/cancel", {}), 409, 'twice is a conflict');
is($u->request(POST => "$api/$id/retry", {}, '')->{json}{data}{status}, 'pending', 'a plain POST tries again');
ok($s->redis('ZSCORE', 'lane:builtin', $id), 'in its lane again');
$r = $u->get("$api/$id/history");
is_deeply([map { $_->{status} } @{ $r->{json}{data}{history} }], [qw(pending canceled pending)], 'the history');
is_deeply([map { $_->{actor} } @{ $r->{json}{data}{history} }], [('owner') x 3], 'and who');
is(scalar @{ $r->{json}{data}{updates} }, 3, 'and the updates');
is($r->{json}{data}{updates}[0]{metadata}{event}, 'created', 'from the first');
is($u->delete("$api/$id")->{status}, 204, 'delete');
is($u->get("$api/$id/history")->{status}, 404, 'nothing is left');
is($s->redis('ZSCORE', 'lane:builtin', $id), undef, 'nor in the lane');
my $running = Platen::Seed::generation($s, Platen::Seed::account_of($s, $u), 'run.example', 'processing',
    processed => 3, total => 9);
is($u->delete("$api/$running")->{status}, 204, 'a running one can be deleted');

# The newest progress is what is shown, not what the database has.
$running = Platen::Seed::generation($s, $me, 'live.example', 'processing', processed => 3, total => 9);
$s->redis('HSET', "job:$running", 'json',
    '{"status":"processing","metadata":{"attempt":1,"processedUrls":7,"totalUrls":9,"stage":"read","message":"m"}}');
is($l->get("$api/$running")->{json}{data}{processed}, 7, 'progress is as new as the last event');
$s->redis('HSET', "job:$running", 'json',
    '{"status":"processing","metadata":{"attempt":0,"processedUrls":8,"totalUrls":9}}');
is($l->get("$api/$running")->{json}{data}{processed}, 3, 'but not that of an attempt that is over');

# ---- idempotency -------------------------------------------------------------------------------

my $count = sub { $s->value("SELECT count(*) FROM generations WHERE hostname = 'once.example'") };
my @key = ('Idempotency-Key' => '"8e03978e-40d5-43e8-bc93-6894a57f9324"');
$r = $u->json(POST => $api, order('once.example'), @key);
is($r->{status}, 202, 'an order with a key');
my $again = $u->json(POST => $api, order('once.example'), @key);
is($again->{status}, 202, 'sent again');
is($again->{body}, $r->{body}, 'has the same answer');
is($again->{headers}{location}, $r->{headers}{location}, 'and Location');
is($count->(), 1, 'and was made once');
$again = $u->json(POST => $api, order('once.example'), 'Idempotency-Key' => '8e03978e-40d5-43e8-bc93-6894a57f9324');
is($again->{json}{data}{id}, $r->{json}{data}{id}, 'the key without quotes is the same key');
is_problem($u->json(POST => $api, order('twice.example'), @key), 422, 'another body with the key');
is($l->json(POST => $api, order('once.example'), @key)->{status}, 202, "someone else's key is another");
is_problem($u->json(POST => $api, order('a.example'), 'Idempotency-Key' => 'x' x 300), 400, 'a key too long');
is_problem($u->json(POST => $api, order('a.example'), 'Idempotency-Key' => '"a"b"'), 400, 'a key that is none');
# The first call died between the order and its answer.
$s->psql('platen', "UPDATE idempotency SET status = NULL, response = NULL WHERE account_id = '"
    . Platen::Seed::account_of($s, $u) . "'");
$again = $u->json(POST => $api, order('once.example'), @key);
is($again->{status}, 202, 'an answer that got lost is made again');
is($again->{json}{data}{id}, $r->{json}{data}{id}, 'of the same generation');
# The first call still runs.
$s->psql('platen', "UPDATE idempotency SET location = NULL, created_at = now() WHERE account_id = '"
    . Platen::Seed::account_of($s, $u) . "'");
is_problem($u->json(POST => $api, order('once.example'), @key), 409, 'a key whose call still runs');
$s->psql('platen', "UPDATE idempotency SET created_at = now() - interval '2 minutes' WHERE location IS NULL");
is($u->json(POST => $api, order('once.example'), @key)->{status}, 202, 'one that died at once is free again');

# ---- limits -----------------------------------------------------------------------------------------

{
	my $t = Platen::Stack->new(with => 'web', env => { PLATEN_WEB_OPEN_ORDERS => 2 });
	my $v = Platen::Http->new($t->url);
	is($v->json(POST => $api, order("o$_.example"))->{status}, 202, "order $_") for 1, 2;
	is_problem($v->json(POST => $api, order('o3.example')), 429, 'too many at once');
	is($t->value('SELECT count(*) FROM generations'), 2, 'makes nothing');
}

# ---- health ----------------------------------------------------------------------------------------------

is($u->get('/livez')->{json}{status}, 'pass', 'livez');
$r = $u->get('/readyz?verbose');
is($r->{status}, 200, 'readyz');
is($r->{json}{checks}{$_}{status}, 'pass', "$_ is well") for qw(database redis);
is($r->{json}{checks}{worker}{status}, 'warn', 'that no worker runs is told');

done_testing;
