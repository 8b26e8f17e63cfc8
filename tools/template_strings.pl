#!/usr/bin/perl
# template_strings.pl: the sentences of templates as a PO template.
# usage: template_strings.pl FILE.html... > strings.pot
use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Po;
use Template;

binmode STDOUT, ':encoding(UTF-8)';
print "msgid \"\"\nmsgstr \"\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\n";
my %seen;
for my $f (@ARGV) {
	open my $h, '<:encoding(UTF-8)', $f or die "$f: $!\n";
	my $html = do { local $/; <$h> };
	translate($html, sub {
		print 'msgid ', c_literal($_[0]), "\nmsgstr \"\"\n\n"
		    unless $seen{ $_[0] }++;
		return $_[0];
	});
}
