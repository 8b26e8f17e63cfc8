#!/usr/bin/perl
# Counting a host's URLs: it grows, it ends, it never waits behind orders.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::UNIX;
use JSON::PP;
use Platen::Jobs;
use Test::More;
use Time::HiRes qw(sleep time);

my $j = Platen::Jobs->new(env => {
	PLATEN_WORKER_SLOTS => 1, PLATEN_WORKER_ANALYZE_SLOTS => 1,
	PLATEN_WORKER_COUNT_SECONDS => 5, PLATEN_WORKER_LEASE_SECONDS => 3,
	PLATEN_WORKER_HEARTBEAT_SECONDS => 1 });
my $pid = $j->worker;

sub ask {
	my ($host, $push) = @_;
	$j->sql("INSERT INTO hosts (hostname) VALUES ('$host')");
	$j->push('analyze', $host, $j->{account}) if $push // 1;
}

sub host {
	my ($host) = @_;
	my ($row) = $j->sql("SELECT state, urls_count, coalesce(error, ''),
	    attempt, crashes FROM hosts WHERE hostname = '$host'");
	return @$row;
}

sub ends {
	my ($host, $seconds) = @_;
	wait_for { (host($host))[0] =~ /done|failed/ } $seconds, "$host ends";
	return host($host);
}

# Listening as the sidecar does.
my $ear = IO::Socket::UNIX->new(Peer => $j->s->dir . '/run/redis.sock') or die;
print $ear "PSUBSCRIBE host:*\r\n";
$ear->flush;

sub heard {
	my ($host) = @_;
	my @got;
	local $SIG{ALRM} = sub { die "heard nothing\n" };
	alarm 10;
	while (my $line = <$ear>) {
		next unless $line =~ /^\{.*"hostname":"\Q$host\E"/;
		push @got, decode_json($line);
		last if $got[-1]{isComplete} || $got[-1]{error};
	}
	alarm 0;
	return @got;
}

my $long = $j->order({ pages => 500, ms => 20 });
$j->await($long, 'processing');
ask('n40-ms50.example');
wait_for { (host('n40-ms50.example'))[1] > 0 } 5, 'the count grows';
is((host('n40-ms50.example'))[0], 'counting', 'the count so far is stored');
is_deeply([(ends('n40-ms50.example', 5))[0, 1]], ['done', 40],
    'then all of them');
is($j->status($long), 'processing', 'while an order held the only slot');
my @told = heard('n40-ms50.example');
ok(@told >= 5, 'listeners hear it grow');
is_deeply($told[-1], { hostname => 'n40-ms50.example', urlsCount => 40,
    isComplete => JSON::PP::true }, 'and end');

ask('bad.example');
my @row = ends('bad.example', 3);
is_deeply(\@row, ['failed', 0, 'There is no host bad.example.', 1, 0],
    'a host that is none fails with the sentence');
is((heard('bad.example'))[-1]{error}, 'There is no host bad.example.',
    'which listeners hear');

ask('dies.example');
@row = ends('dies.example', 10);
is($row[0], 'failed', 'a host that crashes its slot fails in the end');
like($row[2], qr/crashed \(signal 6/, 'with a sentence');
is($row[3], 3, 'after three tries');

ask('n10-ms1.example', 0);
is_deeply([(ends('n10-ms1.example', 5))[0, 1]], ['done', 10],
    'one that never reached Redis is counted all the same');

ask('n100-ms100.example');
@row = ends('n100-ms100.example', 15);
is($row[0], 'failed', 'a count without an end is stopped');
like($row[2], qr/time limit of 5 seconds/, 'with a sentence');

# Death in the middle.
ask('n60-ms50.example');
wait_for { (host('n60-ms50.example'))[0] eq 'counting' } 3, 'it starts';
kill 'KILL', $pid;
$j->reap($pid);
$pid = $j->worker;
@row = ends('n60-ms50.example', 20);
is_deeply([@row[0, 1, 3, 4]], ['done', 60, 2, 0],
    'a count survives the death of its worker');

# A graceful stop in the middle.
ask('n80-ms50.example');
wait_for { (host('n80-ms50.example'))[0] eq 'counting' } 3, 'it starts';
kill 'TERM', $pid for 1 .. 2;
sleep 0.1;
kill 'TERM', $pid;
is($j->reap($pid), 0, 'the worker stops');
is((host('n80-ms50.example'))[0], 'pending', 'the count is handed back');
$pid = $j->worker;
is_deeply([(ends('n80-ms50.example', 20))[0, 1]], ['done', 80],
    'and done by the next');
done_testing;
