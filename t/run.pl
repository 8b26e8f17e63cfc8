#!/usr/bin/perl
# run.pl: runs tests and counts them.
# usage: run.pl PATH...     a folder of t/, or single tests
#
# A test is an executable NAME.t, or NAME.c, which stands for what make built
# of it under build/MODE/.  C units and database tests come first, two at a time,
# then those that start whole stacks, three, since they mostly wait.  A folder
# t/fuzz has no tests of its own (t/fuzz/run.sh).
use strict;
use warnings;
use File::Find;
use FindBin qw($Bin);
use TAP::Harness;

# What an ordinary user lacks: the folders of servers, and, of a limit of open
# files that is theirs to raise, more than 1024.
$ENV{PATH} .= ':/usr/local/sbin:/usr/sbin:/sbin';
unless ($ENV{PLATEN_TEST_FILES}) {
	$ENV{PLATEN_TEST_FILES} = 1;
	exec 'sh', '-c', 'n=$(ulimit -Hn); [ "$n" != unlimited ] &&'
	    . ' [ "$n" -le 20000 ] || n=20000; [ "$(ulimit -Sn)" = unlimited ] ||'
	    . ' [ "$(ulimit -Sn)" -ge "$n" ] || ulimit -Sn "$n"; exec "$@"',
	    'sh', $^X, $0, @ARGV;
}
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
run(3, @slow);
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

# Runs tests, some at a time, and counts what each said.  What failed is run
# again, alone, as often as PLATEN_TEST_AGAIN says: tests that look at times
# are not to fail by a machine that stood still for a second.
sub run {
	my ($jobs, @tests) = @_;
	return unless @tests;
	my $sum = harness($jobs, @tests)->runtests(map { $_->[0] } @tests);
	my %parser = map { $_->[0] => ($sum->parsers($_->[0]))[0] } @tests;
	for my $try (1 .. $ENV{PLATEN_TEST_AGAIN} // 0) {
		for my $test (grep { $parser{$_->[0]}->has_problems } @tests) {
			print "# again, alone: $test->[0]\n";
			my $once = harness(1, $test)->runtests($test->[0]);
			$parser{$test->[0]} = ($once->parsers($test->[0]))[0];
		}
	}
	for my $p (values %parser) {
		my @skipped = $p->skipped;
		my @passed = $p->passed;
		my @failed = $p->failed;
		$skipped += @skipped;
		$passed += @passed - @skipped;
		$failed += @failed;
		# A test that died or planned more than it ran has failed too.
		next unless $p->has_problems;
		$bad = 1;
		$failed ||= 1;
	}
}

sub harness {
	my ($jobs, @tests) = @_;
	my %part = map { $_->[0] => $_->[1] } @tests;
	return TAP::Harness->new({
		jobs => $jobs,
		timer => 1,
		verbosity => $ENV{V} ? 1 : 0,
		color => -t STDOUT ? 1 : 0,
		exec => sub {
			my ($self, $file) = @_;
			my $s = $limit{$part{$file}} // 300;
			return ['timeout', '-k', '20', $s, "./$file"];
		},
	});
}
