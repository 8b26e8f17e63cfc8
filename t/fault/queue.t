#!/usr/bin/perl
# What the queue promises when things go wrong: a flushed Redis, cancel and
# delete of running orders, a worker that is told to stop, two workers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Follow;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

my $web = Platen::Sites::fake();
my $s = Platen::Stack->new(with => 'live worker web', env => {
	Platen::Sites::environment($web),
	PLATEN_CRAWL_IN_FLIGHT => 2,
	PLATEN_WORKER_SLOTS => 2,
	PLATEN_WORKER_STOP_SECONDS => 1,
	PLATEN_WORKER_BACKOFF_MS => 100,
});
my $u = Platen::User->new($s->url);
$u->page('/');

sub middle {
	my ($id) = @_;
	wait_for {
		my $g = $u->show($id);
		$g->{status} eq 'processing' && $g->{processed} >= 4;
	} 20, 'the middle of the generation';
}

sub completed_once {
	my ($id, $name) = @_;
	my $g = $u->wait_over($id, 60);
	is($g->{status}, 'completed', "$name: completed") or diag explain $g;
	is($s->value("SELECT count(*) FROM status_history WHERE generation_id = '$id'"
	    . " AND status = 'completed'"), 1, "$name: once");
	return $g;
}

# asked: requests of a site since a time.
sub asked {
	my ($host, $since) = @_;
	return scalar grep { $_->[0] eq $host && $_->[2] > $since } $web->requests;
}

# ---- Redis forgets everything ------------------------------------------------
{
	my @id = map { $u->order($_) } qw(slow.test slow.test good.test good.test good.test);
	my $f = Platen::Follow->start($u, ws => $id[-1], seconds => 60);
	middle($id[0]);
	is($s->redis('FLUSHALL'), 'OK', 'FLUSHALL with two running and three waiting');
	completed_once($id[$_], "flushed, order $_") for 0 .. $#id;
	my @m = $f->events;
	is(scalar(grep { $_->{type} eq 'generation:status'
	    && $_->{payload}{status} eq 'completed' } @m), 1,
		'flushed: who listens hears of the end, once') or diag explain \@m;
	is($u->page('/generations')->{status}, 200, 'flushed: and is still known');
	like($u->page('/generations')->{body}, qr/slow\.test/, 'flushed: with all orders');
}

# ---- Redis has no memory left ---------------------------------------------------
{
	$s->redis('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
	is($s->redis('CONFIG', 'SET', 'maxmemory', 1), 'OK', 'Redis takes nothing more');
	my $id = $u->order('good.test');
	my $page = $u->page("/generations/$id");
	is($page->{status}, 200, 'no memory: an order is taken all the same');
	like($page->{body}, qr/pending|queue|wait/i, 'no memory: its page says that it waits');
	sleep 1;
	is($u->show($id)->{status}, 'pending', 'no memory: it waits in PostgreSQL');
	is($s->value("SELECT failures + crashes FROM generations WHERE id = '$id'"), 0,
		'no memory: nothing is counted against it');
	$s->redis('CONFIG', 'SET', 'maxmemory', 0);
	completed_once($id, 'memory is back');
}

# ---- cancel and delete ---------------------------------------------------------
for my $how (qw(cancel delete)) {
	my $id = $u->order('slow.test');
	my $f = Platen::Follow->start($u, sse => $id, seconds => 30);
	middle($id);
	my $start = time;
	my ($status, undef, $r) = $how eq 'cancel'
	    ? $u->api(POST => "/api/v1/generations/$id/cancel")
	    : $u->api(DELETE => "/api/v1/generations/$id");
	is($status, $how eq 'cancel' ? 202 : 204, "$how: taken") or diag $r->{body};
	sleep 2 - (time - $start) if time - $start < 2;
	my $stopped = time;
	sleep 1.5;
	is(asked('slow.test', $stopped), 0, "$how: two seconds later no request leaves");
	my $g = $u->show($id);
	if ($how eq 'cancel') {
		is($g->{status}, 'canceled', 'cancel: and it stays canceled');
		($status) = $u->api(POST => "/api/v1/generations/$id/cancel");
		is($status, 409, 'cancel: twice is a conflict');
		($status) = $u->api(POST => "/api/v1/generations/$id/retry");
		is($status, 202, 'cancel: it can be tried again');
		is(completed_once($id, 'tried again')->{entriesCount}, 60,
			'tried again: with all pages');
	} else {
		is($g, undef, 'delete: and it is gone');
		is($s->value("SELECT count(*) FROM artifacts WHERE generation_id = '$id'"),
			0, 'delete: with its files');
		is($s->value("SELECT count(*) FROM status_history WHERE generation_id = '$id'"),
			0, 'delete: and its history');
	}
	my $type = $how eq 'cancel' ? 'generation:status' : 'generation:deleted';
	my ($end) = grep { $_->{type} eq $type
	    && ($how eq 'delete' || $_->{payload}{status} eq 'canceled') } $f->events;
	ok($end, "$how: who listens is told") or diag explain [$f->events];
}
{
	# Nobody can tell the worker, which asks.
	my $id = $u->order('slow.test');
	middle($id);
	$s->kill9('redis');
	sleep 0.5;
	$s->sql("UPDATE generations SET status = 'canceled' WHERE id = '$id'");
	sleep 2;
	my $stopped = time;
	sleep 1;
	is(asked('slow.test', $stopped), 0,
		'cancel without Redis: two seconds later no request leaves');
	$s->start('redis');
}
{
	# One that waits, too.
	my @id = map { $u->order('slow.test') } 1 .. 3;
	middle($id[0]);
	my ($status) = $u->api(DELETE => "/api/v1/generations/$id[2]");
	is($status, 204, 'delete: one that waits');
	($status) = $u->api(POST => "/api/v1/generations/$id[1]/cancel");
	is($status, 202, 'cancel: the other');
	is($u->show($id[2]), undef, 'delete: gone');
	is($s->redis('ZSCORE', 'lane:builtin', $id[2]), undef, 'delete: from the lane, too');
	completed_once($id[0], 'the one beside them');
}

# ---- a worker that is told to stop -----------------------------------------------
{
	my $id = $u->order('slow.test');
	middle($id);
	$s->stop('worker');
	my $g = $u->show($id);
	is($g->{status}, 'pending', 'SIGTERM: and hands back what it ran');
	is($g->{errorMessage}, undef, 'SIGTERM: without an error');
	is($s->value("SELECT failures + crashes FROM generations WHERE id = '$id'"), 0,
		'SIGTERM: nothing is counted against it');
	$s->start('worker');
	wait_for { $u->show($id)->{status} eq 'processing' } 10, 'the next worker takes it';
	completed_once($id, 'handed back');
}

# ---- two workers, one queue ---------------------------------------------------------
{
	my $first = delete $s->{pid}{worker};
	$s->spawn('worker');
	wait_for { $s->value('SELECT count(*) FROM workers') == 2 } 10, 'two workers';
	my @id = map { $u->order('slow.test') } 1 .. 4;
	wait_for {
		$s->value("SELECT count(*) FROM generations WHERE status = 'processing'") == 4;
	} 10, 'four run at once';
	is($s->value('SELECT count(DISTINCT worker_id) FROM generations'
	    . " WHERE status = 'processing'"), 2, 'both workers have some');
	# One dies; the other takes over.
	kill 'KILL', $first;
	waitpid $first, 0;
	wait_for {
		$s->value('SELECT count(*) FROM workers w WHERE NOT EXISTS (SELECT FROM'
		    . ' pg_locks l WHERE locktype = \'advisory\''
		    . ' AND ((l.classid::bigint << 32) | l.objid::bigint) = w.lock_key)') == 0
		    && $s->value("SELECT count(DISTINCT worker_id) FROM generations"
		    . " WHERE status = 'processing'") <= 1;
	} 20, 'the dead worker is noticed';
	completed_once($_, 'two workers') for @id;
	is($s->value('SELECT max(attempt) FROM generations'
	    . " WHERE id IN ('" . join("','", @id) . "')"), 2, 'those of the dead one ran again');
}

done_testing;
