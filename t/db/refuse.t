#!/usr/bin/perl
# What the database itself refuses, whatever the code above it does.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Stack;
use Test::More;

my $s = Platen::Stack->new;
my @status = qw(pending_payment pending processing completed failed canceled);
my %legal = map { $_ => 1 } ('pending_payment pending',
	'pending_payment canceled', 'pending processing', 'pending canceled',
	'processing completed', 'processing failed', 'processing canceled',
	'processing pending', 'failed pending', 'canceled pending');
my ($a, $b) = map { "00000000-0000-7000-8000-00000000000$_" } 1, 2;
my $g = '00000000-0000-7000-8000-0000000000';

# as: statements of a role, in a transaction that works for an account; the
# output, or the error.
sub as {
	my ($role, $account, $sql) = @_;
	my $set = $account
	    ? "SELECT set_config('app.account', '$account', true) \\g /dev/null\n" : '';
	local %ENV = (%ENV, PGOPTIONS => '-c search_path=platen');
	my $dir = $s->dir;
	my $pid = open my $h, '-|';
	if (!$pid) {
		open STDERR, '>&', \*STDOUT;
		open my $in, '|-', Platen::Stack::pg_bin('psql'), '-X', '-q', '-A',
		    '-t', '-v', 'ON_ERROR_STOP=1', '-h', "$dir/run/pg", '-U',
		    $role, '-d', 'platen' or die;
		print $in "BEGIN;\n$set$sql;\nCOMMIT;\n";
		close $in;
		POSIX::_exit(0);
	}
	my $out = do { local $/; <$h> } // '';
	close $h;
	chomp $out;
	return $out;
}

# Every transition, as the role with the most rights to rows.
sub put {
	my ($id, $status) = @_;
	$s->sql("INSERT INTO accounts (id) VALUES ('$a'), ('$b') ON CONFLICT DO NOTHING;
	    DELETE FROM generations WHERE id = '$id';
	    ALTER TABLE generations DISABLE TRIGGER generations_guard;
	    INSERT INTO generations (id, account_id, type, provider, status, input, prompt)
	    VALUES ('$id', '$a', 'llms_txt', 'builtin', '$status', '{}', 'x');
	    ALTER TABLE generations ENABLE TRIGGER generations_guard");
}

for my $from (@status) {
	for my $to (grep { $_ ne $from } @status) {
		put("${g}10", $from);
		my $said = as('platen_worker', undef,
		    "UPDATE generations SET status = '$to' WHERE id = '${g}10'");
		if ($legal{"$from $to"}) {
			is($said, '', "$from becomes $to");
		} else {
			like($said, qr/a $from generation cannot become $to/,
			    "$from never becomes $to");
		}
	}
}
put("${g}10", 'processing');
like(as('platen_worker', undef, "UPDATE generations SET account_id = '$b'
    WHERE id = '${g}10'"), qr/keeps its id and account/,
    'an order never changes hands');
like(as('platen_web', $a, "INSERT INTO generations (id, account_id, type,
    provider, status, input, prompt) VALUES ('${g}11', '$a', 'x', 'x',
    'completed', '{}', 'x')"), qr/starts as pending/, 'an order starts as one');
like(as('platen_web', $a, "INSERT INTO generations (id, account_id, type,
    provider, input, prompt, price) VALUES ('${g}11', '$a', 'x', 'x', '{}',
    'x', -1)"), qr/violates check constraint/, 'no price is negative');

# History follows every change, by itself.
put("${g}12", 'pending');
as('platen_worker', undef, "SELECT set_config('app.actor', 'tester', true),
    set_config('app.reason', 'for the test', true) \\g /dev/null
    UPDATE generations SET status = 'processing' WHERE id = '${g}12'");
is($s->value("SELECT concat_ws(' ', status, actor, reason) FROM status_history
    WHERE generation_id = '${g}12' ORDER BY id DESC LIMIT 1"),
    'processing tester for the test', 'the history follows by itself');

# ---- an account sees its own
put("${g}13", 'processing');
$s->sql("INSERT INTO artifacts (generation_id, account_id, name, mime, sha256, body)
    VALUES ('${g}13', '$a', 'llms.txt', 'text/plain', '', 'secret');
    INSERT INTO sessions (token_hash, account_id, expires_at)
    VALUES (sha256('t'), '$a', now() + interval '1 h')");
for my $table (qw(generations artifacts status_history sessions accounts)) {
	my $count = "SELECT count(*) FROM $table";
	cmp_ok(as('platen_web', $a, $count), '>', 0,
	    "$table: an account sees its own");
	my $others = $table eq 'accounts' ? 1 : 0;
	is(as('platen_web', $b, $count), $others, "$table: and nobody else's");
	is(as('platen_web', undef, $count), 0,
	    "$table: without an account nothing is seen");
}
like(as('platen_web', $a, "UPDATE accounts SET kind = 'admin' WHERE id = '$a'"),
    qr/permission denied/, 'the web process makes no administrator of anyone');
(my $c = $a) =~ s/.\z/f/;
like(as('platen_web', $c, "INSERT INTO accounts (id, kind) VALUES ('$c', 'admin')"),
    qr/row-level security/, 'nor a new one');
is(as('platen_web', $c, "INSERT INTO accounts (id, kind) VALUES ('$c', 'guest')
    RETURNING kind"), 'guest', 'but guests');
is(as('platen_live', $b, 'SELECT count(*) FROM generations'), 0,
    'the sidecar sees no more');
is(as('platen_web', $b, "UPDATE generations SET status = 'canceled'
    WHERE id = '${g}13' RETURNING id"), '', "another's order is not to be changed");
is(as('platen_web', $b, "DELETE FROM generations WHERE id = '${g}13' RETURNING id"),
    '', 'nor deleted');
like(as('platen_web', $b, "INSERT INTO generations (id, account_id, type,
    provider, input, prompt) VALUES ('${g}14', '$a', 'x', 'x', '{}', 'x')"),
    qr/row-level security/, "nor ordered in another's name");

# ---- hand edits: one artifact may be mended, no other
like(as('platen_web', $a, "INSERT INTO artifacts (generation_id, account_id, name,
    mime, sha256, body) VALUES ('${g}13', '$a', 'x', 'x', '', '')"),
    qr/row-level security/, 'a file of any name is not for the web process to make');
$s->sql("INSERT INTO artifacts (generation_id, account_id, name, mime, sha256, body)
    VALUES ('${g}13', '$a', 'report.json', 'application/json', '', '{}')");
is(as('platen_web', $a, "UPDATE artifacts SET body = 'x' WHERE name = 'report.json' RETURNING name"),
    '', 'nor to change');
is(as('platen_web', $a, "DELETE FROM artifacts WHERE name <> 'llms.generated.txt' RETURNING name"),
    '', 'nor to delete');
is(as('platen_web', $b, "UPDATE artifacts SET body = 'x' WHERE name = 'llms.txt' RETURNING name"),
    '', "nor another's llms.txt");
like(as('platen_web', $b, "INSERT INTO llms_edits (account_id, hostname, edits, number)
    VALUES ('$a', 'x.test', '{}', 1)"), qr/row-level security/, "nor are another's edits");
$s->sql("INSERT INTO llms_edits (account_id, hostname, edits, number) VALUES ('$a', 'x.test', '{}', 1)");
is(as('platen_web', $b, 'SELECT count(*) FROM llms_edits'), 0, 'which are not even seen');

# ---- the least that each role needs
for my $try (
	['platen_web', "UPDATE artifacts SET name = 'llms.txt'"],
	['platen_worker', 'DELETE FROM llms_edits'],
	['platen_live', 'SELECT * FROM llms_edits'],
	['platen_web', 'DELETE FROM status_history'],
	['platen_web', 'UPDATE status_history SET reason = $$x$$'],
	['platen_web', 'DELETE FROM accounts'],
	['platen_web', 'TRUNCATE generations'],
	['platen_live', "UPDATE generations SET message = 'x'"],
	['platen_live', 'DELETE FROM generations'],
	['platen_live', 'SELECT * FROM sessions'],
	['platen_worker', "INSERT INTO generations (id, account_id, type,
	    provider, input, prompt) VALUES ('${g}15', '$a', 'x', 'x', '{}', 'x')"],
	['platen_worker', "INSERT INTO accounts (id) VALUES ('${g}16')"],
	['platen_worker', 'DELETE FROM status_history'],
	['platen_worker', 'CREATE TABLE platen.x ()']) {
	my ($role, $sql) = @$try;
	like(as($role, $a, $sql), qr/permission denied/,
	    "$role may not " . substr $sql =~ s/\s+/ /gr, 0, 40);
}
is(as('platen_web', undef, "SELECT account_id FROM session_find(sha256('t'))"),
    $a, 'a session is found by its hash alone');
is(as('platen_web', undef, "SELECT count(*) FROM session_find(sha256('u'))"), 0,
    'and by nothing else');
done_testing;
