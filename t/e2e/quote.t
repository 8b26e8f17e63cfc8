#!/usr/bin/perl
# What the order page says an order will take is what it takes, whatever the
# host is like: slow, one request at a time, with a Crawl-delay, or with a
# ceiling of ours; and a queue's waiting text is held against what happens.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use POSIX ();
use Time::HiRes qw(sleep time);
use Platen::Pace;
use Platen::Stack;
use Platen::User;

# together CODE...: each in a process of its own, all at once (they mostly wait);
# the text that each returns, in order.
sub together {
	my @of = map {
		my $code = $_;
		pipe my $r, my $w or die "pipe: $!";
		my $pid = fork // die "fork: $!";
		if (!$pid) {
			close $r;
			print $w eval { $code->() } // "died: $@";
			close $w;
			# Only the parent's test ends here; our stack has ended.
			POSIX::_exit(0);
		}
		close $w;
		[$pid, $r];
	} @_;
	return map {
		my ($pid, $r) = @$_;
		my $text = do { local $/; <$r> };
		waitpid $pid, 0;
		$text;
	} @of;
}

# A stack for one part of the test, with crawls of loopback.
sub stack {
	return Platen::Stack->new(with => 'live worker web', env => {
		PLATEN_CRAWL_ALLOW => '127.0.0.0/8', @_ });
}

# quote USER HOST: seconds expected, once they were measured.
sub quote {
	my ($u, $host) = @_;
	$u->get("/api/v1/stats/host?hostname=$host");
	return wait_for {
		my (undef, $d) = $u->api('GET', "/api/v1/hosts?hostname=$host");
		my ($q) = grep { $_->{provider} eq 'builtin' } @{ $d->{data}{quotes} // [] };
		$q && $q->{measured} ? $q : undef;
	} 30, "a quote of $host";
}

my @hosts = (
	['closes each connection', {}, { ms => 400, pages => 120 }],
	['keeps connections', {}, { ms => 200, pages => 150, keep => 1 }],
	['answers one request at a time', {}, { ms => 120, pages => 60, one => 1 }],
	['wants a Crawl-delay', {}, { ms => 50, pages => 25, delay => 0.4 }],
	['is asked no faster than the ceiling',
		{ PLATEN_CRAWL_ALLOW_PER_SECOND => 20 }, { ms => 50, pages => 150 }],
);
sub measured {
	my ($env, $pace) = @_;
	my $site = Platen::Pace->new(%$pace);
	my $s = stack(%$env);
	my $u = Platen::User->new($s->url);
	my $host = "http://127.0.0.1:$site->{port}";
	my $q = quote($u, $host);
	my $id = $u->order("http://127.0.0.1:$site->{port}");
	my $g = $u->wait_over($id, 90);
	my $took = $s->value("SELECT extract(epoch FROM completed_at - started_at)
	    FROM generations WHERE id = '$id'");
	$s->end;
	return "$g->{status} $took $q->{seconds}";
}

# Behind five long jobs in five slots.
sub waited {
	my ($relief) = @_;
	my $site = Platen::Pace->new(ms => 400, pages => 60, delay => 0.3);
	my $s = stack(PLATEN_WORKER_SLOTS => 5, PLATEN_WORKER_RELIEF_SLOTS => $relief,
		PLATEN_WORKER_RELIEF_SECONDS => 3);
	my @sites = map { Platen::Pace->new(ms => 500, pages => 400) } 1 .. 5;
	my $u = Platen::User->new($s->url);
	$u->order("http://127.0.0.1:$_->{port}") for @sites;
	wait_for {
		$s->value("SELECT count(*) FROM generations WHERE processed > 60") == 5
	} 40, 'five long jobs run';
	my $other = Platen::User->new($s->url);
	my $id = $other->order("http://127.0.0.1:$site->{port}");
	my $t0 = time;
	sleep 0.5;
	my ($text) = $other->page("/generations/$id")->{body}
	    =~ /((?:Position \d|Next in the queue)[^<]*)/;
	wait_for { $other->show($id)->{status} ne 'pending' } 60, 'it starts';
	my $took = time - $t0;
	my ($told) = ($text // '') =~ /in about (\d+) seconds/;
	$told = 2 if !defined $told && ($text // '') =~ /starting now|a few seconds|^$/;
	$s->end;
	return join "\t", $took, $told // 'no number', $text // 'nothing';
}

# Two at a time: a machine that is busy measures hosts as slower than they are.
my @said;
push @said, together(map { my $case = $_; sub { measured(@$case[1, 2]) } } @$_)
    for [@hosts[0, 1]], [@hosts[2, 3]], [$hosts[4]];
for my $i (0 .. $#hosts) {
	my ($status, $took, $expected) = split ' ', $said[$i];
	is($status, 'completed', "a host that $hosts[$i][0] is read") or diag $said[$i];
	# What is expected is told in whole seconds, rounded up.
	ok($expected - 1 < 1.5 * $took && $took < 1.5 * $expected,
	    sprintf 'a host that %s takes about as long as expected (%.1f s, expected %.1f s)',
	    $hosts[$i][0], $took, $expected);
}
my @behind = (['that nobody relieves', 0], ['that are relieved', 2]);
@said = together(map { my $case = $_; sub { waited($case->[1]) } } @behind);
for my $i (0 .. $#behind) {
	my ($took, $told, $text) = split /\t/, $said[$i];
	ok($told =~ /^\d/ && $told < 1.5 * $took + 5 && $took < 1.5 * $told + 5,
	    sprintf 'who waits behind five long jobs %s is told the truth (%s; %s s)',
	    $behind[$i][0], $text, $took) or diag $said[$i];
}

done_testing;
