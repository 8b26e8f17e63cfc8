#!/usr/bin/perl
# docs/live.md is true: its clients print what happens, also after platen-live
# was started again, and what it says of Redis is there.
use strict;
use warnings;
use File::Temp qw(tempdir);
use POSIX ();
use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP;
use Test::More;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

sub slurp {
	open my $h, '<:raw', $_[0] or return '';
	local $/;
	return scalar <$h>;
}

my $text = slurp("$Bin/../../docs/live.md");
my $site = Platen::Sites::fake();
my $s = Platen::Stack->new(with => 'web live worker', env => { Platen::Sites::environment($site) });
my $dir = tempdir(CLEANUP => 1);
(my $host = $s->url('/')) =~ s{/$}{};
my $user = Platen::User->new($s->url);

sub order {
	return $user->order('good.test');
}

sub completed {
	my ($id) = @_;
	wait_for { $s->value("SELECT status FROM generations WHERE id = '$id'") eq 'completed' }
	    30, "$id is completed";
}

my $first = order();
completed($first);
my ($account, $sid) = ($s->value("SELECT account_id FROM generations WHERE id = '$first'"),
	$user->cookies->{sid});

# ---- the clients -----------------------------------------------------------------

# start NAME, COMMAND...: its pid; what it prints goes to a file of that name.
sub start {
	my ($name, @command) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	open STDOUT, '>', "$dir/$name" or die $!;
	open STDERR, '>&', \*STDOUT or die $!;
	exec @command or POSIX::_exit(127);
}

# example LANGUAGE, FILE: the document's client, as a file.
sub example {
	my ($language, $file) = @_;
	my ($code) = $text =~ /^```$language\n(.*?)^```/ms;
	open my $h, '>', "$dir/$file" or die $!;
	print $h $code;
	close $h or die $!;
	return "$dir/$file";
}

# told NAME, ID: that client prints within 20 seconds that it is completed.
sub told {
	my ($name, $id) = @_;
	return eval {
		wait_for { slurp("$dir/$name") =~ /^generation:status .*$id.*"completed"/m } 20, $name
	};
}

my %client;
if (system('command -v python3 >/dev/null') == 0) {
	$client{python} = ['python3', example('python', 'client.py')];
}
if (my ($major) = (qx(node --version 2>/dev/null) // '') =~ /^v(\d+)/) {
	$client{node} = ['node', $major < 22 ? '--experimental-websocket' : (),
		example('javascript', 'client.mjs')] if $major >= 20;
}
my %pid;
END { kill KILL => values %pid }
%pid = map { $_ => start($_, @{ $client{$_} }, $host, $sid) } keys %client;
for my $name (sort keys %pid) {
	ok(told($name, $first), "$name: the present state comes first") or diag(slurp("$dir/$name"));
}

# ---- Redis, while they are connected ---------------------------------------------

SKIP: {
	skip 'no client', 3 if !%client;
	my ($key) = @{ $s->redis('KEYS', 'client:*') };
	like($key // '', qr/^client:[0-9a-f-]{36}$/, 'a connection is a hash');
	my %hash = @{ $s->redis('HGETALL', $key) };
	is_deeply([sort keys %hash], [qw(connectedAt dialect transport userId)], 'its members');
	(my $set = $key) =~ s/^client/subscriptions/;
	is_deeply($s->redis('SMEMBERS', $set), ["user:$account"], 'and what it listens to');
}

# ---- after a restart -----------------------------------------------------------------

$s->kill9('live');
$s->start('live');
my $second = order();
completed($second);
for my $name (sort keys %pid) {
	ok(told($name, $second), "$name: goes on after a restart") or diag(slurp("$dir/$name"));
}
kill TERM => $_ for values %pid;
waitpid $_, 0 for values %pid;
%pid = ();
for my $name (sort keys %client) {
	my $pid = start("$name-refused", @{ $client{$name} }, $host, 'none');
	waitpid $pid, 0;
	like(slurp("$dir/$name-refused"), qr/^the session is not valid$/m, "$name: without a session");
}

# ---- what is kept -----------------------------------------------------------------------

my ($item) = @{ $s->redis('LRANGE', "job-history:$second", 0, 0) };
my $event = decode_json($item);
is_deeply([sort keys %$event], [qw(generationId metadata status timestamp type userId)],
	'an item of job-history has the members of the table');
is($event->{metadata}{event}, 'created', 'the oldest comes first');
cmp_ok($event->{metadata}{revision}, '>', 0, 'it has a revision');
my $ttl = $s->redis('TTL', "job-history:$second");
ok($ttl > 86000 && $ttl <= 86400, 'it is kept for a day') or diag($ttl);

# The names of the table are those of the code.
my $names = slurp("$Bin/../../core/schema/redis_names.h");
for my $name ($text =~ /^\| `([a-z:-]+?)(?:\{\w+\})?` \| (?:channel|list|hash|set) /mg) {
	like($names, qr/"\Q$name\E"/, "$name is a name of Redis");
}
done_testing;
