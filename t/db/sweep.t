#!/usr/bin/perl
# No order is lost and nobody waits for ever, whatever Redis forgets.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 2, PLATEN_WORKER_BACKOFF_MS => 300 });

sub count { $j->value("SELECT count(*) FROM generations WHERE $_[0]") }
sub until_done {
	my ($seconds) = @_;
	wait_for { !count("status IN ('pending', 'processing')") } $seconds,
	    'every order ends';
}

# Orders from before the worker: nothing of them is in Redis.
my @ids = map { $j->row({ pages => 1 }) } 1 .. 5;
my $pid = $j->worker;
until_done(5);
is(count("status = 'completed' AND attempt = 1"), 5,
    'orders that never reached Redis are run, once');
is($j->redis('EXISTS', 'platen:epoch'), 1, 'Redis has an epoch');

my $id = $j->row({ pages => 1 });
my $start = time;
$j->await($id, 'completed', 6);
within(time - $start, 5, 'an order that was committed and not queued is found');

# Redis is emptied with many waiting and some running.
@ids = map { $j->order({ pages => 2, ms => 20 }) } 1 .. 60;
$j->redis('FLUSHALL');
$start = time;
until_done(15);
is(count("status = 'completed' AND attempt = 1"), 66,
    'FLUSHALL loses no order and runs none twice');
within(time - $start, 6, 'FLUSHALL does not hold up 60 orders');

# What is due is announced though nobody did so.
my @told = $j->events($id);
ok(scalar @told == 0, 'history is gone with Redis') or diag scalar @told;
$j->sql("ALTER TABLE generations DISABLE TRIGGER generations_guard;
    UPDATE generations SET announced = false, updated_at = now() - interval '1 min'
    WHERE id = '$id'; ALTER TABLE generations ENABLE TRIGGER generations_guard");
wait_for { @told = $j->events($id) } 6, 'the event comes';
is($told[-1]{status}, 'completed', 'an event that did not go out is made up');
is(scalar @told, 1, 'once');

# Stale entries of a lane do no harm.
$id = $j->row({ pages => 500, ms => 20 });
$j->sql("UPDATE generations SET status = 'canceled' WHERE id = '$id'");
$j->push('builtin', $id, $j->{account});
$j->push('builtin', Platen::Jobs::uuid(), $j->{account});
my $good = $j->order({ pages => 1 });
$j->await($good, 'completed', 3);
is($j->status($id), 'canceled', 'a canceled order in the lane is passed over');

# A lane that stands still.
$j->sql("INSERT INTO lanes (name, paused) VALUES ('slow', true)");
my $slow = $j->order({ pages => 1 }, lane => 'slow');
$good = $j->order({ pages => 1 });
$j->await($good, 'completed', 2);
is($j->status($slow), 'pending', 'a paused lane waits, the other one runs');
$j->sql("UPDATE lanes SET paused = false");
$j->await($slow, 'completed', 5);
pass('and goes on when the pause ends');

# Long jobs of one lane leave room for another.
@ids = map { $j->order({ pages => 100, ms => 20 }, lane => 'slow') } 1 .. 4;
$j->await($ids[1], 'processing', 2);
my @quick = map { $j->order({ pages => 1 }) } 1 .. 3;
wait_for { $j->status($ids[0]) ne 'processing' } 5, 'a slot gets free';
$start = time;
$j->await($_, 'completed', 3) for @quick;
within(time - $start, 1, 'a lane of long jobs does not hold up another lane');
$j->cancel($_) for @ids;
until_done(5);

# One account's crowd and another's first order.
my $other = $j->account;
@ids = map { $j->order({ pages => 15, ms => 20 }) } 1 .. 30;
my $first = $j->order({ pages => 1 }, account => $other);
my $before = count('started_at IS NOT NULL');
$j->await($first, 'completed', 20);
my $then = count("started_at < (SELECT started_at FROM generations
    WHERE id = '$first')");
cmp_ok($then, '<=', $before + 2,
    "someone's first order does not wait behind another's thirty");
until_done(20);

# A repeated try is not late.
$id = $j->order({ fail => 'Once.', until => 1 });
$j->await($id, 'completed', 4);
my ($gap) = map { $_->[0] } $j->sql("SELECT extract(epoch FROM
    max(created_at) FILTER (WHERE status = 'processing') -
    max(created_at) FILTER (WHERE status = 'pending')) * 1000
    FROM status_history WHERE generation_id = '$id'");
ok($gap >= 225 && $gap < 375 + 200,
    "a repeated try starts within 200 ms of its time ($gap ms)");

# Rules of retention.
my ($old, $new, $guest) = map { $j->account } 1 .. 3;
$j->sql("UPDATE accounts SET seen_at = now() - interval '100 days'
    WHERE id IN ('$old', '$new')");
my $ancient = $j->row({ pages => 500, ms => 20 }, account => $old);
my $recent = $j->row({ pages => 500, ms => 20 }, account => $new);
# More than one step removes.
$j->sql("INSERT INTO generations (id, account_id, type, provider, input, prompt)
    SELECT gen_random_uuid(), '$old', 'llms_txt', 'builtin', '{}', 'x'
    FROM generate_series(1, 120);
    UPDATE generations SET status = 'canceled'
    WHERE account_id = '$old' OR id = '$recent';
    ALTER TABLE generations DISABLE TRIGGER generations_guard;
    UPDATE generations SET completed_at = now() - interval '400 days'
    WHERE account_id = '$old';
    ALTER TABLE generations ENABLE TRIGGER generations_guard;
    INSERT INTO sessions (token_hash, account_id, expires_at)
    VALUES (sha256('a'), '$guest', now() - interval '1 s'),
           (sha256('b'), '$guest', now() + interval '1 h');
    INSERT INTO idempotency (account_id, key, call, body_hash, created_at)
    VALUES ('$guest', 'a', 'x', '', now() - interval '25 h'),
           ('$guest', 'b', 'x', '', now() - interval '23 h')");
$j->worker;
wait_for { !$j->value("SELECT count(*) FROM accounts WHERE id = '$old'") } 8,
    'the old guest goes';
is($j->status($ancient), 'gone', 'an ancient generation goes, with its guest');
is($j->status($recent), 'canceled', 'a guest with a generation stays');
is($j->value("SELECT count(*) FROM accounts WHERE id = '$guest'"), 1,
    'so does one who was here lately');
is($j->value('SELECT count(*) FROM sessions'), 1, 'ended sessions go');
is($j->value('SELECT string_agg(key, $$$$) FROM idempotency'), 'b',
    'so do idempotency keys after a day');
done_testing;
