#!/usr/bin/perl
# A site is read as fast as it answers: several pages at once from a server
# that closes each connection, too, and with a progress that never stands.
# From the command line, with t/fakes/pace.pl.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Timing;
use Test::More;
use Time::HiRes qw(time);
use Platen::Pace;

my $top = dirname(dirname($FindBin::Bin));
my $bin = ($ENV{PLATEN_BUILD} // "$top/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;

my $tmp = tempdir(CLEANUP => 1);
$ENV{PLATEN_CRAWL_ALLOW} = '127.0.0.0/8';

# generate PACE ARGS: {seconds, code, told => [[second, read, of], ...]}.
my $runs = 0;
sub generate {
	my ($pace, @args) = @_;
	my (@told, $began);
	$began = time;
	# On a terminal the line is drawn anew ten times a second.
	open my $h, '-|', 'script', '-qefc', "$bin generate "
	    . "http://127.0.0.1:$pace->{port}/ @args -o $tmp/" . ++$runs, '/dev/null'
	    or die "script: $!\n";
	local $/ = "\r";
	while (<$h>) {
		push @told, [time - $began, $1, $2] if /Read (\d+) of (\d+)/;
	}
	close $h;
	return { seconds => time - $began, code => $? >> 8, told => \@told };
}

sub steps { join ' ', map { sprintf '%.1f:%d/%d', @$_ } @{ $_[0]{told} } }

my $closing = Platen::Pace->new(ms => 300, pages => 80);
my $g = generate($closing);
is($g->{code}, 0, 'a site whose server closes each connection is read');
# One by one it takes 25 s; eight at once 3 s, and what comes before.
within($g->{seconds}, 8, 'a host that closes each connection is read several pages at once') or diag steps($g);
cmp_ok($closing->most, '<=', 8, 'no more than eight');

my $slow = Platen::Pace->new(ms => 100, pages => 150, slow => 5);
$g = generate($slow);
is($g->{code}, 0, 'a site of which one page takes 4 s is read');
my @early = grep { $_->[0] < 4 } @{ $g->{told} };
cmp_ok(scalar(@early), '>=', 2, 'its progress is told meanwhile');
cmp_ok($early[-1][1] // 0, '>', 8, 'and pages behind the slow one count')
    or diag steps($g);
my @t = map { $_->[1] } @{ $g->{told} };
is_deeply([sort { $a <=> $b } @t], \@t, 'it never goes back');
my $most = 0;
for (1 .. $#t) { $most = $t[$_] - $t[$_ - 1] if $t[$_] - $t[$_ - 1] > $most }
cmp_ok($most, '<', 100, 'and takes no leap at the end') or diag steps($g);

done_testing;
