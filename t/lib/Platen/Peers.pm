# Platen::Peers: WebSocket clients that people have, held open and silent.
#
#	for my $client (Platen::Peers::all()) {
#		next if Platen::Peers::missing($client);
#		my $h = Platen::Peers::start($client, $url, $token, $seconds, @subprotocols);
#		say Platen::Peers::end($h);
#	}
#
# It says "open" when the connection still was after so many seconds without a
# word from the client; else how it ended.
package Platen::Peers;
use strict;
use warnings;
use Platen::Browser ();

my $HERE = "$Platen::Browser::HERE/../e2e/peers";
my %clients = (
	'ws of npm' => ['node', "$HERE/hold_ws.mjs"],
	'websockets of Python' => ['/usr/bin/python3', "$HERE/hold.py"],
	'Chromium' => ['node', "$HERE/hold_chromium.mjs"],
);

sub all { return sort keys %clients }

# missing: why it cannot be tried here; undef: it can.
sub missing {
	my ($client) = @_;
	my ($program) = @{ $clients{$client} };
	return "there is no $program" if system("command -v $program >/dev/null");
	if ($program eq 'node') {
		my $why = Platen::Browser::install();
		return $why if $why;
		return 'there is no chromium'
		    if $client eq 'Chromium' && !Platen::Browser::chromium();
		return;
	}
	return 'python3-websockets is not installed'
	    if system("$program -c 'import websockets' 2>/dev/null");
	return;
}

# start: it runs until its end is read.
sub start {
	my ($client, @words) = @_;
	local $ENV{PLATEN_TEST_CHROMIUM} = Platen::Browser::chromium() // '';
	open my $h, '-|', @{ $clients{$client} }, @words or die "$client: $!";
	return $h;
}

# end: the last line it prints.
sub end {
	my ($h) = @_;
	my @lines = <$h>;
	close $h;
	return 'nothing' unless @lines;
	chomp @lines;
	return $lines[-1];
}

1;
