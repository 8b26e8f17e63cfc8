# Client: one user of Platen over HTTP, with cookies of their own: as a
# browser without JavaScript (get, submit) or as a program (api).
package Platen::Client;
use strict;
use warnings;
use HTTP::Tiny;
use JSON::PP ();
use Time::HiRes qw(sleep time);

my $JSON = JSON::PP->new->utf8->canonical->allow_nonref;

sub new {
	my ($class, $origin, %o) = @_;
	$origin =~ s{/\z}{};
	return bless {
		origin => $origin,
		jar    => {},
		http   => HTTP::Tiny->new(max_redirect => 0,
			timeout => $o{timeout} // 40, agent => 'platen-test',
			max_size => 64 << 20),
	}, $class;
}

sub origin { return $_[0]{origin} }

# cookie: the Cookie header's value; '' before the first answer.
sub cookie {
	my ($self) = @_;
	return join '; ', map { "$_=$self->{jar}{$_}" } sort keys %{ $self->{jar} };
}

sub _keep {
	my ($self, $set) = @_;
	for my $c (ref $set ? @$set : defined $set ? ($set) : ()) {
		my ($name, $value) = $c =~ /^\s*([^=;\s]+)=([^;]*)/ or next;
		if ($c =~ /;\s*max-age=0*\s*(?:;|\z)/i || $value eq '') {
			delete $self->{jar}{$name};
		} else {
			$self->{jar}{$name} = $value;
		}
	}
}

# request: one call, no redirect followed.  The answer is HTTP::Tiny's hash
# with url made a path.
sub request {
	my ($self, $method, $path, $headers, $content) = @_;
	my %h = %{ $headers // {} };
	my $cookie = $self->cookie;
	$h{cookie} //= $cookie if $cookie ne '';
	delete $h{cookie} if defined $h{cookie} && $h{cookie} eq '';
	my $url = $path =~ m{^https?://} ? $path : "$self->{origin}$path";
	my $r = $self->{http}->request($method, $url,
		{ headers => \%h, defined $content ? (content => $content) : () });
	$self->_keep($r->{headers}{'set-cookie'});
	$r->{path} = $path;
	return $r;
}

# get: a page, as a browser asks for it; redirects are followed.
sub get {
	my ($self, $path, %headers) = @_;
	my $r;
	for (1 .. 5) {
		$r = $self->request('GET', $path,
			{ accept => 'text/html,*/*;q=0.8', %headers });
		return $r unless $r->{status} =~ /^30[1237]$/;
		$path = $self->path_of($r->{headers}{location});
	}
	return $r;
}

sub path_of {
	my ($self, $location) = @_;
	$location =~ s{^\Q$self->{origin}\E}{};
	return $location;
}

my %entity = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");

sub unescape {
	my ($s) = @_;
	$s =~ s/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/
	    defined $1 ? chr hex $1 : defined $2 ? chr $2 : $entity{$3} \/\/ "&$3;"/gie;
	return $s;
}

sub _attr {
	my ($tag, $name) = @_;
	return unescape($1 // $2 // $3)
	    if $tag =~ /\s\Q$name\E\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i;
	return $tag =~ /\s\Q$name\E(?=[\s>\/])/i ? '' : undef;
}

# forms: what a page lets one send: [{action, method, fields, buttons, html}].
sub forms {
	my ($html) = @_;
	my @forms;
	while ($html =~ m{(<form\b[^>]*>)(.*?)</form\s*>}gis) {
		my ($tag, $inner, %f) = ($1, $2);
		my @buttons;
		while ($inner =~ m{(<(?:input|button)\b[^>]*>)}gi) {
			my $t = $1;
			my $type = lc(_attr($t, 'type') // ($t =~ /^<b/i ? 'submit' : 'text'));
			my $name = _attr($t, 'name');
			if ($type eq 'submit') {
				push @buttons, [$name, _attr($t, 'value') // ''];
				next;
			}
			next if !defined $name || $type =~ /^(?:button|reset|image|file)$/;
			next if $type =~ /^(?:checkbox|radio)$/ && !defined _attr($t, 'checked');
			$f{$name} = _attr($t, 'value') // ($type eq 'checkbox' ? 'on' : '');
		}
		while ($inner =~ m{(<textarea\b[^>]*>)(.*?)</textarea>}gis) {
			my ($t, $text) = ($1, $2);
			$text =~ s/^\r?\n//;
			$f{ _attr($t, 'name') } = unescape($text) if defined _attr($t, 'name');
		}
		while ($inner =~ m{(<select\b[^>]*>)(.*?)</select>}gis) {
			my ($t, $options) = ($1, $2);
			my @o = $options =~ m{(<option\b[^>]*>)}gi;
			my ($chosen) = grep { defined _attr($_, 'selected') } @o;
			$chosen //= $o[0];
			$f{ _attr($t, 'name') } = _attr($chosen, 'value') // ''
			    if defined $chosen && defined _attr($t, 'name');
		}
		push @forms, {
			action => _attr($tag, 'action') // '',
			method => uc(_attr($tag, 'method') // 'GET'),
			fields => \%f, buttons => \@buttons, html => $tag . $inner,
		};
	}
	return @forms;
}

sub _encode {
	my ($s) = @_;
	utf8::encode($s) if utf8::is_utf8($s);
	$s =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ge;
	return $s;
}

sub encode_fields {
	my ($f) = @_;
	return join '&', map { _encode($_) . '=' . _encode($f->{$_}) } sort keys %$f;
}

# submit: sends the first form of a page whose action matches, with more or
# other fields; the answer itself, so that its 303 can be seen.
sub submit {
	my ($self, $page, $action, %fields) = @_;
	my ($form) = grep { $_->{action} =~ $action } forms($page->{content});
	die "no form with action $action on $page->{path}\n" unless $form;
	my %all = (%{ $form->{fields} }, %fields);
	if (@{ $form->{buttons} } && defined $form->{buttons}[0][0]) {
		$all{ $form->{buttons}[0][0] } //= $form->{buttons}[0][1];
	}
	my $to = $form->{action} eq '' ? $page->{path} : $form->{action};
	return $self->get(($to =~ s/\?.*//r) . '?' . encode_fields(\%all))
	    if $form->{method} eq 'GET';
	return $self->request('POST', $to, {
		'content-type'   => 'application/x-www-form-urlencoded',
		'accept'         => 'text/html,*/*;q=0.8',
		'origin'         => $self->{origin},
		'sec-fetch-site' => 'same-origin',
	}, encode_fields(\%all));
}

# follow: where a 303 leads.
sub follow {
	my ($self, $r) = @_;
	return $r unless $r->{status} =~ /^30[1237]$/;
	return $self->get($self->path_of($r->{headers}{location}));
}

# api: a JSON call; (status, decoded body or undef, the answer).
sub api {
	my ($self, $method, $path, $body, %headers) = @_;
	my %h = (accept => 'application/json', %headers);
	my $content;
	if (defined $body) {
		$h{'content-type'} //= 'application/json';
		$content = ref $body ? $JSON->encode($body) : $body;
	} elsif ($method ne 'GET') {
		$h{'content-type'} //= 'application/json';
		$content = '';
	}
	my $r = $self->request($method, $path, \%h, $content);
	my $type = $r->{headers}{'content-type'} // '';
	my $decoded = $type =~ m{[/+]json} ? eval { $JSON->decode($r->{content}) } : undef;
	return ($r->{status}, $decoded, $r);
}

# order: a llms_txt generation of a host through the API; its id, or dies.
sub order {
	my ($self, $hostname, %input) = @_;
	my ($status, $d, $r) = $self->api('POST', '/api/v1/generations', {
		type => 'llms_txt', provider => 'builtin',
		input => { hostname => $hostname, %input },
	});
	die "order of $hostname: $status $r->{content}\n"
	    unless $status == 202 && $d && $d->{data}{id};
	return $d->{data}{id};
}

# order_form: the same through the pages, as a browser without JavaScript
# does it: home, (the host's page,) Start; the id, or undef and the last page.
sub order_form {
	my ($self, $hostname) = @_;
	my $page = $self->get('/');
	my $r = $self->submit($page, qr/generations/, hostname => $hostname);
	for (1 .. 3) {
		if ($r->{status} == 303) {
			my $to = $self->path_of($r->{headers}{location});
			return ($1, $r) if $to =~ m{^/generations/([0-9a-f-]{36})};
			$r = $self->get($to);
		}
		last unless $r->{status} == 200;
		my ($start) = grep { $_->{method} eq 'POST'
		    && exists $_->{fields}{hostname} && $_->{fields}{hostname} ne '' }
		    forms($r->{content});
		last unless $start;
		$r = $self->submit($r, qr/^\Q$start->{action}\E$/);
	}
	return (undef, $r);
}

# show: the generation as the API gives it; undef when there is none.
sub show {
	my ($self, $id) = @_;
	my ($status, $d) = $self->api('GET', "/api/v1/generations/$id");
	return $status == 200 ? $d->{data} : undef;
}

my %over = map { $_ => 1 } qw(completed failed canceled);

# wait_over: polls until the generation is over or the seconds have passed;
# it as last seen.  Answers that fail meanwhile are borne.
sub wait_over {
	my ($self, $id, $seconds) = @_;
	my $end = time + ($seconds // 60);
	my $last;
	while (time < $end) {
		my $g = eval { $self->show($id) };
		$last = $g if $g;
		return $g if $g && $over{ $g->{status} };
		sleep 0.1;
	}
	return $last;
}

# wait_until: calls code until it gives a true value or the seconds passed.
sub wait_until(&;$) {
	my ($code, $seconds) = @_;
	my $end = time + ($seconds // 10);
	while (1) {
		my $v = $code->();
		return $v if $v;
		return undef if time >= $end;
		sleep 0.05;
	}
}

1;
