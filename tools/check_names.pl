#!/usr/bin/perl
# check_names.pl: names that no compiler objects to.
# usage: check_names.pl      says each bad one as "file:line: what"; exits 1
#
# A function's name says its object ("queue_wait_text", not "tell"), static
# ones too, so that a backtrace can be read alone; "run" is the entry of a file
# that is a row of a table.  The tag of a struct, union or enum is used once in
# the whole product.
use strict;
use warnings;
use FindBin qw($Bin);

chdir "$Bin/.." or die "$Bin/..: $!\n";
my %bare = map { $_ => 1 } qw(main run fatal);
my %tags;
my $bad = 0;

for my $file (sort split /\n/,
    `git ls-files -co --exclude-standard core fcgi ws worker cli`) {
	next unless $file =~ /\.[ch]$/ && -f $file;
	open my $in, '<', $file or die "$file: $!\n";
	while (<$in>) {
		push @{ $tags{$1} }, "$file:$."
		    if /^\s*(?:static |const |typedef )*(?:struct|union|enum) (\w+)\s*\{/;
		# A definition's name stands at the beginning of its line.
		complain("$file:$.", "$1(): a name of one word; say its object")
		    if /^([a-z]\w*)\(/ && $1 !~ /_/ && !$bare{$1};
	}
}
for my $tag (sort keys %tags) {
	my ($first, @more) = @{ $tags{$tag} };
	complain($_, "the tag $tag stands in $first, too") for @more;
}
exit $bad;

sub complain {
	print "$_[0]: $_[1]\n";
	$bad = 1;
}
