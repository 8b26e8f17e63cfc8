#!/usr/bin/perl
# Many workers, one queue: every order is run once, by one of them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Test::More;

my $j = Platen::Jobs->new(env => { PLATEN_WORKER_SLOTS => 4 });
$j->worker for 1 .. 3;
my $n = 150;
my $a = $j->{account};
$j->sql("INSERT INTO generations (id, account_id, type, provider, input, prompt)
    SELECT gen_random_uuid(), '$a', 'llms_txt', 'builtin',
	'{\"pages\": 2, \"ms\": 5}', 'x' FROM generate_series(1, $n)");
# Every one of them stands in the lane more than once, as after a bad day.
my @ids = map { $_->[0] } $j->sql('SELECT id FROM generations');
for (1 .. 2) {
	$j->push('builtin', $_, $a) for @ids;
}
wait_for {
	!$j->value("SELECT count(*) FROM generations WHERE status <> 'completed'")
} 60, 'all are completed';
is($j->value("SELECT count(*) FROM generations WHERE attempt = 1
    AND failures = 0 AND crashes = 0"), $n, 'every order took one attempt');
is($j->value("SELECT count(*) FROM status_history WHERE status = 'completed'"),
    $n, 'and ended once');
is($j->value("SELECT count(*) FROM artifacts"), 2 * $n, 'with its results');
is($j->value("SELECT count(*) FROM artifacts WHERE partial"), 0,
    'none of which is a preview');
is($j->redis('ZCARD', 'lane:builtin'), 0, 'nobody is left in the lane');
is($j->value('SELECT sum(slots) FROM workers'), 12,
    'the slots of all workers are known');
done_testing;
