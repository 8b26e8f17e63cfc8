#!/usr/bin/perl
# compdb.pl: compile_commands.json for clangd and clang-tidy.
# usage: compdb.pl 'CC FLAGS' FILE... > compile_commands.json
use strict;
use warnings;
use Cwd;

my ($cc, @files) = @ARGV;
my $dir = getcwd();
$cc =~ s/([\\"])/\\$1/g;
print "[\n", join(",\n", map {
	qq(  {"directory": "$dir", "file": "$_", "command": "$cc -c $_"})
} @files), "\n]\n";
