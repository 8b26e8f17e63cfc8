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

use FindBin qw($Bin);
use lib "$Bin/../../lib";
use Platen::Shingles qw(html_text markdown_text marked_text score shingles);

my ($set, $dir, @times) = @ARGV;

sub slurp {
	my ($path) = @_;
	open my $h, '<:encoding(UTF-8)', $path or return undef;
	local $/;
	return scalar <$h>;
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
