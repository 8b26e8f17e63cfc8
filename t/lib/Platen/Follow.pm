# Follow: a listener in a process of its own, by one of the three transports,
# that notes every message until the generation is over.  It comes back with
# its cursor when the connection breaks, as platen.js does.
#
#	my $f = Platen::Follow->start($user, ws => $id, seconds => 60);
#	my @events = $f->events;	# waits for its end
#	# [{id, type, payload, at}]; type 'again' marks a reconnection
package Platen::Follow;
use strict;
use warnings;
use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use POSIX ();
use Time::HiRes qw(sleep time);

my $JSON = JSON::PP->new->utf8->canonical;
my %over = map { $_ => 1 } qw(completed failed canceled);

sub start {
	my ($class, $user, $how, $id, %o) = @_;
	my $file = File::Temp->new;
	my $pid = fork // die "fork: $!\n";
	if ($pid) {
		return bless { pid => $pid, file => $file, how => $how }, $class;
	}
	# The child must not end what its parent started.
	$SIG{$_} = 'DEFAULT' for qw(INT TERM HUP);
	$SIG{ALRM} = sub { POSIX::_exit(3) };
	alarm +($o{seconds} // 60);
	my $self = bless { user => $user, how => $how, id => $id,
		cursor => $o{cursor}, out => $file, over => 0 }, $class;
	$file->autoflush(1);
	my $code = eval { $self->_listen; 0 } // 2;
	$self->_note({ type => 'died', payload => "$@" }) if $code;
	POSIX::_exit($code);
}

# events: waits for the listener's end; what it heard.
sub events {
	my ($self) = @_;
	waitpid $self->{pid}, 0 if $self->{pid};
	$self->{code} = $? >> 8 if $self->{pid};
	$self->{pid} = 0;
	return $self->so_far;
}

# so_far: what it heard until now.
sub so_far {
	my ($self) = @_;
	open my $h, '<', $self->{file}->filename or die;
	return map { $JSON->decode($_) } grep { /\n\z/ } <$h>;
}

# ended: it heard the end, and did not give up at its time limit.
sub ended { $_[0]->events; return $_[0]{code} == 0 }

sub end {
	my ($self) = @_;
	return unless $self->{pid};
	kill 'KILL', $self->{pid};
	waitpid $self->{pid}, 0;
	$self->{pid} = 0;
	$self->{code} = 3;
}

sub DESTROY { local $?; $_[0]->end if $_[0]{pid} }

sub _note {
	my ($self, $m) = @_;
	$m->{at} = time;
	print { $self->{out} } $JSON->encode($m), "\n";
}

# One message of the generation dialect.
sub _hear {
	my ($self, $m) = @_;
	$self->_note($m);
	$self->{cursor} = $m->{id} if defined $m->{id};
	my $p = $m->{payload};
	return unless ref $p eq 'HASH'
	    && ($p->{generationId} // '') eq $self->{id};
	$self->{over} = 1 if $m->{type} eq 'generation:deleted'
	    || $m->{type} eq 'generation:status' && $over{ $p->{status} };
}

sub _listen {
	my ($self) = @_;
	my $how = "_$self->{how}";
	while (!$self->{over}) {
		my $ok = eval { $self->$how; 1 };
		last if $self->{over};
		$self->_note({ type => 'again', payload => $ok ? 'closed' : "$@" });
		sleep 0.2 + rand 0.2;
	}
}

sub _ws {
	my ($self) = @_;
	require Platen::WebSocket;
	my $u = $self->{user};
	my $to = $u->origin =~ s{^http://}{}r;
	my $s = IO::Socket::INET->new(PeerAddr => $to, Timeout => 10)
	    or die "ws: $!\n";
	my $ws = Platen::WebSocket->new($s, '/ws', Host => $to,
		Cookie => $u->cookie, Origin => $u->origin);
	die "ws: $ws->{status}\n" if $ws->{status} != 101;
	$ws->send({ type => 'subscribe', payload => {
		generationIds => [$self->{id}],
		defined $self->{cursor} ? (cursor => $self->{cursor}) : (),
	} });
	while (!$self->{over}) {
		$self->_hear($ws->recv(60) // return);
	}
}

sub _sse {
	my ($self) = @_;
	my $u = $self->{user};
	my $c = $u->open(GET => "/events?ids=$self->{id}", {
		Accept => 'text/event-stream',
		defined $self->{cursor} ? ('Last-Event-ID' => $self->{cursor}) : (),
	});
	my $r = $u->head($c);
	if ($r->{status} == 204) {
		$self->{over} = 1;
		return;
	}
	die "events: $r->{status}\n" unless $r->{status} == 200;
	my ($text, $chunked) = ('',
		($r->{headers}{'transfer-encoding'} // '') =~ /chunked/i);
	while (!$self->{over}) {
		if ($chunked) {
			$text .= $u->chunk($c, time + 60) // return;
		} else {
			$u->fill($c, time + 60) or return;
			my $buf = \${*$c}{platen_buf};
			$text .= $$buf;
			$$buf = '';
		}
		while ($text =~ s/\A(.*?)\r?\n\r?\n//s) {
			my $data = join "\n", map { /^data: ?(.*)/ ? $1 : () }
			    split /\r?\n/, $1;
			$self->_hear($JSON->decode($data)) if $data =~ /^\{/;
		}
	}
}

sub _poll {
	my ($self) = @_;
	my $u = $self->{user};
	while (!$self->{over}) {
		my $path = "/poll?ids=$self->{id}&wait=10";
		$path .= '&cursor=' . Platen::Http::escape($self->{cursor})
		    if defined $self->{cursor};
		my $r = $u->get($path);
		die "poll: $r->{status} $r->{body}\n" unless $r->{status} == 200;
		my $d = $r->{json}{data} // $r->{json};
		$self->_hear($_) for @{ $d->{events} };
		$self->{cursor} = $d->{cursor} if defined $d->{cursor};
	}
}

1;
