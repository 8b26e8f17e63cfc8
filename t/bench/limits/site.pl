#!/usr/bin/perl
# site.pl: a made-up documentation site as files: N pages that each have what
# pages have (a head, menus, a sidebar of links, headings, paragraphs, lists,
# tables, code, a footer), 20 to 100 kB of it, and no two with the same text.
# usage: site.pl DIR N HOST        (writes DIR/p/*/*.html, DIR/sitemap.xml)
use strict;
use warnings;

my ($dir, $n, $host) = @ARGV;
srand 5;
my @syllables = qw(ba co di fe gu ha jo ki lu ma ne po ra si tu va we xo ya zi
    bran crel dorn fisk gold hest irm kald lind mor nest orb pret quil rost
    sand teld und vend wick);
sub word { join '', map { $syllables[rand @syllables] } 1 .. 1 + rand 3 }
my @words = map { word() } 1 .. 4000;
sub words { join ' ', map { $words[rand @words] } 1 .. $_[0] }
my @sentences = map { ucfirst(words(6 + rand 18)) . '.' } 1 .. 20000;
sub sentence { $sentences[rand @sentences] }
sub paragraph { join ' ', map { sentence() } 1 .. 2 + rand 6 }

my @parts = map { words(1) . "-$_" } 1 .. 25;
my @path = map { "/p/$parts[$_ % @parts]/" . words(1) . "-$_.html" } 1 .. $n;
my @title = map { ucfirst(words(2 + rand 3)) . " $_" } 1 .. $n;
$path[0] = '/index.html';

sub link_to { my $i = int rand $n; qq(<a href="$path[$i]">$title[$i]</a>) }
my $menu = '<nav class="menu"><ul>' . join('', map {
	qq(<li><a href="$path[$_]">$title[$_]</a></li>) } 1 .. 30) . '</ul></nav>';
my $style = '<style>' . join("\n", map {
	".c$_ { margin: ${_}px; color: #" . sprintf('%06x', rand 1 << 24) . ' }'
} 1 .. 60) . '</style>';
my $script = '<script>' . join(";\n", map { "var v$_ = '" . words(8) . "'" }
	1 .. 40) . '</script>';
my $footer = '<footer><p>' . words(30) . '</p>' . join(' | ', map { link_to() }
	1 .. 20) . '</footer>';

sub table {
	return '<table><tr>' . join('', map { '<th>' . words(1) . '</th>' } 1 .. 4)
	    . '</tr>' . join('', map { '<tr>' . join('', map {
		'<td>' . words(1 + rand 4) . '</td>' } 1 .. 4) . '</tr>' } 1 .. 8)
	    . '</table>';
}

sub code {
	return '<div class="highlight"><pre><span></span>' . join("\n", map {
		"<span class=\"k\">" . words(1) . '</span> <span class="n">' . words(1)
		    . '</span>(<span class="s">&quot;' . words(2) . '&quot;</span>);'
	} 1 .. 12) . '</pre></div>';
}

sub list {
	return '<ul>' . join('', map { '<li>' . link_to() . ': ' . sentence()
		. '</li>' } 1 .. 6) . '</ul>';
}

sub page {
	my ($i, $size) = @_;
	my $body = '';
	for (my $k = 1; length $body < $size; $k++) {
		$body .= "<h2 id=\"s$k\">" . ucfirst(words(3)) . "</h2>\n"
		    . join("\n", map { '<p>' . paragraph() . '</p>' } 1 .. 4)
		    . "\n" . (table(), code(), list())[$k % 3] . "\n";
	}
	my $side = '<aside class="sidebar"><ul>' . join('', map { '<li>' . link_to()
		. '</li>' } 1 .. 50) . '</ul></aside>';
	return <<"END";
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>$title[$i] - The Manual</title>
<meta name="description" content="${\ sentence() }">
$style$script</head><body>$menu$side
<main><article><h1>$title[$i]</h1>
$body</article></main>$footer</body></html>
END
}

mkdir $_ for $dir, "$dir/p", map { "$dir/p/$_" } @parts;
for my $i (0 .. $n - 1) {
	open my $h, '>', "$dir$path[$i]" or die "$dir$path[$i]: $!\n";
	# More small ones than large ones: 20 to 100 kB, 45 in the middle.
	print $h page($i, 10_000 + 80_000 * rand() ** 2);
	close $h or die "$dir$path[$i]: $!\n";
}
open my $map, '>', "$dir/sitemap.xml" or die "$dir: $!\n";
print $map qq(<?xml version="1.0" encoding="UTF-8"?>\n)
    . qq(<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n),
    map({ "<url><loc>http://$host$_</loc></url>\n" } @path), "</urlset>\n";
close $map or die "$dir: $!\n";
