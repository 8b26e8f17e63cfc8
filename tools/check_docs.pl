#!/usr/bin/perl
# check_docs.pl: every file that a document names is there.
# usage: check_docs.pl      says each wrong name as "file:line: what", exits 1
# A name is text in backquotes that begins with a folder or is a file at the
# top of the repository, or the target of a link to a file.
use strict;
use warnings;
use FindBin '$Bin';

chdir "$Bin/.." or die "$Bin/..: $!\n";
my %tracked = map { chomp; ($_ => 1) } qx(git ls-files -co --exclude-standard);
my %top = map { m{^([^/]+)/} ? ($1 => 1) : () } keys %tracked;

# The examples that tests build.
my %example = map { $_ => 1 }
    qw(core/type/haiku.c worker/gen/haiku.c worker/provider/llamacpp.c);

my $bad = 0;
sub wrong {
	print "$_[0]:$_[1]: $_[2] is not there\n";
	$bad = 1;
}

for my $doc (sort grep { /\.md$/ && -f } keys %tracked) {
	my ($dir) = $doc =~ m{^(.*/)?};
	$dir //= '';
	open my $h, '<', $doc or die "$doc: $!\n";
	while (<$h>) {
		while (/`([A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]*)*)`/g) {
			my $name = $1;
			next if $example{$name} || -e $name;
			my $first = $name =~ m{^([^/]+)/} ? $1 : '';
			wrong($doc, $., $name)
			    if $top{$first} || $name =~ m{^[A-Z]+\.md$};
		}
		while (/\]\(([^)#:\s]+)(?:#[^)\s]*)?\)/g) {
			wrong($doc, $., $1) if $1 !~ m{^/} && !-e "$dir$1";
		}
	}
	close $h or die "$doc: $!\n";
}
exit $bad;
