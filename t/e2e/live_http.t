#!/usr/bin/perl
# What clients without WebSocket see: Server-Sent Events and long-poll, by the
# sidecar's own socket and through lighttpd.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Live;
use Platen::Stack;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(time sleep);

my $s = Platen::Stack->new(with => 'live web',
    env => { PLATEN_LIVE_COMMENT_SECONDS => 1 });

for my $via (qw(unix web)) {
	my $l = Platen::Live->new($s, via => $via);
	my $a = $l->account;
	my $other = $l->account;

	subtest "events by $via" => sub {
		my $g = $l->generation($a, status => 'processing', processed => 3,
		    total => 12);
		my $e = $l->sse($a, "/events?ids=$g");
		is($e->{status}, 200, 'answers');
		is($e->{type}, 'text/event-stream', 'with events');
		like($e->{head}, qr/^cache-control: no-store/mi, 'that nobody keeps');
		my $m = $e->next_event;
		is($m->{event}, 'subscribed', 'what it listens to');
		ok(!defined $m->{id}, 'is no place to resume from yet');
		ok($e->{retry} >= 1000 && $e->{retry} <= 5000, 'when to come back');
		$m = $e->next_event;
		is($m->{event}, 'generation:progress', 'the present state');
		is($m->{data}{payload}{processedUrls}, 3, 'with its numbers');
		ok(defined $m->{id} && $m->{id} eq $m->{data}{id}, 'has a place');
		my $c = $l->event($a, $g, progress => 'processing',
		    { processedUrls => 4, totalUrls => 12 });
		$m = $e->next_event;
		is($m->{id}, $c, 'an event has its cursor as id');
		is($m->{data}{type}, 'generation:progress', 'and the same envelope');
		$l->set($g, "status = 'completed', entries_count = 2");
		$c = $l->event($a, $g, status => 'completed', { entriesCount => 2 });
		my @m = $e->until('end');
		is($m[0]{data}{payload}{status}, 'completed', 'the last event');
		is($m[1]{event}, 'end', 'then the end');
		is($m[1]{id}, $c, 'at its place');
		ok($e->ended, 'and the connection closes');
		$l->set($g, 'announced = true');
		is($l->sse($a, "/events?ids=$g", 'Last-Event-ID' => $c)->{status}, 204,
		    'whoever comes back is told to stay away');
		my $again = $l->sse($a, "/events?ids=$g");
		is($again->{status}, 200, 'a new one is shown the result');
		@m = $again->until('end');
		is_deeply([map { $_->{event} } @m],
		    [qw(subscribed generation:status end)], 'and the end');
	};

	subtest "all own events by $via" => sub {
		my $b = $l->account;
		my $e = $l->sse($b, '/events');
		is($e->next_event->{event}, 'subscribed', 'nothing there yet');
		my $g = $l->generation($b);
		my $c = $l->event($b, $g, created => 'pending', { hostname => 'h' });
		is($e->next_event->{event}, 'generation:created', 'a new one is told');
		my @c = map { $l->event($b, $g, progress => 'processing',
		    { processedUrls => $_ }) } 1 .. 9;
		$e->until('generation:progress', sub { $_[0]{id} eq $c[8] });
		my $f = $l->sse($b, '/events', 'Last-Event-ID' => $c[3]);
		my $m = $f->next_event;
		ok($m->{data}{payload}{resumed}, 'resumed by Last-Event-ID');
		is($m->{data}{payload}{missed}, 5, 'with what was missed');
		is_deeply([map { $f->next_event->{id} } 1 .. 5], [@c[4 .. 8]],
		    'in order');
		$f = $l->sse($b, "/events?last_event_id=$c[6]");
		$f->next_event;
		is($f->next_event->{id}, $c[7], 'and by ?last_event_id=');
		$f = $l->sse($b, "/events?cursor=$c[7]");
		$f->next_event;
		is($f->next_event->{id}, $c[8], 'and by ?cursor=');
		$f = $l->sse($b, "/events?cursor=$c[7]", 'Last-Event-ID' => $c[5]);
		$f->next_event;
		is($f->next_event->{id}, $c[6], 'the header counts more');
		$f->{beats} = 1;
		my @beats = $f->until('heartbeat', sub { 1 }, 5);
		is($beats[-1]{event}, 'heartbeat', 'a silent stream has events that a page sees');
		ok(!defined $beats[-1]{id}, 'which are no place to resume from');
		is($beats[-1]{data}{type}, 'heartbeat', 'in the usual envelope');
		is($f->next_event(5)->{event}, 'heartbeat', 'again and again');
	};

	subtest "polls by $via" => sub {
		my $b = $l->account;
		my $g = $l->generation($b, status => 'processing', processed => 3,
		    total => 12);
		my $r = $l->poll($b, "ids=$g");
		is($r->{status}, 200, 'answers');
		is($r->{type}, 'application/json', 'JSON');
		my $j = $r->{json};
		ok(!$j->{resumed}, 'nothing to resume');
		is($j->{missed}, 0, 'nothing missed');
		is($j->{events}[0]{payload}{processedUrls}, 3, 'the present state at once');
		my $began = time;
		$r = $l->poll($b, "ids=$g&cursor=$j->{cursor}&wait=1");
		ok(time - $began > 0.9, 'with a cursor it is held');
		is(scalar @{ $r->{json}{events} }, 0, 'and ends with nothing');
		is($r->{json}{cursor}, $j->{cursor}, 'at the same place');
		ok($r->{json}{resumed}, 'resumed');
		my $held = $l->get($b, "/poll?ids=$g&cursor=$j->{cursor}");
		$held->head(5);
		is($held->{status}, 200, 'the head comes before the answer');
		my $c = $l->event($b, $g, progress => 'processing',
		    { processedUrls => 4 });
		$began = time;
		$r = $held->whole;
		within(time - $began, 2, 'an event ends the wait of a long-poll');
		is($r->{json}{events}[0]{id}, $c, 'and is in the answer');
		is($r->{json}{cursor}, $c, 'which goes on from there');
		my @c = map { $l->event($b, $g, progress => 'processing',
		    { processedUrls => $_ }) } 5 .. 8;
		$r = $l->poll($b, "ids=$g&cursor=$c");
		is_deeply([map { $_->{id} } @{ $r->{json}{events} }], \@c,
		    'what came in between is all there');
		is($r->{json}{missed}, 4, 'and counted');
		$r = $l->poll($b, "ids=$g&cursor=otherepoch-1-1");
		ok(!$r->{json}{resumed}, 'a foreign cursor is not resumed');
		ok(!defined $r->{json}{missed}, 'nobody knows what was missed');
		is($r->{json}{events}[0]{payload}{processedUrls}, 8,
		    'it brings the present state');
		my $theirs = $l->generation($other);
		$r = $l->poll($b, "ids=$theirs");
		is($r->{json}{events}[0]{payload}{code}, 'not_found',
		    'a foreign id is not found');
	};

	subtest "requests that are no good, by $via" => sub {
		my $problem = sub {
			my ($r, $status, $like, $name) = @_;
			$r->whole;
			is($r->{status}, $status, $name);
			is($r->{type}, 'application/problem+json', '... as a problem');
			like($r->{head}, qr/^x-request-id: \Q$r->{json}{request_id}\E\r?$/mi,
			    '... under a name');
			like($r->{json}{detail} // '', $like, '... with a sentence');
		};
		for my $path (qw(/events /poll)) {
			$problem->($l->get(undef, $path), 401, qr/session/,
			    "$path without a session");
			$problem->($l->get({ token => 'y' x 43 }, $path), 401,
			    qr/session/, "$path with an unknown one");
			$problem->($l->get($a, "$path?color=red"), 400, qr/"color"/,
			    "$path with an unknown parameter");
			$problem->($l->get($a, "$path?ids=" . join ',', ('x') x 101), 400,
			    qr/at most 100/, "$path with too many ids");
			$problem->($l->get($a, "$path?dialect=klingon"), 400,
			    qr/klingon/, "$path in an unknown dialect");
			$problem->($l->get($a, $path, method => 'POST',
			    'Content-Length' => 0), 405, qr/GET/, "POST $path");
			$problem->($l->get($a, $path, Origin => 'http://evil.example'),
			    403, qr/other sites/, "$path from another site");
		}
		my $r = $l->get($a, '/poll?wait=x');
		$problem->($r, 400, qr/seconds/, 'a wait that is no number');
		is($r->{json}{errors}[0]{pointer}, '#/wait', '... and where');
		$problem->($l->get($a, '/ws'), 426, qr/WebSocket/, '/ws by a plain GET')
		    ;
	};
}

subtest 'the sidecar says how it is' => sub {
	my $l = Platen::Live->new($s);
	is($l->get(undef, '/live/livez')->whole->{status}, 200, 'alive');
	is($l->get(undef, '/live/healthz')->whole->{json}{status}, 'pass', 'well');
	is($l->get(undef, '/live/livez', method => 'HEAD')->head->{status}, 200, 'by its head alone');
	is($l->get(undef, '/nowhere')->whole->{status}, 404, 'nothing else');
};

done_testing;
