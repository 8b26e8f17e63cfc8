#!/usr/bin/perl
# entities.pl: worker/extract/entities.txt as a table in C.
# usage: entities.pl FILE > entities.h
# All names and texts are one string without ends, and a name is found by its
# first character: 2,125 rows of 8 bytes, no pointers to relocate.
use strict;
use warnings;

my (@rows, $bytes, @first);
while (<>) {
	next if /^#/;
	/^(\w+)((?: [0-9A-F]+)+)( !)?$/ or die "$ARGV:$.: not a reference\n";
	push @rows, [ $1, join('', map { chr hex } split ' ', $2), $3 ? 1 : 0 ];
}
@rows = sort { $a->[0] cmp $b->[0] } @rows;
my ($text, $table) = ('', '');
for my $i (0 .. $#rows) {
	my ($name, $is, $legacy) = @{ $rows[$i] };
	utf8::encode($is);
	$table .= sprintf "    {%d, %d, %d, %d},\n", length $text, length $name,
	    length $is, $legacy;
	$first[$_] //= $i for 0 .. ord $name;
	$text .= $name . $is;
}
$first[$_] //= @rows for 0 .. 128;
print "/* Made by tools/entities.pl from worker/extract/entities.txt. */\n";
print "static const char entity_bytes[] =\n";
while ($text =~ /(.{1,16})/gs) {
	my $piece = $1;
	$piece =~ s/([^A-Za-z0-9])/sprintf '\%03o', ord $1/ge;
	print "    \"$piece\"\n";
}
print ";\nstatic const struct entity entities[] = {\n$table};\n";
print "/* The first row of each character and the ones after it. */\n";
print "static const uint16_t entity_first[129] = {",
    join(', ', @first[0 .. 128]), "};\n";
