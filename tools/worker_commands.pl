#!/usr/bin/perl
# worker_commands.pl: what `platen` knows of the commands in worker/tool/.
# usage: worker_commands.pl FILE... > worker_commands.c
# The name is the file's; the usage is the literal of its ".usage = ...".
use strict;
use warnings;

print "/* Made by tools/worker_commands.pl from worker/tool/. */\n",
    "#include \"cli/command.h\"\n\n#include <stddef.h>\n\n",
    "const struct worker_command worker_commands[] = {\n";
for my $f (@ARGV) {
	next if -f $f =~ s/\.c$/.h/r;    # it helps the others
	my ($name) = $f =~ m{([^/]+)\.c$} or die "$f: not a C file\n";
	open my $h, '<', $f or die "$f: $!\n";
	my $text = do { local $/; <$h> };
	my ($usage) = $text =~ /\.usage\s*=\s*((?:"(?:[^"\\]|\\.)*"\s*)+)/;
	print "    {\"$name\", ", $usage // "\"$name\"", "},\n";
}
print "    {NULL, NULL},\n};\n";
