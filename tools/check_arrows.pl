#!/usr/bin/perl
# check_arrows.pl: holds the includes of the product against tools/arrows.
# usage: check_arrows.pl      says each bad include as "file:line: what"; exits 1
#
# An include is bad when its arrow is not listed, or when it lies on a circle of
# files that stand in two folders or more.
use strict;
use warnings;
use FindBin qw($Bin);

chdir "$Bin/.." or die "$Bin/..: $!\n";
my %may = arrows('tools/arrows');
my %includes;    # file -> { included file -> line }
my $bad = 0;

for my $file (sort split /\n/,
    `git ls-files -co --exclude-standard core fcgi ws worker cli`) {
	next unless $file =~ /\.[ch]$/ && -f $file;
	open my $in, '<', $file or die "$file: $!\n";
	while (<$in>) {
		my ($to) = m{^#include "((?:core|fcgi|ws|worker|cli)/[^"]+)"}
		    or next;
		$includes{$file}{$to} = $.;
		my ($from, $into) = (folder($file), folder($to));
		next if $from eq $into || $may{$from}{$into};
		complain($file, $to, "$from must not include $into (tools/arrows)");
	}
}
for my $knot (knots(\%includes)) {
	my %in = map { $_ => 1 } @$knot;
	my %folders = map { folder($_) => 1 } @$knot;
	next if keys %folders < 2;
	for my $file (@$knot) {
		for my $to (grep { $in{$_} } sort keys %{ $includes{$file} }) {
			complain($file, $to, "on a circle with $to")
			    if folder($file) ne folder($to);
		}
	}
}
exit $bad;

sub complain {
	my ($file, $to, $what) = @_;
	print "$file:$includes{$file}{$to}: $what\n";
	$bad = 1;
}

# The listed folder that a file belongs to: the longest one.
sub folder {
	my ($file) = @_;
	my $dir = $file =~ s{/[^/]+$}{}r;
	$dir =~ s{/[^/]+$}{} while !$may{$dir} && $dir =~ m{/};
	die "$file: its folder is not in tools/arrows\n" unless $may{$dir};
	return $dir;
}

# { folder => { folder it may include => 1 } }
sub arrows {
	my ($path) = @_;
	my %to;
	open my $in, '<', $path or die "$path: $!\n";
	while (<$in>) {
		next if /^\s*(#|$)/;
		my ($from, $list) = /^(\S+)\s*->\s*(.*)$/
		    or die "$path:$.: not an arrow\n";
		$to{$from} = [split ' ', $list];
	}
	my %may;
	for my $from (keys %to) {
		$may{$from} = {};
		for my $p (@{ $to{$from} }) {
			my @all = $p =~ m{^(.*/)\*$}
			    ? grep { index($_, $1) == 0 } keys %to : ($p);
			$may{$from}{$_} = 1 for @all;
		}
	}
	return %may;
}

# Tarjan's strongly connected components of files with their modules: a NAME.c
# and its NAME.h are one, so that a circle of two modules is seen.
sub knots {
	my ($inc) = @_;
	my (%next, %files, %index, %low, %on, @stack, @knots);
	for my $f (keys %$inc) {
		my $m = module($f);
		$files{$m}{$f} = 1;
		for my $t (keys %{ $inc->{$f} }) {
			$files{ module($t) }{$t} = 1;
			$next{$m}{ module($t) } = 1;
		}
	}
	my $n = 0;
	my $visit;
	no warnings 'recursion';
	$visit = sub {
		my ($v) = @_;
		$index{$v} = $low{$v} = ++$n;
		push @stack, $v;
		$on{$v} = 1;
		for my $w (keys %{ $next{$v} }) {
			if (!$index{$w}) {
				$visit->($w);
				$low{$v} = $low{$w} if $low{$w} < $low{$v};
			} elsif ($on{$w} && $index{$w} < $low{$v}) {
				$low{$v} = $index{$w};
			}
		}
		return if $low{$v} != $index{$v};
		my @knot;
		do {
			push @knot, pop @stack;
			$on{ $knot[-1] } = 0;
		} while ($knot[-1] ne $v);
		push @knots, [map { keys %{ $files{$_} } } @knot] if @knot > 1;
	};
	for my $v (sort keys %next) {
		$visit->($v) unless $index{$v};
	}
	return @knots;
}

sub module { $_[0] =~ s/\.[ch]$//r }
