#!/usr/bin/perl
# The held count of a host's URLs, with the test in the place of the worker.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Live;
use Platen::Stack;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(time sleep);

my $s = Platen::Stack->new(with => 'live web', env => {
    PLATEN_LIVE_STATS_SECONDS => 2, PLATEN_LIVE_ADDRESS_HOLDS => 5 });
my $l = Platen::Live->new($s, via => 'web');

sub ask { my ($name, %h) = @_;
	$l->get(undef, "/api/v1/stats/host?hostname=$name", %h) }

# count: what a worker does.
sub count {
	my ($name, $state, $urls, $error) = @_;
	my $e = defined $error ? "'$error'" : 'NULL';
	$s->sql("UPDATE platen.hosts SET state = '$state', urls_count = $urls, "
	    . "error = $e, counted_at = now() WHERE hostname = '$name'");
	my $done = $state eq 'done' ? 'true' : 'false';
	my $more = defined $error ? ",\"error\":\"$error\"" : '';
	$s->redis('PUBLISH', "host:$name",
	    "{\"hostname\":\"$name\",\"urlsCount\":$urls,\"isComplete\":$done$more}");
}

subtest 'a count that completes while it is waited for' => sub {
	my $began = time;
	my $r = ask('example.org');
	wait_for { defined $s->redis('ZSCORE', 'lane:analyze', 'example.org') } 5, 'the order';
	pass('is asked for');
	count('example.org', 'done', 132);
	$r->whole;
	is($r->{status}, 200, 'answers');
	is_deeply($r->{json}, { success => JSON::PP::true, data => {
	    hostname => 'example.org', urlsCount => 132,
	    isComplete => JSON::PP::true } }, 'with the count');
	within(time - $began, 1.5, 'a held call is answered as soon as the count is there');
	$began = time;
	is(ask('https://Example.org/')->whole->{json}{data}{urlsCount}, 132,
	    'and from then on');
	within(time - $began, 0.5, 'a count that is known is answered without a wait');
	is($l->get(undef, '/api/stats/host?hostname=example.org')->whole
	    ->{json}{data}{urlsCount}, 132, 'under its short name, too');
};

subtest 'a count that takes longer' => sub {
	my $r = ask('slow.example');
	wait_for { defined $s->redis('ZSCORE', 'lane:analyze', 'slow.example') } 5, 'the order';
	count('slow.example', 'counting', 40);
	my $began = time;
	$r->whole;
	ok(time - $began > 1, 'is held');
	is_deeply($r->{json}{data}, { hostname => 'slow.example', urlsCount => 40,
	    isComplete => JSON::PP::false }, 'and answered with the count so far');
};

subtest 'a count that fails' => sub {
	my $r = ask('gone.example');
	wait_for { defined $s->redis('ZSCORE', 'lane:analyze', 'gone.example') } 5, 'the order';
	count('gone.example', 'failed', 0, 'There is no host gone.example.');
	$r->whole;
	is($r->{status}, 422, 'is an error');
	is($r->{type}, 'application/problem+json', 'a problem');
	is($r->{json}{detail}, 'There is no host gone.example.', 'with the sentence');
};

subtest 'many wait for one' => sub {
	my @r = map { ask('many.example') } 1 .. 5;
	sleep 0.2;
	is(ask('other.example')->whole->{status}, 429, 'one address holds so many');
	count('many.example', 'done', 7);
	is($_->whole->{json}{data}{urlsCount}, 7, 'all get it') for @r;
	is(ask('many.example')->whole->{status}, 200, 'and may ask again');
};

subtest 'Redis is away' => sub {
	$s->kill9('redis');
	my $r = ask('quiet.example');
	sleep 0.3;
	count_without_redis('quiet.example');
	is($r->whole->{json}{data}{urlsCount}, 9, 'the database is enough');
	$s->start('redis');
};

sub count_without_redis {
	$s->sql("UPDATE platen.hosts SET state = 'done', urls_count = 9, "
	    . "counted_at = now() WHERE hostname = '$_[0]'");
}

subtest 'what is no host' => sub {
	for my $x (['', 'an empty one'], ['a b', 'a blank'], ['x' x 3000, 'too long'],
	    ['ftp://x.example', 'another scheme'], ['..', 'dots']) {
		(my $name = $x->[0]) =~ s/ /%20/g;
		my $r = ask($name)->whole;
		is($r->{status}, 400, $x->[1]);
		like($r->{json}{detail}, qr/\w.*\./, '... with a sentence');
		is($r->{json}{errors}[0]{pointer}, '#/hostname', '... and where');
		like($r->{head}, qr/^x-request-id: \Q$r->{json}{request_id}\E\r?$/mi,
		    '... under a name');
	}
	my $r = $l->get(undef, '/api/v1/stats/host?hostname=', 'X-Request-Id' => 'mine.1')->whole;
	is($r->{json}{request_id}, 'mine.1', 'which the client may choose');
	is($l->get(undef, '/api/v1/stats/host')->whole->{status}, 400, 'no parameter');
	like($l->get(undef, '/api/v1/stats/host?hostname=x.example&limit=3')->whole
	    ->{json}{detail}, qr/"limit"/, 'an unknown one is named');
	$r = $l->get(undef, '/api/v1/stats/host?hostname=x', method => 'POST',
	    'Content-Length' => 0)->whole;
	is($r->{status}, 405, 'POST');
	like($r->{head}, qr/^allow: GET, HEAD, OPTIONS\r?$/mi, 'and what there is instead');
	is($l->get(undef, '/api/v1/stats/host', method => 'OPTIONS')->head->{status}, 204,
	    'as who asks is told');
};

subtest 'the head alone' => sub {
	my $whole = ask('example.org')->whole;
	my $r = ask('example.org', method => 'HEAD', Connection => 'close')->head;
	is($r->{status}, 200, 'of a count');
	is($r->{type}, $whole->{type}, 'of the same type');
	is($r->{length}, $whole->{length}, 'and length');
	$r->fill(time + 5) while !$r->{eof} && !length $r->{buf};
	is($r->{buf}, '', 'without a body');
	$r = ask('headslow.example', method => 'HEAD', Connection => 'close');
	wait_for { defined $s->redis('ZSCORE', 'lane:analyze', 'headslow.example') } 5, 'the order';
	count('headslow.example', 'done', 3);
	is($r->head->{status}, 200, 'it waits for the count, too');
	is(ask('', method => 'HEAD', Connection => 'close')->head->{status}, 400, 'and is refused like it');
};

subtest 'who leaves is forgotten' => sub {
	for (1 .. 4) {
		my @r = map { ask("leave$_.example") } 1 .. 5;
		sleep 0.05;
		close $_->{s} for @r;
		sleep 2.2;
	}
	is(ask('example.org')->whole->{status}, 200, 'and takes no place');
};

done_testing;
