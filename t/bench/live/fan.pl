#!/usr/bin/perl
# fan.pl: the body of live.sh.
# usage: fan.pl TMP CONNECTIONS EVENTS       (TMP/clients is the clients)
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../../lib";
use IPC::Open2;
use Platen::Live;
use Platen::Stack;

my ($tmp, $n, $events) = @ARGV;
my $s = Platen::Stack->new(with => 'live',
	env => { PLATEN_LIVE_CLIENT_FRAMES => 1024 });
my $l = Platen::Live->new($s);
my $account = $l->account;

sub pss_kb {
	my ($pid) = @_;
	open my $h, '<', "/proc/$pid/smaps_rollup" or return 0;
	while (<$h>) { return $1 if /^Pss:\s+(\d+)/ }
	return 0;
}

# fan: messages a second and kB per connection of one server.
sub fan {
	my ($pid, $socket) = @_;
	my $before = pss_kb($pid);
	my $clients = open2(my $out, my $in, "$tmp/clients", $socket,
		"sid=$account->{token}", $n);
	<$out> =~ /^ready/ or die "the clients gave up\n";
	my $kb = (pss_kb($pid) - $before) / $n;
	my @rate;
	for (1 .. 5) {
		# A change of status each, so that nothing may be left out.
		my @burst = map { [$account, Platen::Live::uuid(), 'status', 'completed',
			{ processedUrls => 60, totalUrls => 60, entriesCount => 58 }] }
		    1 .. $events;
		print $in "go $events\n";
		$in->flush;
		$l->events(@burst);
		my ($got, $seconds) = split ' ', <$out>;
		warn "only $got of ", $n * $events, " messages came\n" if $got < $n * $events;
		push @rate, $got / $seconds;
	}
	close $in;
	waitpid $clients, 0;
	@rate = sort { $a <=> $b } @rate;
	return ($rate[2], $kb);
}

my ($rate, $kb) = fan($s->pid('live'), $s->dir . '/run/live.sock');
my $pid = open my $peer, '-|', 'node', "$FindBin::Bin/peer.mjs", "$tmp/peer.sock",
    $s->dir . '/run/redis.sock', $account->{id} or die "node: $!\n";
(<$peer> // '') =~ /^ready/ or die "the peer does not start\n";
my ($peer_rate, $peer_kb) = fan($pid, "$tmp/peer.sock");
kill 'TERM', $pid;

printf "# live: %d events to each of %d WebSockets, median of 5 bursts\n", $events, $n;
printf "live platen  %9.0f messages/s  %6.1f kB per connection\n", $rate, $kb;
printf "live node    %9.0f messages/s  %6.1f kB per connection\n", $peer_rate, $peer_kb;
printf "live ratio: %.1f times the messages per second of node, %.2f of its memory\n",
    $rate / $peer_rate, $kb / $peer_kb;
