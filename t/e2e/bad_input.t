#!/usr/bin/perl
# What people and programs send that is not right: each is answered with a
# sentence, nothing is made, and what can be understood is.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Platen::LlmsTxt;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $web = Platen::Sites::fake();
my $s = Platen::Stack->new(with => 'live worker web',
	env => { Platen::Sites::environment($web) });
my $u = Platen::User->new($s->url);
$u->page('/');

sub sentence { return $_[0] =~ /^\S.{10,}[.?!)]$/s }

sub orders { return $s->value('SELECT count(*) FROM generations') }

# The text of a page's complaint, by its role.
sub complaint {
	my ($page) = @_;
	my ($text) = $page =~ m{<(\w+)[^>]*\brole="alert"[^>]*>(.*?)</\1>}s ? $2
	    : $page =~ m{<(\w+)[^>]*class="[^"]*\berror\b[^"]*"[^>]*>(.*?)</\1>}s ? $2 : '';
	$text =~ s/<[^>]*>/ /g;
	$text =~ s/\s+/ /g;
	return Platen::User::unescape($text) =~ s/^ | $//gr;
}

# ---- hostnames that are none -----------------------------------------------

my @not_hosts = ('', ' ', 'a' x 300 . '.test', 'a' x 64 . '.test', 'exa mple.test',
	'http://', 'ftp://good.test/', 'javascript:alert(1)',
	'file:///etc/passwd', 'good..test', '.good.test', '-good.test', 'good.test:99999',
	'good.test:port', '<script>alert(1)</script>', "good.test\0.evil",
	'http://user:secret@good.test/', '[::1', '[zz::1]', '..', '?', '#', '/', '//',
	'http://good.test:0/', 'good.test,notfound.test', '1.2.3.4.5',
	'256.256.256.256', "'; DROP TABLE generations; --", '%00', '%zz.test',
	"\x{202e}tset.doog", 'x' x 20000);

for my $host (@not_hosts) {
	my $name = length $host > 60 ? substr($host, 0, 20) . '... (' . length($host) . ')'
	    : $host =~ s/([^\x20-\x7e])/sprintf '\\x{%x}', ord $1/ger;
	my $before = orders();
	my ($status, $d) = $u->api(POST => '/api/v1/generations',
		{ type => 'llms_txt', provider => 'builtin', input => { hostname => $host } });
	like($status, qr/^4(?:00|13|22)$/, "API, '$name': refused") or diag explain $d;
	my ($e) = grep { $_->{pointer} =~ /hostname/ } @{ $d->{errors} // [] };
	ok($e && sentence($e->{detail}), "API, '$name': a sentence points at the field")
	    or diag explain $d;
	is($d->{success}, JSON::PP::false, "API, '$name': success is false");
	my ($id, $r) = $u->order_form($host);
	is($id, undef, "form, '$name': refused");
	like($r->{status}, qr/^(?:200|4\d\d)$/, "form, '$name': with a page");
	my $said = complaint($r->{body});
	ok(sentence($said), "form, '$name': that says why") or diag $said || $r->{body};
	unlike($r->{body}, qr/<script>alert/, "form, '$name': escaped");
	is(orders(), $before, "'$name': nothing was made");
}

# ---- hostnames in other clothes ---------------------------------------------

my %is_host = ('GOOD.test' => 'good.test', '  good.test  ' => 'good.test',
	'http://good.test' => 'good.test', 'http://good.test/' => 'good.test',
	'good.test.' => 'good.test', 'http://good.test:80/#top' => 'good.test',
	'bücher.test' => 'xn--bcher-kva.test', 'BÜCHER.test' => 'xn--bcher-kva.test',
	'xn--bcher-kva.test' => 'xn--bcher-kva.test', 'ｇｏｏｄ.test' => 'good.test',
	'good。test' => 'good.test');
my %id;
for my $typed (sort keys %is_host) {
	my ($id, $r) = $u->order_form($typed);
	ok($id, "form, '$typed': taken") or diag complaint($r->{body});
	$id{"form, '$typed'"} = [$id, $is_host{$typed}] if $id;
	$id = eval { $u->order($typed) };
	ok($id, "API, '$typed': taken") or diag $@;
	$id{"API, '$typed'"} = [$id, $is_host{$typed}] if $id;
}
for my $name (sort keys %id) {
	my ($id, $host) = @{ $id{$name} };
	my $g = $u->wait_over($id, 60);
	is($g->{status}, 'completed', "$name: completed") or diag explain $g;
	is($g->{entriesCount}, 6, "$name: the whole site");
}

# A whole address: its path is what is wanted of the site.
for my $how (qw(form API)) {
	my $id = $how eq 'API' ? $u->order('http://good.test/guide/')
	    : do { my ($i, $r) = $u->order_form('http://good.test/guide/');
		ok($i, 'form, with a path: taken') or diag complaint($r->{body}); $i };
	my $g = $u->wait_over($id, 60);
	is($g->{status}, 'completed', "$how, with a path: completed") or diag explain $g;
	my ($said) = Platen::LlmsTxt::check(
		$u->get("/api/v1/generations/$id/artifacts/llms.txt")->{body});
	is_deeply([sort(Platen::LlmsTxt::urls($said))],
		[map { "http://good.test/guide/$_" } qw(ink paper start)],
		"$how, with a path: only what is below it");
}

# ---- bodies and parameters ---------------------------------------------------

my $ok = { type => 'llms_txt', provider => 'builtin', input => { hostname => 'good.test' } };
sub with { return { %$ok, @_ } }
sub input { return with(input => { hostname => 'good.test', @_ }) }
my $deep = ('[' x 5000) . (']' x 5000);
my @bodies = (
	['no JSON', '{"type":', qr/^400$/],
	['not even text', "\xff\xfe\x00", qr/^400$/],
	['nothing', '', qr/^400$/],
	['a list', '[]', qr/^4(?:00|22)$/],
	['a number', '42', qr/^4(?:00|22)$/],
	['nested without end', $deep, qr/^4(?:00|13|22)$/],
	['more than the limit', '{"type":"' . 'x' x 1_500_000 . '"}', qr/^413$/],
	['a key twice', '{"type":"llms_txt","type":"story","provider":"builtin","input":{"hostname":"good.test"}}', qr/^(?:4|202)/],
	['no input', with(input => undef), qr/^4(?:00|22)$/],
	['an unknown type', with(type => 'poem'), qr/^4(?:00|22)$/, 'type'],
	['a type that is a number', with(type => 7), qr/^4(?:00|22)$/, 'type'],
	['an unknown provider', with(provider => 'oracle'), qr/^4(?:00|22)$/, 'provider'],
	['an unknown member', with(colour => 'red'), qr/^400$/, 'colour'],
	['an unknown member of input', input(colour => 'red'), qr/^400$/, 'colour'],
	['no hostname', with(input => {}), qr/^4(?:00|22)$/, 'hostname'],
	['a hostname that is a list', input(hostname => ['good.test']), qr/^4(?:00|22)$/, 'hostname'],
	['a hostname that is null', input(hostname => undef), qr/^4(?:00|22)$/, 'hostname'],
	['a limit of 0', input(limit => 0), qr/^4(?:00|22)$/, 'limit'],
	['a limit below 0', input(limit => -5), qr/^4(?:00|22)$/, 'limit'],
	['a limit beyond all', input(limit => 1e15), qr/^4(?:00|22)$/, 'limit'],
	['a limit that is a word', input(limit => 'many'), qr/^4(?:00|22)$/, 'limit'],
	['a pattern that is a number', input(include => 7), qr/^4(?:00|22)$/, 'include'],
	['a million patterns', input(include => [('/x*') x 100_000]), qr/^4(?:00|13|22)$/, 'include'],
);
for (@bodies) {
	my ($name, $body, $status, $field) = @$_;
	my $before = orders();
	my $r = $u->request(POST => '/api/v1/generations',
		{ 'Content-Type' => 'application/json' },
		ref $body ? JSON::PP->new->utf8->encode($body) : $body);
	like($r->{status}, $status, "a body with $name: $r->{status}") or diag $r->{body};
	next if $r->{status} == 202;
	my $d = $r->{json};
	like($r->{headers}{'content-type'}, qr{^application/problem\+json},
		"a body with $name: a problem");
	ok($d && defined $d->{$_}, "a body with $name: has $_") for qw(type title status request_id);
	ok(sentence($d->{detail} // ''), "a body with $name: says what is wrong") or diag $r->{body};
	ok(scalar(grep { $_->{pointer} =~ /\Q$field\E/ && sentence($_->{detail}) }
	    @{ $d->{errors} // [] }), "a body with $name: and where") or diag $r->{body}
	    if $field;
	is(orders(), $before, "a body with $name: nothing was made");
}

# What even the front server does not take.
is($u->request(POST => '/api/v1/generations', { 'Content-Type' => 'application/json' },
	'x' x 3_000_000)->{status}, 413, 'a body of megabytes: 413');

for (['/api/v1/generations?colour=red', 'colour'], ['/api/v1/generations?limit=0', 'limit'],
	['/api/v1/generations?limit=101', 'limit'], ['/api/v1/generations?limit=x', 'limit'],
	['/api/v1/generations?offset=-1', 'offset'], ['/api/v1/generations?status=done', 'status'],
	['/api/v1/generations?startDate=yesterday', 'startDate'],
	['/api/v1/generations?endDate=2026-13-45', 'endDate'],
	['/api/v1/generations?page=0', 'page'], ['/api/v1/generations?after=x', 'after'],
	['/api/stats/host?hostname=', 'hostname'], ['/api/v1/stats/host', 'hostname'],
	['/api/v1/stats/host?hostname=a%20b', 'a b'],
) {
	my ($path, $field) = @$_;
	my ($status, $d, $r) = $u->api(GET => $path);
	is($status, 400, "$path: 400") or diag $r->{body};
	like($r->{body}, qr/\Q$field\E/, "$path: named");
}
for my $path ('/generations/nothing', '/generations/00000000-0000-7000-8000-000000000000',
	'/api/v1/generations/x', '/api/v1/nothing', '/nothing', '/generations/../../etc/passwd',
	'/api/v1/generations/00000000-0000-7000-8000-000000000000',
	'/%00', '/%ff%fe', '/generations?page=99999999999999999999',
	'/generations?per_page=7', '/static/../lighttpd.conf', '/static/nothing.css') {
	my $r = $u->get($path, Accept => 'text/html');
	cmp_ok($r->{status}, '<', 500, "$path: no error of ours ($r->{status})");
	unlike($r->{body}, qr/root:|server\.modules/, "$path: nothing given away");
}
{
	my $r = $u->get('/nothing', Accept => 'text/html');
	is($r->{status}, 404, 'a page that is not there: 404');
	my ($id) = ($r->{headers}{'x-request-id'} // '') =~ /([\w-]{8,})/;
	ok($id, 'an error has a request id');
	like($r->{body}, qr/\Q$id\E/, 'and its page shows it') if $id;
}

# ---- who may -------------------------------------------------------------------

{
	my $home = $u->page('/');
	my ($form) = grep { $_->{action} =~ /generations/ && $_->{method} eq 'POST' }
	    Platen::User::forms($home->{body});
	my $before = orders();
	if ($form) {
		my $r = $u->form($form->{action}, { hostname => 'good.test' },
			Origin => 'https://evil.example', 'Sec-Fetch-Site' => 'cross-site');
		is($r->{status}, 403, 'a form on a foreign page orders nothing');
		my %f = (%{ $form->{fields} }, hostname => 'good.test');
		delete $f{$_} for grep { /csrf|token/i } keys %f;
		$r = $u->form($form->{action}, \%f, Origin => $u->origin);
		is($r->{status}, 403, 'nor does one without its secret field');
	}
	my $body = JSON::PP->new->encode($ok);
	my $r = $u->request(POST => '/api/v1/generations',
		{ 'Content-Type' => 'application/json', Origin => 'https://evil.example',
		    'Sec-Fetch-Site' => 'cross-site' }, $body);
	is($r->{status}, 403, 'nor does a foreign script');
	$r = $u->request(POST => '/api/v1/generations', { 'Content-Type' => 'text/plain' }, $body);
	like($r->{status}, qr/^4(?:03|15)$/, 'nor does a body that says it is plain text');
	is(orders(), $before, 'and nothing was made');
	$r = Platen::User->new($s->url)->request(POST => '/api/v1/generations',
		{ 'Content-Type' => 'application/json' }, $body);
	is($r->{status}, 202, 'a program without credentials becomes a guest');
	like($r->{cookies}[0] // '', qr/HttpOnly/i, 'with a cookie scripts cannot read');
	like($r->{cookies}[0] // '', qr/SameSite=Lax/i, 'that foreign forms do not bring');
}
for my $cookie ('sid=', 'sid=' . 'A' x 43, "sid=\x01\x02", 'sid=' . 'x' x 5000,
	'sid=a; sid=b; __Host-sid=c', '=;;=;', 'sid="') {
	my $r = Platen::User->new($s->url)->get('/generations', Cookie => $cookie);
	cmp_ok($r->{status}, '<', 500, 'an odd cookie: no error of ours');
}
{
	my $r = eval { $u->get('/', 'X-Junk' => 'y' x 60_000) };
	ok(!$r || $r->{status} < 500, 'a header of 60 kB: no error of ours');
	$r = $u->get('/?' . 'a=b&' x 3000);
	cmp_ok($r->{status}, '<', 500, 'a query of 12 kB: no error of ours');
	for my $path ("/generations/?a=\rb", "/generations\r/", "/?\tx", "/generations/%0d%0aX:y/") {
		$r = $u->get($path, Accept => 'text/html');
		is($r->{status}, 400, 'a control character in the address: 400');
	}
	$r = $u->get('/api/v1/generations?%ff=1');
	is($r->{status}, 400, 'a query that is no text: 400');
	like($r->{headers}{'content-type'}, qr/problem/, 'as a problem');
	for my $path ('/poll?', '/events?', '/api/stats/host?hostname=') {
		$r = $u->get($path . 'x' x 9000);
		like($r->{status}, qr/^4/, "$path and 9 kB: an answer");
	}
	$r = $u->get('/poll?%c3=1');
	ok(eval { JSON::PP->new->utf8->decode($r->{body}) },
		'what is quoted of bad bytes is JSON all the same');
	$r = $u->request('BREW', '/', {});
	like($r->{status}, qr/^(?:400|405|501)$/, 'an unknown method');
	$r = $u->request('DELETE', '/generations', {});
	is($r->{status}, 405, 'a method that a page does not have');
	ok($r->{headers}{allow}, 'and which ones it has');
}

is($u->get('/readyz')->{status}, 200, 'after all of it, it is ready');
my ($id) = $u->order('good.test');
is($u->wait_over($id, 30)->{status}, 'completed', 'and does an order');

done_testing;
