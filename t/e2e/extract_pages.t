#!/usr/bin/perl
# The labelled pages of t/corpus/pages and t/bench/extract/pages: `platen
# extract` keeps what a careful reader would keep.  The floors are a little
# under what is reached; the bench has the numbers beside a peer's.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use JSON::PP ();
use Test::More;
use lib "$Bin/../lib";
use Platen::Shingles qw(marked_text markdown_text score shingles);

my $platen = ($ENV{PLATEN_BUILD} // "$Bin/../../build/release") . '/platen';
plan skip_all => "$platen is not built" unless -x $platen;
binmode $_, ':encoding(UTF-8)'
    for map { Test::More->builder->$_ } qw(output failure_output);

my $LEAST = 0.70; # of any page
my $MEAN = 0.95;  # of all of a folder
my $HOLD = 0.93;  # of those the extractor was not tuned on

sub slurp {
	my ($name) = @_;
	open my $h, '<:encoding(UTF-8)', $name or return undef;
	local $/;
	return scalar <$h>;
}

sub extract {
	my ($file) = @_;
	open my $h, '-|', $platen, 'extract', $file or die "$platen: $!";
	local $/;
	return JSON::PP->new->utf8->decode(scalar <$h>);
}

sub folder {
	my ($folder, $mean) = @_;
	my ($sum, $n) = (0, 0);
	for my $page (sort glob "$folder/*.html") {
		my $wanted = slurp($page =~ s/html$/txt/r)
		    // marked_text(slurp($page));
		my $got = markdown_text(extract($page)->{markdown});
		my (undef, undef, $f1) =
		    score(shingles($got), shingles($wanted));
		cmp_ok($f1, '>=', $LEAST, $page =~ s{.*/}{}r);
		$sum += $f1;
		$n++;
	}
	cmp_ok($n, '>', 0, "$folder has pages");
	cmp_ok($sum / ($n || 1), '>=', $mean, 'and all together');
}

folder("$Bin/../corpus/pages", $MEAN);
folder("$Bin/../bench/extract/pages/tune", $MEAN);
folder("$Bin/../bench/extract/pages/hold", $HOLD);
done_testing;
