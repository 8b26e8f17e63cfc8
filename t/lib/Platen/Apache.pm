# Platen::Apache: Apache by etc/apache.conf in front of a stack's platen-web.
#
#	my $s = Platen::Stack->new(with => 'live');
#	my $a = Platen::Apache->new($s) or plan skip_all => 'Apache is not installed';
#	$a->url('/');  $a->port;
#
# It starts a platen-web of its own, since Apache starts none.  Both end with
# the object, or with the test.
package Platen::Apache;
use strict;
use warnings;
no warnings 'exec';
use POSIX ();
use Platen::Stack;

# Those that are not installed are left out, as apache.conf allows.
my @modules = qw(mpm_event authz_core mime alias env headers reqtimeout proxy
    proxy_http proxy_fcgi proxy_wstunnel rewrite xsendfile);
my %living;

sub new {
	my ($class, $stack) = @_;
	my ($program) = grep { -x } qw(/usr/sbin/apache2 /usr/local/sbin/apache2);
	return undef unless $program;
	my $dir = $stack->dir;
	my $self = bless { stack => $stack, port => free_port(), pids => [],
	    owner => $$ }, $class;
	$living{$self} = $self->{pids};
	$self->_configure;
	$self->{web} = $self->_start('web', "$Platen::Stack::BIN/platen-web",
	    '--socket', "$dir/run/web.sock");
	my $pid = $self->{pid} = $self->_start('apache-out', $program,
	    '-D', 'FOREGROUND', '-f', "$dir/apache.conf");
	wait_for { -S "$dir/run/web.sock" } 10, 'platen-web';
	# Its user is not ours; an installation has a group for that.
	chmod 0777, grep { -S } "$dir/run/web.sock", "$dir/run/live.sock";
	if ($> == 0) {
		chown -1, scalar(getgrnam 'nogroup'), "$dir/spool";
		chmod 02750, "$dir/spool";
	}
	require Platen::Http;
	wait_for {
		kill(0, $pid) or die "Apache ended\n";
		eval { Platen::Http->new($self->url)->get('/livez') };
	} 15, 'Apache';
	return $self;
}

# sends: Apache sends large results itself, which takes mod_xsendfile.
sub sends { -e '/usr/lib/apache2/modules/mod_xsendfile.so' }

sub port { $_[0]{port} }
sub url { "http://127.0.0.1:$_[0]{port}" . ($_[1] // '') }

sub _configure {
	my ($self) = @_;
	my $dir = $self->{stack}->dir;
	my $so = '/usr/lib/apache2/modules';
	open my $h, '>', "$dir/apache.conf" or die;
	print $h map({ -e "$so/mod_$_.so" ? "LoadModule ${_}_module $so/mod_$_.so\n" : () }
	    @modules), <<CONF;
ServerName localhost
ServerRoot $dir
PidFile $dir/apache.pid
DefaultRuntimeDir $dir/run
Listen 127.0.0.1:$self->{port}
ErrorLog $dir/log/apache.log

TypesConfig /etc/mime.types
User nobody
Group nogroup
Define PLATEN_ROOT "$Platen::Stack::ROOT"
Define PLATEN_RUN $dir/run
Define PLATEN_SPOOL $dir/spool
<VirtualHost *:$self->{port}>
	Include "$Platen::Stack::ROOT/etc/apache.conf"
</VirtualHost>
CONF
	close $h;
}

sub _start {
	my ($self, $log, @command) = @_;
	my $dir = $self->{stack}->dir;
	my %env = $self->{stack}->env;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		%ENV = %env;
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', "$dir/log/$log.log";
		open STDERR, '>&', \*STDOUT;
		exec 'setpriv', '--pdeathsig', 'TERM', '--', @command;
		POSIX::_exit(127);
	}
	push @{ $self->{pids} }, $pid;
	return $pid;
}

sub end {
	my ($self) = @_;
	return if $self->{owner} != $$;
	delete $living{$self};
	kill 'TERM', @{ $self->{pids} };
	waitpid $_, 0 for splice @{ $self->{pids} };
}

sub DESTROY {
	local ($?, $@);
	$_[0]->end;
}

END {
	my $code = $?;
	for my $pids (values %living) {
		kill 'TERM', @$pids;
	}
	$? = $code;
}

1;
