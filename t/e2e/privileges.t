#!/usr/bin/perl
# Who runs as whom, and what each may do: started by root nothing that talks
# to visitors or reads pages is root, and each part reaches only its own.
use strict;
use warnings;
no warnings 'exec';
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Socket::UNIX;
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Procs;
use Platen::Run;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

plan skip_all => 'only root can tell' if $> != 0;

my $web = Platen::Sites::fake('polite.pl');
my %sites = Platen::Sites::environment($web);
my $host = (grep { /^\w+\.test$/ } map { (split /:/)[0] } split /,/, $sites{PLATEN_CRAWL_CONNECT_TO})[0];
my $p = Platen::Run->new(env => { %sites, PLATEN_GEMINI_KEY => 'Mark-gemini',
	PLATEN_TEST_MARK => 'Mark-test', DATABASE_URL => 'Mark-other' });

sub slurp {
	open my $h, '<', $_[0] or return '';
	local $/;
	return <$h> // '';
}

# field PID, NAME: of /proc/PID/status.
sub field { return slurp("/proc/$_[0]/status") =~ /^\Q$_[1]\E:[ \t]*(.*?)[ \t]*$/m ? $1 : '' }
sub uid { return (split ' ', field($_[0], 'Uid'))[0] }

# ---- who is who ---------------------------------------------------------------

my %uids;
wait_for { $p->pids('slot') >= 7 && $p->pids('parser') == $p->pids('slot') } 10, 'the slots';
for my $name (qw(front web live redis slot parser)) {
	my @pids = $p->pids($name);
	ok(scalar @pids, "$name runs");
	for my $pid (@pids) {
		my @all = split ' ', field($pid, 'Uid') . ' ' . field($pid, 'Gid');
		is(scalar(grep { $_ == 0 } @all), 0, "$name: neither its user nor its group is root");
		is(field($pid, 'Groups'), '', "$name: no other group");
		is(hex field($pid, 'CapEff'), 0, "$name: no capability");
		is(hex field($pid, 'CapPrm'), 0, "$name: none that it could take");
		is(field($pid, 'NoNewPrivs'), 1, "$name: and none that it could get");
		is(field($pid, 'Seccomp'), 2, "$name: its calls are confined") if $name eq 'slot';
		push @{ $uids{ uid($pid) } }, $name
		    unless $name eq 'web' && slurp("/proc/$pid/cmdline") =~ /--trim/;
		unlike(slurp("/proc/$pid/environ"), qr/Mark-/, "$name: no variable that it does not need")
		    unless $name =~ /slot|parser/;
	}
}
is(scalar(grep { my %n = map { $_ => 1 } @$_; delete $n{parser} if $n{slot}; keys %n > 1 } values %uids), 0,
	'each is a user of its own') or diag explain \%uids;
my ($pg) = $p->pids('pg');
isnt(uid($pg), 0, 'PostgreSQL is not root either');
unlike(slurp("/proc/$_/environ"), qr/Mark-/, 'and has no key in its environment') for $pg;

# ---- it works all the same -------------------------------------------------------

my $u = Platen::User->new($p->url);
is($u->page('/')->{status}, 200, 'a page comes');
is($u->page('/static/style.css')->{status}, 200, 'and a file');
my ($status, $d) = $u->api('POST', '/api/v1/generations', {
	type => 'llms_txt', provider => 'builtin', input => { hostname => "http://$host" } });
is($status, 202, 'an order is taken');
my $over = $u->wait_over($d->{data}{id}, 30);
is($over->{status}, 'completed', 'and done') or diag explain $over;
isnt($u->page('/poll?wait=0')->{status}, 503, 'the live channel answers');

$p->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 70000), 'UTF8') WHERE name = 'llms.txt'");
$p->psql('platen', "UPDATE artifacts SET sha256 = sha256(body) WHERE name = 'llms.txt'");
my $large = $u->page("/generations/$d->{data}{id}/artifacts/llms.txt");
is(length $large->{body}, 1120000, 'a large result comes whole');
ok(scalar(grep { -s } glob "$p->{dir}/spool/*"), 'as a file that the front server reads');

# ---- what the others cannot -------------------------------------------------------

my ($slot) = $p->pids('slot');
my $slot_uid = uid($slot);

# As the slots' user: the output of a command, and its exit code.
sub as_slot {
	my (@command) = @_;
	my $pid = open my $h, '-|';
	die "fork: $!" unless defined $pid;
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		chdir '/';
		exec 'setpriv', "--reuid=$slot_uid", "--regid=$slot_uid", '--clear-groups', '--', @command;
		exit 127;
	}
	my $out = do { local $/; <$h> } // '';
	close $h;
	return ($? >> 8, $out);
}

for my $role (qw(platen platen_worker platen_web)) {
	my ($code, $out) = as_slot(Platen::Stack::pg_bin('psql'), '-X', '-w', '-h', "$p->{dir}/run/pg",
		'-U', $role, '-d', 'platen', '-c', 'SELECT 1');
	isnt($code, 0, "a slot's user is not let into PostgreSQL as $role");
}
my ($code) = as_slot('cat', "$p->{dir}/keys/operator");
isnt($code, 0, 'nor can it read a password');
for my $name (qw(web live worker redis)) {
	my ($pid) = $p->pids($name);
	for my $what (qw(environ mem)) {
		my ($failed) = as_slot('head', '-c', '1', "/proc/$pid/$what");
		isnt($failed, 0, "nor the $what of $name");
	}
	($code) = as_slot('kill', '-0', $pid);
	isnt($code, 0, "nor end $name");
}

# ---- Redis -------------------------------------------------------------------------

# said USER, COMMAND: the first line of what Redis answers.
sub said {
	my ($user, @words) = @_;
	my $c = $p->redis_socket($user) or return 'not let in';
	print $c '*' . @words . "\r\n", map { '$' . length($_) . "\r\n$_\r\n" } @words;
	$c->flush;
	my $line = <$c> // '';
	$line =~ s/\s+\z//;
	return $line;
}

my $stranger = IO::Socket::UNIX->new(Peer => "$p->{dir}/run/redis/redis.sock");
print $stranger "PING\r\n";
$stranger->flush;
like(scalar <$stranger>, qr/^-NOAUTH/, 'without a password Redis says nothing');
for my $user (qw(web live worker)) {
	like(said($user, @$_), qr/^-NOPERM/, "Redis refuses $user: @$_")
	    for ['FLUSHALL'], ['FLUSHDB'], ['KEYS', '*'], ['SCAN', 0], ['CONFIG', 'GET', '*'],
	    ['SHUTDOWN', 'NOSAVE'], ['ACL', 'LIST'], ['MONITOR'],
	    ['CLIENT', 'KILL', 'TYPE', 'normal'], ['MODULE', 'LIST'], ['SAVE'],
	    ['REPLICAOF', 'NO', 'ONE'], ['SCRIPT', 'FLUSH'];
	is(said($user, 'PING'), '+PONG', "and lets $user in");
}
like(said('web', 'HSET', 'client:x', 'a', 'b'), qr/^-NOPERM/, 'web cannot write what is of live');
like(said('web', 'GET', 'anything'), qr/^-NOPERM/, 'nor read what nobody uses');
like(said('live', 'RPUSH', 'job-history:x', 'a'), qr/^-NOPERM/, 'live cannot write history');
like(said('live', 'PUBLISH', 'other', 'x'), qr/^-NOPERM/, 'nor use another channel');
is(said('web', 'PUBLISH', 'queue:wake', 'builtin'), ':1', 'what they need they may');
is($p->redis('DBSIZE') > 0, 1, 'the operator sees all');
unlike(join('', map { slurp($_) } glob "$p->{dir}/log/*.log"), qr/NOPERM|redis_refused/,
	'nothing of ours was refused meanwhile');

# What scripts write there is written in transactions, which are read back as the
# default user, whom nobody can be.
my @told = ("job:$d->{data}{id}", "job-history:$d->{data}{id}");
is($p->redis('EXISTS', @told), 2, 'Redis has the history of the order');
$p->kill9('redis');
wait_for { ($p->pids('redis') == 1) && eval { $p->redis('PING') eq 'PONG' } } 20, 'Redis is back';
is($p->redis('EXISTS', @told), 2, 'and still has it after a restart');
unlike(slurp("$p->{dir}/log/redis.log"), qr/NOPERM/, 'it read all of its file');
like(do {
	my $c = IO::Socket::UNIX->new(Peer => "$p->{dir}/run/redis/redis.sock");
	print $c "AUTH default x\r\n";
	$c->flush;
	scalar <$c>;
}, qr/^-WRONGPASS/, 'the default user is nobody');

# ---- PostgreSQL: each with its own password ------------------------------------------

for my $name (qw(web live worker)) {
	chomp(my $password = slurp("$p->{dir}/keys/$name"));
	local $ENV{PGPASSWORD} = $password;
	for my $role (qw(platen platen_web platen_live platen_worker)) {
		my $in = system(Platen::Stack::pg_bin('psql') . " -X -w -q -h $p->{dir}/run/pg -U $role"
		    . ' -d platen -c "SELECT 1" >/dev/null 2>&1') == 0;
		is($in, $role eq "platen_$name", "$name: " . ($role eq "platen_$name" ? 'is' : 'is not') . " $role");
	}
}
is((stat "$p->{dir}/keys")[2] & 077, 0, 'the folder of passwords is shut');

# ---- a folder of an earlier version ----------------------------------------------------

$p->stop;
my $dir = $p->{dir};
system("chown -R root:root $dir/redis $dir/tmp $dir/spool $dir/run/redis && chmod 700 $dir $dir/run && rm -rf $dir/keys");
my $user = getpwuid $>;
for (['pg_hba.conf', "local all all peer map=platen\n"],
    ['pg_ident.conf', join '', map { "platen \"$user\" $_\n" } qw(platen platen_web platen_live platen_worker)]) {
	open my $h, '>', "$dir/pg/$_->[0]" or die;
	print $h $_->[1];
	close $h;
}
my $again = Platen::Run->new(dir => $dir, env => { %sites });
is(Platen::User->new($again->url)->page('/')->{status}, 200, 'a folder of an earlier version starts');
is($again->value('SELECT count(*) FROM generations'), 1, 'with all that was in it');
isnt(uid(($again->pids('redis'))[0]), 0, 'and its Redis is root no more');

done_testing;
