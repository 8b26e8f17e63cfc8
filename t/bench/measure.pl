#!/usr/bin/perl
# measure.pl: runs a command; one JSON line with its wall seconds, the CPU
# seconds of it and its children, and the peak of the memory of the whole
# process tree (sum of PSS, so that shared pages count once), sampled every
# 20 ms.
# usage: measure.pl OUT.json COMMAND...
use strict;
use warnings;
use Time::HiRes qw(time sleep);
use POSIX ':sys_wait_h';

my ($out, @command) = @ARGV;
my $start = time;
my $pid = fork // die "fork: $!\n";
if ($pid == 0) { exec @command or die "$command[0]: $!\n" }

# Every living descendant of $pid, itself included.
sub tree {
	my %kids;
	for my $stat (glob '/proc/[0-9]*/stat') {
		open my $h, '<', $stat or next;
		my $line = <$h> // next;
		push @{ $kids{$2} }, $1 if $line =~ /^(\d+) \(.*\) \S (\d+)/;
	}
	my @all = ($pid);
	for (my $i = 0; $i < @all; $i++) { push @all, @{ $kids{$all[$i]} // [] } }
	return @all;
}

sub pss_kb {
	my $sum = 0;
	for my $p (tree()) {
		open my $h, '<', "/proc/$p/smaps_rollup" or next;
		while (<$h>) { $sum += $1, last if /^Pss:\s+(\d+)/ }
	}
	return $sum;
}

my ($peak, $status) = (0, undef);
while (waitpid($pid, WNOHANG) == 0) {
	my $now = pss_kb();
	$peak = $now if $now > $peak;
	sleep 0.02;
}
$status = $?;
my (undef, undef, $user, $system) = times;
open my $h, '>', $out or die "$out: $!\n";
printf $h qq({"wall":%.3f,"cpu":%.3f,"peak_kb":%d,"status":%d}\n),
    time - $start, $user + $system, $peak, $status;
close $h;
exit($status >> 8 || ($status & 127 ? 1 : 0));
