#!/usr/bin/perl
# The sudden death of each process in the middle of a generation: it still
# completes, once, and who listens hears it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Follow;
use Platen::LlmsTxt;
use Platen::Run;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

my $web = Platen::Sites::fake();
my $p = Platen::Run->new(env => {
	Platen::Sites::environment($web),
	PLATEN_CRAWL_IN_FLIGHT => 4,
	PLATEN_WORKER_BACKOFF_MS => 100,
});
my $u = Platen::User->new($p->url);
$u->page('/');

# page_comes: a page comes again within 15 seconds.
sub page_comes {
	my ($path) = @_;
	my $start = time;
	while (time - $start < 15) {
		my $r = eval { $u->get($path) };
		return 1 if $r && $r->{status} == 200;
		sleep 0.1;
	}
	return 0;
}

# One generation of slow.test with a death in its middle.  %o: restarts: the
# death costs an attempt; kill: how.
sub survives {
	my ($what, %o) = @_;
	my $id = $u->order('slow.test');
	my %f = map { $_ => Platen::Follow->start($u, $_, $id, seconds => 90) }
	    qw(ws sse);
	my $before = wait_for {
		my $g = $u->show($id);
		die "$what: over before its middle\n" if $g->{status} !~ /^p/;
		$g->{processed} >= 8 && $g;
	} 30, 'the middle of the generation';
	my @then = $p->pids($o{name} // $what);
	my $start = time;
	ok($o{kill} ? $o{kill}->() : $p->kill9($what), "$what: killed in the middle");
	ok(page_comes("/generations/$id"), "$what: the page comes again");
	my $g = $u->wait_over($id, 90);
	note sprintf '%s: over %.1f s after the death', $what, time - $start;
	is($g->{status}, 'completed', "$what: it completes") or diag explain $g;
	is($g->{entriesCount}, 60, "$what: with every page");
	is($g->{attempt}, $before->{attempt} + ($o{restarts} ? 1 : 0),
		$o{restarts} ? "$what: at the next attempt" : "$what: at the same attempt");
	is($p->value("SELECT count(*) FROM status_history WHERE generation_id = '$id'"
	    . " AND status = 'completed'"), 1, "$what: once, says the history");
	# Nobody knows whether a slot died of the site it read.
	is($p->value("SELECT failures FROM generations WHERE id = '$id'"),
		($o{name} // '') eq 'slot' ? 1 : 0, "$what: the death of a process of ours"
		    . ' is not held against the site');
	is($p->value("SELECT count(*) FROM artifacts WHERE generation_id = '$id'"
	    . ' AND NOT partial'), 3, "$what: with three files");
	my $text = $u->get("/api/v1/generations/$id/artifacts/llms.txt")->{body};
	my ($said, @bad) = Platen::LlmsTxt::check($text);
	is_deeply(\@bad, [], "$what: and a right llms.txt");
	for my $how (sort keys %f) {
		my @m = $f{$how}->events;
		my @end = grep { $_->{type} eq 'generation:status'
		    && $_->{payload}{status} eq 'completed' } @m;
		is(scalar @end, 1, "$what: a listener by $how hears that it is completed")
		    or diag explain [ @m > 5 ? @m[-5 .. -1] : @m ];
	}
	wait_for { my @now = $p->pids($o{name} // $what); @now >= @then } 20,
	    "$what is back";
	my %was = map { $_ => 1 } @then;
	isnt(scalar(grep { !$was{$_} } $p->pids($o{name} // $what)), 0,
		"$what: was started again");
}

survives('worker', restarts => 1);
survives('a slot', name => 'slot', restarts => 1, kill => sub {
	my ($pid) = $p->talking('slot', $web->{port});
	return $pid && kill 'KILL', $pid;
});
survives('live');
survives('web');
survives('redis');
survives('pg');
survives('front');

# No process of the dead is left over.
my %n;
$n{ $_->{name} }++ for $p->processes;
is($n{'redis-server'}, 1, 'one Redis runs');
is(scalar($p->pids('worker')), 1, 'one worker');
is($p->stop, 0, 'and all of it stops cleanly');

done_testing;
