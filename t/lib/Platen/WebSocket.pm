# Platen::WebSocket: a small WebSocket client (RFC 6455), for tests.
#
#	my $w = Platen::WebSocket->new($socket, '/ws', Cookie => "sid=$token");
#	$w->send({ type => 'subscribe', payload => {} });
#	my $m = $w->recv(5);	# a message, decoded; undef: closed or timeout
#	$w->{close}		# [code, reason] once the server has closed it
#
# $socket is any connected stream.  Pings are answered; frame() sends what a
# decent client would not.
package Platen::WebSocket;
use strict;
use warnings;
use Carp qw(croak);
use Digest::SHA qw(sha1_base64);
use JSON::PP ();
use Time::HiRes qw(time);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

# connect: {status} says how the handshake ended; 101 is an open WebSocket.
sub new {
	my ($class, $socket, $path, %headers) = @_;
	my $self = bless { s => $socket, buf => '', pings => 0, answer => 1 },
	    $class;
	my %h = (Host => 'localhost', Upgrade => 'websocket',
	    Connection => 'Upgrade', 'Sec-WebSocket-Version' => 13,
	    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==', %headers);
	local $SIG{PIPE} = 'IGNORE';
	$self->raw("GET $path HTTP/1.1\r\n" . join('', map {
		"$_: $h{$_}\r\n"
	} grep { defined $h{$_} } sort keys %h) . "\r\n");
	while ($self->{buf} !~ /\r\n\r\n/) {
		$self->fill(time + 10) or last;
	}
	$self->{buf} =~ s/\A(.*?)\r\n\r\n//s or croak 'no answer to the upgrade';
	$self->{head} = $1;
	($self->{status}) = $self->{head} =~ m{^HTTP/1\.[01] (\d+)};
	return $self if $self->{status} != 101;
	my $want = sha1_base64($h{'Sec-WebSocket-Key'}
	    . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11') . '=';
	$self->{head} =~ /^sec-websocket-accept: \Q$want\E\r?$/mi
	    or croak "wrong accept: $self->{head}";
	return $self;
}

sub raw {
	my ($self, $bytes) = @_;
	local $SIG{PIPE} = 'IGNORE';
	while (length $bytes) {
		my $n = syswrite $self->{s}, $bytes;
		return 0 unless $n;
		substr $bytes, 0, $n, '';
	}
	return 1;
}

# frame: opcode, payload; fin, masked and rsv as told (1, 1, 0).
sub frame {
	my ($self, $op, $payload, %o) = @_;
	$payload = "$payload"; # a number would be masked as one
	my $fin = $o{fin} // 1;
	my $mask = $o{masked} // 1;
	my $n = length $payload;
	my $b = pack 'C', ($fin << 7) | (($o{rsv} // 0) << 4) | $op;
	$b .= $n < 126 ? pack('C', $mask << 7 | $n)
	    : $n < 65536 ? pack('Cn', $mask << 7 | 126, $n)
	    : pack('CQ>', $mask << 7 | 127, $n);
	if ($mask) {
		my $key = pack 'N', int rand 2**32;
		$b .= $key;
		$payload ^= substr($key x ($n / 4 + 1), 0, $n);
	}
	return $self->raw($b . $payload);
}

sub send { my ($self, $data) = @_; $self->frame(1, $json->encode($data)) }

# fill: more bytes; false at the end or when the time is over.
sub fill {
	my ($self, $until) = @_;
	vec(my $in = '', fileno $self->{s}, 1) = 1;
	my $left = $until - time;
	return 0 if $left <= 0 || !select $in, undef, undef, $left;
	my $n = sysread $self->{s}, $self->{buf}, 65536, length $self->{buf};
	$self->{eof} = 1 unless $n;
	return $n;
}

sub need {
	my ($self, $n, $until) = @_;
	while (length $self->{buf} < $n) {
		$self->fill($until) or return 0;
	}
	return 1;
}

# recv_frame: [opcode, payload]; undef: nothing more, or not in time.
sub recv_frame {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 10);
	$self->need(2, $until) or return;
	my ($a, $b) = unpack 'CC', $self->{buf};
	my ($n, $head) = ($b & 127, 2);
	if ($n == 126) {
		$self->need(4, $until) or return;
		($n, $head) = (unpack('x2n', $self->{buf}), 4);
	} elsif ($n == 127) {
		$self->need(10, $until) or return;
		($n, $head) = (unpack('x2Q>', $self->{buf}), 10);
	}
	$self->need($head + $n, $until) or return;
	my $payload = substr $self->{buf}, $head, $n;
	substr $self->{buf}, 0, $head + $n, '';
	return [$a & 15, $payload];
}

# recv: the next message as data; what stands between is dealt with.
sub recv {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 10);
	while (my $f = $self->recv_frame($until - time)) {
		my ($op, $payload) = @$f;
		if ($op == 1) {
			return $json->decode($payload);
		} elsif ($op == 8) {
			$self->{close} = [unpack 'na*', $payload];
			return;
		} elsif ($op == 9) {
			$self->{pings}++;
			$self->frame(10, $payload) if $self->{answer};
		}
	}
	return;
}

# until: messages up to one of that type (and for which the block is true).
sub until {
	my ($self, $type, $test, $seconds) = @_;
	my $end = time + ($seconds // 10);
	my @got;
	while (my $m = $self->recv($end - time)) {
		push @got, $m;
		local $_ = $m;
		return @got if $m->{type} eq $type && (!$test || $test->($m));
	}
	return @got;
}

# closed: the code it was closed with, after all that came before.
sub closed {
	my ($self, $seconds) = @_;
	my $end = time + ($seconds // 10);
	while ($self->recv($end - time)) { }
	return $self->{close} ? $self->{close}[0] : undef;
}

1;
