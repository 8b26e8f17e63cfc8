#!/usr/bin/perl
# run.pl: runs tests and counts them.
# usage: run.pl PATH...     a folder of t/, or single tests
#
# A test is an executable NAME.t, or NAME.c, which stands for what make built
# of it under build/MODE/.  C units and database tests come first, two at a time,
# then those that start whole stacks, four, since they mostly wait, then those
# that t/timed lists, alone.  A folder t/fuzz has no tests of its own
# (t/fuzz/run.sh).
#
# A test that failed is run again, alone.  If it passes then, it is flaky: it is
# counted, and the run fails.  What a test says is kept under build/log/first/,
# of the second run under build/log/again/: NAME is its TAP, NAME.err the rest.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Find;
use File::Path qw(make_path remove_tree);
use FindBin qw($Bin);
use TAP::Harness;
use Time::HiRes qw(time);

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
my $log = 'build/log';
my $parts = qr{^t/(unit|db|e2e|browser|fault|corpus)/};
# Longest time for one test, seconds; it is then told to end.
my %limit = (unit => 120, db => 120);

my %timed = map { $_ => 1 } listed('t/timed');
$ENV{PLATEN_TEST_PATIENCE} = ($ENV{PLATEN_TEST_PATIENCE} // 1) * slowness();

my (%seen, @quick, @slow, @alone);
find({ no_chdir => 1, preprocess => sub { sort @_ }, wanted => \&consider },
    map { s{/+$}{}r } @ARGV ? @ARGV : 't');
die "no test under @ARGV\n" unless @quick || @slow || @alone;

my $passed = 0;
my $failed = 0;
my $skipped = 0;
my $flaky = 0;
remove_tree($log);
my $bad = 0;
run(2, @quick);
run(4, @slow);
run(1, @alone);
my $note = $skipped ? ", $skipped skipped" : '';
print "$passed passed, $failed failed, $flaky flaky$note\n";
exit($bad || $failed || $flaky ? 1 : 0);

# The names in a file, one a line, without its comments.
sub listed {
	my ($path) = @_;
	open my $h, '<', $path or die "$path: $!\n";
	return grep { $_ ne '' } map { s/#.*//r =~ s/\s+\z//r } <$h>;
}

# How much slower this machine is now than one of two cores of the year 2023 at
# rest, 1 at the least: processes and arithmetic, about a quarter of a second.
sub slowness {
	my $best;
	for (1 .. 3) {
		my $begin = time;
		system 'true' for 1 .. 20;
		my $sum = 0;
		$sum += $_ % 7 for 1 .. 1_000_000;
		my $took = time - $begin;
		$best = $took if !defined $best || $took < $best;
	}
	my $times = $best / 0.065;
	return $times < 1 ? 1 : sprintf '%.1f', $times;
}

sub consider {
	my $file = $File::Find::name;
	return if !-f $file || $seen{$file}++;
	my ($part) = $file =~ $parts or return;
	my $timed = $timed{$file};
	if ($file =~ /\.c$/ && $part =~ /^(unit|db)$/) {
		$file = "$built/" . $file =~ s/\.c$//r;
		die "$file is not built: `make units`\n" unless -x $file;
	} elsif ($file !~ /\.t$/) {
		return;
	} elsif (!-x $file) {
		die "$file is not executable\n";
	}
	push @{ $timed ? \@alone : $part =~ /^(unit|db)$/ ? \@quick : \@slow },
	    [$file, $part];
}

# Runs tests, some at a time, and counts what each said.
sub run {
	my ($jobs, @tests) = @_;
	return unless @tests;
	my %parser = tap('first', $jobs, @tests);
	for my $test (grep { $parser{$_->[0]}->has_problems } @tests) {
		print "# again, alone: $test->[0]\n";
		my %again = tap('again', 1, $test);
		next if $again{$test->[0]}->has_problems;
		$flaky++;
		$parser{$test->[0]} = $again{$test->[0]};
		print "# flaky: see $log/first/$test->[0]\n";
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

# tap: runs tests; { file => its parser }.
sub tap {
	my ($run, $jobs, @tests) = @_;
	local $ENV{PERL_TEST_HARNESS_DUMP_TAP} = "$log/$run";
	my $sum = harness("$log/$run", $jobs, @tests)
	    ->runtests(map { $_->[0] } @tests);
	return map { $_->[0] => ($sum->parsers($_->[0]))[0] } @tests;
}

sub harness {
	my ($dir, $jobs, @tests) = @_;
	my %part = map { $_->[0] => $_->[1] } @tests;
	# The test's own output is TAP; what it says otherwise goes to us and to
	# a file.
	my $tee = 'exec 3>&1; log=$1; shift; exit $({ { "$@" 2>&1 1>&3 3>&- 4>&-;'
	    . ' echo $? >&4; } | tee "$log" >&2; } 4>&1)';
	return TAP::Harness->new({
		jobs => $jobs,
		timer => 1,
		verbosity => $ENV{V} ? 1 : 0,
		color => -t STDOUT ? 1 : 0,
		exec => sub {
			my ($self, $file) = @_;
			my $s = $limit{$part{$file}} // 300;
			make_path("$dir/" . dirname($file));
			return ['sh', '-c', $tee, 'sh', "$dir/$file.err",
			    'timeout', '-k', '20', $s, "./$file"];
		},
	});
}
