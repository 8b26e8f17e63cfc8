#!/usr/bin/perl
# What an operator sees of `platen migrate`.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Stack;
use Test::More;

my $s = Platen::Stack->new;
my $newest = $s->value('SELECT max(number) FROM schema_migrations');

sub migrate { $s->run('platen', 'migrate', @_) }

sub fresh {
	$s->sql('DROP SCHEMA platen CASCADE');
	return;
}

my ($code, $said) = migrate();
is($code, 0, 'a database that is up to date is no error');
like($said, qr/schema $newest, nothing to do/, 'and nothing is done');
is((migrate('--check'))[0], 0, '--check agrees');
is((migrate('--bogus'))[0], 2, 'a wrong argument is exit code 2');
is((migrate('--wait', 'x'))[0], 2, 'and so is a time that is none');
{
	my $file = "$s->{dir}/run/pg/.s.PGSQL.5432";
	rename $file, "$file.away" or die "$file: $!\n";
	is((migrate())[0], 1, 'no server is an error');
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) { select undef, undef, undef, 1; rename "$file.away", $file; exec 'true' }
	is((migrate('--wait', 20))[0], 0, 'but one that comes up in time is waited for');
	waitpid $pid, 0;
}

$s->sql("UPDATE schema_migrations SET sha256 = 'other' WHERE number = 1");
($code, $said) = migrate();
is($code, 1, 'a migration whose text has changed is fatal');
like($said, qr/migration 1 \(\w+\) has changed since it was applied/,
    'and named');

fresh();
($code, $said) = migrate('--check');
is($code, 1, '--check says that an empty database needs migrating');
is($s->value("SELECT to_regclass('platen.schema_migrations') IS NULL"), 't',
    'and changes nothing');
($code, $said) = migrate();
is($code, 0, 'an empty database is migrated');
is($s->value('SELECT max(number) FROM schema_migrations'), $newest,
    'up to the newest migration');

$s->sql(q{INSERT INTO schema_migrations (number, name, sha256)
	SELECT max(number) + 1, 'from the future', 'x' FROM schema_migrations});
($code, $said) = migrate();
is($code, 1, 'a schema newer than this build is refused');
like($said, qr/newer than the $newest of this build/, 'in words');
$s->spawn('worker');
wait_for { $s->log('worker') =~ /schema_unfit why=.*another schema version/ } 10,
    'a worker says so, too';
sleep 1;
is(scalar(() = $s->log('worker') =~ /schema_unfit/g), 1, 'once');
$s->stop('worker');

# What is in the way of the first migration makes it fail as a whole.
fresh();
$s->sql('CREATE SCHEMA platen');
$s->sql('CREATE TABLE platen.workers (mine int)');
($code, $said) = migrate();
is($code, 1, 'a migration that fails is an error');
like($said, qr/migration 1 \(\w+\): .*already exists/, 'with the reason');
is($s->value('SELECT count(*) FROM schema_migrations'), 0,
    'it is not noted');
is($s->value("SELECT to_regclass('platen.accounts') IS NULL"), 't',
    'and nothing of it stays');
fresh();

# Two at once, as when two hosts start together.
my @pids = map {
	my $pid = fork;
	if (!$pid) {
		%ENV = $s->env;
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		exec "$Platen::Stack::BIN/platen", 'migrate';
	}
	$pid
} 1 .. 4;
my @codes = map { waitpid $_, 0; $? >> 8 } @pids;
is("@codes", '0 0 0 0', 'four migrators at once do not disturb each other');
is($s->value('SELECT count(*) FROM schema_migrations'), $newest,
    'each migration is applied once');

$s->stop('pg');
($code, $said) = migrate();
is($code, 1, 'without a server it fails');
like($said, qr/No such file|not exist|refused/, 'and says that it is away');

done_testing();
