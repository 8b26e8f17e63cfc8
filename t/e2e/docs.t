#!/usr/bin/perl
# docs/platen.1 has every command of `platen help`, docs/llms-txt.md every
# reason of the list, and both no other.
use strict;
use warnings;
use FindBin qw($Bin);
use Test::More;

my $root = "$Bin/../..";
my $bin = $ENV{PLATEN_BIN} // "$root/build/" . ($ENV{MODE} || 'release');

sub slurp {
	open my $h, '<', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar <$h>;
}

# sorted NAMES: each once.
sub sorted {
	my %once = map { $_ => 1 } @_;
	return [sort keys %once];
}

my @commands = qx($bin/platen help) =~ /^  platen ([a-z]\S*)/mg;
cmp_ok(scalar @commands, '>', 5, 'platen help lists commands');
is_deeply(sorted(slurp("$root/docs/platen.1") =~ /^\.It Cm (\w+)/mg), sorted(@commands),
	'platen(1) has every command');
my @reasons = slurp("$root/worker/site/disposition.def") =~ /^DISPOSITION\(\w+, "(\w+)"/mg;
is_deeply(sorted(slurp("$root/docs/llms-txt.md") =~ /^\| `(\w+)` \| [A-Z].*\.\s*\|$/mg),
	sorted(grep { $_ ne 'pending' } @reasons), 'docs/llms-txt.md has every reason');
done_testing;
