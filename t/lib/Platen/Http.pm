# Platen::Http: a small HTTP/1.1 client with a cookie jar, for tests.
#
#	my $h = Platen::Http->new('http://127.0.0.1:8080');
#	my $r = $h->get('/generations');	# {status, headers, body}
#	$r = $h->form('/generations', { hostname => 'example.org' });
#	$r = $h->json(POST => '/api/v1/generations', { type => 'llms_txt' });
#	$r->{json}{data}{id}
#
# Redirects are not followed (see follow); header names are lower case.
package Platen::Http;
use strict;
use warnings;
use Carp qw(croak);
use IO::Socket::INET;
use JSON::PP ();
use Time::HiRes qw(time);

my $json = JSON::PP->new->utf8->canonical->allow_nonref;

# new BASE [, timeout => SECONDS]
sub new {
	my ($class, $base, %o) = @_;
	my ($host, $port) = $base =~ m{^http://([^/:]+)(?::(\d+))?/?$}
	    or croak "not a base url: $base";
	return bless { host => $host, port => $port // 80, cookies => {},
	    timeout => $o{timeout} // 30, headers => $o{headers} // {} }, $class;
}

# cookies: name => value, to be looked at and changed.
sub cookies { $_[0]{cookies} }

sub get { my ($s, $path, %h) = @_; $s->request(GET => $path, \%h) }
sub delete { my ($s, $path, %h) = @_; $s->request(DELETE => $path, \%h) }

# form: as a browser posts one.
sub form {
	my ($self, $path, $fields, %h) = @_;
	my $body = join '&', map {
		my $k = $_;
		my $v = $fields->{$k};
		map { escape($k) . '=' . escape($_) } ref $v ? @$v : $v
	} sort keys %$fields;
	return $self->request(POST => $path,
	    { 'Content-Type' => 'application/x-www-form-urlencoded', %h }, $body);
}

# json: a call with a JSON body (or none).
sub json {
	my ($self, $method, $path, $data, %h) = @_;
	return $self->request($method => $path, \%h) unless defined $data;
	return $self->request($method => $path,
	    { 'Content-Type' => 'application/json', %h }, $json->encode($data));
}

sub escape {
	my ($s) = @_;
	utf8::encode($s) if utf8::is_utf8($s);
	$s =~ s/([^A-Za-z0-9._~-])/sprintf '%%%02X', ord $1/ge;
	return $s;
}

# csrf: the first hidden field of that name on a page, as the form would send.
sub field {
	my ($class, $page, $name) = @_;
	my $body = ref $page ? $page->{body} : $page;
	while ($body =~ /<input\b([^>]*)>/gi) {
		my $attr = $1;
		next unless $attr =~ /\bname="\Q$name\E"/;
		return $attr =~ /\bvalue="([^"]*)"/ ? unescape($1) : '';
	}
	return undef;
}

sub unescape {
	my ($s) = @_;
	my %e = (amp => '&', lt => '<', gt => '>', quot => '"', '#39' => "'");
	$s =~ s/&(amp|lt|gt|quot|#39);/$e{$1}/g;
	return $s;
}

# follow: GETs the Location of a redirect.
sub follow {
	my ($self, $r) = @_;
	my $to = $r->{headers}{location} // croak 'no Location';
	$to =~ s{^http://[^/]+}{};
	return $self->get($to);
}

# request METHOD, PATH, {headers}, BODY: one exchange on its own connection.
sub request {
	my ($self, $method, $path, $headers, $body) = @_;
	my $c = $self->open($method, $path, $headers, $body);
	my $r = $self->head($c);
	$r->{body} = $method eq 'HEAD' ? '' : $self->body($c, $r);
	if (($r->{headers}{'content-type'} // '') =~ m{[/+]json\b}) {
		$r->{json} = eval { $json->decode($r->{body}) };
	}
	return $r;
}

# open: sends a request; head and body read its answer, in pieces if wanted.
sub open {
	my ($self, $method, $path, $headers, $body) = @_;
	my $c = IO::Socket::INET->new(PeerAddr => $self->{host},
	    PeerPort => $self->{port}, Timeout => $self->{timeout})
	    or croak "cannot connect to $self->{host}:$self->{port}: $!";
	my %h = (Host => "$self->{host}:$self->{port}", Connection => 'close',
	    Accept => '*/*', %{ $self->{headers} }, %{ $headers // {} });
	my $jar = join '; ', map { "$_=$self->{cookies}{$_}" }
	    sort keys %{ $self->{cookies} };
	$h{Cookie} //= $jar if length $jar;
	$h{'Content-Length'} //= length $body if defined $body;
	my $text = "$method $path HTTP/1.1\r\n" . join('', map {
		"$_: $h{$_}\r\n"
	} grep { defined $h{$_} } sort keys %h) . "\r\n" . ($body // '');
	local $SIG{PIPE} = 'IGNORE';
	print $c $text;
	$c->flush;
	${*$c}{platen_buf} = '';
	return $c;
}

# fill: more bytes; false at the end of the connection, dies at the timeout.
sub fill {
	my ($self, $c, $until) = @_;
	my $left = ($until // time + $self->{timeout}) - time;
	vec(my $in = '', fileno $c, 1) = 1;
	croak "no answer within $self->{timeout} s"
	    if $left <= 0 || !select $in, undef, undef, $left;
	my $n = sysread $c, ${*$c}{platen_buf}, 65536,
	    length ${*$c}{platen_buf};
	return $n;
}

# head: status and headers; cookies go to the jar.
sub head {
	my ($self, $c) = @_;
	my $until = time + $self->{timeout};
	my $buf = \${*$c}{platen_buf};
	while ($$buf !~ /\r\n\r\n/) {
		$self->fill($c, $until) or croak 'connection closed: ' . $$buf;
	}
	$$buf =~ s/\A(.*?)\r\n\r\n//s;
	my ($first, @lines) = split /\r\n/, $1;
	my ($status) = $first =~ m{^HTTP/1\.[01] (\d{3})}
	    or croak "not HTTP: $first";
	return $self->head($c) if $status == 100;
	my %r = (status => $status, headers => {}, cookies => []);
	for (@lines) {
		my ($k, $v) = /^([^:]+):\s*(.*)$/ or next;
		$k = lc $k;
		if ($k eq 'set-cookie') {
			push @{ $r{cookies} }, $v;
			$self->_keep($v);
		}
		$r{headers}{$k} = exists $r{headers}{$k}
		    ? "$r{headers}{$k}, $v" : $v;
	}
	return \%r;
}

sub _keep {
	my ($self, $line) = @_;
	my ($name, $value) = $line =~ /^([^=;]+)=([^;]*)/ or return;
	if ($line =~ /;\s*max-age=0\b/i || !length $value) {
		delete $self->{cookies}{$name};
	} else {
		$self->{cookies}{$name} = $value;
	}
}

# body: the whole body, by length, by chunks, or to the end.
sub body {
	my ($self, $c, $r) = @_;
	my $until = time + $self->{timeout};
	my $buf = \${*$c}{platen_buf};
	return '' if $r->{status} == 204 || $r->{status} == 304;
	if (($r->{headers}{'transfer-encoding'} // '') =~ /chunked/i) {
		my $out = '';
		while (defined(my $piece = $self->chunk($c, $until))) {
			$out .= $piece;
		}
		return $out;
	}
	my $want = $r->{headers}{'content-length'};
	while (!defined $want || length $$buf < $want) {
		last unless $self->fill($c, $until);
	}
	return defined $want ? substr $$buf, 0, $want, '' : $$buf;
}

# chunk: the next chunk of a chunked body; undef after the last.
sub chunk {
	my ($self, $c, $until) = @_;
	my $buf = \${*$c}{platen_buf};
	my ($head, $size);
	until (($head, $size) = $$buf =~ /\A(([0-9a-fA-F]+)[^\r\n]*\r\n)/) {
		$self->fill($c, $until) or return undef;
	}
	my $n = hex $size;
	until (length $$buf >= length($head) + $n + 2) {
		$self->fill($c, $until) or return undef;
	}
	substr $$buf, 0, length $head, '';
	my $piece = substr $$buf, 0, $n, '';
	substr $$buf, 0, 2, '';
	return $n ? $piece : undef;
}

1;
