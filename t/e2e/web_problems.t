#!/usr/bin/perl
# Whatever a program sends to the API or the live channel, its error is a
# problem, not a page: strange methods, bytes that are not HTTP, what is too
# long; through both front servers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use JSON::PP;
use Test::More;
use Platen::Apache;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web live');
my $apache = Platen::Apache->new($s);

# raw: the bytes as they are; {status, type, head, json}.
sub raw {
	my ($port, $bytes) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port)
	    or die "connect: $!";
	local $SIG{PIPE} = 'IGNORE';
	print $c $bytes;
	$c->flush;
	my $all = '';
	local $SIG{ALRM} = sub { die "no answer\n" };
	alarm 20;
	1 while sysread $c, $all, 65536, length $all;
	alarm 0;
	my ($head, $body) = split /\r\n\r\n/, $all, 2;
	$body =~ s/\A[0-9a-f]+\r\n|\r\n0\r\n\r\n\z//g if ($head // '') =~ /^transfer-encoding: *chunked/mi;
	my ($status) = ($head // '') =~ m{^HTTP/1\.[01] (\d+)};
	my ($type) = ($head // '') =~ /^content-type: *([^\r\n;]+)/mi;
	return { status => $status // 0, type => $type // '', head => $head // '',
		json => scalar eval { decode_json($body) } };
}

sub is_problem {
	my ($r, $name) = @_;
	subtest $name => sub {
		cmp_ok($r->{status}, '>=', 400, "an error: $r->{status}");
		is($r->{type}, 'application/problem+json', 'a problem');
		is($r->{json}{status}, $r->{status}, 'with its status');
		ok($r->{json}{title}, 'a title');
		like($r->{json}{detail} // '', qr/^[A-Z"0-9].*\.$/s, 'and a sentence: ' . ($r->{json}{detail} // ''));
		like($r->{head}, qr/^allow: *GET/mi, 'and what is allowed') if $r->{status} == 405;
	};
}

my $host = "Host: a\r\nConnection: close\r\n";
sub get { my ($path, $more) = @_; return "GET $path HTTP/1.1\r\n$host" . ($more // '') . "\r\n" }
sub post { my ($path, $more) = @_; return "POST $path HTTP/1.1\r\n$host$more\r\n" }

my @cases = (
	(map { my $m = $_; [substr($m, 0, 20), sub { "$m $_[0] HTTP/1.1\r\n$host\r\n" }] }
	    qw(TRACE PROPFIND PATCH BREW get MKCOL LOCK PURGE), 'X' x 300, 'B@D', 'G(T', "M\x01"),
	['a bare percent sign', sub { get("$_[0]/%") }],
	['half an escape', sub { get("$_[0]?a=%f") }],
	['half an escape of a value', sub { get("$_[0]?cursor=%2") }],
	['no escape at all', sub { get("$_[0]?hostname=%zz&ids=%zz") }],
	['%00 in the query', sub { get("$_[0]?hostname=a%00b") }],
	['no UTF-8 in the query', sub { get("$_[0]?hostname=%ff%fe") }],
	['a line break in the query', sub { get("$_[0]?ids=a%0d%0ab") }],
	['no UTF-8', sub { get("$_[0]/%ff%fe") }],
	['%00', sub { get("$_[0]/%00") }],
	['a NUL in the line', sub { get("$_[0]/\0") }],
	['a control character in the line', sub { get("$_[0]/\x07") }],
	['an address of 7 kB', sub { get("$_[0]/" . 'x' x 7000) }],
	['an address of 20 kB', sub { get("$_[0]?a=" . 'x' x 20_000) }],
	['an address of 100 kB', sub { get("$_[0]?a=" . 'x' x 100_000) }],
	['a header of 100 kB', sub { get("$_[0]?zz=1", 'X: ' . 'x' x 100_000 . "\r\n") }],
	['a NUL in a header', sub { get($_[0], "X: a\0b\r\n") }],
	['white space before a colon', sub { get($_[0], "X : b\r\n") }],
	['a header without a colon', sub { get($_[0], "Xb\r\n") }],
	['no Host', sub { "GET $_[0] HTTP/1.1\r\nConnection: close\r\n\r\n" }],
	['two Hosts', sub { get($_[0], "Host: b\r\n") }],
	['a Host with a space', sub { "GET $_[0] HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n" }],
	['HTTP/1.1x', sub { "GET $_[0] HTTP/1.1x\r\n$host\r\n" }],
	['two spaces', sub { "GET  $_[0] HTTP/1.1\r\n$host\r\n" }],
	['no version and a header', sub { "GET $_[0] a b\r\n$host\r\n" }],
	['a length below zero', sub { post($_[0], "Content-Length: -1\r\n") }],
	['a length in words', sub { post($_[0], "Content-Length: abc\r\n") }],
	['two lengths', sub { post($_[0], "Content-Length: 1\r\nContent-Length: 2\r\n") . 'ab' }],
	['an endless length', sub { post($_[0], 'Content-Length: ' . '9' x 30 . "\r\n") }],
	['a body in pieces that are none', sub { post($_[0], "Transfer-Encoding: chunked\r\n") . "zz\r\n\r\n" }],
	['another transfer coding', sub { post($_[0], "Transfer-Encoding: gzip\r\n") }],
	['no HTTP at all', sub { "\r\n\x01\x02\x03 $_[0]\r\n\r\n" }],
);
for my $front (['lighttpd', $s->port], $apache ? ['Apache', $apache->port] : ()) {
	my ($name, $port) = @$front;
	for my $path ('/api/v1/generations', '/api/v1/stats/host', '/poll', '/events') {
		is_problem(raw($port, $_->[1]->($path)), "$name: $path, $_->[0]") for @cases;
	}
	my $r = raw($port, "BREW /api/v1/generations HTTP/1.1\r\n$host\r\n");
	like($r->{status}, qr/^(405|501)$/, "$name: a method that nobody knows: $r->{status}");
	is(raw($port, "TRACE /api/v1/generations HTTP/1.1\r\n$host\r\n")->{status}, 405, "$name: TRACE is not answered");
	$r = raw($port, "PROPFIND /poll HTTP/1.1\r\n$host\r\n");
	is($r->{status}, 405, "$name: a method that the sidecar does not know: 405");
	is(raw($port, get('/poll', 'X: ' . 'x' x 20_000 . "\r\n"))->{status}, 401, "$name: 20 kB of headers are taken");
	is(raw($port, "GET http://a/api/v1/generations HTTP/1.1\r\n$host\r\n")->{status}, 200,
	    "$name: an address with its host, as for a proxy");
	# People still get pages.
	for (['half an escape', get('/generations/%zz')], ['an address of 7 kB', get('/generations/new?hostname=' . 'x' x 7000)],
		['a method', "DELETE /generations HTTP/1.1\r\n$host\r\n"]) {
		$r = raw($port, $_->[1]);
		cmp_ok($r->{status}, '>=', 400, "$name: a page, $_->[0]: an error");
		is($r->{type}, 'text/html', 'in a page');
	}
}

# While platen-web is away, lighttpd starts it again within a second.
sub children {
	my ($of) = @_;
	return grep { $_ } map {
		open my $h, '<', $_ or next;
		my $line = <$h> // '';
		$line =~ /^(\d+) .*\) \S (\d+)/s && $2 == $of ? $1 : 0
	} glob '/proc/[0-9]*/stat';
}
sub away {
	my ($path, $accept) = @_;
	for (1 .. 20) {
		kill 'KILL', children($s->pid('web'));
		my $r = raw($s->port, get($path, "Accept: $accept\r\n"));
		return $r if $r->{status} == 503;
		sleep 1;
	}
	return { status => 0, head => '' };
}
is_problem(away('/api/v1/generations', '*/*'), 'lighttpd: platen-web is away, a call');
$s->restart('web');
my $r = away('/generations', 'text/html');
is($r->{type}, 'text/html', 'lighttpd: platen-web is away, a page');
if ($apache) {
	kill 'TERM', $apache->{web};
	sleep 1;
	$s->stop('live');
	for my $path ('/api/v1/generations', '/api/v1/stats/host?hostname=a.test', '/poll', '/events') {
		is_problem(raw($apache->port, get($path)), "Apache: all are away, $path");
	}
	$r = raw($apache->port, get('/generations'));
	is($r->{status}, 503, 'Apache: all are away, a page');
	is($r->{type}, 'text/html', 'is a page');
	like($r->{head}, qr/^content-type: text\/html; charset=utf-8/mi, 'of our own');
}

done_testing;
