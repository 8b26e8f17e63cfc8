#!/usr/bin/perl
# catalogs.pl: po/LANG.po as C tables (core/catalog.h).
# usage: catalogs.pl FILE.po... > catalogs.c
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Po;

binmode STDOUT, ':encoding(UTF-8)';
my @all = languages(@ARGV);
print "/* Made by tools/catalogs.pl from po/. */\n",
    "#include \"core/catalog.h\"\n\n";
for my $i (0 .. $#all) {
	my ($lang, $text) = @{ $all[$i] };
	print "static const struct catalog_entry entries_$i\[] = {\n";
	# In the order of strcmp(): by bytes.
	for my $id (sort { bytes_of($a) cmp bytes_of($b) } keys %$text) {
		print "    {", c_literal($id), ",\n        ",
		    c_literal($text->{$id}), "},\n";
	}
	print "};\n\n";
}
print "const struct catalog catalogs[] = {\n";
for my $i (0 .. $#all) {
	my $n = keys %{ $all[$i][1] };
	print '    {', c_literal($all[$i][0]), ", entries_$i, $n},\n";
}
print "    {0, 0, 0},\n};\n";

sub bytes_of {
	my ($s) = @_;
	utf8::encode($s);
	return $s;
}
