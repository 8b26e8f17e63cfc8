# Platen::Fork: a server that answers each connection in a process of its own.
package Platen::Fork;
use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET;
use POSIX ':sys_wait_h';
our @EXPORT_OK = 'fork_server';

# fork_server: listens on 127.0.0.1:$port (0: any free one), prints "port N",
# and calls $serve->($connection) for each, until SIGTERM or SIGINT.
sub fork_server {
	my ($port, $serve) = @_;
	my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		LocalPort => $port, Listen => 256, ReuseAddr => 1)
	    or die "cannot listen: $!\n";
	my %child;
	local $| = 1;
	print 'port ', $s->sockport, "\n";
	local $SIG{TERM} = local $SIG{INT} = sub {
		kill 'KILL', keys %child;
		exit 0;
	};
	local $SIG{CHLD} = sub {
		while ((my $p = waitpid -1, WNOHANG) > 0) { delete $child{$p} }
	};
	while (1) {
		my $c = $s->accept or next;
		my $pid = fork // die "fork: $!\n";
		if ($pid == 0) {
			$SIG{$_} = 'DEFAULT' for qw(TERM INT CHLD);
			close $s;
			$serve->($c);
			close $c;
			POSIX::_exit(0);
		}
		$child{$pid} = 1;
		close $c;
	}
}

1;
