#!/usr/bin/perl
# How soon a worker does what it must: take over from a dead one, stop a job
# that was canceled or deleted, try again, end.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 2,
	PLATEN_WORKER_BACKOFF_MS => 200,
	PLATEN_WORKER_LEASE_SECONDS => 3,
	PLATEN_WORKER_HEARTBEAT_SECONDS => 1,
	PLATEN_WORKER_STOP_SECONDS => 3,
});

# running_job: an order that runs for about so long.
sub running_job {
	my ($seconds, %more) = @_;
	my $id = $j->order({ pages => $seconds * 50, ms => 20, %more });
	$j->await($id, 'processing', 5);
	wait_for { $j->get($id)->{processed} } 5, 'progress is kept';
	return $id;
}

sub starts {
	my ($id) = @_;
	return scalar grep { /^processing/ } $j->history($id);
}

# ---- deaths
my $first = $j->worker;
my $id = running_job(4);
my $second = $j->worker;
kill 'KILL', $first;
$j->reap($first);
my $start = time;
wait_for { starts($id) == 2 } 5, 'it is taken over';
within(time - $start, 2, "a killed worker's job runs again on another worker");
$j->await($id, 'completed', 10);

$id = running_job(3);
my @slots = $j->slots($second);
kill 'KILL', $second;
$j->reap($second);
wait_for { !grep { kill 0, $_ } @slots } 2, 'the slots end';
$start = time;
my $worker = $j->worker;
wait_for { starts($id) == 2 } 5, 'it is taken over';
within(time - $start, 2, 'the only worker goes on when it is started again');
$j->await($id, 'completed', 10);

# ---- failures
$start = time;
$id = $j->order({ fail => 'The site is down.' });
$j->await($id, 'failed');
within(time - $start, 3, 'three tries with pauses of 0.2 s and 0.4 s between');

# ---- cancel and delete
for my $deaf (0, 1) {
	my $how = $deaf ? ' that does not listen' : '';
	for my $what (qw(cancel remove)) {
		$id = running_job(20, deaf => $deaf ? JSON::PP::true : JSON::PP::false);
		$j->$what($id);
		$start = time;
		wait_for { $j->log =~ /dropped id=$id/ } 5, 'the attempt ends';
		within(time - $start, 2, "$what stops a running job$how");
	}
}

# ---- stops
running_job(30);
kill 'TERM', $worker;
$start = time;
is($j->reap($worker), 0, 'a worker that is told to stop ends cleanly');
within(time - $start, 8, 'a worker with a long job ends in worker.stop_seconds');
$worker = $j->worker;
wait_for { $j->value("SELECT count(*) FROM generations
    WHERE status = 'processing'") } 5, 'what was handed back goes on';
kill 'TERM', $worker;
sleep 0.2;
kill 'TERM', $worker;
$start = time;
is($j->reap($worker), 0, 'a worker that is told twice to stop ends cleanly');
within(time - $start, 2, 'a worker that is told twice hands its jobs back at once');
done_testing;
