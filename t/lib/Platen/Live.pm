# Platen::Live: what tests of the sidecar need: accounts, generations, events
# as a worker publishes them (by the script of sql/redis/), and listeners on
# each transport.
#
#	my $l = Platen::Live->new($stack);
#	my $a = $l->account;			# {id, token}
#	my $g = $l->generation($a, status => 'processing');
#	my $cursor = $l->event($a, $g, progress => 'processing', { processedUrls => 3 });
#	my $w = $l->ws($a);  my $e = $l->sse($a, '/events?ids=...');
#	my $r = $l->poll($a, 'cursor=...');
package Platen::Live;
use strict;
use warnings;
use Carp qw(croak);
use Digest::SHA qw(sha256_hex);
use IO::Socket::INET;
use IO::Socket::UNIX;
use JSON::PP ();
use MIME::Base64 qw(encode_base64url);
use Platen::Stack ();
use Platen::WebSocket;
use Time::HiRes qw(time);

my $json = JSON::PP->new->utf8->canonical;

sub new {
	my ($class, $stack, %o) = @_;
	open my $h, '<', "$Platen::Stack::ROOT/sql/redis/event.lua" or die $!;
	my $script = do { local $/; <$h> };
	return bless { stack => $stack, via => $o{via} // 'unix',
	    script => $script }, $class;
}

my $serial = 0;

# uuid: version 7, in order.
sub uuid {
	my $ms = int(time * 1000);
	return sprintf '%08x-%04x-7%03x-8%03x-%012x', $ms >> 16, $ms & 0xffff,
	    ++$serial >> 12 & 0xfff, $serial & 0xfff, int rand 2**47;
}

sub account {
	my ($self) = @_;
	my $a = { id => uuid(),
	    token => encode_base64url(join '', map { chr int rand 256 } 1 .. 32) };
	my $hash = sha256_hex($a->{token});
	$self->{stack}->sql("INSERT INTO accounts (id) VALUES ('$a->{id}');"
	    . 'INSERT INTO sessions (token_hash, account_id, expires_at) '
	    . "VALUES ('\\x$hash', '$a->{id}', now() + interval '1 day')");
	return $a;
}

# generation: a row; the status is reached by allowed steps.
sub generation {
	my ($self, $a, %o) = @_;
	my $id = uuid();
	my $status = $o{status} // 'pending';
	my $sql = 'INSERT INTO generations (id, account_id, type, provider, input, '
	    . "prompt, hostname) VALUES ('$id', '$a->{id}', 'llms_txt', 'builtin', "
	    . "'{}', 'llms.txt of example.org', 'example.org');";
	$sql .= "UPDATE generations SET status = 'processing', attempt = 1, "
	    . "started_at = now() WHERE id = '$id';"
	    if $status =~ /^(processing|completed|failed)$/;
	$sql .= "UPDATE generations SET status = '$status' WHERE id = '$id';"
	    if $status =~ /^(completed|failed|canceled)$/;
	my @set = ('announced = true', map { "$_ = '$o{$_}'" }
	    grep { !/^(?:status|llms|mime)$/ } sort keys %o);
	$sql .= 'UPDATE generations SET ' . join(', ', @set) . " WHERE id = '$id';";
	if (defined $o{llms}) {
		my $hex = unpack 'H*', $o{llms};
		my $mime = $o{mime} // 'text/plain';
		$sql .= 'INSERT INTO artifacts (generation_id, account_id, name, mime, '
		    . "sha256, body) VALUES ('$id', '$a->{id}', 'llms.txt', "
		    . "'$mime', '\\x00', '\\x$hex');";
	}
	$self->{stack}->sql($sql);
	return $id;
}

sub set { my ($self, $id, $set) = @_;
	$self->{stack}->sql("UPDATE generations SET $set WHERE id = '$id'") }

# event: as core/events.c publishes it; the cursor.
sub event {
	my ($self, $a, $g, $kind, $status, $metadata) = @_;
	return $self->{stack}->redis($self->event_words($a, $g, $kind, $status,
	    $metadata));
}

sub event_words {
	my ($self, $a, $g, $kind, $status, $metadata) = @_;
	my $open = $json->encode({ generationId => $g, userId => $a->{id},
	    type => 'llms_txt', status => $status,
	    timestamp => int(time * 1000) });
	# As of a generation that was never tried again.
	my $revision = $metadata->{revision}
	    // { pending => 1, processing => 2 }->{$status} // 3;
	my $meta = $json->encode({ %{ $metadata // {} }, revision => $revision });
	$meta =~ s/^\{/{"event":"$kind"/;
	$meta =~ s/^(\{"event":"$kind")(?=")/$1,/;
	$open =~ s/\}\z//;
	$meta =~ s/\}\z//;
	return ('EVAL', $self->{script}, 4, "events:user:$a->{id}", "job:$g",
	    "job-history:$g", 'platen:epoch', 'testepoch', "$open,\"metadata\":$meta",
	    $g, $kind eq 'deleted' ? 0 : 1, $revision, "platen:user:$a->{id}",
	    "generation:user:$a->{id}", 'generation:status-updates');
}

# events: many at once, by one connection, without waiting in between.
sub events {
	my ($self, @list) = @_;
	my $c = IO::Socket::UNIX->new(
	    Peer => $self->{stack}->dir . '/run/redis.sock') or croak "redis: $!";
	for my $e (@list) {
		my @words = $self->event_words(@$e);
		print $c '*' . @words . "\r\n",
		    map { '$' . length($_) . "\r\n$_\r\n" } @words;
	}
	$c->flush;
	return map { Platen::Stack::_reply($c) } @list;
}

# ---- listeners ---------------------------------------------------------------

# open: a connection to the sidecar, or to lighttpd before it.
sub open {
	my ($self, $via) = @_;
	my $s = ($via // $self->{via}) eq 'unix'
	    ? IO::Socket::UNIX->new(Peer => $self->{stack}->dir . '/run/live.sock')
	    : IO::Socket::INET->new(PeerAddr => '127.0.0.1',
		PeerPort => $self->{stack}->port);
	return $s // croak "cannot connect: $!";
}

sub host { my ($self) = @_;
	$self->{via} eq 'unix' ? 'localhost' : '127.0.0.1:' . $self->{stack}->port }

sub ws {
	my ($self, $a, %o) = @_;
	my $path = delete $o{path} // '/ws';
	return Platen::WebSocket->new($self->open, $path, Host => $self->host,
	    ($a ? (Cookie => "sid=$a->{token}") : ()), %o);
}

# get: a request whose body is read as it comes.
sub get {
	my ($self, $a, $path, %h) = @_;
	my $c = bless { s => $self->open, buf => '', events => [] },
	    'Platen::Live::Response';
	my $method = delete $h{method} // 'GET';
	my %all = (Host => $self->host,
	    ($a ? (Cookie => "sid=$a->{token}") : ()), %h);
	local $SIG{PIPE} = 'IGNORE';
	syswrite $c->{s}, "$method $path HTTP/1.1\r\n" . join('', map {
		"$_: $all{$_}\r\n"
	} sort keys %all) . "\r\n";
	return $c;
}

# sse: the head is read; next_event gives {id, event, data}.
sub sse { my $self = shift; my $c = $self->get(@_); $c->head; return $c }

# poll: one whole exchange; {status, json}.
sub poll {
	my ($self, $a, $query, %h) = @_;
	return $self->get($a, '/poll' . (length $query ? "?$query" : ''), %h)->whole;
}

package Platen::Live::Response;
use Carp qw(croak);
use Time::HiRes qw(time);

sub fill {
	my ($self, $until) = @_;
	vec(my $in = '', fileno $self->{s}, 1) = 1;
	my $left = $until - time;
	return 0 if $left <= 0 || !select $in, undef, undef, $left;
	my $n = sysread $self->{s}, $self->{raw}, 65536, length($self->{raw} // '');
	$self->{eof} = 1 unless $n;
	$self->unchunk;
	return $n;
}

# unchunk: raw bytes to body bytes (lighttpd may send chunks).
sub unchunk {
	my ($self) = @_;
	if (!$self->{chunked}) {
		$self->{buf} .= $self->{raw} // '';
		$self->{raw} = '';
		return;
	}
	for (;;) {
		if ($self->{left}) {
			my $piece = substr $self->{raw}, 0, $self->{left}, '';
			last unless length $piece;
			$self->{left} -= length $piece;
			$self->{buf} .= $piece;
		} else {
			$self->{raw} =~ s/\A(?:\r\n)?([0-9a-fA-F]+)\r\n// or last;
			$self->{left} = hex $1;
			$self->{eof} = 1 if !$self->{left};
			last if $self->{eof};
		}
	}
}

sub head {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 10);
	while ($self->{buf} !~ /\r\n\r\n/) {
		$self->fill($until) or croak "no answer: $self->{buf}";
	}
	$self->{buf} =~ s/\A(.*?)\r\n\r\n//s;
	$self->{head} = $1;
	($self->{status}) = $self->{head} =~ m{^HTTP/1\.[01] (\d+)};
	($self->{type}) = $self->{head} =~ /^content-type:\s*(\S+)/mi;
	if ($self->{head} =~ /^transfer-encoding:\s*chunked/mi) {
		$self->{chunked} = 1;
		$self->{raw} = $self->{buf};
		$self->{buf} = '';
		$self->unchunk;
	}
	($self->{length}) = $self->{head} =~ /^content-length:\s*(\d+)/mi;
	return $self;
}

sub whole {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 40);
	$self->head($seconds // 40) unless $self->{status};
	until ($self->{eof} || (defined $self->{length}
	    && length $self->{buf} >= $self->{length})) {
		$self->fill($until) or last;
	}
	$self->{body} = $self->{buf};
	$self->{json} = eval { $json->decode($self->{body}) }
	    if ($self->{type} // '') =~ /json/;
	return $self;
}

# next_event: {id, event, data (decoded)}; undef: the end, or not in time.
sub next_event {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 10);
	for (;;) {
		while ($self->{buf} =~ s/\A(.*?)\n\n//s) {
			my %e;
			for (split /\n/, $1) {
				/^(\w+): ?(.*)$/ ? $e{$1} = $2
				    : /^:/ ? $self->{comments}++ : 0;
			}
			$self->{retry} = $e{retry} if $e{retry};
			next unless defined $e{data};
			next if $e{event} eq 'heartbeat' && !$self->{beats};
			$self->{last} = $e{id} if defined $e{id};
			$e{data} = $json->decode($e{data});
			return \%e;
		}
		return if $self->{eof};
		$self->fill($until) or return;
	}
}

# until: events up to one by that name.
sub until {
	my ($self, $name, $test, $seconds) = @_;
	my $end = time + ($seconds // 10);
	my @got;
	while (my $e = $self->next_event($end - time)) {
		push @got, $e;
		return @got if $e->{event} eq $name && (!$test || $test->($e->{data}));
	}
	return @got;
}

sub ended {
	my ($self, $seconds) = @_;
	my $until = time + ($seconds // 5);
	while (!$self->{eof}) {
		$self->fill($until) or last;
	}
	return $self->{eof};
}

1;
