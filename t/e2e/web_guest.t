#!/usr/bin/perl
# One guest per browser: whoever orders three things at once finds all three,
# whichever way they were sent.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Platen::Http;
use Platen::Stack;
use Platen::User;

my $s = Platen::Stack->new(with => 'web');
my $api = '/api/v1/generations';

# at_once: sends [method, path, headers, body] of one browser in parallel, then
# reads the answers; what they set goes to its jar.
sub at_once {
	my ($u, @requests) = @_;
	my @open = map { $u->open(@$_) } @requests;
	return map {
		my $r = $u->head($_);
		$r->{body} = $u->body($_, $r);
		$r
	} @open;
}

sub call { [POST => $api, { 'Content-Type' => 'application/json', @_[1 .. $#_] },
	qq({"type":"llms_txt","input":{"hostname":"$_[0]"}})] }

sub form {
	my ($token, $host, %more) = @_;
	return [POST => '/generations', { 'Content-Type' => 'application/x-www-form-urlencoded', %more },
		"csrf=$token&hostname=$host"];
}

sub listed { ($_[0]->api(GET => $api))[1]{data}{total} }
sub guests { $s->value('SELECT count(*) FROM accounts') }

for my $round (1 .. 5) {
	for my $page ('/', '/generations', '/generations/new', '/generations/new?hostname=a.test') {
		my $u = Platen::User->new($s->url);
		$u->page($page);
		my $before = guests();
		my @r = at_once($u, map { call("c$_.test") } 1 .. 3);
		is_deeply([map { $_->{status} } @r], [202, 202, 202], "three calls at once after $page");
		is(guests() - $before, 1, 'are one guest\'s');
		is(listed($u), 3, 'who finds all three');
		my %sid = map { ($_->{cookies}[0] // '') =~ /^(sid=[^;]+)/ ? ($1 => 1) : () } @r;
		is(keys %sid, 1, 'and each answer gave the same session');
	}
	my $u = Platen::User->new($s->url);
	my $token = Platen::Http->field($u->page('/generations/new?hostname=a.test'), 'csrf');
	my $before = guests();
	my @r = at_once($u, map { form($token, "f$_.test") } 1 .. 3);
	is_deeply([map { $_->{status} } @r], [303, 303, 303], 'three forms at once, from a browser that says nothing');
	is(guests() - $before, 1, 'are one guest\'s');
	is(listed($u), 3, 'who finds all three');

	# Three tabs, all opened before any cookie was there.
	$u = Platen::User->new($s->url);
	my @tabs = at_once($u, map { [GET => "/generations/new?hostname=t$_.test", {}] } 1 .. 3);
	$before = guests();
	@r = at_once($u, map { form(Platen::Http->field($_, 'csrf'), 't.test', Origin => $u->origin,
		'Sec-Fetch-Site' => 'same-origin') } @tabs);
	is_deeply([map { $_->{status} } @r], [303, 303, 303], 'three tabs opened and sent at once');
	is(guests() - $before, 1, 'are one guest\'s');
	is(listed($u), 3, 'who finds all three');

	# Forms and calls, and the same key twice.
	$u = Platen::User->new($s->url);
	$token = Platen::Http->field($u->page('/generations/new?hostname=a.test'), 'csrf');
	$before = guests();
	@r = at_once($u, form($token, 'm1.test'), call('m2.test', 'Idempotency-Key' => 'k1'),
	    call('m2.test', 'Idempotency-Key' => 'k1'));
	is($r[0]{status}, 303, 'a form beside calls');
	is(guests() - $before, 1, 'are one guest\'s');
	is(listed($u), 2, 'and a key that was sent twice at once made one order');
}

# Two browsers are two guests, and programs without cookies one each.
my @two = map { Platen::User->new($s->url) } 1, 2;
$_->page('/') for @two;
my $before = guests();
(at_once($_, call('x.test')))[0]{status} == 202 or fail('an order') for @two;
is(guests() - $before, 2, 'two browsers, two guests');
is(listed($_), 1, 'each with its own') for @two;
$before = guests();
Platen::Http->new($s->url)->json(POST => $api, { type => 'llms_txt', input => { hostname => 'p.test' } }) for 1 .. 3;
is(guests() - $before, 3, 'programs without cookies are one guest each');

# A session that has ended is not begun again, nor is its list shown.
my $u = Platen::User->new($s->url);
$u->page('/');
at_once($u, call('old.test'));
my $pre = $u->cookies->{pre};
my $old = $s->value("SELECT account_id FROM generations WHERE hostname = 'old.test'");
$s->psql('platen', "UPDATE sessions SET expires_at = now() - interval '1 second' WHERE account_id = '$old'");
%{ $u->cookies } = (pre => $pre);
is((at_once($u, call('new.test')))[0]{status}, 202, 'after its session ended a browser orders again');
is(listed($u), 1, 'as a new guest');
isnt($s->value("SELECT account_id FROM generations WHERE hostname = 'new.test'"), $old, 'not as the old one');

# The visitor's cookie opens nothing.
$u = Platen::User->new($s->url);
$u->page('/');
at_once($u, call('mine.test'));
my $thief = Platen::User->new($s->url);
$thief->cookies->{sid} = $u->cookies->{pre};
is(listed($thief), 0, 'the cookie from before the order is no session');
is_deeply([grep { /\Q$pre\E/ } $s->psql('platen', 'SELECT * FROM sessions')], [], 'and is stored nowhere');

# Behind a proxy on this machine, as TLS has it, each visitor has a limit of its
# own; whoever says to be another from elsewhere is not believed (t/unit/core/visitor).
$s = Platen::Stack->new(with => 'web', env => { PLATEN_WEB_GUESTS_PER_HOUR => 2 });
sub order_of {
	my (@from) = @_;
	my $d = Platen::User->new($s->url);
	return (at_once($d, call('f.test', @from)))[0]{status};
}
is(order_of('X-Forwarded-For' => "10.0.0.1, 198.51.100.$_"), 202, "visitor $_ behind a proxy orders") for 1 .. 4;
is(order_of('X-Forwarded-For' => '198.51.100.1'), 202, 'and may do so twice');
is(order_of('X-Forwarded-For' => '198.51.100.1'), 429, 'but not more often than the limit says');
is(order_of('X-Forwarded-For' => '2001:db8::1'), 202, 'and so may another');
is(order_of(), 202, 'who comes without one');

done_testing;
