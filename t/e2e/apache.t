#!/usr/bin/perl
# Apache in lighttpd's place, by etc/apache.conf: pages, files, and all three
# live transports.
use strict;
use warnings;
use FindBin qw($Bin);
use Test::More;
use Time::HiRes qw(sleep time);
use lib "$Bin/../lib";
use Platen::Timing;
use IO::Socket::INET;
use Platen::Apache;
use Platen::Live;
use Platen::Seed;
use Platen::Stack;
use Platen::User;

my $s = Platen::Stack->new(with => 'live');
my $apache = Platen::Apache->new($s)
    or plan skip_all => 'Apache is not installed';
my $u = Platen::User->new($apache->url);
my $sends = $apache->sends;
my $port = $apache->port;

is($u->get('/')->{status}, 200, 'a page');
is($u->get('/readyz')->{json}{status}, 'warn', 'JSON');
my $css = $u->get('/static/style.css');
is($css->{status}, 200, 'a file');
is($css->{headers}{'cache-control'}, 'no-cache', 'asked for anew each time');
like($u->get('/static/style.css?v=1')->{headers}{'cache-control'}, qr/immutable/,
    'but for ever when its address names its content');
is($u->get('/generations/%2e%2e%2fetc%2fpasswd')->{status}, 404,
    'a path with coded slashes reaches platen-web as it is');
my $r = $u->get('/api/v1/generations?colour=red');
is($r->{status}, 400, 'the query arrives');
like($r->{body}, qr/colour/, 'whole');
# What Apache refuses itself.
$r = $u->get('/static/none.css');
is($r->{status}, 404, 'a file that is not there');
like($r->{body}, qr/class="brand".*find that page/s, 'is told in our own frame');
$r = $u->request(POST => '/api/v1/generations',
    { 'Content-Type' => 'application/json' }, 'x' x 2_200_000);
is($r->{status}, 413, 'a body far over the limit');
is($r->{headers}{'content-type'}, 'application/problem+json', 'is a problem to a program');

my $made = $u->json(POST => '/api/v1/generations', { type => 'llms_txt',
	input => { hostname => 'slow.test' } });
is($made->{status}, 202, 'an order is taken') or diag $made->{body};
my $id = $made->{json}{data}{id};

# ---- large results -----------------------------------------------------------

my $account = Platen::Seed::account_of($s, $u);
my $large = Platen::Seed::generation($s, $account, 'big.test', 'completed',
    artifacts => { 'llms-full.txt' => '' });
$s->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 1048576), 'UTF8') WHERE generation_id = '$large'");
$s->psql('platen', "UPDATE artifacts SET sha256 = sha256(body) WHERE generation_id = '$large'");
my $path = "/generations/$large/artifacts/llms-full.txt";
my $n = 16 << 20;
$r = $u->get("$path?download=1");
is($r->{status}, 200, 'a large result');
ok($r->{body} eq '0123456789abcdef' x 1048576, 'a large result arrives whole');
is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'as text');
like($r->{headers}{'content-security-policy'}, qr/sandbox/, 'that runs nothing');
like($r->{headers}{'content-disposition'}, qr/llms-full-big\.test\.txt/, 'a large result has its file name');
is($r->{headers}{'x-sendfile'}, undef, 'the path in the spool is not shown');
is($u->get($path, 'If-None-Match' => $r->{headers}{etag})->{status}, 304, 'the same again: 304');
is($u->request(HEAD => $path, {})->{status}, 200, 'HEAD is answered');
my $part = $u->get($path, Range => 'bytes=1000003-1500002');
is($part->{status}, 206, 'a large part of it');
is($part->{headers}{'content-range'}, "bytes 1000003-1500002/$n", 'a large part has its Content-Range');
ok($part->{body} eq substr('0123456789abcdef' x 1048576, 1000003, 500000), 'and is');
is($u->get($path, Range => 'bytes=16-31')->{body}, '0123456789abcdef', 'a small part is served, too');

# Readers that do not read hold neither threads nor pages up.
note 'without mod_xsendfile' unless $sends;
my @slow = map {
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or die;
	print $c "GET $path HTTP/1.1\r\nHost: x\r\nCookie: sid=" . $u->cookies->{sid} . "\r\n\r\n";
	$c->flush;
	$c
} 1 .. 40;
sleep 1;
my $t = time;
is($u->get('/')->{status}, 200, 'a page beside forty slow readers') for 1 .. 10;
within((time - $t) / 10, 0.1, 'a page beside forty slow readers comes at once');
@slow = ();

# The listeners as other tests have them, by way of Apache.
$s->{port} = $apache->port;
my $l = Platen::Live->new($s, via => 'web');
my $me = { id => $s->value("SELECT account_id FROM generations WHERE id = '$id'"),
	token => $u->cookies->{sid} };
$l->set($id, "status = 'processing', attempt = 1, total = 4, announced = true");
my $ws = $l->ws($me);
is($ws->{status}, 101, 'ws: a WebSocket opens');
$ws->send({ type => 'subscribe', payload => { generationIds => [$id] } });
my $sse = $l->sse($me, "/events?ids=$id");
is($sse->{status}, 200, 'sse: a stream opens');
$_->until('generation:progress') for $ws, $sse;
my $at = $l->poll($me, "ids=$id&wait=0")->{json};
ok(defined $at, 'poll: answers');
my $cursor = $at->{cursor} // $at->{data}{cursor};
my $poll = $l->get($me, "/poll?ids=$id&wait=20&cursor=$cursor");
sleep 0.5;
my $sent = time;
$l->event($me, $id, progress => 'processing', { processedUrls => 1, totalUrls => 4 });
is($ws->recv->{payload}{processedUrls}, 1, 'ws: progress comes');
is($sse->next_event->{data}{payload}{processedUrls}, 1, 'sse: progress comes');
like($poll->whole->{body}, qr/"processedUrls":1\b/, 'poll: progress comes');
within(time - $sent, 2, 'ws, sse and poll: progress comes as it happens');
$l->set($id, "status = 'completed', entries_count = 4");
$l->set($id, 'announced = true');
$l->event($me, $id, status => 'completed', { entriesCount => 4 });
is($ws->recv->{payload}{status}, 'completed', 'ws: and the end');
is($sse->next_event->{data}{payload}{status}, 'completed', 'sse: and the end');
ok($sse->ended, 'sse: which closes the stream');

# Apache sees that a client has left when it writes for the second time.
my $healthz = sub { Platen::Live->new($s)->get(undef, '/live/healthz')->whole->{json}{listeners} };
my $others = $healthz->();
my $gone = $l->generation($me, status => 'processing');
my @left = map { $l->sse($me, "/events?ids=$gone") } 1 .. 2;
$_->until('generation:progress') for @left;
$cursor = $l->poll($me, "ids=$gone&wait=0")->{json}{cursor};
push @left, $l->get($me, "/poll?ids=$gone&wait=25&cursor=$cursor")->head;
is($healthz->(), $others + 3, 'three listeners count');
my $began = time;
close $_->{s} for @left;
wait_for { $healthz->() <= $others } 20, 'their ends';
within(time - $began, 10, 'listeners who left by Apache are not counted any more after ten seconds');
my $patient = $l->get($me, "/poll?ids=$gone&wait=6&cursor=$cursor")->whole;
is($patient->{json}{cursor}, $cursor, 'a long-poll that stays is answered whole');
$ws = $l->ws($me, 'Sec-WebSocket-Protocol' => 'chat, other');
is($ws->{status}, 101, 'ws: a subprotocol is taken');
$ws->recv;
$ws->frame(1, '{}', masked => 0);
is($ws->closed, 1002, 'ws: a frame without a mask is refused');
$r = $l->get($me, '/ws', 'Sec-WebSocket-Version' => 8, Upgrade => 'websocket',
    Connection => 'Upgrade', 'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==')->whole;
is($r->{status}, 426, 'ws: another version');
like($r->{head}, qr/^sec-websocket-version: 13\r?$/mi, 'is told the right one');
$r = $u->get('/api/v1/stats/host?hostname=');
like($r->{headers}{'content-type'}, qr/json/, 'the count of a host is answered');

done_testing();
