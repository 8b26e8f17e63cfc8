#!/usr/bin/perl
# Several orders of one host together ask it as politely as one does: its
# Crawl-delay, the requests in flight and the ceiling hold across jobs and
# workers, with Redis and without; and who waits for its turn stops at once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Jobs;
use Platen::Pace;
use Platen::Stack;

my $j = Platen::Jobs->new(program => {}, env => {
	PLATEN_CRAWL_ALLOW => '127.0.0.0/8',
	PLATEN_CRAWL_ALLOW_PER_SECOND => 20,
	PLATEN_CRAWL_CONTACT => 'crawler@platen.example',
	PLATEN_WORKER_SLOTS => 3,
	PLATEN_WORKER_STOP_SECONDS => 4,
});
my @pids = ($j->worker, $j->worker);

# order PACE INPUT: one more order of its site.
sub order {
	my ($pace, %input) = @_;
	return $j->order({ hostname => "http://127.0.0.1:$pace->{port}", %input });
}

sub running { $j->value("SELECT count(*) FROM generations WHERE status = 'processing'") }

sub stop_all {
	$j->cancel($_) for @_;
	wait_for { running() == 0 } 5, 'all are stopped';
}

# rate PACE SECONDS: requests a second for so long from now on.
sub rate {
	my ($pace, $seconds) = @_;
	my $before = () = $pace->times;
	my $t0 = time;
	sleep $seconds;
	my @t = $pace->times;
	return (@t - $before) / (time - $t0);
}

# least PACE: the shortest time between two of its requests.
sub least {
	my @t = $_[0]->times;
	splice @t, 0, $_[1];
	my $least = 1e9;
	for (1 .. $#t) { $least = $t[$_] - $t[$_ - 1] if $t[$_] - $t[$_ - 1] < $least }
	return $least;
}

# Three orders, five slots on two workers: one request a second.
my $slow = Platen::Pace->new(ms => 50, pages => 100, delay => 1);
my @ids = map { order($slow) } 1 .. 3;
wait_for { running() == 3 } 10, 'three jobs run';
sleep 2;
my $rate = rate($slow, 12);
cmp_ok($rate, '<=', 1.1, 'three orders of a host with Crawl-delay 1 make one request a second');
cmp_ok($rate, '>', 0.7, 'and not much less');
cmp_ok(least($slow, 4), '>', 0.9, 'a second lies between any two') or diag join ' ', $slow->times;
my @done = map { $j->get($_)->{processed} } @ids;
cmp_ok((sort { $a <=> $b } @done)[0], '>=', 1, "each has its turns: @done");

# One is canceled while it waits for its turn.
my $t0 = time;
$j->cancel($ids[0]);
wait_for { running() == 2 } 4, 'it is canceled';
within(time - $t0, 2, 'a job that waits for its turn at a host is canceled at once');

# Redis goes: each worker keeps to it alone, and then all do again.
$j->s->kill9('redis');
sleep 1;
$rate = rate($slow, 5);
cmp_ok($rate, '<=', 2.3, 'without Redis two workers make two a second at most');
cmp_ok($rate, '>', 0.5, 'and go on');
$j->s->start('redis');
stop_all(@ids);

# Five jobs without a delay: the window and the ceiling are of the host.
my $fast = Platen::Pace->new(ms => 300, pages => 400);
@ids = map { order($fast) } 1 .. 5;
wait_for { running() == 5 } 10, 'five jobs run';
sleep 1;
$rate = rate($fast, 4);
cmp_ok($rate, '<=', 22, 'five jobs make no more requests a second than the ceiling says');
cmp_ok($rate, '>', 10, 'and nearly that');
cmp_ok($fast->most, '<=', 9, 'no more than eight of them at once');
like($fast->ask('/agent'), qr/^Platen\/[\d.]+ \(\+mailto:crawler\@platen\.example\)$/,
    'they say whom to write to');
stop_all(@ids);

# A graceful stop does not wait for anybody's turn.
my $still = Platen::Pace->new(ms => 50, pages => 100, delay => 20);
@ids = map { order($still) } 1 .. 3;
wait_for { running() == 3 } 10, 'three jobs wait';
sleep 1;
$t0 = time;
kill TERM => @pids;
is($j->reap($_, 12 * patience()), 0, 'a worker stops') for @pids;
within(time - $t0, 6, 'workers whose jobs wait for a host stop in the time they have');
is($j->value("SELECT count(*) FROM generations WHERE status = 'pending'"), 3,
    'its jobs are handed back');

done_testing;
