#!/usr/bin/perl
# score.pl: F1 of 4-word shingles of two extractors against labelled pages.
# usage: score.pl SET DIR "PAGES SECONDS" "PAGES SECONDS"
# DIR/NAME/ holds page.md (ours), node.html (the peer's) and expected.txt or
# expected.html, or page.html has what is wanted between the comments
# <!--[--> and <!--]-->; without these only the speed is told.  V=1 lists each
# page, W=NAME what is wrong with one.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));

my ($set, $dir, @times) = @ARGV;

sub slurp {
	my ($path) = @_;
	open my $h, '<:encoding(UTF-8)', $path or return undef;
	local $/;
	return scalar <$h>;
}

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
	$s =~ s/<(script|style|noscript)\b.*?<\/\1>//gsi;
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

sub differences {
	my ($got, $want) = @_;
	print map { "# - $_\n" }
	    grep { ($got->{$_} // 0) < $want->{$_} } sort keys %$want;
	print map { "# + $_\n" }
	    grep { ($want->{$_} // 0) < $got->{$_} } sort keys %$got;
}

my (%sum, $n);
for my $page (glob "$dir/*/page.html") {
	my ($d) = $page =~ m{(.*)/page\.html$};
	my $text = slurp("$d/expected.txt");
	my $html = slurp("$d/expected.html");
	$text //= defined $html ? html_text($html) : marked_text(slurp($page));
	next if !defined $text;
	my $want = shingles($text);
	my $got = shingles(markdown_text(slurp("$d/page.md")));
	my @ours = score($got, $want);
	differences($got, $want) if ($ENV{W} // '') eq $d =~ s{.*/}{}r;
	my @node = score(shingles(html_text(slurp("$d/node.html"))), $want);
	$n++;
	$sum{platen}[$_] += $ours[$_] for 0 .. 2;
	$sum{node}[$_] += $node[$_] for 0 .. 2;
	printf "# %.3f %.3f  %s\n", $ours[2], $node[2], $d =~ s{.*/}{}r
	    if $ENV{V};
}
my %speed;
for (['platen', $times[0]], ['node', $times[1]]) {
	my ($who, $time) = @$_;
	my ($pages, $seconds) = split ' ', $time;
	$speed{$who} = $pages / $seconds;
	printf "extract %-8s %-7s", $set, $who;
	printf "  precision %.3f  recall %.3f  F1 %.3f",
	    map { $_ / $n } @{ $sum{$who} } if $n;
	printf "  %7.1f pages/s of one core\n", $speed{$who};
}
printf "extract ratio: %.0f times the pages per second (%s)\n",
    $speed{platen} / $speed{node}, $set;
