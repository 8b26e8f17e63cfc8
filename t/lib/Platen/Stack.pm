# Platen::Stack: a whole Platen of a test's own, in a temporary folder.
#
#	use Platen::Stack;
#	my $s = Platen::Stack->new(with => 'web live worker',
#	    env => { PLATEN_CRAWL_ALLOW => '127.0.0.1' });
#	$s->url('/');  $s->value('SELECT count(*) FROM generations');
#	$s->redis('DBSIZE');  $s->kill9('redis');  $s->start('redis');
#	wait_for { $s->value('SELECT ...') } 5, 'the order is done';
#
# PostgreSQL and Redis are always there, migrated and empty; "with" adds
# members, "program" (name => path) takes another program for one.  Each member is ended by its pid when the object goes, at the end
# of the test, and even when the test is killed (a death signal).
package Platen::Stack;
use strict;
use warnings;
no warnings 'exec';
use Carp qw(croak);
use Cwd qw(abs_path);
use Digest::SHA;
use Exporter qw(import);
use Fcntl qw(:flock);
use File::Basename qw(dirname);
use File::Glob qw(bsd_glob);
use File::Path qw(make_path remove_tree);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use IO::Socket::UNIX;
use POSIX qw(:sys_wait_h);
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);

our @EXPORT = qw(wait_for free_port);

our $ROOT = abs_path(dirname(__FILE__) . '/../../..');
our $BIN = $ENV{PLATEN_BIN} // "$ROOT/build/" . ($ENV{MODE} || 'release');

my %living;    # stacks of this process, for END

# The order in which members start; they end in the reverse order.
my @order = qw(pg redis live worker web);
my %ready_after = (pg => 20, redis => 10, live => 10, worker => 10, web => 10);

# ---- helpers for tests -----------------------------------------------------

# wait_for BLOCK, SECONDS, WHAT: the block's first true value.  Dies after;
# PLATEN_TEST_PATIENCE=3 waits three times as long, for a busy machine.
sub wait_for(&;$$) {
	my ($code, $seconds, $what) = @_;
	$seconds = ($seconds // 10) * ($ENV{PLATEN_TEST_PATIENCE} // 1);
	my $until = time + $seconds;
	# Each look may cost a process; what takes long is looked at less often.
	my $pause = 0.02;
	for (;;) {
		my $got = $code->();
		return $got if $got;
		croak "waited $seconds s in vain: "
		    . ($what // 'a condition') if time > $until;
		sleep $pause;
		$pause = $pause < 0.2 ? $pause * 1.15 : 0.2;
	}
}

# free_port: a TCP port of 127.0.0.1 that nobody listens on.
sub free_port {
	my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0,
	    Listen => 1, Proto => 'tcp') or die "no free port: $!";
	my $port = $l->sockport;
	close $l;
	return $port;
}

# ---- making one ------------------------------------------------------------

sub new {
	my ($class, %o) = @_;
	my $self = bless {
		owner => $$,
		env => { %{ $o{env} // {} } },
		with => { pg => 1, redis => 1,
		    map { $_ => 1 } split ' ', $o{with} // '' },
		program => $o{program} // {},
		pid => {},
	}, $class;
	for (keys %{ $self->{with} }) {
		croak "no member '$_'" unless $ready_after{$_};
	}
	$self->{dir} = tempdir('platen-t-XXXXXX', DIR => '/tmp');
	chmod 0711, $self->{dir};
	weaken($living{$self} = $self);
	make_path(map { "$self->{dir}/$_" } qw(run run/pg redis log tmp spool));
	$self->{port} = free_port();
	my $template = _template();
	system('cp', '-a', '--reflink=auto', $template, "$self->{dir}/pg") == 0
	    or die "cannot copy $template\n";
	_own("$self->{dir}/run/pg");
	my @start = grep { $self->{with}{$_} } @order;
	# Those that do not need one another come up together.
	$self->spawn('pg');
	$self->spawn('redis');
	$self->await($_) for qw(pg redis);
	my @rest = grep { !/^(pg|redis)$/ } @start;
	$self->spawn($_) for @rest;
	$self->await($_) for @rest;
	return $self;
}

sub dir { $_[0]{dir} }
sub port { $_[0]{port} }
sub pid { $_[0]{pid}{$_[1]} }
sub url { "http://127.0.0.1:$_[0]{port}" . ($_[1] // '') }

# env: what a program of this stack sees, for running one by hand:
# local %ENV = $s->env;
sub env {
	my ($self) = @_;
	my %clean = map { $_ => $ENV{$_} } grep { !/^PLATEN_/ } keys %ENV;
	return (%clean,
		PLATEN_RUN_VAR => $self->{dir}, PLATEN_RUN_BIND => '127.0.0.1',
		PLATEN_RUN_PORT => $self->{port}, PLATEN_RUN_ROOT => $ROOT,
		PLATEN_WEB_PROCESSES => 2,
		PLATEN_LIVE_SOCKET => "$self->{dir}/run/live.sock",
		LIGHTTPD_SOCKETS => "$self->{dir}/run", LIGHTTPD_WEB => './platen-web',
		LIGHTTPD_FDS => 1024, LIGHTTPD_CONNECTIONS => 500,
		LIGHTTPD_BODY_KB => 2048,
		# Every user of every test comes from one address.
		PLATEN_WEB_GUESTS_PER_HOUR => 1_000_000, PLATEN_WEB_GUEST_ORDERS => 1_000_000,
		%{ $self->{env} });
}

# run: a program of this stack (by name, or a path) to its end; returns its
# exit code and its output, stdout and stderr together.
sub run {
	my ($self, $program, @args) = @_;
	$program = "$BIN/$program" unless $program =~ m{/};
	local %ENV = $self->env;
	my $pid = open my $h, '-|';
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		exec { $program } $program, @args;
		POSIX::_exit(127);
	}
	my $out = do { local $/; <$h> };
	close $h;
	return ($? >> 8, $out // '');
}

# ---- the template database -------------------------------------------------

# A made and migrated cluster, kept under build/ and copied for each stack;
# made again when a migration or the server's version changes.
sub _template {
	my $sha = Digest::SHA->new(256);
	$sha->addfile($_)
	    for sort { $a cmp $b } bsd_glob("$ROOT/sql/migrations/*.sql"), abs_path(__FILE__);
	my ($version) = pg_bin('postgres') =~ m{/(\d+)/bin/};
	my $user = getpwuid $>;
	my $base = "$ROOT/build/test";
	make_path($base);
	my $dir = sprintf '%s/pg-%s-%s-%s', $base, $version // 0, $user,
	    substr $sha->hexdigest, 0, 12;
	return $dir if -e "$dir/PG_VERSION";
	open my $lock, '>', "$base/lock" or die "$base/lock: $!";
	flock $lock, LOCK_EX;
	return $dir if -e "$dir/PG_VERSION";
	my $made = _make_template();
	# Old ones are of no use to anyone.
	remove_tree(grep { $_ ne $dir } bsd_glob("$base/pg-*-$user-*"));
	system('cp', '-a', "$made->{dir}/pg", "$dir.new") == 0 or die;
	rename "$dir.new", $dir or die "$dir: $!";
	$made->end;
	return $dir;
}

sub _make_template {
	my $self = bless { owner => $$, env => {}, pid => {}, port => 1,
	    with => { pg => 1 } }, __PACKAGE__;
	$self->{dir} = tempdir('platen-t-XXXXXX', DIR => '/tmp');
	chmod 0711, $self->{dir};
	weaken($living{$self} = $self);
	make_path(map { "$self->{dir}/$_" } qw(run/pg pg log tmp));
	_own("$self->{dir}/$_") for qw(run/pg pg);
	chmod 0700, "$self->{dir}/pg";
	my $out = _run_out(_as_postgres(), pg_bin('initdb'), '-D',
	    "$self->{dir}/pg", '-U', 'platen', '-A', 'peer', '-E', 'UTF8',
	    '--locale=C.UTF-8', '--no-sync', '--wal-segsize=1');
	die "initdb failed:\n$out" if $?;
	_write("$self->{dir}/pg/pg_hba.conf", "local all all peer map=platen\n");
	my $user = getpwuid $>;
	_write("$self->{dir}/pg/pg_ident.conf", join '', map {
		"platen \"$user\" $_\n"
	} qw(platen platen_web platen_live platen_worker));
	_write("$self->{dir}/pg/postgresql.auto.conf", <<'CONF');
fsync = off
full_page_writes = off
shared_buffers = 16MB
min_wal_size = 2MB
max_wal_size = 64MB
max_connections = 60
jit = off
CONF
	$self->spawn('pg');
	$self->await('pg', 'postgres');
	$self->psql('postgres', 'CREATE DATABASE platen');
	my ($code, $said) = $self->run('platen', 'migrate');
	die "platen migrate: $said" if $code;
	$self->stop('pg');
	return $self;
}

sub _write {
	my ($file, $text) = @_;
	open my $h, '>', $file or die "$file: $!";
	print $h $text;
	close $h or die "$file: $!";
}

# ---- PostgreSQL's programs and its user ------------------------------------

# pg_bin NAME: the newest server's program.
sub pg_bin {
	my ($name) = @_;
	my @found = sort { ($b =~ m{/(\d+)/bin})[0] <=> ($a =~ m{/(\d+)/bin})[0] }
	    bsd_glob "/usr/lib/postgresql/*/bin/$name";
	return $found[0] // $name;
}

# PostgreSQL refuses root.
sub _as_postgres {
	return () if $> != 0;
	return qw(setpriv --reuid=postgres --regid=postgres --init-groups --);
}

sub _own {
	my ($dir) = @_;
	return if $> != 0;
	chown +(getpwnam('postgres'))[2, 3], $dir or die "chown $dir: $!";
}

sub _run_out {
	my @cmd = @_;
	my $pid = open my $h, '-|';
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		chdir '/';
		exec { $cmd[0] } @cmd;
		POSIX::_exit(127);
	}
	my $out = do { local $/; <$h> };
	close $h;
	return $out // '';
}

# ---- members ---------------------------------------------------------------

sub _command {
	my ($self, $name) = @_;
	my $d = $self->{dir};
	my @die = ('setpriv', '--pdeathsig', 'TERM', '--');
	if ($name eq 'pg') {
		my @as = _as_postgres();
		pop @as;
		return ("$d/pg", @as ? @as : 'setpriv', '--pdeathsig', 'INT',
		    '--', pg_bin('postgres'), '-D', "$d/pg",
		    '-c', 'listen_addresses=',
		    '-c', "unix_socket_directories=$d/run/pg");
	}
	return ("$d/redis", @die, 'redis-server', '--port', 0,
	    '--unixsocket', "$d/run/redis.sock", '--dir', "$d/redis",
	    '--save', '', '--appendonly', 'yes', '--appendfsync', 'everysec')
	    if $name eq 'redis';
	return ($BIN, @die, 'lighttpd', '-D', '-f', "$ROOT/lighttpd.conf")
	    if $name eq 'web';
	return ($d, @die, $self->{program}{$name} // "$BIN/platen-$name");
}

# spawn: starts a member and does not wait for it.
sub spawn {
	my ($self, $name) = @_;
	croak "$name runs already" if $self->{pid}{$name};
	my ($cwd, @cmd) = $self->_command($name);
	my %env = $self->env;
	my $pid = fork;
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		%ENV = %env;
		$ENV{PATH} .= ':/usr/sbin:/sbin';
		$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);
		open STDIN, '<', '/dev/null';
		open STDOUT, '>>', "$self->{dir}/log/$name.log";
		open STDERR, '>&', \*STDOUT;
		POSIX::setsid();
		chdir $cwd;
		exec { $cmd[0] } @cmd;
		print "cannot run $cmd[0]: $!\n";
		POSIX::_exit(127);
	}
	$self->{pid}{$name} = $pid;
	return $pid;
}

sub _ready {
	my ($self, $name, $database) = @_;
	my $d = $self->{dir};
	return eval { $self->psql($database // 'platen', 'SELECT 1'); 1 }
	    if $name eq 'pg';
	return (eval { $self->redis('PING') } // '') eq 'PONG'
	    if $name eq 'redis';
	return IO::Socket::UNIX->new(Peer => "$d/run/live.sock")
	    if $name eq 'live';
	return eval { $self->value('SELECT count(*) FROM platen.workers') }
	    if $name eq 'worker';
	require Platen::Http;
	return eval {
		Platen::Http->new($self->url)->get('/readyz')->{status} == 200;
	};
}

# await: until a member answers; dies with its log when it does not.
sub await {
	my ($self, $name, @more) = @_;
	my $until = time + $ready_after{$name};
	for (;;) {
		return $self if $self->_ready($name, @more);
		my $gone = waitpid($self->{pid}{$name}, WNOHANG) != 0;
		delete $self->{pid}{$name} if $gone;
		croak "$name " . ($gone ? 'ended' : 'does not answer')
		    . ", its log says:\n" . $self->log($name)
		    if $gone || time > $until;
		sleep 0.01;
	}
}

# start: a member that was stopped or killed.
sub start {
	my ($self, $name) = @_;
	unlink bsd_glob("$self->{dir}/run/web.sock*") if $name eq 'web';
	$self->spawn($name);
	return $self->await($name);
}

# stop: asks a member to end and waits; after 15 s it is killed.
sub stop {
	my ($self, $name) = @_;
	my $pid = delete $self->{pid}{$name} or return;
	kill $name eq 'pg' ? 'INT' : 'TERM', $pid;
	return if _reap($pid, 15);
	warn "# $name did not stop, killed\n";
	kill 'KILL', $pid;
	_reap($pid, 5);
}

# kill9: a member's sudden death.
sub kill9 {
	my ($self, $name) = @_;
	my $pid = delete $self->{pid}{$name} or croak "$name does not run";
	kill 'KILL', $pid;
	_reap($pid, 5);
}

sub restart { $_[0]->stop($_[1]); $_[0]->start($_[1]) }

sub _reap {
	my ($pid, $seconds) = @_;
	my $until = time + $seconds;
	for (;;) {
		return 1 if waitpid($pid, WNOHANG) != 0;
		return 0 if time > $until;
		sleep 0.01;
	}
}

# log: the last 4 kB of what a member said.
sub log {
	my ($self, $name) = @_;
	open my $h, '<', "$self->{dir}/log/$name.log" or return '';
	my $text = do { local $/; <$h> } // '';
	return length $text > 4096 ? substr $text, -4096 : $text;
}

# ---- asking ----------------------------------------------------------------

# psql: statements in a database as the owner; the output, tuples only.
sub psql {
	my ($self, $database, $sql) = @_;
	local $ENV{PGOPTIONS} = '-c search_path=platen,public -c timezone=UTC';
	my $out = _run_out(pg_bin('psql'), '-X', '-q', '-A', '-t', '-F', "\t",
	    '-v', 'ON_ERROR_STOP=1', '-h', "$self->{dir}/run/pg", '-U',
	    'platen', '-d', $database, '-c', $sql);
	croak "psql: $out" if $?;
	return $out;
}

# sql: the rows of a statement, each a list of columns as text.
sub sql {
	my ($self, $sql) = @_;
	return map { [split /\t/, $_, -1] } split /\n/,
	    $self->psql('platen', $sql);
}

# value: the first column of the first row; undef without a row.
sub value {
	my ($self, $sql) = @_;
	my ($row) = $self->sql($sql);
	return $row ? $row->[0] : undef;
}

sub redis_socket { IO::Socket::UNIX->new(Peer => "$_[0]{dir}/run/redis.sock") }

# redis: one command; the reply as text, a list as an array, nil as undef.
sub redis {
	my ($self, @words) = @_;
	my $c = $self->redis_socket or croak "redis: $!";
	print $c '*' . @words . "\r\n",
	    map { '$' . length($_) . "\r\n$_\r\n" } @words;
	$c->flush;
	return _reply($c);
}

sub _reply {
	my ($c) = @_;
	my $line = <$c> // croak 'redis closed the connection';
	$line =~ s/\r\n\z//;
	my $kind = substr $line, 0, 1, '';
	croak "redis: $line" if $kind eq '-';
	return $line if $kind eq '+' || $kind eq ':';
	return undef if $line < 0;
	return [map { _reply($c) } 1 .. $line] if $kind eq '*';
	read $c, my $text, $line + 2;
	return substr $text, 0, $line;
}

# ---- the end ---------------------------------------------------------------

sub end {
	my ($self) = @_;
	delete $living{$self};
	return if $self->{ended}++ || $self->{owner} != $$;
	$self->stop($_) for reverse @order;
	remove_tree($self->{dir})
	    unless $ENV{PLATEN_TEST_KEEP};
}

sub DESTROY {
	local ($?, $@);
	$_[0]->end if $_[0]{owner} == $$;
}

# A test that failed shows what the servers said.
sub _tell {
	my ($self) = @_;
	for my $name (grep { $self->{with}{$_} } @order) {
		my $text = $self->log($name);
		$text =~ s/^/# /mg;
		print STDERR "# ---- $name\n$text\n" if $text;
	}
}

END {
	my $code = $?;
	for my $s (values %living) {
		next if $s->{owner} != $$;
		$s->_tell if $code && $s->{port} != 1;
		$s->end;
	}
	$? = $code;
}

# Tests are stopped by signals too: END must run.
for my $name (qw(INT TERM HUP)) {
	$SIG{$name} //= sub { exit 130 };
}

1;
