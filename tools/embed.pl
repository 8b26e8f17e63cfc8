#!/usr/bin/perl
# embed.pl: templates/x.html as a C table of name and text, and the version of
# what they link to: a hash over the text of the style and script files.
# usage: embed.pl TEMPLATE... STATIC... > templates.c
use strict;
use warnings;
use Digest::SHA;

print "/* Made by tools/embed.pl from templates/ and static/. */\n",
    "#include \"fcgi/template.h\"\n\n",
    "const struct template_def template_defs[] = {\n";
my $sha = Digest::SHA->new(256);
for my $f (@ARGV) {
	open my $h, '<:raw', $f or die "$f: $!\n";
	if ($f !~ m{([^/]+)\.html$}) {
		$sha->addfile($h);
		next;
	}
	print "    {\"$1\",\n";
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
print "    {0, 0},\n};\n\nconst char static_version[] = \"",
    substr($sha->hexdigest, 0, 12), "\";\n";
