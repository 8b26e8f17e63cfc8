#!/usr/bin/perl
# What listeners see that say nothing themselves, whose ids are not there, or
# whose connection died without a word; and other services on Redis' public
# channels.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Live;
use Platen::Peers;
use Platen::Stack;
use Test::More;
use Time::HiRes qw(time);

my $s = Platen::Stack->new(with => 'live web', env => {
    PLATEN_LIVE_PING_SECONDS => 1, PLATEN_LIVE_COMMENT_SECONDS => 2 });
my $l = Platen::Live->new($s);
my $a = $l->account;

sub listeners { $l->get(undef, '/live/healthz')->whole->{json}{listeners} }

# The clients that people have, each alone and silent meanwhile.
my $silent = 5;
my (%held, %missing);
for my $client (Platen::Peers::all()) {
	$missing{$client} = Platen::Peers::missing($client);
	$held{$client} = Platen::Peers::start($client, 'ws' . substr($s->url('/ws'), 4),
	    $a->{token}, $silent) unless $missing{$client};
}

# Pings come once a second here: two unanswered ones used to be the end.
for my $via (qw(unix web)) {
	my $v = Platen::Live->new($s, via => $via);

	subtest "a WebSocket that only listens stays open, by $via" => sub {
		my $w = $v->ws($a);
		my $m = $w->recv;
		my $end = time + 4.5;
		while (time < $end && !$w->{eof}) { $w->recv($end - time) }
		cmp_ok($w->{pings}, '>=', 3, 'it answers pings');
		ok(!$w->{eof} && !$w->{close}, 'and is there after all of them');
	};

	subtest "one that answers with empty pongs stays open, by $via" => sub {
		my $w = $v->ws($a);
		$w->{answer} = 0;
		my $end = time + 4.5;
		while (time < $end and my $f = $w->recv_frame($end - time)) {
			$w->frame(10, '') if $f->[0] == 9;
			fail('it is closed') if $f->[0] == 8;
		}
		ok(!$w->{eof}, 'any pong counts');
		$w->frame(1, '{"type":"ping"}');
		is($w->recv->{type}, 'pong', 'it is still answered');
	};
}

for my $client (Platen::Peers::all()) {
	SKIP: {
		skip "$client: $missing{$client}", 1 if $missing{$client};
		is(Platen::Peers::end($held{$client}), 'open',
		    "$client is open after $silent pings without a word");
	}
}

subtest 'who is gone without a word is let go' => sub {
	# Those of the tests above are on their way out.
	wait_for { listeners() == 0 } 10, 'all others to be gone';
	my $before = 0;
	my @gone = map { $l->ws($a) } 1 .. 3;
	$_->recv for @gone;
	is(listeners(), $before + 3, 'they count at first');
	# They neither read nor close: a peer that vanished.
	wait_for { listeners() == $before } 8, 'their ends';
	pass('and not for long');
};

subtest 'a long-poll for what is not there is held' => sub {
	my $g = $l->generation($a, status => 'processing');
	my $none = Platen::Live::uuid();
	my $other = $l->generation($l->account, status => 'processing');
	for my $ids ($none, "$none,$other", 'nonsense', "$none,7,x", "$g,$none") {
		my $r = $l->poll($a, "ids=$ids");
		my @codes = map { $_->{payload}{code} // () } @{ $r->{json}{events} };
		is(scalar @codes, $ids =~ /^\Q$g/ ? 1 : 1 + ($ids =~ tr/,//),
		    'it is said once') ;
		my ($n, $end) = (0, time + 1.5);
		while (time < $end) {
			$r = $l->poll($a, "ids=$ids&cursor=$r->{json}{cursor}&wait=1");
			$n++;
		}
		cmp_ok($n, '<=', 2, "then the answer waits ($n in 1.5 s)");
		is(scalar @{ $r->{json}{events} }, 0, 'and has nothing more to say');
	}
	# Whoever comes with a cursor of another transport is told at once.
	my $cursor = $l->poll($a, '')->{json}{cursor};
	my $fresh = Platen::Live::uuid();
	my $r = $l->poll($a, "ids=$fresh&cursor=$cursor&wait=25");
	is($r->{json}{events}[0]{payload}{code}, 'not_found', 'as not found');
	# Deleted while it is listened to.
	my $c = $l->event($a, $g, deleted => 'deleted');
	$s->sql("DELETE FROM generations WHERE id = '$g'");
	my @types;
	my ($n, $end) = (0, time + 3);
	$cursor = $r->{json}{cursor};
	while (time < $end) {
		$r = $l->poll($a, "ids=$g&cursor=$cursor&wait=1");
		$cursor = $r->{json}{cursor};
		push @types, map { $_->{type} } @{ $r->{json}{events} };
		$n++;
	}
	cmp_ok($n, '<=', 5, "a deleted one is no busy loop ($n answers in 3 s)");
	cmp_ok(scalar @types, '<=', 2, 'nor told again and again');
};

subtest 'a stream of ids that are not there ends and stays ended' => sub {
	my $none = Platen::Live::uuid();
	my $e = $l->sse($a, "/events?ids=$none,nonsense");
	my @m = $e->until('end');
	is_deeply([map { $_->{event} } @m], [qw(subscribed error error end)], 'said and ended');
	ok($e->ended, 'closed');
	my $again = $l->get($a, "/events?ids=$none,nonsense", 'Last-Event-ID' => $m[-1]{id})->head;
	is($again->{status}, 204, 'a browser that comes back is told to stay away');
};

subtest 'public channels have changes of status alone' => sub {
	my $b = $l->account;
	my $g = $l->generation($b);
	my @words = ('--raw', 'PSUBSCRIBE', 'generation:*');
	my $pid = open my $h, '-|', 'redis-cli', '-s', $s->dir . '/run/redis.sock', @words or die;
	readline $h for 1 .. 3;
	$l->event($b, $g, created => 'pending', {});
	$l->event($b, $g, status => 'processing', {});
	$l->event($b, $g, progress => 'processing', { processedUrls => $_ }) for 1 .. 20;
	# Told twice by two processes: one change.
	$l->event($b, $g, status => 'processing', {});
	# A claim that was not told, and a retry whose progress comes first.
	$l->event($b, $g, progress => 'processing', { processedUrls => 1, revision => 4 });
	$l->event($b, $g, status => 'processing', { revision => 4 });
	$l->event($b, $g, status => 'completed', { revision => 5 });
	$l->event($b, $g, deleted => 'deleted');
	$s->redis('PUBLISH', 'generation:end', 'end');
	my (%got, $channel);
	while (defined(my $line = readline $h)) {
		chomp $line;
		last if $line eq 'end';
		$channel = $line if $line =~ /^generation:(user|status)/;
		push @{ $got{$channel} }, $1 if $line =~ /"status":"(\w+)"/;
	}
	kill 'TERM', $pid;
	close $h;
	my @want = qw(pending processing processing completed deleted);
	is_deeply($got{'generation:status-updates'}, \@want, 'of all');
	is_deeply($got{"generation:user:$b->{id}"}, \@want, 'of an account');
};

done_testing;
