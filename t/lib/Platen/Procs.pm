# Procs: what a process and all below it use, from /proc.
package Platen::Procs;
use strict;
use warnings;

# tree PID: it and every living descendant.
sub tree {
	my ($pid) = @_;
	my %kids;
	for my $file (glob '/proc/[0-9]*/stat') {
		open my $h, '<', $file or next;
		my $line = <$h> // next;
		push @{ $kids{$2} }, $1 if $line =~ /^(\d+) \(.*\) \S (\d+)/;
	}
	my @all = ($pid);
	for (my $i = 0; $i < @all; $i++) { push @all, @{ $kids{ $all[$i] } // [] } }
	return @all;
}

# memory PID: MB of them all (the sum of PSS, so that shared pages count
# once), then of each, the largest first.
sub memory {
	my ($pid) = @_;
	my ($sum, @each) = (0);
	for my $p (tree($pid)) {
		open my $h, '<', "/proc/$p/smaps_rollup" or next;
		while (<$h>) {
			next unless /^Pss:\s+(\d+)/;
			push @each, $1 / 1024;
			$sum += $1 / 1024;
			last;
		}
	}
	return ($sum, map { sprintf '%.1f', $_ } sort { $b <=> $a } @each);
}

# cpu PID: seconds of them all and of the children they have waited for.
sub cpu {
	my ($pid) = @_;
	my $ticks = 0;
	for my $p (tree($pid)) {
		open my $h, '<', "/proc/$p/stat" or next;
		my $line = <$h> // next;
		my @f = split ' ', $line =~ s/^.*\) //r;
		$ticks += $_ for @f[11 .. 14];
	}
	return $ticks / 100;
}

1;
