# User: one user of Platen, as a browser without JavaScript (page, submit) or
# as a program (api).  A Platen::Http with an idea of what Platen is.
package Platen::User;
use strict;
use warnings;
use parent 'Platen::Http';
use Exporter ();
use Time::HiRes qw(sleep time);

our @EXPORT_OK = ('text');
sub import { goto &Exporter::import }

sub origin { return "http://$_[0]{host}:$_[0]{port}" }

# cookie: the Cookie header's value; '' before the first answer.
sub cookie {
	my ($self) = @_;
	my $jar = $self->cookies;
	return join '; ', map { "$_=$jar->{$_}" } sort keys %$jar;
}

# page: as a browser asks for it; redirects are followed.
sub page {
	my ($self, $path) = @_;
	for (1 .. 5) {
		my $r = $self->get($path, Accept => 'text/html,*/*;q=0.8');
		$r->{path} = $path;
		return $r unless $r->{status} =~ /^30[1237]$/;
		$path = $self->path_of($r->{headers}{location});
	}
	die "redirects for ever: $path\n";
}

sub path_of {
	my ($self, $location) = @_;
	my $origin = $self->origin;
	$location =~ s{^\Q$origin\E}{};
	return $location;
}

my %entity = (lt => '<', gt => '>', amp => '&', quot => '"', apos => "'");

sub unescape {
	my ($s) = @_;
	$s =~ s{&(?:#x([0-9a-f]+)|#(\d+)|(\w+));}{
	    defined $1 ? chr hex $1 : defined $2 ? chr $2 : $entity{$3} // "&$3;"
	}gie;
	return $s;
}

# text: what a person reads of a page; exported on request.
sub text {
	my ($html) = @_;
	utf8::decode($html);
	$html =~ s/<[^>]*>/ /g;
	$html =~ s/\s+/ /g;
	return unescape($html);
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

# submit: sends the first form of a page whose action matches, with more or
# other fields; the answer itself, so that its 303 can be seen.
sub submit {
	my ($self, $page, $action, %fields) = @_;
	my ($form) = grep { $_->{action} =~ $action } forms($page->{body});
	die "no form with action $action on $page->{path}\n" unless $form;
	my %all = (%{ $form->{fields} }, %fields);
	my ($button) = grep { defined $_->[0] } @{ $form->{buttons} };
	$all{ $button->[0] } //= $button->[1] if $button;
	my $to = $form->{action} eq '' ? $page->{path} : $form->{action};
	if ($form->{method} eq 'GET') {
		$to =~ s/\?.*//;
		return $self->page("$to?" . join '&', map {
			Platen::Http::escape($_) . '=' . Platen::Http::escape($all{$_})
		} sort keys %all);
	}
	my $r = $self->form($to, \%all, Accept => 'text/html,*/*;q=0.8',
	    Origin => $self->origin, 'Sec-Fetch-Site' => 'same-origin');
	$r->{path} = $to;
	return $r;
}

# api: a JSON call; (status, decoded body or undef, the answer).
sub api {
	my ($self, $method, $path, $data, %headers) = @_;
	my $r = $self->json($method, $path, $data, Accept => 'application/json',
	    $method eq 'GET' ? () : ('Content-Type' => 'application/json'),
	    $method eq 'POST' && !defined $data ? ('Content-Length' => 0) : (), %headers);
	return ($r->{status}, $r->{json}, $r);
}

# order: a llms_txt generation of a host through the API; its id, or dies.
sub order {
	my ($self, $hostname, %input) = @_;
	my ($status, $d, $r) = $self->api('POST', '/api/v1/generations', {
		type => 'llms_txt', provider => 'builtin',
		input => { hostname => $hostname, %input },
	});
	die "order of $hostname: $status $r->{body}\n"
	    unless $status == 202 && $d && $d->{data}{id};
	return $d->{data}{id};
}

# order_form: the same through the pages, as a browser without JavaScript
# does it: home, (the host's page,) Start; the id, or undef and the last page.
sub order_form {
	my ($self, $hostname) = @_;
	my $page = $self->page('/');
	my $r = $self->submit($page, qr/generations/, hostname => $hostname);
	for (1 .. 3) {
		if ($r->{status} == 303) {
			my $to = $self->path_of($r->{headers}{location});
			return ($1, $r) if $to =~ m{^/generations/([0-9a-f-]{36})};
			$r = $self->page($to);
		}
		last unless $r->{status} == 200;
		my ($start) = grep { $_->{method} eq 'POST'
		    && exists $_->{fields}{hostname} && $_->{fields}{hostname} ne '' }
		    forms($r->{body});
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

1;
