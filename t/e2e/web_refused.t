#!/usr/bin/perl
# What the front server itself refuses: in our frame for people, as a problem
# for programs.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP;
use POSIX ();
use Test::More;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web');

# raw: the bytes as they are; {status, type, body, json}.
sub raw {
	my ($bytes) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $s->port)
	    or die "connect: $!";
	local $SIG{PIPE} = 'IGNORE';
	print $c $bytes;
	$c->shutdown(1) if $bytes !~ /^POST/;
	my $answer = do { local $/; local $SIG{ALRM} = sub { die "no answer\n" };
		alarm 10; my $all = <$c>; alarm 0; $all // '' };
	my ($head, $body) = split /\r\n\r\n/, $answer, 2;
	my ($status) = ($head // '') =~ m{^HTTP/1\.[01] (\d+)};
	my ($type) = ($head // '') =~ /^content-type: *([^\r\n;]+)/mi;
	return { status => $status, type => $type, body => $body, head => $head,
		json => scalar eval { decode_json($body) } };
}

my $host = "Host: a\r\nConnection: close\r\n";
my $far = 'x' x 40_000;
for (['a POST without a length', "POST %s HTTP/1.1\r\n$host\r\n", 411, qr/Content-Length/],
	['a body far over the limit', "POST %s HTTP/1.1\r\n${host}Content-Length: 99000000\r\n\r\n", 413, qr/too large/],
	['no Host', "GET %s HTTP/1.1\r\nConnection: close\r\n\r\n", 400, qr/headers/]) {
	my ($name, $bytes, $status, $like) = @$_;
	my $r = raw(sprintf $bytes, '/generations');
	is($r->{status}, $status, "a page, $name: $status");
	is($r->{type}, 'text/html', 'in HTML');
	like($r->{body}, $like, 'with the reason');
	like($r->{body}, qr/class="brand".*Request <code>/s, 'in the frame of all pages');
	$r = raw(sprintf $bytes, '/api/v1/generations');
	is($r->{status}, $status, "a call, $name: $status");
	is($r->{type}, 'application/problem+json', 'as a problem');
	is($r->{json}{status}, $status, 'with the status');
	like($r->{json}{detail} // '', $like, 'and the reason');
	like($r->{head}, qr/^X-Request-Id: \Q$r->{json}{request_id}\E\r?$/mi, 'under a name');
}
my $r = raw("GET / HTTP/1.1\r\n${host}X: $far\r\n\r\n");
is($r->{status}, 431, 'headers without end: 431');
like($r->{body}, qr/32 kB/, 'with the limit');
$r = raw("GET /static/none.css HTTP/1.1\r\n$host\r\n");
is($r->{status}, 404, 'a file that is not there: 404');
like($r->{body}, qr/find that page/, 'as any other address');
$r = raw("GET /static/README HTTP/1.1\r\n$host\r\n");
is($r->{status}, 403, 'a file that is not for visitors: 403');
is(raw("BREW / HTTP/1.1\r\n$host\r\n")->{status}, 501, 'a method that nobody knows: 501');
is(raw("\r\n\0\1\2\r\n\r\n")->{status}, 400, 'no HTTP at all: 400');
is(raw("GET /refused HTTP/1.1\r\n$host\r\n")->{status}, 404, 'the place of these words is no page');
is(raw("GET / HTTP/1.1\r\n${host}Redirect-Status: 503\r\n\r\n")->{status}, 200, 'nobody can ask for one by a header');

# A sidecar that hangs up without a word.
my $rude = IO::Socket::UNIX->new(Local => "$s->{dir}/run/live.sock", Listen => 5) or die $!;
my $pid = fork // die;
if (!$pid) {
	close $_ while $_ = $rude->accept;
	POSIX::_exit(0);
}
$r = raw("GET /api/v1/stats/host?hostname=a.test HTTP/1.1\r\n$host\r\n");
is($r->{status}, 503, 'the sidecar hangs up: 503');
is($r->{json}{status}, 503, 'in a problem, too');
$r = raw("GET /api/v1/stats/host?hostname=%00 HTTP/1.1\r\n$host\r\n");
is($r->{status}, 400, 'over an address that nobody can read: 400');
like($r->{json}{detail}, qr/control character/, 'and why');
kill 'TERM', $pid;
waitpid $pid, 0;
unlink "$s->{dir}/run/live.sock";

# The sidecar was never started.
for my $path ('/api/v1/stats/host?hostname=a.test', '/poll', '/events', '/ws') {
	$r = raw("GET $path HTTP/1.1\r\n$host\r\n");
	is($r->{status}, 503, "the sidecar is away: $path, 503");
	is($r->{type}, 'application/problem+json', 'a problem');
}
like($r->{head}, qr/^Retry-After: \d+/mi, 'and when to come again');

done_testing;
