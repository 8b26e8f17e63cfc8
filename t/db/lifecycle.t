#!/usr/bin/perl
# What becomes of an order in the hands of the worker.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 3,
	PLATEN_WORKER_BACKOFF_MS => 200,
	PLATEN_WORKER_ARTIFACT_BYTES => 3_000_000,
	PLATEN_WORKER_JOB_SECONDS => 10,
});
my $pid = $j->worker;

# ---- all goes well
my $id = $j->order({ pages => 30, ms => 20 }, hostname => 'example.org');
my $row = $j->await($id, 'completed');
is("$row->{attempt} $row->{failures} $row->{crashes}", '1 0 0',
    'one attempt is enough');
is("$row->{processed}/$row->{total} $row->{stage}", '30/30 done',
    'the bar ends full');
is($row->{entries_count}, 30, 'the number of entries is known');
is_deeply($row->{result}{artifacts}, ['llms.txt', 'report.json'],
    'the results are named');
is($row->{worker_id}, undef, 'nobody holds it any more');
is(scalar(map { @$_ } $j->sql("SELECT convert_from(body, 'UTF8') FROM artifacts
    WHERE generation_id = '$id' AND name = 'llms.txt' AND NOT partial
      AND sha256 = sha256(body)")), 1, 'the final file replaced the preview');
is_deeply([$j->history($id)], [
	'pending 0 platen ', 'processing 1 worker started',
	'completed 1 worker finished'], 'every change is in the history');
wait_for { $j->get($id)->{announced} } 3, 'it is announced';
my @events = $j->events($id);
is($events[-1]{status}, 'completed', 'the last event says completed');
is_deeply($events[-1]{metadata}{resultUrls},
    [map { "/api/v1/generations/$id/artifacts/$_" } qw(llms.txt report.json)],
    'and where the results are');
my @progress = grep { $_->{metadata}{event} eq 'progress' } @events;
ok(@progress >= 3 && @progress <= 8, 'progress was told, at most 10 a second');
my ($back, $last) = (0, 0);
for (@events) {
	$back++ if $_->{metadata}{processedUrls} < $last;
	$last = $_->{metadata}{processedUrls};
}
is($back, 0, 'progress never goes back');

# ---- failures
$id = $j->order({ fail => 'The site is down.', until => 2 });
$row = $j->await($id, 'completed');
is("$row->{attempt} $row->{failures}", '3 2',
    'two failed tries, and the third succeeds');
is($row->{error}, undef, 'no error stays behind');
my @h = $j->history($id);
is($h[2], 'pending 1 worker The site is down.', 'the history says why');

my $start = time;
$id = $j->order({ fail => 'The site is down.' });
$row = $j->await($id, 'failed');
is("$row->{attempt} $row->{failures}", '3 3', 'after three tries it fails');
like($row->{error}, qr/^The site is down\.$/, 'with the sentence');
my $took = time - $start;
ok($took >= 0.4, "the tries back off ($took s)");
ok($row->{completed_at}, 'its end has a time');

$id = $j->order({ fail => 'There is no such host.', permanent => JSON::PP::true });
$row = $j->await($id, 'failed');
is($row->{attempt}, 1, 'an error that cannot pass fails at once');

$id = $j->order({ pages => 1 }, type => 'unknown');
$row = $j->await($id, 'failed');
like($row->{error}, qr/does not know the type "unknown"/,
    'an unknown type fails with a sentence');

# ---- crashes of the slot
$id = $j->order({ crash => 11, until => 1 });
$row = $j->await($id, 'completed');
is("$row->{attempt} $row->{failures} $row->{crashes}", '2 1 0',
    'a crash of the slot costs one try');
like(($j->history($id))[2], qr/crashed \(signal 11/, 'and says so');
$id = $j->order({ crash => 9 });
$row = $j->await($id, 'failed');
like($row->{error}, qr/crashed \(signal 9/,
    'a job that always crashes fails with a sentence');

# ---- a slot in strange hands
for my $line ('no json', '[1]', '{"say":"artifact","name":"../x","file":"x",'
    . '"mime":"text/plain"}', '{"say":"progress","processed":-1}',
    '{"say":"done","rc":99}', '{"say":"ready","stage":"' . 'x' x 9000 . '"}') {
	$id = $j->order({ say => $line, until => 1, pages => 40, ms => 5 });
	$row = $j->await($id, 'completed');
	is("$row->{attempt} $row->{failures}", '2 1',
	    'a slot that says nonsense is replaced: ' . substr $line, 0, 40);
}
$id = $j->order({ link => '/etc/passwd' });
$row = $j->await($id, 'failed');
like($row->{error}, qr/llms\.txt could not be read/,
    'a link is no result, wherever it points');
is($j->value("SELECT count(*) FROM artifacts WHERE generation_id = '$id'
    AND convert_from(body, 'UTF8') LIKE '%root:%'"), 0,
    'and nothing of it is stored');
$id = $j->order({ bytes => 2_500_000, ms => 20, pages => 3 });
$row = $j->await($id, 'completed');
is($j->value("SELECT count(*) FROM artifacts WHERE generation_id = '$id'
    AND NOT partial AND sha256 = sha256(body) AND length(body) > 2500000
    AND convert_from(body, 'UTF8') ~ '^# 3 pages in attempt 1\nx+\$'"), 2,
    'a large result is stored whole, though it travels in pieces');
is($j->value('SELECT count(*) FROM pg_largeobject_metadata'), 0,
    'and no piece stays behind');
$id = $j->order({ bytes => 3_000_000 });
$row = $j->await($id, 'failed');
like($row->{error}, qr/^The file llms\.txt has 30000\d\d bytes\. The maximum is 3000000 \(worker\.artifact_bytes\)/,
    'a result over its limit is named');
is($row->{attempt}, 1, 'and not tried again');
$id = $j->order({ pages => 2, host => 'other.org', urls => 7 },
    hostname => 'mine.org');
$j->await($id, 'completed');
$id = $j->order({ pages => 2, host => 'mine.org', urls => 7 },
    hostname => 'mine.org');
$j->await($id, 'completed');
is_deeply([$j->sql('SELECT hostname, state, urls_count FROM hosts')],
    [['mine.org', 'done', 7]], 'a job speaks for its own host only');

# ---- cancel and delete
for my $deaf (0, 1) {
	my $how = $deaf ? ' even when it does not listen' : '';
	for my $what (qw(cancel remove)) {
		$id = $j->order({ pages => 1000, ms => 20,
		    deaf => $deaf ? JSON::PP::true : JSON::PP::false });
		$j->await($id, 'processing');
		sleep 0.2;
		$j->$what($id);
		wait_for { $j->log =~ /dropped id=$id/ } 3,
		    "the attempt ends after $what$how";
		pass("$what stops a running job$how");
	}
}
is($j->status($id), 'gone', 'what was deleted stays deleted');
is($j->value("SELECT count(*) FROM artifacts a LEFT JOIN generations g
    ON g.id = a.generation_id WHERE g.id IS NULL"), 0, 'with its files');

# ---- an order that no slot could read
$id = $j->row({ pages => 1 });
$j->sql("UPDATE generations SET input = jsonb_build_object('pages', 1, 'x', repeat('y', 5000000))
    WHERE id = '$id'");
$j->push('builtin', $id, $j->{account});
wait_for { $j->value("SELECT 1 FROM generations WHERE id = '$id' AND status = 'failed'") } 10,
    'it ends';
like($j->value("SELECT error FROM generations WHERE id = '$id'"),
    qr/longer than the 4 MB a worker can read/, 'an order too long for a slot fails with a sentence');
$j->sql("DELETE FROM generations WHERE id = '$id'");

# ---- the time limit
$id = $j->order({ pages => 1000, ms => 20 });
$row = $j->await($id, 'failed', 15);
like($row->{error}, qr/^Stopped after the time limit of 10 seconds.*worker\.job_seconds/,
    'a job over its time fails with a sentence');
is($row->{attempt}, 1, 'and is not tried again');
ok($row->{processed} > 100, 'it shows how far it came');

# ---- the same slots, again and again
my @ids = map { $j->order({ pages => 2 }) } 1 .. 20;
$j->await($_, 'completed') for @ids;
is($j->value("SELECT count(*) FROM generations WHERE status = 'processing'"),
    0, 'nothing is left over');
is(scalar(my @left = glob($j->s->dir . '/slots/*/*/*')), 0,
    'and the slots are clean');
kill 'TERM', $pid;
is($j->reap($pid), 0, 'the worker stops cleanly');
is($j->value('SELECT count(*) FROM workers'), 0, 'and takes its leave');
is(scalar(@left = glob($j->s->dir . '/slots/*')), 0, 'with its folder');
done_testing;
