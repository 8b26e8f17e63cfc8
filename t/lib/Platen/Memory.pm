# Memory: what a running process holds, as root (or its debugger) reads it.
#
#	Platen::Memory::holds($pid, @words)    those of the words it holds
#	Platen::Memory::environment($pid)      its environment, as it was given
package Platen::Memory;
use strict;
use warnings;
no warnings 'portable'; # addresses are long

# A word may lie across two pieces.
use constant { PIECE => 1 << 20, LAP => 256 };

sub environment {
	my ($pid) = @_;
	open my $h, '<:raw', "/proc/$pid/environ" or return undef;
	local $/;
	return scalar(<$h>) // '';
}

# holds PID, WORDS: which of them are in its memory or its environment; dies
# where that cannot be read.
sub holds {
	my ($pid, @words) = @_;
	my %found;
	my $any = join '|', map quotemeta, @words;
	my $environ = environment($pid) // die "cannot read /proc/$pid/environ: $!\n";
	$found{$1} = 1 while $environ =~ /($any)/g;
	open my $maps, '<', "/proc/$pid/maps" or die "cannot read /proc/$pid/maps: $!\n";
	open my $mem, '<:raw', "/proc/$pid/mem" or die "cannot read /proc/$pid/mem: $!\n";
	my $bytes = 0;
	while (<$maps>) {
		my ($from, $to, $mode, $name) =
		    /^([0-9a-f]+)-([0-9a-f]+) (\S+) \S+ \S+ \S+\s*(.*)/ or next;
		next if $mode !~ /^r/ || $name =~ /^\[v/;
		my ($at, $end, $tail) = (hex $from, hex $to, '');
		while ($at < $end) {
			sysseek $mem, $at, 0 or last;
			my $n = sysread $mem, my $piece, $end - $at < PIECE ? $end - $at : PIECE;
			last unless $n;
			$bytes += $n;
			my $text = $tail . $piece;
			$found{$1} = 1 while $text =~ /($any)/g;
			$tail = substr $text, -LAP;
			$at += $n;
		}
	}
	die "nothing of the memory of $pid can be read\n" unless $bytes;
	return sort keys %found;
}

1;
