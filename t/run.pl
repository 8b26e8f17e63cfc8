#!/usr/bin/perl
# run.pl: runs tests and counts them.
# usage: run.pl PATH...     a folder of t/, or single tests
#
# A test is an executable NAME.t, or NAME.c, which stands for what make built
# of it under build/MODE/.  Two run at a time; C units and database tests come
# first, then those that start whole stacks, which mostly wait.  A folder
# t/fuzz has no tests of its own (t/fuzz/run.sh).
use strict;
use warnings;
use File::Find;
use FindBin qw($Bin);
use TAP::Harness;

chdir "$Bin/.." or die "$Bin/..: $!\n";
my $built = 'build/' . ($ENV{MODE} || 'release');
my $parts = qr{^t/(unit|db|e2e|browser|fault|corpus)/};
# Longest time for one test, seconds; it is then told to end.
my %limit = (unit => 120, db => 120);

my (%seen, @quick, @slow);
find({ no_chdir => 1, preprocess => sub { sort @_ }, wanted => \&consider },
    map { s{/+$}{}r } @ARGV ? @ARGV : 't');
die "no test under @ARGV\n" unless @quick || @slow;

my $passed = 0;
my $failed = 0;
my $skipped = 0;
my $bad = 0;
run(2, @quick);
run(2, @slow);
my $note = $skipped ? ", $skipped skipped" : '';
print "$passed passed, $failed failed$note\n";
exit($bad || $failed ? 1 : 0);

sub consider {
	my $file = $File::Find::name;
	return if !-f $file || $seen{$file}++;
	my ($part) = $file =~ $parts or return;
	if ($file =~ /\.c$/ && $part =~ /^(unit|db)$/) {
		$file = "$built/" . $file =~ s/\.c$//r;
		die "$file is not built: `make units`\n" unless -x $file;
	} elsif ($file !~ /\.t$/) {
		return;
	} elsif (!-x $file) {
		die "$file is not executable\n";
	}
	push @{ $part =~ /^(unit|db)$/ ? \@quick : \@slow }, [$file, $part];
}

sub run {
	my ($jobs, @tests) = @_;
	return unless @tests;
	my %part = map { $_->[0] => $_->[1] } @tests;
	my $harness = TAP::Harness->new({
		jobs => $jobs,
		timer => 1,
		verbosity => $ENV{V} ? 1 : 0,
		color => -t STDOUT ? 1 : 0,
		exec => sub {
			my ($self, $file) = @_;
			my $s = $limit{$part{$file}} // 1200;
			return ['timeout', '-k', '20', $s, "./$file"];
		},
	});
	my $sum = $harness->runtests(map { $_->[0] } @tests);
	$skipped += $sum->skipped;
	$passed += $sum->passed - $sum->skipped;
	$failed += $sum->failed;
	return if $sum->all_passed;
	# A test that died or planned more than it ran has failed too.
	$bad = 1;
	$failed ||= 1;
}
