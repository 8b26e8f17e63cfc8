#!/usr/bin/perl
# Cancel, try again and delete: a program has nothing to say there but the
# address, so they work with no body, however that is sent; and no page of
# another site can ask for them with a visitor's cookie.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use JSON::PP;
use Test::More;
use Platen::Apache;
use Platen::Http;
use Platen::Seed;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web live');
my $apache = Platen::Apache->new($s);
my $u = Platen::Http->new($s->url);
$u->json(POST => '/api/v1/generations', { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $sid = $u->cookies->{sid};

# send: a request as it stands, with the cookie; its status.
sub send_raw {
	my ($port, $line, $headers, $body) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die "connect: $!";
	local $SIG{PIPE} = 'IGNORE';
	print $c "$line HTTP/1.1\r\nHost: a.test\r\nCookie: sid=$sid\r\nConnection: close\r\n$headers\r\n$body";
	$c->flush;
	my $all = '';
	local $SIG{ALRM} = sub { die "no answer\n" };
	alarm 20;
	1 while sysread $c, $all, 65536, length $all;
	alarm 0;
	return $all =~ m{^HTTP/1\.[01] (\d+)} ? $1 : 0;
}

sub fresh { Platen::Seed::generation($s, $me, 'step.test', $_[0]) }
sub status { $s->value("SELECT status FROM generations WHERE id = '$_[0]'") // 'gone' }

my $form = 'application/x-www-form-urlencoded';
my @ways = (
	['nothing at all', '', ''],
	['-d \'\'', "Content-Type: $form\r\nContent-Length: 0\r\n", ''],
	['a length of 0', "Content-Length: 0\r\n", ''],
	['a type and no length', "Content-Type: application/json\r\n", ''],
	['a form and no length', "Content-Type: $form\r\n", ''],
	['plain text of no length', "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: 0\r\n", ''],
	['no bytes of anything', "Content-Type: application/octet-stream\r\nContent-Length: 0\r\n", ''],
	['parts of a form, none', "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 0\r\n", ''],
	['a type that is none', "Content-Type: ?\r\nContent-Length: 0\r\n", ''],
	['pieces, none of them', "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"],
	['an object in pieces', "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"],
	['an empty object', "Content-Type: application/json\r\nContent-Length: 2\r\n", '{}'],
	['an empty object as a form', "Content-Type: $form\r\nContent-Length: 2\r\n", '{}'],
	['an empty object of no type', "Content-Length: 5\r\n", " {}\r\n"],
	['null', "Content-Type: application/json\r\nContent-Length: 4\r\n", 'null'],
	['a line break', "Content-Type: text/plain\r\nContent-Length: 2\r\n", "\r\n"],
);
for my $front (['lighttpd', $s->port], $apache ? ['Apache', $apache->port] : ()) {
	my ($name, $port) = @$front;
	my $id = fresh('pending');
	for (@ways) {
		my ($how, $headers, $body) = @$_;
		for my $at ("/api/v1/generations/$id") {
			is(send_raw($port, "POST $at/cancel", $headers, $body), 202, "$name: cancel, $how");
			is(status($id), 'canceled', 'and it is');
			is(send_raw($port, "POST $at/retry", $headers, $body), 202, "$name: try again, $how");
			is(status($id), 'pending', 'and it is');
		}
		for my $base ('/api/v1/generations', '/api/generations') {
			my $one = fresh('completed');
			is(send_raw($port, "DELETE $base/$one", $headers, $body), 204, "$name: delete at $base, $how");
			is(status($one), 'gone', 'and it is');
		}
	}
	# HTTP/1.0 has no other way to say that there is no body.
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die;
	print $c "POST /api/v1/generations/$id/cancel HTTP/1.0\r\nHost: a\r\nCookie: sid=$sid\r\n\r\n";
	like(scalar <$c> // '', qr/ 202 /, "$name: HTTP/1.0");

	# A page of another site.
	$id = fresh('pending');
	my $gone = fresh('completed');
	for (['another site', "Sec-Fetch-Site: cross-site\r\n"], ['a sister', "Sec-Fetch-Site: same-site\r\n"],
		['another origin', "Origin: http://evil.test\r\n"], ['our name on another port', "Origin: http://a.test:81\r\n"],
		['no origin', "Origin: null\r\n"],
		['both', "Sec-Fetch-Site: cross-site\r\nOrigin: http://a.test\r\n"]) {
		my ($from, $headers) = @$_;
		for (['POST', "/api/v1/generations/$id/cancel"], ['POST', "/api/v1/generations/$gone/retry"],
			['DELETE', "/api/v1/generations/$id"], ['DELETE', "/api/generations/$id"],
			['DELETE', "/api/v1/generations/$gone/edits"], ['POST', "/generations/$id/cancel"]) {
			is(send_raw($port, "$_->[0] $_->[1]", "${headers}Content-Type: $form\r\nContent-Length: 0\r\n", ''),
			    403, "$name: $_->[0] $_->[1] from $from");
		}
		is(send_raw($port, "POST /api/v1/generations/$id/cancel", $headers, ''), 403, "$name: of no length from $from");
		is(send_raw($port, "POST /api/v1/generations/$id/cancel",
		    "${headers}Content-Type: text/plain\r\nContent-Length: 2\r\n", '{}'), 403, "$name: as text from $from");
		is(send_raw($port, "POST /api/v1/generations",
		    "${headers}Content-Type: application/json\r\nContent-Length: 2\r\n", '{}'), 403, "$name: an order from $from");
	}
	is(status($id), 'pending', 'none of them did anything');
	is(status($gone), 'completed', 'to either');
	is(send_raw($port, "POST /api/v1/generations/$id/cancel", $_, ''), 202, "$name: a page of ours: " . s/\r\n/ /gr)
	    and $s->psql('platen', "UPDATE generations SET status = 'pending' WHERE id = '$id'")
	    for "Sec-Fetch-Site: same-origin\r\n", "Origin: http://a.test\r\n",
	    "Sec-Fetch-Site: same-origin\r\nOrigin: http://a.test\r\n";

	# What needs a body says so.
	is(send_raw($port, 'POST /api/v1/generations', "Content-Length: 0\r\n", ''), 415, "$name: an order without a word");
	like(send_raw($port, 'POST /api/v1/generations', '', ''), qr/^(411|415)$/, "$name: nor a length");
	is(send_raw($port, "POST /api/v1/generations/$id/cancel", "Content-Length: 3\r\n", 'now'), 415,
	    "$name: a word that is not understood");
	is(send_raw($port, "DELETE /api/v1/generations/$id", "Content-Type: application/json\r\nContent-Length: 7\r\n",
	    '{"a":1}'), 400, "$name: a member that there is not");
	is(status($id), 'pending', 'changes nothing');
}

done_testing;
