#!/usr/bin/perl
# How soon a user sees what was asked for: a cancel, a delete, a worker that
# goes or dies, a sidecar with many listeners that stops.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Follow;
use Platen::Live;
use Platen::Sites;
use Platen::Stack;
use Platen::Timing;
use Platen::User;

my $web = Platen::Sites::fake();
my $s = Platen::Stack->new(with => 'live worker web', env => {
	Platen::Sites::environment($web),
	PLATEN_CRAWL_IN_FLIGHT => 2,
	PLATEN_WORKER_SLOTS => 2,
	PLATEN_WORKER_STOP_SECONDS => 1,
	PLATEN_WORKER_BACKOFF_MS => 100,
});
my $u = Platen::User->new($s->url);
$u->page('/');

# order_in_the_middle: an order of which some pages are done.
sub order_in_the_middle {
	my $id = $u->order('slow.test');
	wait_for {
		my $g = $u->show($id);
		$g->{status} eq 'processing' && $g->{processed} >= 4;
	} 20, 'the middle of the generation';
	return $id;
}

for my $how (qw(cancel delete)) {
	my $id = order_in_the_middle();
	my $f = Platen::Follow->start($u, sse => $id, seconds => 5);
	sleep 0.5;
	my $start = time;
	my ($status) = $how eq 'cancel'
	    ? $u->api(POST => "/api/v1/generations/$id/cancel")
	    : $u->api(DELETE => "/api/v1/generations/$id");
	within(time - $start, 1, "$how: the call is answered at once");
	is($status, $how eq 'cancel' ? 202 : 204, "$how: it is accepted");
	my $type = $how eq 'cancel' ? 'generation:status' : 'generation:deleted';
	my ($end) = grep { $_->{type} eq $type
	    && ($how eq 'delete' || $_->{payload}{status} eq 'canceled') } $f->events;
	ok($end, "$how: a listener is told");
	within($end->{at} - $start, 2, "$how: a listener is told soon") if $end;
}

{
	my $id = order_in_the_middle();
	my $start = time;
	$s->stop('worker');
	within(time - $start, 5, 'a worker that is told to stop ends in its time');
	$s->start('worker');
	$start = time;
	wait_for { $u->show($id)->{status} eq 'processing' } 10, 'it goes on';
	within(time - $start, 3, 'the next worker takes at once what was handed back');
	$u->api(DELETE => "/api/v1/generations/$id");
}

{
	my $first = delete $s->{pid}{worker};
	$s->spawn('worker');
	wait_for { $s->value('SELECT count(*) FROM workers') == 2 } 10, 'two workers';
	my @id = map { $u->order('slow.test') } 1 .. 4;
	wait_for {
		$s->value("SELECT count(*) FROM generations WHERE status = 'processing'") == 4;
	} 10, 'four run at once';
	my $dead = time;
	kill 'KILL', $first;
	waitpid $first, 0;
	wait_for {
		$s->value("SELECT count(DISTINCT worker_id) FROM generations"
		    . " WHERE status = 'processing'") <= 1;
	} 20, 'the dead worker is noticed';
	within(time - $dead, 2.5, 'a dead worker on the same host is noticed');
	$u->api(DELETE => "/api/v1/generations/$_") for @id;
}

{
	# What ended up slow once: a good site beside bad ones, a sitemap that
	# unpacks to gigabytes, and a poll with the cursor of another transport.
	my $bad = $u->order('hang.test');
	my $start = time;
	my $g = $u->wait_over($u->order('good.test'), 30);
	is($g->{status}, 'completed', 'an order beside one of a site that hangs');
	within(time - $start, 8, 'an order beside one of a site that hangs is done soon');
	$u->api(DELETE => "/api/v1/generations/$bad");

	my $program = ($ENV{PLATEN_BUILD} // $Platen::Stack::BIN) . '/platen';
	my %env = Platen::Sites::environment($web);
	$start = time;
	{
		local @ENV{keys %env} = values %env;
		system "$program sitemap http://mapbomb.test/sitemap.xml >/dev/null 2>&1";
	}
	isnt($?, 0, 'a sitemap that is a bomb is refused');
	within(time - $start, 30, 'a sitemap that is a bomb is refused soon');

	my $l = Platen::Live->new($s);
	my $a = $l->account;
	my $cursor = $l->poll($a, '')->{json}{cursor};
	$start = time;
	$l->poll($a, 'ids=' . Platen::Live::uuid() . "&cursor=$cursor&wait=5");
	within(time - $start, 2, 'a poll with the cursor of another transport is told at once');
}

{
	my $start = time;
	$s->stop('live');
	within(time - $start, 2.5, 'the sidecar stops at once');
	$start = time;
	$s->stop('web');
	within(time - $start, 5, 'lighttpd and platen-web end when asked');
}

done_testing;
