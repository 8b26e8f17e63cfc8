#!/usr/bin/perl
# A short order does not wait behind long ones, whoever's they are.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => { PLATEN_WORKER_SLOTS => 3, PLATEN_WORKER_RELIEF_SECONDS => 1 });
my $other = $j->account;
$j->worker;

sub running { $j->value("SELECT count(*) FROM generations WHERE status = 'processing'") }

# Short ones take turns as ever.
$j->order({ pages => 2, ms => 100 }) for 1 .. 9;
my $most = 0;
wait_for {
	my $n = running();
	$most = $n if $n > $most;
	!$j->value("SELECT count(*) FROM generations WHERE status <> 'completed'")
} 20, 'short orders are done';
cmp_ok($most, '<=', 3, 'short orders run on the usual slots alone');

# One account with many long orders: one relief slot, and no more.
my @long = map { $j->order({ pages => 600, ms => 100 }) } 1 .. 8;
wait_for { running() == 3 } 10, 'long orders take all slots';
wait_for { running() == 4 } 10, 'and one of the relief slots';
sleep 2.5;
is(running(), 4, 'not the last one, however many of them wait');

# Another's is started beside them.
my $start = time;
my $short = $j->order({ pages => 3, ms => 50 }, account => $other);
$j->await($short, 'completed');
within(time - $start, 4, "another account's short order does not wait for long ones");
is($j->value("SELECT count(*) FROM generations WHERE status = 'completed' AND id = ANY ('{" . join(',', @long) . "}')"), 0,
    'none of which is done');
is($j->value("SELECT max(attempt) FROM generations"), 1, 'and none was stopped for it');
my @more = map { $j->order({ pages => 3, ms => 50 }, account => $other) } 1 .. 3;
$j->await($_, 'completed') for @more;
pass('nor do its next ones');

# The usual slots go on with what was passed over.
$j->sql("DELETE FROM generations WHERE id = '$_'") for @long[0 .. 4];
$j->redis('PUBLISH', 'queue:stop', $_) for @long[0 .. 4];
wait_for { $j->value("SELECT count(*) FROM generations WHERE status = 'pending'") == 0 } 20, 'the rest starts';
pass('what was passed over runs when its turn comes');
done_testing;
