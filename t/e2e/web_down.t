#!/usr/bin/perl
# What a visitor sees while PostgreSQL or Redis is away, and that it passes by
# itself; sessions; and that one process serves many at once.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Timing;
use Test::More;
use Platen::Seed;
use Platen::Stack;
use Platen::User;

my $s = Platen::Stack->new(with => 'web');
my $u = Platen::User->new($s->url);
my $id = $u->order('x.test');
my $api = '/api/v1/generations';

# ---- sessions -----------------------------------------------------------------------

is($s->value('SELECT count(*) FROM sessions'), 1, 'one session');
is($s->value("SELECT count(*) FROM sessions WHERE token_hash::text LIKE '%"
    . unpack('H*', $u->cookies->{sid}) . "%'"), 0, 'whose token is not in the database');
for my $cookie ('sid=', 'sid=' . 'A' x 43, 'sid=%01', 'sid=' . 'x' x 3000, 'x', '=', ';;', 'sid="') {
	my $r = Platen::User->new($s->url)->get($api, Cookie => $cookie);
	is($r->{status}, 200, 'an odd cookie is no session');
	is($r->{json}{data}{total}, 0, 'and shows nothing');
}
my $r = $u->get($api, Cookie => "sid=$u->{cookies}{sid}; sid=" . 'B' x 43);
is($r->{status}, 400, 'two sessions at once');
like($r->{json}{detail}, qr/two different cookies/, 'are told');
is($u->get($api, Cookie => "sid=$u->{cookies}{sid}; sid=$u->{cookies}{sid}")->{json}{data}{total}, 1,
    'the same one twice is one');
is($u->get($api, Authorization => 'Bearer x')->{status}, 401, 'a token nobody made');
is($u->get($api, Authorization => 'Basic eDp5')->{status}, 200, "the front server's password is not our concern");
$s->psql('platen', "UPDATE sessions SET seen_at = now() - interval '2 hours', expires_at = now() + interval '1 day'");
$r = $u->get($api);
like($r->{cookies}[0] // '', qr/^sid=\Q$u->{cookies}{sid}\E; /, 'a visit renews the cookie');
cmp_ok($s->value("SELECT extract(day FROM expires_at - now()) FROM sessions"), '>=', 29, 'and the session');
is_deeply($u->get($api)->{cookies}, [], 'once is enough');
$s->psql('platen', "UPDATE sessions SET expires_at = now() - interval '1 second'");
is($u->get($api)->{json}{data}{total}, 0, 'an expired session shows nothing');
is($u->get("$api/$id")->{status}, 404, 'nor an id');
$s->psql('platen', "UPDATE sessions SET expires_at = now() + interval '1 day'");

# Behind a proxy that speaks https.
my %tls = ('X-Forwarded-Proto' => 'https');
my $safe = Platen::User->new($s->url, headers => \%tls);
$r = $safe->json(POST => $api, { type => 'llms_txt', input => { hostname => 'a.test' } });
like($r->{cookies}[0], qr/^__Host-sid=[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
    'over https the cookie is bound to the host');
like($r->{headers}{'strict-transport-security'}, qr/max-age=31536000/, 'and stays there');
is($safe->get($api)->{json}{data}{total}, 1, 'and is read');

# The database itself keeps accounts apart.
{
	my $rows = eval { $s->psql('platen', 'SET ROLE platen_web; SELECT count(*) FROM generations') };
	is($rows + 0, 0, 'the web role sees no row without an account');
	$rows = eval { $s->psql('platen', 'SET ROLE platen_web; '
	    . 'WITH d AS (DELETE FROM artifacts RETURNING 1) SELECT count(*) FROM d') };
	is($rows + 0, 0, 'and deletes nobody\'s results');
	ok(!eval { $s->psql('platen', "SET ROLE platen_web; $_"); 1 }, "nor may it: $_")
	    for 'DELETE FROM accounts', 'TRUNCATE artifacts',
	    'UPDATE schema_migrations SET number = 1', 'UPDATE generations SET price = 0';
}

# ---- Redis away ------------------------------------------------------------------------

$s->kill9('redis');
is($u->page('/')->{status}, 200, 'without Redis: the list');
is($u->page("/generations/$id")->{status}, 200, 'a generation');
my $second = eval { $u->order('y.test') };
ok($second, 'an order') or diag $@;
is($u->show($second)->{status}, 'pending', 'is kept');
$r = $u->get('/readyz');
is($r->{status}, 200, 'it is ready all the same');
is($u->get('/readyz?verbose')->{json}{checks}{redis}{status}, 'warn', 'and says what it lacks');
is($u->delete("$api/$second")->{status}, 204, 'delete');
$s->start('redis');
wait_for { $u->get('/readyz?verbose')->{json}{checks}{redis}{status} eq 'pass' } 5, 'Redis is back';
pass('Redis is found again');

# ---- PostgreSQL away ---------------------------------------------------------------------

$s->kill9('pg');
$r = $u->page('/');
is($r->{status}, 503, 'without PostgreSQL: 503');
like($r->{body}, qr/reach its database/, 'a page that says so');
like($r->{body}, qr/Request <code>/, 'with a request id');
is($r->{headers}{'retry-after'}, 2, 'and when to come again');
$r = $u->get($api);
is($r->{status}, 503, 'a call: 503');
is($r->{headers}{'content-type'}, 'application/problem+json', 'a problem');
is($u->json(POST => $api, { type => 'llms_txt', input => { hostname => 'z.test' } })->{status}, 503, 'an order: 503');
is(Platen::User->new($s->url)->page('/')->{status}, 200, 'a visitor without a session sees the home page');
is($u->get('/readyz')->{status}, 503, 'not ready');
is($u->get('/livez')->{status}, 200, 'but alive');
$s->start('pg');
# Every thread has a connection of its own.
wait_for { 16 == grep { $u->get('/readyz')->{status} == 200 } 1 .. 16 } 10,
    'PostgreSQL is back';
is($u->page("/generations/$id")->{status}, 200, 'all is as before');
is($u->get($api)->{json}{data}{total}, 1, 'and nothing was half made');


# ---- servers that take the call and say nothing ------------------------------------------

# took: the answer's status, after how many seconds.
sub took {
	my ($call) = @_;
	my $from = time;
	my $r = $call->();
	return ($r->{status}, time - $from);
}

kill 'STOP', $s->pid('redis');
my ($status, $seconds) = took(sub {
	$u->json(POST => $api, { type => 'llms_txt', input => { hostname => 'hung.test' } }) });
is($status, 202, 'Redis hangs: an order is taken');
within($seconds, 2.5, 'Redis hangs: an order is answered soon');
kill 'CONT', $s->pid('redis');

my @backends = map { $_->[0] } $s->sql(
    "SELECT pid FROM pg_stat_activity WHERE usename = 'platen_web'");
kill 'STOP', @backends;
my @answers = map { [took(sub { $u->get($api) })] } 1 .. 3;
kill 'CONT', @backends;
within($_->[1], 8, "PostgreSQL hangs: an answer ($_->[0])") for @answers;
wait_for { 16 == grep { $u->get('/readyz')->{status} == 200 } 1 .. 16 } 10,
    'its connections are made anew';

# Another schema than the program knows.
$s->psql('platen', "INSERT INTO schema_migrations (number, name, sha256) VALUES (9999, 'later', 'x')");
$r = $u->get('/readyz');
is($r->{status}, 503, 'a schema from the future: not ready');
like($r->{body}, qr/schema/, 'and says so');
$s->psql('platen', 'DELETE FROM schema_migrations WHERE number = 9999');

# ---- many at once, and a clean end -----------------------------------------------------------

my @pids;
for my $n (1 .. 8) {
	my $pid = fork // die;
	if (!$pid) {
		my $v = Platen::User->new($s->url);
		my $bad = 0;
		for (1 .. 15) {
			my $g = eval { $v->order("n$n.test") };
			$bad++ unless $g && $v->show($g) && $v->page("/generations/$g")->{status} == 200;
		}
		require POSIX;
		POSIX::_exit($bad ? 1 : 0);
	}
	push @pids, $pid;
}
my $failed = 0;
for (@pids) {
	waitpid $_, 0;
	$failed++ if $?;
}
is($failed, 0, 'eight people at once, each with fifteen orders');
is($s->value("SELECT count(*) FROM (SELECT account_id FROM generations WHERE hostname LIKE 'n_.test' GROUP BY 1 HAVING count(*) = 15) x"),
    8, 'nobody got someone else\'s');
is($s->redis('ZCARD', 'lane:builtin') >= 120, 1, 'all are queued');

$s->stop('web');
like($s->log('web'), qr/platen-web\[\d+\] info stopped/, 'platen-web says good-bye');
unlike($s->log('web'), qr/\Q$u->{cookies}{sid}\E/, 'no session token in the log');

done_testing;
