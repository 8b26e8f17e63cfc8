#!/usr/bin/perl
# What is stored, and what one address may begin, has limits; each says what it
# is and what to do, and nothing is lost at any of them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Jobs;
use Platen::Seed;
use Platen::Stack;
use Platen::User;
use Test::More;
use Time::HiRes qw(sleep time);

my $order = { type => 'llms_txt', input => { hostname => 'x.test' } };
sub user { Platen::User->new($_[0]->url) }
sub order { $_[0]->json(POST => '/api/v1/generations', $order) }

# problem RESULT, STATUS, WORDS, WHAT: a problem with this status and sentence.
sub problem {
	my ($r, $status, $like, $what) = @_;
	is($r->{status}, $status, $what);
	is($r->{headers}{'content-type'}, 'application/problem+json', 'as a problem');
	like($r->{json}{detail}, $like, 'that says why');
	is($r->{json}{success}, JSON::PP::false, 'and no success');
}

# ---- visitors of one address -----------------------------------------------------

my $s = Platen::Stack->new(with => 'web', env => {
	PLATEN_WEB_GUESTS_PER_HOUR => 3, PLATEN_WEB_GUEST_ORDERS => 4,
	PLATEN_STORAGE_ACCOUNT_MEGABYTES => 3, PLATEN_STORAGE_TOTAL_MEGABYTES => 8 });
my @users = map { user($s) } 1 .. 3;
is(order($_)->{status}, 202, 'a new visitor orders') for @users;
problem(order(user($s)), 429, qr/3 new visitors per hour.*in \d+ minutes/, 'the fourth of an address within the hour');
is($s->value('SELECT count(*) FROM accounts'), 3, 'is not made');
is($s->value('SELECT count(*) FROM generations'), 3, 'and nothing is ordered');
is(order($users[0])->{status}, 202, 'who is known goes on');
$s->psql('platen', "UPDATE guest_origins SET hour = hour - interval '1 hour'");
is(order(user($s))->{status}, 202, 'and so do new ones in the next hour');
$s->redis('FLUSHALL');
is($s->value("SELECT origin FROM guest_origins LIMIT 1"), '127.0.0.1', 'the count needs no Redis');

is(order($users[0])->{status}, 202, 'a guest may have some waiting') for 1 .. 2;
problem(order($users[0]), 429, qr/already have 4 files waiting or running. The maximum is 4/, 'but not more than its limit');
my $page = $users[0]->page('/generations/new?hostname=y.test');
my $r = $users[0]->submit($page, qr{/generations$});
is($r->{status}, 429, 'nor by the form');
like($r->{body}, qr/maximum is 4.*cancel some/s, 'which says what to do');

# ---- results ----------------------------------------------------------------------

# results USER, MB: a completed generation with so many megabytes.
sub results {
	my ($u, $mb) = @_;
	my $id = Platen::Seed::generation($s, Platen::Seed::account_of($s, $u), 'big.test', 'completed',
	    artifacts => { 'llms.txt' => '' });
	$s->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 65536 * $mb), 'UTF8') WHERE generation_id = '$id'");
	return $id;
}

my $failed = Platen::Seed::generation($s, Platen::Seed::account_of($s, $users[1]), 'f.test', 'failed', error => 'It failed.');
my $big = results($users[1], 3);
problem(order($users[1]), 507, qr/Your files take up 3 MB. The maximum for an account is 3 MB/, 'an account whose results are too many');
problem($users[1]->json(POST => "/api/v1/generations/$failed/retry"), 507, qr/take up 3 MB/, 'cannot try again either');
is($s->value("SELECT status FROM generations WHERE id = '$failed'"), 'failed', 'which stays as it was');
$page = $users[1]->page('/generations/new?hostname=y.test');
$r = $users[1]->submit($page, qr{/generations$});
is($r->{status}, 507, 'the form says so');
like($r->{body}, qr/3 MB.*Delete files you no longer need/s, 'with what to do');
is(order($users[2])->{status}, 202, 'others go on');
is($users[1]->delete("/api/v1/generations/$big")->{status}, 204, 'what it deletes');
is(order($users[1])->{status}, 202, 'makes room at once');
my @all = map { results($users[2], 2), results($users[0], 2) } 1 .. 2;
problem(order($users[1]), 507, qr/server has reached .* limit of 8 MB/, 'the results of all are too many');
is($users[$_ % 2 ? 0 : 2]->delete("/api/v1/generations/$all[$_]")->{status}, 204, 'some are deleted') for 0, 1;
is(order($users[1])->{status}, 202, 'and it goes on, whatever the table takes on the disk');

# ---- a disk that is nearly full ------------------------------------------------------

my $full = Platen::Stack->new(with => 'web', env => { PLATEN_STORAGE_FREE_MEGABYTES => 1048576 });
my $v = user($full);
problem(order($v), 507, qr/server.s disk is nearly full/, 'on a disk that is nearly full');
is($full->value('SELECT count(*) FROM generations'), 0, 'nothing is ordered');

my ($free) = (split ' ', (`df -Pm /tmp`)[1])[3];
SKIP: {
	skip 'the disk has too little room for a test of that', 8 if $free < 3000;
	my $filler = "/tmp/platen-filler-$$";
	END { unlink "/tmp/platen-filler-$$" }
	my $j = Platen::Jobs->new(env => { PLATEN_WORKER_SLOTS => 2,
		PLATEN_STORAGE_FREE_MEGABYTES => $free - 700 });
	$j->worker;
	my $runs = $j->order({ pages => 300, ms => 100 });
	my $says = sub { $j->value("SELECT $_[1] FROM generations WHERE id = '$_[0]'") };
	wait_for { $says->($runs, 'status') eq 'processing' } 10, 'it runs';
	skip 'no fallocate', 8 if system("fallocate -l 1400M $filler 2>/dev/null") != 0;
	wait_for { $says->($runs, 'status') eq 'pending' } 10, 'what runs when the disk fills up';
	pass('what runs when the disk fills up is stopped');
	like($says->($runs, 'message'), qr/server.s disk is nearly full.*Nothing has been lost/, 'and says why it waits');
	is($says->($runs, 'failures'), 0, 'no failure is counted');
	is($says->($runs, 'crashes'), 0, 'nor a crash');
	my $waits = $j->order({ pages => 1, ms => 1 });
	sleep 2;
	is($says->($waits, 'status'), 'pending', 'nothing else starts');
	like($j->value("SELECT reason FROM lanes WHERE name = 'builtin'"), qr/nearly full/, 'and its lane says why');
	unlink $filler;
	wait_for { $says->($waits, 'status') eq 'completed' && $says->($runs, 'status') eq 'processing' } 40, 'with room all goes on';
	pass('with room all goes on by itself');
}

done_testing;
