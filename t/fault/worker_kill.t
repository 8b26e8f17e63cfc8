#!/usr/bin/perl
# Sudden deaths in the middle of a job: it completes, once, and soon.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use File::Path qw(remove_tree);
use Platen::Jobs;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 2,
	PLATEN_WORKER_BACKOFF_MS => 200,
	PLATEN_WORKER_LEASE_SECONDS => 3,
	PLATEN_WORKER_HEARTBEAT_SECONDS => 1,
	PLATEN_WORKER_STOP_SECONDS => 3,
	PLATEN_WORKER_CRASHES => 2,
});

# running: an order that runs for about so long.
sub running {
	my ($seconds, %more) = @_;
	my $id = $j->order({ pages => $seconds * 50, ms => 20, %more });
	$j->await($id, 'processing', 5);
	wait_for { $j->get($id)->{processed} } 5, 'progress is kept';
	return $id;
}

sub once {
	my ($id, $seconds, $what) = @_;
	my $row = $j->await($id, 'completed', $seconds);
	my @done = grep { /^completed/ } $j->history($id);
	is(scalar @done, 1, "$what: it completes once");
	return $row;
}

sub folders {
	my @f = glob $j->s->dir . '/slots/*';
	return scalar @f;
}

sub starts {
	my ($id) = @_;
	return scalar grep { /^processing/ } $j->history($id);
}

# ---- the worker, with another one alive
my $a = $j->worker;
my $id = running(4);
my $b = $j->worker;
kill 'KILL', $a;
$j->reap($a);
wait_for { starts($id) == 2 } 5, 'it is taken over';
pass("a killed worker's job runs again");
my $row = once($id, 10, 'kill -9 of a worker');
is("$row->{attempt} $row->{failures} $row->{crashes}", '2 0 1',
    'a crash is no failed try');
like(($j->history($id))[2], qr/worker its worker stopped answering/,
    'the history says what happened');
is($j->value('SELECT count(*) FROM workers'), 1, 'its row is removed');
wait_for { folders() == 1 } 3, 'its folder is removed';

# ---- the only worker, started again
$id = running(3);
my @slots = $j->slots($b);
kill 'KILL', $b;
$j->reap($b);
wait_for { !grep { kill 0, $_ } @slots } 2, 'the slots end';
pass('slots end with their worker');
$a = $j->worker;
wait_for { starts($id) == 2 } 5, 'it is taken over';
pass('a worker that is started again goes on');
once($id, 10, 'kill -9 of the only worker');

# ---- again and again
$id = $j->order({ pages => 500, ms => 20 });
for (1 .. 2) {
	wait_for { starts($id) == $_ } 5, "start $_";
	kill 'KILL', $a;
	$j->reap($a);
	$a = $j->worker;
}
$row = $j->await($id, 'failed', 5);
like($row->{error}, qr/^The worker crashed 2 times/,
    'a job that takes every worker with it is given up, with a sentence');

# ---- a slot
$id = running(3);
kill 'KILL', $j->slots($a);
$row = once($id, 10, 'kill -9 of the slots');
is("$row->{attempt} $row->{failures} $row->{crashes}", '2 1 0',
    'a crash of the slot is one failed try');

# ---- Redis
$id = running(3);
my @waiting = map { $j->order({ pages => 5, ms => 10 }) } 1 .. 10;
$j->s->kill9('redis');
sleep 1;
$j->s->start('redis');
$row = once($id, 10, 'kill -9 of Redis');
is($row->{attempt}, 1, 'the job goes on');
$j->await($_, 'completed', 10) for @waiting;
pass('those that waited are run');
wait_for { ($j->events($id))[-1] && ($j->events($id))[-1]{status} eq 'completed' } 8,
    'the end is told';
pass('and listeners hear of the end');

# ---- Redis, away when the job ends
$id = running(2);
$j->s->kill9('redis');
once($id, 10, 'Redis is away at the end');
$j->s->start('redis');
wait_for { (($j->events($id))[-1] // {})->{status} // '' eq 'completed' } 8,
    'the end is told later';
pass('listeners hear of it when Redis is back');

# ---- Redis, frozen
$id = running(2);
kill 'STOP', $j->s->pid('redis');
$row = eval { once($id, 20, 'Redis is frozen') };
kill 'CONT', $j->s->pid('redis');
is($row->{attempt}, 1, 'the job ends all the same');

# ---- PostgreSQL
$id = running(4);
$j->s->kill9('pg');
sleep 1;
wait_for { eval { $j->s->start('pg'); 1 } } 20, 'PostgreSQL is back';
$row = once($id, 15, 'kill -9 of PostgreSQL');
is("$row->{attempt} $row->{failures} $row->{crashes}", '1 0 0',
    'the job goes on, nothing is counted');

# ---- PostgreSQL, away when the job ends, longer than the lease
$id = running(2);
$j->s->kill9('pg');
sleep 5;
wait_for { eval { $j->s->start('pg'); 1 } } 20, 'PostgreSQL is back';
$row = once($id, 10, 'PostgreSQL is away at the end');
is("$row->{attempt} $row->{failures} $row->{crashes}", '1 0 0',
    'the result was kept meanwhile');

# ---- PostgreSQL takes longer over a result than a lease lasts
$id = running(3);
my $locker = fork;
if (!$locker) {
	$j->sql('BEGIN; LOCK TABLE artifacts; SELECT pg_sleep(4); COMMIT');
	POSIX::_exit(0);
}
wait_for { $j->value("SELECT 1 FROM pg_locks l WHERE l.granted
    AND l.relation = 'artifacts'::regclass AND l.mode = 'AccessExclusiveLock'") } 3,
    'the table is locked';
my $held = $j->order({ pages => 1 });
$j->await($held, 'processing', 3);
$b = $j->worker;
waitpid $locker, 0;
$row = once($id, 10, 'a result that takes long to store');
is("$row->{attempt} $row->{crashes}", '1 0', 'costs the other jobs of its worker nothing');
is($j->await($held, 'completed', 5)->{attempt}, 1, 'and is stored');

# ---- every connection of the workers is cut
$id = running(4);
for (1 .. 3) {
	$j->sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity
	    WHERE application_name LIKE 'platen-worker%'");
	sleep 0.3;
}
$row = once($id, 10, 'connections are cut');
is("$row->{attempt} $row->{crashes}", '1 0',
    'a worker that lost its connection is not taken for dead');

# ---- a false alarm: the fence
$id = running(4);
$j->sql("UPDATE generations SET status = 'pending' WHERE id = '$id'");
$j->push('builtin', $id, $j->{account});
wait_for { starts($id) == 2 } 5, 'another attempt starts';
$row = once($id, 15, 'two attempts at the same time');
is($row->{attempt}, 2, 'the later one counts');
wait_for { $j->log =~ /dropped id=$id/ } 3, 'the earlier attempt is dropped';

# ---- a worker that sleeps past its lease
$id = running(4);
my $holder = $j->value("SELECT pid FROM workers w JOIN generations g
    ON g.worker_id = w.id WHERE g.id = '$id'");
kill 'STOP', $holder;
kill 'STOP', $_ for my @stopped = $j->slots($holder);
wait_for { starts($id) == 2 } 10, 'the lease runs out';
pass('a worker that is silent past its lease loses the job');
kill 'CONT', $holder, @stopped;
$row = once($id, 10, 'the sleeper wakes up');
is($row->{attempt}, 2, 'and changes nothing any more');

# ---- a worker that is taken for dead, and whose folder is removed
# four_at_once: as many jobs as there are slots, so that worker $who has its
# share; how many tries failed.
sub four_at_once {
	my ($who) = @_;
	my @ids = map { $j->order({ pages => 30, ms => 20 }) } 1 .. 4;
	wait_for {
		$j->value("SELECT 1 FROM generations WHERE worker_id = '$who'
		    AND status = 'processing'")
	} 5, 'that worker takes one';
	$j->await($_, 'completed', 10) for @ids;
	my $list = join ', ', map { "'$_'" } @ids;
	return $j->value("SELECT sum(failures) FROM generations WHERE id IN ($list)");
}

my $who = $j->value("SELECT id FROM workers WHERE pid = $b");
$j->sql('ALTER ROLE platen_worker CONNECTION LIMIT 3');
$j->sql("SELECT pg_terminate_backend(l.pid) FROM pg_locks l, workers w
    WHERE w.id = '$who' AND l.locktype = 'advisory' AND l.objsubid = 1
      AND (l.classid::bigint << 32 | l.objid::bigint) = w.lock_key");
wait_for { $j->log =~ /worker_died worker=$who/ } 8, 'it is taken for dead';
$j->sql('ALTER ROLE platen_worker CONNECTION LIMIT -1');
wait_for { $j->value("SELECT 1 FROM workers WHERE id = '$who'") } 5,
    'it registers again';
ok(-d $j->s->dir . "/slots/$who", 'a false alarm leaves a living worker its folder');
is(four_at_once($who), 0, 'and its jobs succeed');
remove_tree($j->s->dir . "/slots/$who");
is(four_at_once($who), 0, 'a folder that someone removed is made again');

# ---- graceful stop
# cpu: ticks of a process so far.
sub cpu {
	open my $h, '<', "/proc/$_[0]/stat" or return 0;
	my @f = split ' ', (<$h> =~ s/^.*\) //sr);
	return $f[11] + $f[12];
}

my $short = running(1);
my $long = running(30);
my ($of_short, $of_long) = map { $j->value("SELECT pid FROM workers w
    JOIN generations g ON g.worker_id = w.id WHERE g.id = '$_'") } $short, $long;
kill 'TERM', $a, $b;
sleep 0.3;
my $ticks = -cpu($of_long);
sleep 0.8;
$ticks += cpu($of_long);
ok($ticks < 30, "who waits for a job to end does not spin ($ticks ticks)");
is($j->reap($_), 0, 'a worker that is told to stop ends cleanly') for $a, $b;
is($j->status($short), 'completed', 'what could end in time did');
$row = $j->get($long);
is("$row->{status} $row->{failures} $row->{crashes}", 'pending 0 0',
    'the rest is handed back, nothing counted');
like(($j->history($long))[-1], qr/worker the worker stopped/, 'and says why');
is($j->value('SELECT count(*) FROM workers'), 0, 'nobody is left in the table');
$a = $j->worker;
wait_for { starts($long) == 2 } 3, 'it goes on elsewhere';
pass('what was handed back goes on at once');
kill 'HUP', $a;
kill 'TERM', $a;
sleep 0.2;
kill 'TERM', $a;
is($j->reap($a), 0, 'a worker that is told twice to stop ends cleanly');
is($j->status($long), 'pending', 'and nothing is lost');
done_testing;
