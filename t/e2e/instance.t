#!/usr/bin/perl
# The commands speak of the Platen that runs in this folder, wherever its var
# is and on whatever port it listens.
use strict;
use warnings;
no warnings 'exec';
use FindBin qw($Bin);
use lib "$Bin/../lib";
use File::Temp qw(tempdir);
use POSIX ();
use Platen::Http;
use Platen::Stack;
use Test::More;
use Time::HiRes qw(sleep time);

my $program = "$Platen::Stack::BIN/platen";
my $top = tempdir('platen-i-XXXXXX', DIR => '/tmp', CLEANUP => 1);
chmod 0711, $top;
my %runs;
END {
	my $code = $?;
	kill 'TERM', keys %runs;
	waitpid $_, 0 for keys %runs;
	$? = $code;
}

sub folder { my $dir = "$top/$_[0]"; mkdir $dir, 0711; return $dir }

# A process in a folder, with nothing of our own environment but these.
sub child {
	my ($dir, $env, $out, @command) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	%ENV = ((map { $_ => $ENV{$_} } grep { !/^(?:PLATEN_|PG|MAKE)/ } keys %ENV), %$env);
	chdir $dir or die;
	open STDIN, '<', '/dev/null';
	open STDOUT, '>', $out or die;
	open STDERR, '>&', \*STDOUT;
	exec @command;
	POSIX::_exit(127);
}

sub slurp { open my $h, '<', $_[0] or return ''; local $/; return <$h> // '' }

# platen run in a folder: its pid, once it is ready.
sub run {
	my ($dir, $env, @args) = @_;
	my $said = "$dir/said." . join('', grep { /\w/ } map { s/\W//gr } @args);
	my $pid = child($dir, $env, $said, 'setpriv', '--pdeathsig', 'TERM', '--', $program, 'run', @args);
	$runs{$pid} = $said;
	wait_for {
		die slurp($said) if waitpid($pid, POSIX::WNOHANG()) != 0;
		slurp($said) =~ /^platen ready /m
	} 60, 'platen run';
	return $pid;
}

sub stop {
	my ($pid, $how) = @_;
	kill $how // 'TERM', $pid;
	waitpid $pid, 0;
	delete $runs{$pid};
}

# A command in a folder: (exit code, all it said).
sub platen {
	my ($dir, $env, @args) = @_;
	my $pid = child($dir, $env, "$dir/out", $program, @args);
	waitpid $pid, 0;
	return ($? >> 8, slurp("$dir/out"));
}

# ---- another var, another port -----------------------------------------------

my ($one, $two) = (folder('one'), folder('two'));
my $port = free_port();
my $first = run($one, { PLATEN_WEB_BODY_BYTES => 300000, PLATEN_OLLAMA_KEY => 'sesame' },
    '--port', $port, '--var', 'x');
my ($code, $out) = platen($one, {}, 'admin');
is($code, 0, 'platen admin in the folder of a Platen with a var of its own');
like($out, qr{^http://127\.0\.0\.1:$port/admin/sign-in\?token=}m, 'prints the address it listens on');
my ($path) = $out =~ m{(/admin/sign-in\?token=\S+)};
is(Platen::Http->new("http://127.0.0.1:$port")->get($path // '/none')->{status}, 200, 'where the link opens');
($code, $out) = platen($one, {}, 'doctor');
like($out, qr/^ok +postgresql /m, 'platen doctor looks at its database') or diag $out;
like($out, qr/^ok +web +.*:$port/m, 'at its port');
like($out, qr/\Q$one\E\/x\b/, 'and says whose folder it looked at');
($code, $out) = platen($one, {}, 'migrate');
is($code, 0, 'platen migrate finds its database, too');

my $record = "$one/x/run/instance.conf";
is((stat $record)[2] & 0777, 0600, 'what it runs with is for its owner alone');
like(slurp($record), qr/^web\.body_bytes = 300000$/m, 'and holds what differs');
unlike(slurp($record), qr/^live\./m, 'and nothing else');
($code, $out) = platen($one, { PLATEN_RUN_PORT => 1 }, 'admin');
like($out, qr{^http://127\.0\.0\.1:1/admin}m, 'the environment of a command overrides the record');

# ---- side by side ----------------------------------------------------------------

my $port2 = free_port();
my $second = run($two, { PLATEN_RUN_PORT => $port2 });
($code, $out) = platen($two, {}, 'admin');
like($out, qr{^http://127\.0\.0\.1:$port2/}m, 'another checkout has its own');
($code, $out) = platen($one, {}, 'admin');
like($out, qr{^http://127\.0\.0\.1:$port/}m, 'the first checkout still has its own');

my $port3 = free_port();
my $third = run($one, {}, '--port', $port3, '--var', "$one/y");
($code, $out) = platen($one, {}, 'admin');
is($code, 2, 'two in one folder: which one is meant?');
like($out, qr/\Q$one\E\/x\b.*\b$port\b/s, 'the first is named');
like($out, qr/\Q$one\E\/y\b.*\b$port3\b/s, 'and the second');
like($out, qr/PLATEN_RUN_VAR=/, 'and how to choose');
($code, $out) = platen($one, { PLATEN_RUN_VAR => 'y' }, 'admin');
like($out, qr{^http://127\.0\.0\.1:$port3/}m, 'one that is chosen is taken');

# ---- those that are gone -----------------------------------------------------------

stop($third, 'KILL');
ok(-e "$one/y/run/instance.conf", 'one that was killed leaves its record');
($code, $out) = platen($one, {}, 'admin');
like($out, qr{^http://127\.0\.0\.1:$port/}m, 'the record of a killed Platen is ignored');
stop($first);
ok(!-e $record, 'a Platen that stops removes its record');
($code, $out) = platen($one, {}, 'admin');
is($code, 1, 'with none the defaults hold');
unlike($out, qr/token=/, 'and no link is given out');
stop($second);

done_testing;
