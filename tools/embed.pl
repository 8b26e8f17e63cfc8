#!/usr/bin/perl
# embed.pl: templates/x.html as a C table of language, name and text, and the
# version of what they link to: a hash over the text of the style and script
# files.  A template is there in English, and in each language of a po/LANG.po.
# usage: embed.pl TEMPLATE... STATIC... LANG.po... > templates.c
use strict;
use warnings;
use Digest::SHA;
use FindBin qw($Bin);
use lib $Bin;
use Po;
use Template;

binmode STDOUT, ':encoding(UTF-8)';
print "/* Made by tools/embed.pl from templates/, static/ and po/. */\n",
    "#include \"fcgi/template.h\"\n\n",
    "const struct template_def template_defs[] = {\n";
my @languages = (['en', {}], languages(grep { /\.po$/ } @ARGV));
my $sha = Digest::SHA->new(256);
for my $f (@ARGV) {
	if ($f !~ m{([^/]+)\.html$}) {
		$sha->addfile($f) unless $f =~ /\.po$/;
		next;
	}
	my $name = $1;
	open my $h, '<:encoding(UTF-8)', $f or die "$f: $!\n";
	my $html = do { local $/; <$h> };
	for (@languages) {
		my ($lang, $text) = @$_;
		print "    {\"$lang\", \"$name\",\n";
		my $said = %$text
		    ? translate($html, sub { $text->{ $_[0] } // $_[0] }) : $html;
		print '        ', c_literal($_), "\n" for split /(?<=\n)/, $said;
		print "        \"\"\n" if $said eq '';
		print "    },\n";
	}
}
print "    {0, 0, 0},\n};\n\nconst char static_version[] = \"",
    substr($sha->hexdigest, 0, 12), "\";\n";
