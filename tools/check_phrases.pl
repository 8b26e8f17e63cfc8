#!/usr/bin/perl
# check_phrases.pl: phrases of tools/phrases in what people read.
# usage: check_phrases.pl      says each as "file:line: what"; exits 1
#
# Looked at: templates, static pages and scripts, documents, the help of the
# configuration, and the string literals of the product's C, joined where
# several make one sentence.  Code in backquotes and comments are not.
use strict;
use warnings;
use FindBin qw($Bin);

chdir "$Bin/.." or die "$Bin/..: $!\n";

my @phrases;
open my $list, '<', 'tools/phrases' or die "tools/phrases: $!\n";
while (<$list>) {
	next if /^#|^\s*$/;
	my ($pattern, $why) = /^(.*?)\s+# why: (.*)$/ or die "tools/phrases:$.: no # why:\n";
	push @phrases, [$pattern =~ s/^\(\?-i\)// ? qr/$pattern/m : qr/$pattern/mi, $why];
}
close $list;

my $bad = 0;

# check FILE, LINE, TEXT: every phrase in a text that begins on that line.
sub check {
	my ($file, $line, $text) = @_;
	for my $p (@phrases) {
		while ($text =~ /$p->[0]/g) {
			my ($at, $found) = ($line + (substr($text, 0, $-[0]) =~ tr/\n//), $&);
			print "$file:$at: \"$found\": $p->[1]\n";
			$bad = 1;
		}
	}
}

# blank TEXT: as many line feeds, and a space for the rest.
sub blank {
	my ($text) = @_;
	return ' ' . ("\n" x ($text =~ tr/\n//));
}

my $string = qr/"(?:[^"\\\n]|\\.)*"/;
for my $file (split /\n/, qx(git ls-files -co --exclude-standard)) {
	next if !-f $file;
	my $kind = $file =~ m{^(?:core|fcgi|ws|worker|cli)/.*\.(?:c|def)$} ? 'c'
	    : $file =~ m{^static/[^/]*\.js$} ? 'js'
	    : $file =~ m{^(?:templates|static)/.*\.html$|^docs/|\.md$} ? 'text' : next;
	open my $h, '<', $file or die "$file: $!\n";
	my $text = do { local $/; <$h> };
	close $h;
	if ($kind eq 'text') {
		$text =~ s/(<!--.*?-->|\{\{!.*?\}\}|^```.*?^```|`[^`\n]*`)/blank($1)/gmse;
		check($file, 1, $text);
		next;
	}
	if ($kind eq 'js') {
		$text =~ s{($string|'(?:[^'\\\n]|\\.)*')|(/\*.*?\*/|(?<!:)//[^\n]*)}{$1 // blank($2)}gse;
		check($file, 1, $text);
		next;
	}
	# Character constants and comments go; what stays is told by its quotes.
	$text =~ s{($string)|('(?:[^'\\\n]|\\.)+'|/\*.*?\*/|//[^\n]*)}{$1 // blank($2)}gse;
	while ($text =~ /($string(?:\s*$string)*)/g) {
		my ($line, $literal) = (1 + (substr($text, 0, $-[1]) =~ tr/\n//), $1);
		$literal =~ s/"(\s*)"/blank($1) =~ tr{ }{}dr/ge;
		$literal =~ s/^"|"$//g;
		check($file, $line, $literal);
	}
}
exit $bad;
