#!/usr/bin/perl
# docs/platen.1 has every command of `platen help`, docs/llms-txt.md every
# reason of the list, and both no other.  The log events of docs/operations.md
# stand in the code, with that level.
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

my %meaning;
my $defined = slurp("$root/worker/site/disposition.def");
while ($defined =~ /^DISPOSITION\(\w+, "(\w+)",?\s*"([^"]*)"((?:\s*"[^"]*")*)/mg) {
	my ($name, $words, $more) = ($1, $2, $3);
	$words .= join '', $more =~ /"([^"]*)"/g;
	$meaning{$name} = $words =~ s/\.?\z/./r if $name ne 'pending';
}
my %told = slurp("$root/docs/llms-txt.md") =~ /^\| `(\w+)` \| ([A-Z].*\.)\s*\|$/mg;
is_deeply(\%told, \%meaning, 'in the same words');

my %level;
for my $f (map { glob "$root/$_/{*,*/*,*/*/*}.c" } qw(core fcgi ws worker cli)) {
	my $c = slurp($f);
	# log_warn("name", or log_write(... ? LOG_WARN : LOG_INFO, "name"
	$level{$2}{$1} = 1 while $c =~ /\blog_(error|warn|info)\(\s*(?:[^;"]*\?\s*)?"(\w+)"/g;
}
my ($events) = slurp("$root/docs/operations.md") =~ /^\| event \| level .*?\n((?:\|.*\n)+)/m;
my @lines = grep { /^\| `/ } split /\n/, $events // '';
cmp_ok(scalar @lines, '>', 10, 'docs/operations.md lists log events');
for (@lines) {
	my ($names, $level) = /^\| (.*?) \| (\w+) \|/;
	ok($level{$_}{$level}, "$_ is logged as $level") for $names =~ /`(\w+)`/g;
}
done_testing;
