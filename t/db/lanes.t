#!/usr/bin/perl
# A lane stands still while its provider's quota is used up, and as long as
# the operator wants; the others go on, and nothing of it is lost or counted.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP ();
use Platen::Jobs;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 2, PLATEN_WORKER_BACKOFF_MS => 50 });
$j->sql("INSERT INTO lanes (name, per_minute) VALUES ('builtin', 1200)");
my @pids = map { $j->worker } 1 .. 2;

# Calls of a model are spaced, whoever makes them.
{
	my $start = time;
	my @ids = map { $j->order({ pages => 8, calls => JSON::PP::true }) } 1 .. 4;
	$j->await($_, 'completed', 6) for @ids;
	my $took = time - $start;
	cmp_ok($took, '>=', 31 * .05, '32 calls at 1200 a minute take 1.55 s, on two workers');
	within($took, 4, '32 calls at 1200 a minute do not take much longer');
	my $id = $j->order({ pages => 2000, calls => JSON::PP::true });
	$j->await($id, 'processing');
	$j->cancel($id);
	my $next = $j->order({ pages => 1 });
	$j->await($next, 'completed', 3);
	pass('a job that is stopped while it waits for leave leaves its slot in order');
}

sub lane { ($j->sql("SELECT $_[1] FROM lanes WHERE name = '$_[0]'"))[0] }

# As the admin page does it: the truth, the copy, the wake-up.
sub let_go {
	$j->sql("UPDATE lanes SET paused = false");
	$j->redis('DEL', 'lane:slow:paused');
	$j->redis('PUBLISH', 'queue:wake', 'slow');
}
sub running {
	$j->value("SELECT count(*) FROM generations
	    WHERE provider = '$_[0]' AND status = 'processing'");
}

# The quota runs out under a job that cannot do without.
my $start = time;
my $id = $j->order({ pages => 1, quota => 1500, until => 1,
	fail => 'No quota.' }, lane => 'slow');
my $g = wait_for {
	my $row = $j->get($id);
	$row->{attempt} == 1 && $row->{status} eq 'pending' ? $row : undef;
} 5, 'it waits again';
is($g->{message}, 'The fake\'s quota is used up.', 'the order says why it waits');
is($g->{failures}, 0, 'no failure is counted');
is(($j->history($id))[-1], "pending 1 worker The fake's quota is used up.",
    'and its history has it');
is_deeply(lane('slow', 'paused, paused_until > now(), reason'),
    ['t', 't', "The fake's quota is used up."], 'its lane is parked');
is($j->redis('ZRANK', 'lane:slow', $id), 0, 'where it keeps its place');
my $second = $j->order({ pages => 1 }, lane => 'slow');
my $good = $j->order({ pages => 1 });
$j->await($good, 'completed', 2);
within(time - $start, 1.5, 'another lane goes on while one is parked');
is($j->status($second), 'pending', 'what had not begun waits');
is($j->get($second)->{attempt}, 0, 'without an attempt');
my $row = $j->await($id, 'completed', 5);
ok(time - $start >= 1.4, 'the lane opens when the time has passed');
within(time - $start, 3, 'a parked lane opens as soon as its time has passed');
is($row->{attempt}, 2, 'the next attempt does it');
$j->await($second, 'completed', 2);

# One that can do without is completed, and what comes next waits.
$id = $j->order({ pages => 1, quota => 3600000 }, lane => 'slow');
$j->await($id, 'completed', 3);
pass('an order that can do without the model is completed');
ok($j->redis('PTTL', 'lane:slow:paused') > 3500000, 'its lane is parked all the same');
$id = $j->order({ pages => 1 }, lane => 'slow');

# Redis forgets, a worker comes and goes: the lane stays parked.
$j->redis('FLUSHALL');
wait_for { $j->redis('EXISTS', 'lane:slow:paused') } 6, 'Redis is told again';
wait_for { defined $j->redis('ZRANK', 'lane:slow', $id) } 6, 'the lane is filled';
is($j->get($id)->{attempt}, 0, 'FLUSHALL does not start what waits');
kill 'TERM', $pids[0];
is($j->reap($pids[0]), 0, 'a worker goes');
$pids[0] = $j->worker;
$j->redis('DEL', 'lane:slow:paused');
$j->redis('PUBLISH', 'queue:wake', 'slow');
sleep 0.3;
is($j->get($id)->{attempt}, 0, 'even if Redis says the lane is open');
is($j->redis('ZCARD', 'lane:slow'), 1, 'and its place is kept');

# The operator lets it go on.
let_go();
$j->await($id, 'completed', 5);
pass('an operator opens a parked lane');

# A pause of the operator's is not shortened by a quota.
$j->sql("UPDATE lanes SET paused = true, paused_until = NULL, reason = 'by hand'");
$id = $j->order({ pages => 1 }, lane => 'slow');
sleep 0.2;
is($j->status($id), 'pending', "the operator's pause holds");
my ($park) = do {
	open my $h, '<', "$Bin/../../sql/queries/lane.sql" or die;
	local $/;
	<$h> =~ /-- name: lane_park\n(.*?)(?=\n-- name|\z)/s;
};
$park =~ s/\$1/'slow'/g;
$park =~ s/\$2/'1000'/g;
$park =~ s/\$3/'a quota'/g;
$j->sql($park);
is_deeply(lane('slow', 'paused_until, reason'), ['', 'by hand'],
    'and a quota does not shorten it');
let_go();
$j->await($id, 'completed', 5);

# Retry-After.
$start = time;
$id = $j->order({ pages => 1, fail => 'Busy.', until => 1, after => 1200 });
$j->await($id, 'completed', 5);
ok(time - $start >= 1.2, 'another try is not made before the other side allows');
is($j->get($id)->{failures}, 1, 'and the failed one counts');

# No more at once than the limit, on all workers together.
$j->sql("UPDATE lanes SET parallel = 1, paused = false WHERE name = 'slow'");
sleep 0.05;
wait_for { $j->redis('GET', 'platen:epoch') } 2;
my @ids = map { $j->order({ pages => 3, ms => 20 }, lane => 'slow') } 1 .. 12;
my ($most, $left) = (0, 1);
$start = time;
while ($left && time - $start < 15) {
	my $n = running('slow');
	$most = $n if $n > $most;
	$left = $j->value("SELECT count(*) FROM generations
	    WHERE provider = 'slow' AND status <> 'completed'");
}
is($left, 0, 'a limited lane is worked off');
is($most, 1, 'one at a time, with four slots on two workers');
is($j->value("SELECT count(*) FROM (SELECT started_at, lag(completed_at)
    OVER (ORDER BY started_at) AS before FROM generations
    WHERE provider = 'slow' AND id IN ('" . join("','", @ids) . "')) x
    WHERE before > started_at"), 0, 'no two of them overlap');
within(time - $start, 8, 'a limited lane does not stand still between two jobs');
is($j->value("SELECT count(*) FROM generations WHERE attempt <> 1
    AND id IN ('" . join("','", @ids) . "')"), 0, 'each at the first attempt');

# One that has waited for days fails with the reason.
$j->sql("UPDATE lanes SET parallel = NULL");
$id = $j->row({ pages => 1, quota => 100, fail => 'No quota.' }, lane => 'slow');
$j->sql("UPDATE generations SET started_at = now() - interval '80 hours'
    WHERE id = '$id'");
$j->push('slow', $id, $j->{account});
$g = $j->await($id, 'failed', 5);
is($g->{error}, "The fake's quota is used up.", 'a wait of days ends with its reason');
done_testing;
