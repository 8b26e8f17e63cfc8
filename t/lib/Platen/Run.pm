# Run: a Platen as `platen run` starts and watches it, in a temporary folder;
# for tests that kill its parts.
#
#	my $p = Platen::Run->new(env => {...});
#	$p->kill9('redis');	# pg redis live worker slot parser web front; see processes
#	$p->value('SELECT ...');  $p->redis('FLUSHALL');  $p->url;
package Platen::Run;
use strict;
use warnings;
no warnings 'exec';
use parent 'Platen::Stack';
use IO::Socket::UNIX;
use File::Path qw(remove_tree);
use File::Temp qw(tempdir);
use POSIX qw(:sys_wait_h);
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);
use Platen::Stack;

my %living;

sub new {
	my ($class, %o) = @_;
	my $self = bless {
		owner => $$, port => free_port(), env => $o{env} // {},
		dir => $o{dir} // tempdir('platen-t-XXXXXX', DIR => '/tmp'),
	}, $class;
	chmod 0711, $self->{dir} unless $o{dir};
	my %env = map { $_ => $ENV{$_} } grep { !/^(?:PLATEN_|PG)/ } keys %ENV;
	%env = (%env, PLATEN_RUN_VAR => $self->{dir}, PLATEN_RUN_PORT => $self->{port},
		PLATEN_WEB_GUESTS_PER_HOUR => 1_000_000, PLATEN_WEB_GUEST_ORDERS => 1_000_000,
		%{ $self->{env} });
	$self->{all} = \%env;
	unlink "$self->{dir}/said";
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		%ENV = %env;
		$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP PIPE);
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$self->{dir}/said";
		open STDERR, '>&', \*STDOUT;
		POSIX::setsid();
		exec 'setpriv', '--pdeathsig', 'TERM', '--', "$Platen::Stack::BIN/platen", 'run';
		POSIX::_exit(127);
	}
	$self->{run} = $pid;
	weaken($living{$pid} = $self);
	my $until = time + 60;
	until ($self->said =~ /^platen ready /m) {
		die "platen run does not come up:\n" . $self->said
		    if time > $until || waitpid($pid, WNOHANG) != 0;
		sleep 0.05;
	}
	return $self;
}

# Its servers want a password.
sub psql {
	my ($self, @more) = @_;
	local $ENV{PGPASSFILE} = "$self->{dir}/keys/pgpass";
	return $self->SUPER::psql(@more);
}

sub redis_socket {
	my ($self, $user) = @_;
	$user //= 'operator';
	my $c = IO::Socket::UNIX->new(Peer => "$self->{dir}/run/redis/redis.sock") or return;
	open my $h, '<', "$self->{dir}/keys/$user" or return;
	chomp(my $password = <$h>);
	print $c "AUTH $user $password\r\n";
	$c->flush;
	return <$c> =~ /^\+OK/ ? $c : undef;
}

sub env { return %{ $_[0]{all} } }

# said: what it has printed so far.
sub said {
	my ($self) = @_;
	open my $h, '<', "$self->{dir}/said" or return '';
	local $/;
	return <$h> // '';
}

# processes: everything that runs below it: [{pid, parent, name, command}].
sub processes {
	my ($self) = @_;
	my (%all, %kids);
	for my $dir (glob '/proc/[0-9]*') {
		open my $h, '<', "$dir/stat" or next;
		my ($pid, $name, $state, $parent) =
		    (<$h> // '') =~ /^(\d+) \((.*)\) (\S) (\d+)/ or next;
		next if $state eq 'Z';
		open my $c, '<', "$dir/cmdline" or next;
		my $command = join ' ', split /\0/, <$c> // '';
		$all{$pid} = { pid => $pid, parent => $parent, name => $name,
			command => $command };
		push @{ $kids{$parent} }, $pid;
	}
	my @found = @{ $kids{ $self->{run} } // [] };
	for (my $i = 0; $i < @found; $i++) { push @found, @{ $kids{ $found[$i] } // [] } }
	return map { $all{$_} } grep { $all{$_} } @found;
}

my %is = (
	pg     => sub { $_[0]{name} eq 'postgres' && $_[1] },
	redis  => sub { $_[0]{name} eq 'redis-server' },
	live   => sub { $_[0]{name} eq 'platen-live' },
	worker => sub { $_[0]{name} eq 'platen-worker' && $_[1] },
	slot   => sub { $_[0]{command} =~ / --slot / },
	parser => sub { $_[0]{name} eq 'platen-parser' },
	web    => sub { $_[0]{name} eq 'platen-web' },
	front  => sub { $_[0]{name} eq 'lighttpd' },
);

# pids: of one kind of process.
sub pids {
	my ($self, $name) = @_;
	my @all = $self->processes;
	my %command = map { $_->{pid} => $_->{command} } @all;
	return map { $_->{pid} } grep {
		$is{$name}->($_, $_->{parent} == $self->{run}, $command{ $_->{parent} } // '')
	} @all;
}

# talking: those processes of a kind that have a connection to a TCP port.
sub talking {
	my ($self, $name, $port) = @_;
	my $hex = sprintf ':%04X', $port;
	open my $h, '<', '/proc/net/tcp' or return ();
	my %inode = map { my @f = split; ($f[2] // '') =~ /\Q$hex\E$/ ? ($f[9] => 1) : () } <$h>;
	return grep {
		my $pid = $_;
		grep { (readlink($_) // '') =~ /^socket:\[(\d+)\]/ && $inode{$1} }
		    glob "/proc/$pid/fd/*";
	} $self->pids($name);
}

# kill9: sudden death of all processes of a kind; how many there were.
sub kill9 {
	my ($self, $name) = @_;
	return kill 'KILL', $self->pids($name);
}

# stop: as Ctrl-C does it; its exit code, undef when it had to be killed.
sub stop {
	my ($self) = @_;
	my $pid = delete $self->{run} // return undef;
	kill 'TERM', $pid;
	my $until = time + 40;
	my $code;
	while (time < $until) {
		if (waitpid($pid, WNOHANG) != 0) {
			$code = $?;
			last;
		}
		sleep 0.02;
	}
	kill 'KILL', $pid unless defined $code;
	waitpid $pid, 0 unless defined $code;
	delete $living{$pid};
	return $code;
}

sub end {
	my ($self) = @_;
	return if $self->{ended}++ || $self->{owner} != $$;
	$self->stop;
	remove_tree($self->{dir}) unless $ENV{PLATEN_TEST_KEEP};
}

sub DESTROY {
	local ($?, $@, $!);
	$_[0]->end;
}

END {
	my $code = $?;
	for my $p (grep { defined } values %living) {
		next if $p->{owner} != $$;
		print STDERR $p->said =~ s/^/# /mgr if $code;
		$p->end;
	}
	$? = $code;
}

1;
