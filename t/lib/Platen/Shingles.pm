package Platen::Shingles;
# How alike two texts are: F1 of their 4-word shingles, and what the words of
# a page and of Markdown are.
use strict;
use warnings;
use utf8;
use Exporter 'import';

our @EXPORT_OK = qw(html_text markdown_text marked_text score shingles);

# Formulas are no words: extractors keep them as TeX, MathML or not at all.
# Words of HTML: blocks separate words, formatting does not.
my $block = 'p|div|section|article|h[1-6]|li|ul|ol|td|th|tr|table|br|hr|'
    . 'blockquote|pre|dd|dt|dl|figure|figcaption|header|footer|center|address';
my %entity = (amp => '&', lt => '<', gt => '>', quot => '"', apos => "'",
	nbsp => ' ', times => "\x{d7}", pound => "\x{a3}", para => "\x{b6}",
	copy => "\x{a9}", ndash => "\x{2013}", mdash => "\x{2014}",
	ldquo => "\x{201c}", rdquo => "\x{201d}");

sub html_text {
	my ($s) = @_;
	$s =~ s/<!--.*?-->//gs;
	$s =~ s/<(script|style|noscript|svg|math)\b.*?<\/\1>//gsi;
	$s =~ s/<\/?(?:$block)\b[^>]*>/ /gi;
	$s =~ s/<[^>]*>//g;
	$s =~ s/&#(\d+);/chr $1/ge;
	$s =~ s/&#x([0-9a-f]+);/chr hex $1/gie;
	$s =~ s/&(\w+);/$entity{$1} \/\/ "&$1;"/ge;
	return $s;
}

# What a page with marks in it says is wanted.
sub marked_text {
	my ($s) = @_;
	my @parts = $s =~ /<!--\[-->(.*?)<!--\]-->/gs;
	return @parts ? html_text(join '', @parts) : undef;
}

# Words of Markdown: links give their text, images and fences nothing.
sub markdown_text {
	my ($s) = @_;
	$s =~ s/!\[[^\]]*\]\([^)\s]*\)/ /g;
	$s =~ s/\[((?:[^\[\]\\]|\\.)*)\]\([^)\s]*\)/$1/g for 1 .. 2;
	$s =~ s/\$\$?[^\$\n]*[\\^_{][^\$\n]*\$\$?/ /g;
	$s =~ s/^[ >]*`{3,}.*$//gm;
	$s =~ s/^([ >]*)\d+\. /$1/gm;
	$s =~ s/\\([[:punct:]])/$1/g;
	$s =~ s/\*\*|~~|`//g;
	$s =~ s/(?<!\w)\*|\*(?!\w)//g;
	return $s;
}

# 4-word shingles and how often; a wide character is a word.
sub shingles {
	my @w = map { /[\x{3040}-\x{30ff}\x{3400}-\x{9fff}\x{ac00}-\x{d7af}]/
		    ? split // : $_ } lc($_[0]) =~ /\w+/g;
	my %n;
	return { (@w ? ("@w" => 1) : ()) } if @w < 4;
	$n{"@w[$_ .. $_ + 3]"}++ for 0 .. $#w - 3;
	return \%n;
}

sub score {
	my ($got, $want) = @_;
	my ($both, $g, $w) = (0, 0, 0);
	for (keys %$got) {
		$g += $got->{$_};
		my $m = $want->{$_} // 0;
		$both += $got->{$_} < $m ? $got->{$_} : $m;
	}
	$w += $_ for values %$want;
	return (1, 1, 1) if !$g && !$w;
	return (0, 0, 0) if !$both;
	my ($p, $r) = ($both / $g, $both / $w);
	return ($p, $r, 2 * $p * $r / ($p + $r));
}

1;
