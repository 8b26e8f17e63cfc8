#!/usr/bin/perl
# What clients see that speak WebSocket or HTTP in other ways than most: the
# answers are those of RFC 6455 and RFC 9112, and none looks like an outage.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Live;
use Platen::Peers;
use Platen::Stack;
use Test::More;
use Time::HiRes qw(time);

my $s = Platen::Stack->new(with => 'live web');
my %live = map { $_ => Platen::Live->new($s, via => $_) } qw(unix web);
my $a = $live{unix}->account;

# raw: bytes as they are; the answer, read to its end.
sub raw {
	my ($l, $bytes) = @_;
	my $c = bless { s => $l->open, buf => '', events => [] }, 'Platen::Live::Response';
	local $SIG{PIPE} = 'IGNORE';
	my $at = 0;
	while ($at < length $bytes) {
		my $n = syswrite $c->{s}, $bytes, 65536, $at or last;
		$at += $n;
	}
	return eval { $c->whole(8) } // { status => 0, type => '', head => $@ };
}

# ---- frames ----------------------------------------------------------------

# A name, the code to close with, and what is sent.
my @bad = (
	['a frame without a mask', 1002, sub { $_[0]->frame(1, '{"type":"ping"}', masked => 0) }],
	['an empty one without', 1002, sub { $_[0]->frame(1, '', masked => 0) }],
	['a ping without a mask', 1002, sub { $_[0]->frame(9, 'x', masked => 0) }],
	['a pong without a mask', 1002, sub { $_[0]->frame(10, '', masked => 0) }],
	['a close without a mask', 1002, sub { $_[0]->frame(8, pack('n', 1000), masked => 0) }],
	(map { my $rsv = $_; ["reserved bits $rsv", 1002, sub { $_[0]->frame(1, '{}', rsv => $rsv) }] } 1, 2, 4, 7),
	['reserved bits of a ping', 1002, sub { $_[0]->frame(9, '', rsv => 4) }],
	(map { my $op = $_; ["opcode $op", 1002, sub { $_[0]->frame($op, '') }] } 3, 7, 11, 15),
	['a continuation of nothing', 1002, sub { $_[0]->frame(0, 'x') }],
	['a message inside another', 1002, sub { $_[0]->frame(1, '{', fin => 0); $_[0]->frame(1, '}') }],
	['a ping in pieces', 1002, sub { $_[0]->frame(9, 'x', fin => 0) }],
	['a close in pieces', 1002, sub { $_[0]->frame(8, pack('n', 1000), fin => 0) }],
	['a ping of 126 bytes', 1002, sub { $_[0]->frame(9, 'x' x 126) }],
	['a close of 4000 bytes', 1002, sub { $_[0]->frame(8, pack('n', 1000) . 'x' x 4000) }],
	['a length longer than it must be', 1002, sub { $_[0]->raw(pack('CCn', 0x81, 0xfe, 2) . "\0\0\0\0{}") }],
	['one in eight bytes', 1002, sub { $_[0]->raw(pack('CCQ>', 0x81, 0xff, 300) . "\0\0\0\0" . ' ' x 300) }],
	['a length over 63 bits', 1002, sub { $_[0]->raw(pack('CCQ>', 0x81, 0xff, 1 << 63) . "\0\0\0\0") }],
	['half a close code', 1002, sub { $_[0]->frame(8, "\x03") }],
	(map { my $code = $_; ["close code $code", 1002, sub { $_[0]->frame(8, pack 'n', $code) }] }
	    0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 5001, 65535),
	['a reason that is not UTF-8', 1007, sub { $_[0]->frame(8, pack('n', 1000) . "\xff\xfe") }],
	['a reason cut in a character', 1007, sub { $_[0]->frame(8, pack('n', 1000) . "\xe2\x82") }],
	['text that is not UTF-8', 1007, sub { $_[0]->frame(1, "\"\xff\"") }],
	['half a surrogate pair', 1007, sub { $_[0]->frame(1, "\"\xed\xa0\x80\"") }],
	['a slash of two bytes', 1007, sub { $_[0]->frame(1, "\"\xc0\xaf\"") }],
	['a character over U+10FFFF', 1007, sub { $_[0]->frame(1, "\"\xf4\x90\x80\x80\"") }],
	['text cut in a character', 1007, sub { $_[0]->frame(1, "\"\xe2\x82") }],
	['binary', 1003, sub { $_[0]->frame(2, 'x') }],
	['a message that is too large', 1009, sub { $_[0]->frame(1, 'x' x 20000) }],
	['one that only says so', 1009, sub { $_[0]->raw(pack('CCQ>', 0x81, 0xff, 1 << 40) . "\0\0\0\0") }],
	['one in small pieces', 1009, sub { $_[0]->frame(1, 'x', fin => 0); $_[0]->frame(0, 'x' x 300, fin => 0) for 1 .. 60 }],
);
my @good = (
	(map { my $code = $_; ["close code $code", $code, sub { $_[0]->frame(8, pack('n', $code) . "gr\xc3\xbc\xc3\x9fe") }] }
	    1000, 1001, 1002, 1003, 1007, 1008, 1011, 1012, 1014, 3000, 4999),
	['a long reason', 1000, sub { $_[0]->frame(8, pack('n', 1000) . 'x' x 123) }],
);

for my $via (qw(unix web)) {
	my $l = $live{$via};
	subtest "frames that are no good close with their code, by $via" => sub {
		my @open = map {
			my $w = $l->ws($a);
			$w->recv;
			$_->[2]->($w);
			[$w, @$_];
		} @bad, @good;
		is($_->[0]->closed(8), $_->[2], $_->[1]) for @open;
		ok($_->[0]{eof} || !$_->[0]->need(1, time + 4), "$_->[1]: and nothing follows")
		    for @open[0, 20, -1];
	};

	subtest "frames that are unusual are taken, by $via" => sub {
		my $w = $l->ws($a);
		$w->recv;
		my $answers = sub { my ($name) = @_; my $m = $w->recv(5);
			is($m && $m->{type}, 'pong', $name) };
		$w->frame(1, "{\"type\":\"ping\",\"x\":\"\xf0\x9f\x98\x80\"}");
		$answers->('text of four-byte characters');
		my $text = "{\"type\":\"ping\",\"x\":\"\xf0\x9f\x98\x80\"}";
		$w->frame(1, '', fin => 0);
		for my $i (0 .. length($text) - 1) {
			$w->frame(0, substr($text, $i, 1), fin => 0);
			$w->frame(9, $i) if $i % 10 == 0;
		}
		$w->frame(0, '');
		$answers->('a message in pieces of one byte, with pings between');
		$w->raw($_) for split //, "\x81\x8f\1\2\3\4" . ('{"type":"ping"}' ^ substr("\1\2\3\4" x 4, 0, 15));
		$answers->('a frame byte by byte');
		$w->frame(10, 'x' x 125);
		$w->frame(10, '');
		$w->frame(9, 'y' x 125);
		my $f;
		do { $f = $w->recv_frame(5) } until !$f || $f->[0] == 10;
		is($f && $f->[1], 'y' x 125, 'a ping comes back as it was');
		$w->frame(1, '{"type":"ping","pad":"' . 'x' x 16000 . '"}');
		$answers->('a message of 16 kB');
		$w->frame(8, '');
		$f = $w->recv_frame(5);
		is_deeply($f, [8, ''], 'a close without a code comes back without one');
	};
}

# ---- upgrades ----------------------------------------------------------------

my %up = (Upgrade => 'websocket', Connection => 'Upgrade', 'Sec-WebSocket-Version' => 13,
	'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==', Cookie => "sid=$a->{token}");

sub upgrade {
	my ($l, %h) = @_;
	my %all = (%up, %h);
	my $path = delete $all{path} // '/ws';
	my $c = $l->get(undef, $path, map { $_ => $all{$_} } grep { defined $all{$_} } keys %all);
	return $c->head(8);
}

for my $via (qw(unix web)) {
	my $l = $live{$via};
	subtest "upgrades by $via" => sub {
		for my $offer ('graphql-ws', 'chat, superchat', 'soap', 'v1.platen.json,wamp', 'a' x 300) {
			my $c = upgrade($l, 'Sec-WebSocket-Protocol' => $offer);
			is($c->{status}, 101, 'the subprotocol ' . substr $offer, 0, 30);
			my ($taken) = $c->{head} =~ /^sec-websocket-protocol: *(.*?)\r?$/mi;
			is($taken, $offer =~ s/,.*//r, 'the first is taken');
		}
		unlike(upgrade($l)->{head}, qr/^sec-websocket-protocol/mi, 'none is taken where none is offered');
		unlike(upgrade($l, 'Sec-WebSocket-Extensions' => 'permessage-deflate; client_max_window_bits')->{head},
		    qr/^sec-websocket-extensions/mi, 'no extension is');
		is(upgrade($l, Connection => 'keep-alive, Upgrade')->{status}, 101, 'Connection as Firefox sends it');
		is(upgrade($l, Upgrade => 'WebSocket')->{status}, 101, 'capital letters');
		for my $version (undef, 0, 7, 8, 12, 14, 99, 'x', '13, 8', '013') {
			my $c = upgrade($l, 'Sec-WebSocket-Version' => $version);
			is($c->{status}, 426, 'version ' . ($version // 'none'));
			like($c->{head}, qr/^sec-websocket-version: 13\r?$/mi, 'is told the right one');
			is($c->{type}, 'application/problem+json', 'in a problem');
		}
		for my $key (undef, '', 'x', 'dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZSBsb25n', '!!!!!!!!!!!!!!!!!!!!!!==') {
			my $c = upgrade($l, 'Sec-WebSocket-Key' => $key);
			is($c->{status}, 400, 'the key ' . ($key // 'none'));
		}
		is(upgrade($l, path => '/ws/nowhere')->{status}, 404, 'an unknown path');
		is(upgrade($l, Origin => 'https://evil.example')->{status}, 403, 'another origin');
		my $c = $l->get($a, '/ws')->whole;
		is($c->{status}, 426, 'a plain GET');
		like($c->{head}, qr/^sec-websocket-version: 13\r?$/mi, 'is told what to speak');
		is($l->get($a, '/ws', method => 'POST', 'Content-Length' => 2)->head->{status}, 405, 'POST');
	};
}

for my $client (Platen::Peers::all()) {
	SKIP: {
		my $why = Platen::Peers::missing($client);
		skip "$client: $why", 1 if $why;
		is(Platen::Peers::end(Platen::Peers::start($client, 'ws' . substr($s->url('/ws'), 4),
		    $a->{token}, 1, 'graphql-ws', 'chat')), 'open', "$client offers subprotocols and stays");
	}
}

# ---- requests ------------------------------------------------------------------

my $host = "Host: localhost\r\n";
my $cookie = "Cookie: sid=$a->{token}\r\n";
# A name, the statuses that fit, and the bytes; by the sidecar alone.
my @requests = (
	['no HTTP', [400], "hello\r\n\r\n"],
	['bytes', [400], "\x00\x01\xff\xfe\r\n\r\n"],
	['TLS', [400], "\x16\x03\x01\x02\x00\x01\x00\n\n"],
	['no version', [400], "GET /events\r\n\r\n"],
	['another protocol', [400], "GET /events SPDY/3\r\n$host\r\n"],
	['HTTP/2', [505], "GET /events HTTP/2.0\r\n$host\r\n"],
	['HTTP/2 as it begins', [505], "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
	['a space too many', [400], "GET  /events HTTP/1.1\r\n$host\r\n"],
	['a method that is no word', [400], "G\@T /events HTTP/1.1\r\n$host\r\n"],
	['no host', [400], "GET /events HTTP/1.1\r\n\r\n"],
	['two hosts', [400], "GET /events HTTP/1.1\r\n$host$host\r\n"],
	['a folded header', [400], "GET /events HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n"],
	['a space before the colon', [400], "GET /events HTTP/1.1\r\n${host}X : a\r\n\r\n"],
	['a header without a name', [400], "GET /events HTTP/1.1\r\n$host: a\r\n\r\n"],
	['a zero byte in a header', [400], "GET /events HTTP/1.1\r\n${host}X: a\0b\r\n\r\n"],
	['a line feed alone', [401], "GET /events HTTP/1.1\nHost: localhost\n\n"],
	['empty lines first', [401], "\r\n\r\nGET /events HTTP/1.1\r\n$host\r\n"],
	['an address with its host', [401], "GET http://localhost/events HTTP/1.1\r\n$host\r\n"],
	['CONNECT', [400, 405], "CONNECT localhost:443 HTTP/1.1\r\n$host\r\n"],
	['half a percent', [400], "GET /events?ids=%4 HTTP/1.1\r\n$host$cookie\r\n"],
	['no hexadecimal digits', [400], "GET /events?ids=%zz HTTP/1.1\r\n$host$cookie\r\n"],
	['a zero byte', [400], "GET /poll?ids=%00 HTTP/1.1\r\n$host$cookie\r\n"],
	['no UTF-8', [400], "GET /poll?ids=%ff%fe HTTP/1.1\r\n$host$cookie\r\n"],
	['a name that is no UTF-8', [400], "GET /poll?%c3%28=1 HTTP/1.1\r\n$host$cookie\r\n"],
	['no UTF-8 in the path', [400], "GET /%ff HTTP/1.1\r\n$host$cookie\r\n"],
	['an unknown path', [404], "GET /nowhere HTTP/1.1\r\n$host\r\n"],
	['seventeen parameters', [400], 'GET /poll?' . join('&', map { "a$_=1" } 1 .. 17) . " HTTP/1.1\r\n$host$cookie\r\n"],
	['an address of 40 kB', [431], 'GET /events?ids=' . 'x' x 40000 . " HTTP/1.1\r\n$host\r\n"],
	['a header of 40 kB', [431], "GET /events HTTP/1.1\r\n${host}X: " . 'x' x 40000 . "\r\n\r\n"],
	['a header of 300 kB', [431], "GET /events HTTP/1.1\r\n${host}X: " . 'x' x 300000 . "\r\n\r\n"],
	['300 headers', [431], "GET /poll HTTP/1.1\r\n$host" . join('', map { "X$_: 1\r\n" } 1 .. 300) . "\r\n"],
	(map { my $m = $_; map { ["$m $_", [405], "$m $_ HTTP/1.1\r\n$host${cookie}Content-Length: 5\r\n\r\nhello"] } qw(/events /poll /ws) }
	    qw(POST PUT PATCH DELETE TRACE PROPFIND FOO get)),
	['a large body', [405], "POST /poll HTTP/1.1\r\n${host}Content-Length: 900000\r\n\r\n" . 'x' x 900000],
	['a chunked body', [405], "POST /events HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
);
subtest 'requests that are no good are problems, by the sidecar' => sub {
	for (@requests) {
		my ($name, $statuses, $bytes) = @$_;
		my $r = raw($live{unix}, $bytes);
		ok(scalar(grep { $_ == $r->{status} } @$statuses), "$name: $r->{status}") or diag $r->{head};
		is($r->{type}, 'application/problem+json', "$name: a problem");
		ok(length($r->{json}{detail} // ''), "$name: with a sentence");
	}
};
subtest 'through the front server no outage and no page is seen' => sub {
	for (grep { $_->[2] =~ m{^[A-Z]+ (http://localhost)?/(events|poll|ws)\S* HTTP/1.1} 
    # lighttpd mends half a percent sign.
    && $_->[0] !~ /^(no|two) host|^half a percent|^no hexa/ } @requests) {
		my ($name, undef, $bytes) = @$_;
		my $r = raw($live{web}, $bytes);
		cmp_ok($r->{status}, '>=', 400, "$name: $r->{status}") or diag $r->{head};
		cmp_ok($r->{status}, '<', 500, "$name: is the client's") unless $r->{status} == 501;
		is($r->{type}, 'application/problem+json', "$name: a problem");
	}
};

subtest 'a head in pieces, and what comes after a request' => sub {
	my $l = $live{unix};
	my $c = bless { s => $l->open, buf => '', events => [] }, 'Platen::Live::Response';
	for my $byte (split //, "GET /poll?wait=0 HTTP/1.1\r\n$host$cookie\r\n") {
		syswrite $c->{s}, $byte;
	}
	is($c->whole(8)->{status}, 200, 'byte by byte');
	like($c->{head}, qr/^date: \w{3}, \d\d \w{3} \d{4} /mi, 'with a date');
	my $r = raw($l, "GET /live/livez HTTP/1.1\r\n$host\r\n" x 3);
	is($r->{status}, 200, 'one of three requests at once is answered');
	is($r->{body}, '{"status":"pass"}', 'once, and then it ends');
	my $w = Platen::WebSocket->new($l->open, '/ws', Cookie => "sid=$a->{token}");
	is($w->recv->{type}, 'connected', 'the others are still there');
};

done_testing;
