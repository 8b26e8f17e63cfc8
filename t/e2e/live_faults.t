#!/usr/bin/perl
# What listeners see when they are slow, many or rude, and when servers die.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Poll qw(POLLIN);
use Platen::Live;
use Platen::Stack;
use Socket qw(SOL_SOCKET SO_RCVBUF);
use Test::More;
use Time::HiRes qw(time sleep);

my $s = Platen::Stack->new(with => 'live',
    env => { PLATEN_LIVE_SESSION_SECONDS => 1, PLATEN_LIVE_PING_SECONDS => 5 });
my $l = Platen::Live->new($s);
my $a = $l->account;

sub rss { open my $h, '<', '/proc/' . $s->pid('live') . '/statm' or return 0;
	return 4 * (split ' ', <$h>)[1] }

sub progress { map { $_->{data}{payload}{processedUrls} }
	grep { $_->{event} eq 'generation:progress' } @_ }

subtest 'a slow reader loses progress, never a change of status' => sub {
	my $g = $l->generation($a, status => 'processing');
	my $e = $l->get($a, "/events?ids=$g");
	$e->head;
	$e->until('generation:progress');
	# It does not read while all this happens.
	my (@list, @status);
	for my $i (1 .. 1600) {
		my $revision = 2 + int $i / 400;
		if ($i % 400 == 0) {
			my $n = $i / 400;
			push @list, [$a, $g, status => $n % 2 ? 'pending' : 'processing',
			    { attempt => $n, revision => $revision }];
		} else {
			push @list, [$a, $g, progress => 'processing',
			    { processedUrls => $i, message => 'x' x 700,
			      revision => $revision }];
		}
	}
	my @c = $l->events(@list);
	my $quick = $l->poll($a, "ids=$g&cursor=$c[1598]");
	is(scalar @{ $quick->{json}{events} }, 1, 'others are served meanwhile');
	$l->set($g, "status = 'completed', announced = true");
	my $last = $l->event($a, $g, status => 'completed', { revision => 7 });
	sleep 0.3;
	my @m = $e->until('end', undef, 20);
	my @ids = map { $_->{id} } grep { defined $_->{id} && $_->{event} ne 'end' } @m;
	is($ids[-1], $last, 'it gets to the end');
	my @seen = grep { $_->{event} eq 'generation:status' } @m;
	is(scalar @seen, 5, 'with every change of status');
	my @p = progress(@m);
	ok(@p < 1400, 'and ' . @p . ' of 1596 steps of progress');
	ok(!grep({ $p[$_] <= $p[$_ - 1] } 1 .. $#p), 'in order');
	is($p[-1], 1599, 'the latest among them');
};

subtest 'many that move between transports lose nothing' => sub {
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing');
	my $first = $l->event($b, $g, progress => 'processing', { processedUrls => 0 });
	my $publisher = fork;
	if (!$publisher) {
		for my $i (1 .. 240) {
			$l->event($b, $g, progress => 'processing', { processedUrls => $i });
			sleep 0.008;
		}
		POSIX::_exit(0);
	}
	my @clients = map { { cursor => $first, got => [], turn => $_ } } 1 .. 12;
	my $until = time + 30;
	while (time < $until and my @left = grep { ($_->{got}[-1] // 0) < 240 } @clients) {
		for my $c (@left) {
			my $how = $c->{turn}++ % 3;
			if ($how == 0) {
				my $w = $l->ws($b);
				$w->send({ type => 'subscribe', payload => {
				    generationIds => [$g], cursor => $c->{cursor} } });
				for (1 .. 2 + int rand 9) {
					my $m = $w->recv(0.05) or last;
					next if $m->{type} ne 'generation:progress';
					push @{ $c->{got} }, $m->{payload}{processedUrls};
					$c->{cursor} = $m->{id};
				}
			} elsif ($how == 1) {
				my $e = $l->sse($b, "/events?ids=$g",
				    'Last-Event-ID' => $c->{cursor});
				for (1 .. 1 + int rand 9) {
					my $m = $e->next_event(0.05) or last;
					next if $m->{event} ne 'generation:progress';
					push @{ $c->{got} }, $m->{data}{payload}{processedUrls};
					$c->{cursor} = $m->{id};
				}
			} else {
				my $r = $l->poll($b, "ids=$g&cursor=$c->{cursor}&wait=0");
				push @{ $c->{got} }, map { $_->{payload}{processedUrls} }
				    @{ $r->{json}{events} };
				$c->{cursor} = $r->{json}{cursor};
			}
		}
	}
	waitpid $publisher, 0;
	is_deeply($_->{got}, [1 .. 240], 'everything once, in order') for @clients;
};

# Raw connections by the hundred: text read so far by each.
sub crowd {
	my ($account, $n, $path) = @_;
	return map {
		my $c = $l->get($account, $path->($_));
		$c->{s}->blocking(0);
		$c;
	} 0 .. $n - 1;
}

sub pump {
	my ($done, $seconds, @crowd) = @_;
	my $poll = IO::Poll->new;
	my %of = map { fileno($_->{s}) => $_ } @crowd;
	$poll->mask($_->{s}, POLLIN) for @crowd;
	my $until = time + $seconds;
	my $left = @crowd;
	while ($left && time < $until) {
		$poll->poll(0.1);
		for my $h ($poll->handles(POLLIN | IO::Poll::POLLHUP())) {
			my $c = $of{ fileno $h };
			my $n = sysread $h, $c->{buf}, 65536, length $c->{buf};
			if (!$n || $done->($c->{buf})) {
				$c->{eof} = 1 if defined $n && !$n;
				$poll->remove($h);
				$left--;
			}
		}
	}
	return @crowd - $left;
}

subtest 'a thousand streams survive a restart of the sidecar' => sub {
	my $n = 1000;
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing', processed => 1);
	my @crowd = crowd($b, $n, sub { "/events?ids=$g" });
	is(pump(sub { $_[0] =~ /event: generation:progress/ }, 20, @crowd), $n,
	    'all have the present state');
	my $c1 = $l->event($b, $g, progress => 'processing', { processedUrls => 2 });
	is(pump(sub { $_[0] =~ /^id: \Q$c1\E$/m }, 20, @crowd), $n, 'all hear an event');
	my %retry;
	$retry{ $_->{buf} =~ /retry: (\d+)/ ? $1 : '-' }++ for @crowd;
	ok(keys %retry > 200, 'each comes back at a time of its own');
	$s->stop('live');
	pump(sub { 0 }, 5, @crowd);
	is(scalar grep({ $_->{eof} } @crowd), $n, 'all are let go');
	my @missed = map { $l->event($b, $g, progress => 'processing',
	    { processedUrls => $_ }) } 3 .. 7;
	$s->start('live');
	@crowd = map {
		my $c = $l->get($b, "/events?ids=$g", 'Last-Event-ID' => $c1);
		$c->{s}->blocking(0);
		$c;
	} 1 .. $n;
	my $last = $l->event($b, $g, progress => 'processing', { processedUrls => 8 });
	is(pump(sub { $_[0] =~ /^id: \Q$last\E$/m }, 30, @crowd), $n, 'all resume');
	my $want = join ' ', @missed, $last;
	my $good = grep { join(' ', $_->{buf} =~ /^id: (\S+)$/mg) eq $want } @crowd;
	is($good, $n, 'with exactly what they had missed');
	ok(rss() < 60000 || ($ENV{MODE} // '') eq 'asan', 'in ' . rss() . ' kB');
};

subtest 'Redis dies and comes back' => sub {
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing', processed => 5);
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	$w->until('generation:progress');
	my $cursor = $l->event($b, $g, progress => 'processing', { processedUrls => 6 });
	$w->until('generation:progress');
	sleep 1.1;    # appendfsync everysec
	$s->kill9('redis');
	sleep 0.2;
	my $v = $l->ws($b);
	my @m = ($v->send({ type => 'subscribe',
	    payload => { generationIds => [$g] } }), $v->until('generation:progress'));
	is($m[-1]{payload}{processedUrls}, 5,
	    'a new listener gets what the database knows');
	is($l->poll($b, "ids=$g&cursor=$cursor")->{status}, 503, 'a poll is asked back');
	# Its last event found no Redis.
	$l->set($g, "status = 'failed', error = 'Gone.'");
	$s->start('redis');
	for my $x ([$w, 'one that was there'], [$v, 'the new one']) {
		@m = $x->[0]->until('generation:status', undef, 15);
		is($m[-1]{payload}{status}, 'failed', "$x->[1] gets the present state");
	}
	my $last = $l->event($b, $g, status => 'pending', { revision => 4 });
	is(($w->until('generation:status'))[-1]{id}, $last, 'and events again');
	is(($v->until('generation:status'))[-1]{id}, $last, 'both');
};

subtest 'Redis is emptied' => sub {
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing', processed => 5);
	my $old = $l->event($b, $g, progress => 'processing', { processedUrls => 6 });
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe' });
	$w->until('generation:progress');
	$s->redis('FLUSHALL');
	$s->redis('SET', 'platen:epoch', 'newepoch');
	my $new = $l->event($b, $g, progress => 'processing', { processedUrls => 7 });
	my @m = $w->until('generation:progress');
	my ($sub) = grep { $_->{type} eq 'subscribed' } @m;
	ok($sub && !$sub->{payload}{resumed}, 'listeners are told that it began anew');
	is($m[-1]{payload}{processedUrls}, 7, 'and where it stands');
	my $r = $l->poll($b, "cursor=$old");
	ok(!$r->{json}{resumed}, 'an old cursor is not resumed');
};

subtest 'PostgreSQL dies and comes back' => sub {
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing', processed => 5);
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	$w->until('generation:progress');
	$s->kill9('pg');
	sleep 1.5;    # longer than a session is trusted
	my $e = $l->event($b, $g, progress => 'processing', { processedUrls => 6 });
	is(($w->until('generation:progress'))[-1]{id}, $e, 'who is there hears on');
	my $r = $l->poll($b, '');
	is($r->{status}, 503, 'new ones are asked to come back');
	is($r->{type}, 'application/problem+json', 'as a problem');
	like($r->{head}, qr/^retry-after: \d/mi, 'with a time');
	my $v = $l->ws($b);
	is($v->recv->{payload}{code}, 'unavailable', 'a WebSocket is told so');
	is($v->closed, 1013, 'and closed');
	my $pid = "$s->{dir}/pg/postmaster.pid";
	unlink $pid;
	$s->start('pg');
	wait_for { $l->poll($b, '')->{status} == 200 } 10, 'polls work again';
	pass('and then served again');
};

subtest 'a session that ends ends its connections' => sub {
	my $b = $l->account;
	my $w = $l->ws($b);
	$w->recv;
	my $e = $l->sse($b, '/events');
	$e->next_event;
	$s->sql("DELETE FROM sessions WHERE account_id = '$b->{id}'");
	is($w->closed(10), 4401, 'WebSocket');
	my @m = $e->until('error');
	is($m[-1]{data}{payload}{code}, 'unauthorized', 'events');
	ok($e->ended, 'over');
};

subtest 'bad frames close their own connection and no other' => sub {
	my $good = $l->ws($a);
	$good->recv;
	my $try = sub {
		my ($name, $code, $send) = @_;
		my $w = $l->ws($a);
		$w->recv;
		$send->($w);
		my $got = $w->closed(5);
		if (defined $code) {
			is($got, $code, $name);
		} else {
			ok(defined $got || $w->{eof}, "$name: closed");
		}
	};
	$try->('binary', 1003, sub { $_[0]->frame(2, 'x') });
	$try->('20 kB', 1009, sub { $_[0]->frame(1, 'x' x 20000) });
	$try->('20 kB in pieces', 1009, sub {
		$_[0]->frame(1, 'x' x 5000, fin => 0);
		$_[0]->frame(0, 'x' x 5000, fin => 0) for 1 .. 2;
		$_[0]->frame(0, 'x' x 5000);
	});
	$try->('no UTF-8', undef, sub { $_[0]->frame(1, "\xff\xfe\xfd") });
	$try->('reserved bits', undef, sub { $_[0]->frame(1, '{}', rsv => 7) });
	$try->('an unknown opcode', undef, sub { $_[0]->frame(7, 'x') });
	$try->('a continuation of nothing', undef, sub { $_[0]->frame(0, 'x') });
	$try->('a long control frame', undef, sub { $_[0]->frame(9, 'x' x 200) });
	$try->('noise', undef, sub { $_[0]->raw(join '', map { chr int rand 256 } 1 .. 4000) });
	$try->('too many messages', 1008,
	    sub { $_[0]->send({ type => 'ping' }) for 1 .. 300 });
	my $w = $l->ws($a);
	$w->recv;
	$w->frame(1, '{"type":', fin => 0);
	$w->frame(9, 'are you there');
	$w->frame(0, '"ping"}');
	is($w->recv->{type}, 'pong', 'a message in pieces is one message');
	srand 7;
	for (1 .. 200) {
		my $v = $l->ws($a);
		$v->raw(join '', map { chr int rand 256 } 1 .. int rand 60);
	}
	$good->send({ type => 'ping' });
	is($good->recv->{type}, 'pong', 'the others are still there');
};

subtest 'who does not answer pings is let go' => sub {
	my $w = $l->ws($a);
	$w->{answer} = 0;
	$w->recv(20);
	while ($w->recv(20)) { }
	ok($w->{pings} >= 1, 'it was pinged');
	ok($w->{eof} || $w->{close}, 'and let go');
};

subtest 'a restart says goodbye' => sub {
	my $b = $l->account;
	my $w = $l->ws($b);
	$w->recv;
	my $e = $l->sse($b, '/events');
	$e->next_event;
	my $cursor = $l->poll($b, '')->{json}{cursor};
	my $p = $l->get($b, "/poll?cursor=$cursor");
	$p->head;
	my $c = $l->get(undef, '/api/stats/host?hostname=example.org');
	sleep 0.3;
	my $first = $e->{retry};
	my $pid = $s->pid('live');
	$s->stop('live');
	is($w->closed, 1012, 'a WebSocket learns why');
	ok(!$e->next_event(2) && $e->{eof}, 'a stream ends');
	isnt($e->{retry}, $first, 'and is told again when to come back');
	is($p->whole->{json}{cursor}, $cursor, 'a poll is answered');
	is($c->whole->{json}{data}{isComplete}, JSON::PP::false, 'a count, too');
	$s->start('live');
};

subtest 'other services see who listens' => sub {
	my $b = $l->account;
	my $g = $l->generation($b);
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	$w->until('generation:status');
	my ($key) = grep { $s->redis('HGET', $_, 'userId') eq $b->{id} }
	    @{ $s->redis('KEYS', 'client:*') };
	ok($key, 'hash client:{id}');
	ok($s->redis('TTL', $key) > 0, 'which expires');
	(my $set = $key) =~ s/^client/subscriptions/;
	is_deeply($s->redis('SMEMBERS', $set), ["job:$g"], 'set subscriptions:{id}');
	$w->frame(8, pack 'n', 1000);
	wait_for { !$s->redis('EXISTS', $key) } 5, 'the hash goes with the client';
	pass('and both go with it');
};

done_testing;
