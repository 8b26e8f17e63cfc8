#!/usr/bin/perl
# `platen run` as an operator meets it: starts, stops, deaths, and folders of
# every kind.
use strict;
use warnings;
no warnings 'exec';
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use POSIX qw(:sys_wait_h);
use Test::More;
use Time::HiRes qw(sleep time);
use lib "$Bin/../lib";
use Platen::Timing;
use Platen::Http;
use Platen::Stack;

my $tmp = tempdir('platen-t-XXXXXX', DIR => '/tmp', CLEANUP => 1);
chmod 0755, $tmp;
my $root = $Platen::Stack::ROOT;
my @programs = qw(platen platen-web platen-live platen-worker platen-parser);
my %running;
my $launched = 0;

END {
	my $code = $?;
	kill 'TERM', keys %running;
	waitpid $_, 0 for keys %running;
	$? = $code;
}

# ---- helpers ---------------------------------------------------------------

# checkout: a folder laid out as a built checkout is.
sub checkout {
	my ($dir) = @_;
	make_path("$dir/build/release");
	system('cp', (map { "$Platen::Stack::BIN/$_" } @programs),
	    "$dir/build/release") == 0 or die;
	system('cp', '-r', "$root/lighttpd.conf", "$root/static", $dir) == 0 or die;
	return $dir;
}

# launch: starts `platen run` in a folder, in a session of its own, and does
# not wait.  %o: env, args, user (a name), out (where its output goes).
sub launch {
	my ($dir, %o) = @_;
	my $said = $o{said} // "$tmp/said-" . ++$launched;
	my %env = map { $_ => $ENV{$_} } grep { !/^PLATEN_/ } keys %ENV;
	my @as = $o{user} ? ('setpriv', "--reuid=$o{user}",
	    '--regid=' . getgrgid((getpwnam $o{user})[3]), '--init-groups', '--') : ();
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		%ENV = (%env, %{ $o{env} // {} });
		$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);
		POSIX::setsid();
		chdir $dir;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$said.out";
		open STDERR, '>', "$said.err";
		exec @as, './build/release/platen', 'run', @{ $o{args} // [] };
		POSIX::_exit(127);
	}
	$running{$pid} = 1;
	return { pid => $pid, said => $said, port => $o{port}, since => time };
}

sub said { my ($r, $what) = @_; return slurp("$r->{said}.$what") }

sub slurp {
	open my $h, '<', $_[0] or return '';
	local $/;
	return <$h> // '';
}

# ready: waits for the line; the seconds it took, undef when it never came.
sub ready {
	my ($r, $seconds) = @_;
	until (said($r, 'out') =~ /^platen ready /m) {
		return undef if ended($r) || time - $r->{since} > ($seconds // 60);
		sleep 0.005;
	}
	$r->{all} = [descendants($r->{pid})];
	return time - $r->{since};
}

sub up {
	my ($dir, %o) = @_;
	$o{port} //= free_port();
	my $r = launch($dir, %o, args => ['--port', $o{port}, @{ $o{args} // [] }]);
	defined ready($r) or diag said($r, 'err');
	return $r;
}

sub ended {
	my ($r) = @_;
	return 1 if defined $r->{code};
	return 0 if waitpid($r->{pid}, WNOHANG) != $r->{pid};
	$r->{code} = $?;
	delete $running{ $r->{pid} };
	return 1;
}

# code: how it ended, waiting for that; undef when it does not.
sub code {
	my ($r, $seconds) = @_;
	my $until = time + ($seconds // 40);
	until (ended($r)) {
		return undef if time > $until;
		sleep 0.005;
	}
	return $r->{code} >> 8 if ($r->{code} & 127) == 0;
	return "signal $r->{code}";
}

sub started { (split ' ', slurp("/proc/$_[0]/stat") =~ s/.*\)//sr)[19] // 0 }

# descendants: everyone below a process, as "pid start".
sub descendants {
	my %kids;
	for (glob '/proc/[0-9]*/stat') {
		my ($pid, $parent) = slurp($_) =~ /^(\d+) \(.*\) \S (\d+)/s or next;
		push @{ $kids{$parent} }, $pid;
	}
	my @found = @{ $kids{ $_[0] } // [] };
	for (my $i = 0; $i < @found; $i++) { push @found, @{ $kids{ $found[$i] } // [] } }
	return map { "$_ " . started($_) } @found;
}

# left: those of a run's processes that still live.
sub left {
	my ($r) = @_;
	return grep {
		my ($pid, $start) = split;
		started($pid) eq $start && slurp("/proc/$pid/stat") !~ /\) Z /
	} @{ $r->{all} };
}

sub named {
	my ($r, $name) = @_;
	return grep { slurp("/proc/$_/stat") =~ /\(\Q$name\E\)/ } map { (split)[0] }
	    descendants($r->{pid});
}

sub status {
	my ($r, $path) = @_;
	return (eval {
		Platen::Http->new("http://127.0.0.1:$r->{port}", timeout => 5)
		    ->get($path // '/');
	} // {})->{status} // 0;
}

sub stop_cleanly {
	my ($r, $signal, $name) = @_;
	# As a terminal does it: the whole foreground group gets it.
	kill $signal, $signal eq 'INT' ? -$r->{pid} : $r->{pid};
	is(code($r), 0, "$name: exit code 0");
	is(join(', ', left($r)), '', "$name: nothing is left running");
}

# ---- a first start, in a folder that has everything against it --------------

my $deep = join '/', map { $_ x 40 } 'a' .. 'c';
my $odd = checkout("$tmp/shut/it's \"a\" \$test, [x]/$deep");
chmod 0700, "$tmp/shut";
make_path("$odd/var/pg.new/half");    # as an interrupted start leaves it
my $r = up($odd, env => { PGPORT => 1, PGHOST => '/nowhere', PGUSER => 'nobody',
	PGDATABASE => 'other', %ENV{PATH} });
like(said($r, 'out'), qr{\Aplaten ready http://127\.0\.0\.1:$r->{port}/\n\z},
    'first start: the ready line, and nothing else on stdout');
is(status($r), 200, 'the home page answers');
is(status($r, '/static/style.css'), 200, 'so do files');
isnt(status($r, '/poll?wait=0'), 503, 'and the live channel');
is(scalar(listeners($r)), 1, 'it listens on one TCP port only');
is((stat "$odd/var/run")[2] & 066, 0, "nobody else can look into its folder");

# listeners: address:port of every TCP socket that a process of it listens on.
sub listeners {
	my ($run) = @_;
	my %inode;
	for my $f (qw(/proc/net/tcp /proc/net/tcp6)) {
		for (split /\n/, slurp($f)) {
			my @f = split;
			$inode{ $f[9] } = $f[1] if ($f[3] // '') eq '0A';
		}
	}
	my %found;
	for my $pid (map { (split)[0] } @{ $run->{all} }) {
		for (glob "/proc/$pid/fd/*") {
			my ($i) = (readlink($_) // '') =~ /^socket:\[(\d+)\]/ or next;
			$found{ $inode{$i} } = 1 if $inode{$i};
		}
	}
	return keys %found;
}

# ---- a second one where it cannot be ----------------------------------------

my $second = launch($odd, args => ['--port', free_port()]);
is(code($second), 1, 'a second run in the same folder is refused');
like(said($second, 'err'), qr/is in use by another `platen run` \(process $r->{pid}\)/,
    'and names the first');
my $busy = launch($odd, args => ['--port', $r->{port}, '--var', "$tmp/var2"]);
is(code($busy), 1, 'a port in use is refused');
like(said($busy, 'err'), qr/port $r->{port} is in use.*PORT=/, 'in words');
ok(!-e "$tmp/var2/pg", 'before a database is made');

# ---- side by side ------------------------------------------------------------

my $beside = up($odd, args => ['--var', "$tmp/var3"]);
is(status($beside), 200, 'another folder and port: a second one beside it runs');
is(status($r), 200, 'and the first one stays');
stop_cleanly($beside, 'TERM', 'SIGTERM');
is(status($r), 200, 'and the first one stays when the second ends');

# ---- deaths ------------------------------------------------------------------

sub returns {
	my ($name, $again) = @_;
	my %old = map { $_ => 1 } named($r, $name);
	kill 'KILL', keys %old;
	my $start = time;
	my @new;
	until (@new = grep { !$old{$_} } named($r, $name)) {
		last if time - $start > 10;
		sleep 0.01;
	}
	ok(scalar @new, "$name: killed, it is started again");
	until (status($r) == 200 && status($r, '/readyz') == 200) {
		last if time - $start > 15;
		sleep 0.05;
	}
	ok(status($r) == 200 && status($r, '/readyz') == 200,
	    "$name: killed, pages come again");
	$r->{all} = [@{ $r->{all} }, descendants($r->{pid})];
	return;
}
returns($_) for qw(redis-server platen-live platen-worker platen-web lighttpd postgres);

my ($supervisor) = slurp("$odd/var/run/worker.pid") =~ /^(\d+)/;
my $below = { all => [descendants($supervisor)] };
kill 'KILL', $supervisor;
my $until = time + 5;
sleep 0.02 while left($below) && time < $until;
is(join(', ', left($below)), '', 'a killed worker leaves no slot behind');
sleep 0.02 while !named($r, 'platen-worker') && time < $until;
$r->{all} = [@{ $r->{all} }, descendants($r->{pid})];

kill 'KILL', $r->{pid};
code($r);
$until = time + 15;
sleep 0.05 while left($r) && time < $until;
is(join(', ', left($r)), '', 'platen run itself killed: all that it started ends')
    or diag `tail -n 15 "$odd/var/log/worker.log"`, `ps -ef | grep 'plate[n]'`;

$r = up($odd, port => $r->{port});
is(status($r), 200, 'and the next start is well');

# Everything at once, as when a container is killed; the numbers that the
# dead ones leave behind are someone else's now.
kill 'KILL', $r->{pid}, map { (split)[0] } @{ $r->{all} };
code($r);
my $innocent = fork // die;
if (!$innocent) { exec 'sleep', '300' }
for my $file (glob_of("$odd/var/run", qr/\.pid$/)) {
	my $was = slurp($file);
	$was =~ s/^\d+/$innocent/;
	spit($file, $was);
}
spit("$odd/var/pg/postmaster.pid", slurp("$odd/var/pg/postmaster.pid")
	=~ s/^\d+/$innocent/r);
$r = up($odd, port => $r->{port});
is(status($r), 200, 'everything killed at once: the next start is well');
ok(kill(0, $innocent), 'and spares a process that has inherited a number');
kill 'KILL', $innocent;
waitpid $innocent, 0;
stop_cleanly($r, 'INT', 'Ctrl-C');

sub glob_of {
	my ($dir, $like) = @_;
	opendir my $d, $dir or return ();
	return map { "$dir/$_" } grep { /$like/ } readdir $d;
}

sub spit {
	my ($file, $text) = @_;
	open my $h, '>', $file or die "$file: $!";
	print $h $text;
	close $h;
}

# ---- quick starts, and ends in a hurry ----------------------------------------

my $best = 99;
for (1 .. 3) {
	$r = launch($odd, port => 0, args => ['--port', free_port()]);
	my $took = ready($r) // 99;
	$best = $took if $took < $best;
	kill 'HUP', $r->{pid};
	is(code($r), 0, 'SIGHUP ends it too') if $_ == 1;
	code($r);
}
note sprintf 'second start: %.0f ms', $best * 1000;
within($best, 1, 'a second start takes less than a second');

$r = up($odd);
kill 'STOP', named($r, 'platen-worker');
kill 'INT', $r->{pid};
sleep 0.3;
ok(!ended($r), 'an end that takes its time');
my $asked = time;
kill 'INT', $r->{pid};
is(code($r), 0, 'is hurried by a second Ctrl-C');
within(time - $asked, 8, 'a second Ctrl-C ends a slow stop in a few seconds');
is(join(', ', left($r)), '', 'and still nothing is left');

# ---- starts that cannot be ----------------------------------------------------

for my $file (glob_of("$odd/var/redis/appendonlydir", qr/\.aof$/)) {
	spit($file, "*3\r\n\$3\r\nSET this is no redis file\r\n");
}
spit("$odd/var/log/redis.log", "an old line\n" x 1_000_000);
$r = up($odd);
is(status($r), 200, 'Redis data that is broken is set aside');
cmp_ok(-s "$odd/var/log/redis.log", '<', 1_000_000, 'a log over 10 MB is put away');
cmp_ok(-s "$odd/var/log/redis.log.1", '>', 10_000_000, 'as NAME.log.1');
stop_cleanly($r, 'TERM', 'after that');

my $worker = "$odd/build/release/platen-worker";
rename $worker, "$worker.good";
spit($worker, "#!/bin/sh\necho first; echo the reason in words; exit 3\n");
chmod 0755, $worker;
$r = launch($odd, args => ['--port', free_port()]);
is(code($r), 1, 'a part that does not start ends the whole');
like(said($r, 'err'), qr/worker did not start.*worker\.log/, 'and is named');
like(said($r, 'err'), qr/the reason in words/, 'with the end of its log');
is(said($r, 'out'), '', 'without a ready line');
rename "$worker.good", $worker;

$r = launch($odd, args => ['--nonsense']);
is(code($r), 2, 'a wrong argument is exit code 2');
$r = launch($odd, env => { %ENV{PATH}, PLATEN_RUN_PORT => 'http' });
is(code($r), 1, 'a port that is no number is refused');
like(said($r, 'err'), qr/run\.port|PLATEN_RUN_PORT/, 'by its name');
spit("$tmp/file", '');
$r = launch($odd, args => ['--var', "$tmp/file/var", '--port', free_port()]);
is(code($r), 1, 'a folder that cannot be made is refused');
like(said($r, 'err'), qr{\Q$tmp\E/file.*VAR=}, 'with the way out');

# ---- servers elsewhere --------------------------------------------------------

my $s = Platen::Stack->new;
$r = up($odd, args => ['--var', "$tmp/var4"], env => { %ENV{PATH},
	PLATEN_DB_CONNINFO => 'host=' . $s->dir . '/run/pg dbname=platen',
	PLATEN_REDIS_URL => 'unix:' . $s->dir . '/run/redis.sock' });
is(status($r), 200, 'with servers elsewhere it runs');
is(join(' ', named($r, 'postgres'), named($r, 'redis-server')), '',
    'without its own');
stop_cleanly($r, 'TERM', 'servers elsewhere');
is($s->redis('PING'), 'PONG', 'which go on running');
my $newest = $s->value('SELECT max(number) FROM schema_migrations');
$s->sql("INSERT INTO schema_migrations VALUES ($newest + 1, 'later', 'x')");
$r = launch($odd, args => ['--var', "$tmp/var4", '--port', free_port()],
    env => { %ENV{PATH},
	PLATEN_DB_CONNINFO => 'host=' . $s->dir . '/run/pg dbname=platen',
	PLATEN_REDIS_URL => 'unix:' . $s->dir . '/run/redis.sock' });
is(code($r), 1, 'a database newer than this build is refused');
like(said($r, 'err'), qr/newer than the $newest of this build/, 'in words');
undef $s;

# ---- as an ordinary user ------------------------------------------------------

SKIP: {
	skip 'needs root to become someone else', 7 if $> != 0;
	my $theirs = checkout("$tmp/theirs");
	system('chown', '-R', 'nobody', $theirs) == 0 or die;
	spit("$tmp/nobody.out", '');
	spit("$tmp/nobody.err", '');
	chmod 0666, "$tmp/nobody.out", "$tmp/nobody.err";
	$r = up($theirs, user => 'nobody', said => "$tmp/nobody");
	is(status($r), 200, 'an ordinary user starts it without root');
	is(join(' ', grep { (stat "/proc/$_")[4] == 0 } map { (split)[0] }
	    @{ $r->{all} }), '', 'and nothing of it runs as root');
	my @others = map { named($r, $_) } qw(platen-worker platen-web platen-live);
	my @read = grep {
		system('setpriv', '--reuid=nobody', '--clear-groups', '--', 'sh', '-c',
		    "head -c 1 /proc/$_/mem >/dev/null 2>&1 || head -c 1 /proc/$_/environ >/dev/null 2>&1") == 0
	} @others;
	is("@read", '', 'whose processes cannot read one another');
	is(join(' ', grep { slurp("/proc/$_/status") !~ /^Seccomp:\s*2/m }
	    grep { slurp("/proc/$_/cmdline") =~ /--slot/ } @others), '', 'and whose slots are confined');
	stop_cleanly($r, 'TERM', 'as an ordinary user');
	my $root_run = launch($theirs, args => ['--port', free_port(), '--var',
	    "$odd/var"], user => 'nobody', said => "$tmp/nobody");
	is(code($root_run), 1, "someone else's folder is refused");
}

done_testing();
