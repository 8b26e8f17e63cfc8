#!/usr/bin/perl
# PostgreSQL ends sessions and itself, again and again, while pages are asked
# for: the web process answers, comes back, and never burns a core.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Stack;
use HTTP::Tiny;
use Test::More;
use Time::HiRes qw(sleep time);

my $s = Platen::Stack->new(with => 'web');
my $http = HTTP::Tiny->new(timeout => 10);

# CPU seconds of every platen-web of this stack so far.
sub cpu {
	my $ticks = 0;
	for my $pid (split ' ', `ps -o pid= --ppid @{[$s->pid('web')]}`) {
		open my $h, '<', "/proc/$pid/stat" or next;
		my @f = split ' ', (<$h> =~ s/^.*\) //sr);
		$ticks += $f[11] + $f[12];
	}
	return $ticks / 100;
}

my $until = time + 6;
my %status;
while (time < $until) {
	$status{ $http->get($s->url('/api/v1/generations'))->{status} }++;
	$s->sql('SELECT pg_terminate_backend(pid) FROM pg_stat_activity'
		. " WHERE application_name = 'platen-web'") if rand() < 0.2;
}
is_deeply([ grep { !/^(200|503)$/ } keys %status ], [],
	'every answer is a page or a 503 (' . join(' ', %status) . ')');
ok($status{200}, 'pages come in between');

for my $round (1 .. 2) {
	$s->kill9('pg');
	$http->get($s->url('/api/v1/generations')) for 1 .. 5;
	$s->start('pg');
	wait_for { $http->get($s->url('/api/v1/generations'))->{status} == 200 } 15,
	    'pages come back';
}
my $before = cpu();
sleep 2;
cmp_ok(cpu() - $before, '<', 0.5, 'nobody spins afterwards');
done_testing;
