#!/usr/bin/perl
# embed.pl: templates/x.html as a C table of name and text.
# usage: embed.pl FILE... > templates.c
use strict;
use warnings;

print "/* Made by tools/embed.pl from templates/. */\n",
    "#include \"fcgi/template.h\"\n\n",
    "const struct template_def template_defs[] = {\n";
for my $f (@ARGV) {
	my ($name) = $f =~ m{([^/]+)\.html$} or die "$f: not a template\n";
	open my $h, '<:raw', $f or die "$f: $!\n";
	print "    {\"$name\",\n";
	my $any;
	while (my $line = <$h>) {
		$line =~ s/([\\"])/\\$1/g;
		$line =~ s/\t/\\t/g;
		$line =~ s/\n/\\n/;
		print "        \"$line\"\n";
		$any = 1;
	}
	print "        \"\"\n" unless $any;
	print "    },\n";
}
print "    {0, 0},\n};\n";
