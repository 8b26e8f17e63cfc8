#!/usr/bin/perl
# platen doctor: what is wrong, in words, within seconds, whatever is down.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use File::Temp qw(tempdir);
use IO::Socket::INET;
use JSON::PP;
use Platen::Stack;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(time);

my $root = "$Bin/../..";
my $tmp = tempdir(CLEANUP => 1);
my $program = "$Platen::Stack::BIN/platen";
$SIG{PIPE} = 'IGNORE';

# doctor {env}, args: (exit code, all it said, seconds).
sub doctor {
	my ($env, @args) = @_;
	local %ENV = (%ENV, %$env);
	my $start = time;
	open my $h, '-|', "$program doctor @args 2>&1" or die;
	my $out = do { local $/; <$h> };
	close $h;
	return ($? >> 8, $out // '', time - $start);
}

# Everything is down.
my %down = (PLATEN_RUN_VAR => "$tmp/none", PLATEN_RUN_PORT => free_port());
my ($code, $out, $took) = doctor(\%down);
is($code, 1, 'with everything down it ends with 1');
like($out, qr/^ok +configuration /m, 'the configuration is read');
like($out, qr/^fail +var +There is no folder .*platen run/m, 'no folder: said');
like($out, qr/^fail +postgresql .*does not answer.*platen run/m,
    'PostgreSQL down: said, with what to do');
like($out, qr/^fail +redis .*does not answer.*platen run/m, 'so is Redis');
like($out, qr/^fail +web +Nothing answers at http:.*platen run/m, 'and the web');
like($out, qr/^fail +sidecar .*live\.sock/m, 'and the sidecar');
like($out, qr/^ok +$_ +Not configured.*$_\./m, "$_ is not configured: no fault")
    for qw(ollama gemini openai);
within($took, 5, 'doctor with everything down takes seconds');

($code, $out) = doctor(\%down, '--json');
is($code, 1, '--json ends with the same code');
my $all = eval { decode_json($out) };
is($all->{status}, 'fail', 'and is JSON') or diag $out;
is_deeply([grep { !/^(ok|warn|fail)$/ } map { $_->{status} }
    @{ $all->{checks} }], [], 'each check is ok, warn or fail');
is((doctor(\%down, '--nonsense'))[0], 2, 'a wrong option ends with 2');

# A configuration that cannot be read.
{
	open my $h, '>', "$tmp/bad.conf";
	print $h "worker.slotz = 3\n";
	close $h;
	($code, $out) = doctor({ %down, PLATEN_CONF => "$tmp/bad.conf" });
	is($code, 1, 'a bad configuration ends with 1');
	like($out, qr/^fail +configuration .*worker\.slotz/m, 'and is named');
}

# ---- providers -----------------------------------------------------------

my $pid = open my $models, '-|', 'perl', "$root/t/fakes/models.pl" or die;
END {
	my $code = $?;
	kill 'TERM', $pid if $pid;
	undef $models;
	$? = $code;
}
my ($port) = <$models> =~ /port (\d+)/;
my $deaf = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5) or die;
my $free = free_port();
my @cases = (
	# provider, env, what is said
	['ollama', { URL => "http://127.0.0.1:$port", MODEL => 'good' },
		'ok', qr/has the model "good"/],
	['ollama', { URL => "http://127.0.0.1:$port", MODEL => 'absent' },
		'fail', qr/ollama pull absent/],
	['ollama', { URL => "http://127.0.0.1:$free", MODEL => 'good' },
		'fail', qr/refused the connection; is it running\?/],
	['ollama', { URL => 'http://no-such-host.invalid', MODEL => 'good' },
		'fail', qr/does not exist; check the address/],
	['ollama', { URL => "https://127.0.0.1:$port", MODEL => 'good' },
		'fail', qr/secure connection .* failed/],
	['ollama', { URL => 'http://127.0.0.1:' . $deaf->sockport, MODEL => 'good' },
		'fail', qr/(?:did not|not finish|not begin).*within \d+ seconds?/],
	['gemini', { URL => "http://127.0.0.1:$port/v1beta", MODEL => 'good',
		KEY => 'good-key' }, 'ok', qr/has the model/],
	['gemini', { URL => "http://127.0.0.1:$port/v1beta", MODEL => 'good',
		KEY => 'AIza-secret-key' }, 'fail', qr/rejected the API key.*gemini\.key/],
	['gemini', { URL => "http://127.0.0.1:$port/v1beta", MODEL => 'absent',
		KEY => 'good-key' }, 'fail', qr/no model "absent".*gemini\.model/],
	['gemini', { URL => "http://127.0.0.1:$port/v1beta", MODEL => 'quota',
		KEY => 'good-key' }, 'fail', qr/daily quota is used up/],
	['openai', { URL => "http://127.0.0.1:$port/v1", MODEL => 'good',
		KEY => 'good-key' }, 'ok', qr/has the model/],
	['openai', { URL => "http://127.0.0.1:$port/v1", MODEL => 'good',
		KEY => 'sk-very-secret' }, 'fail', qr/rejected the API key.*openai\.key/],
	['openai', { URL => "http://me:hidden1\@127.0.0.1:$port/v1", MODEL => 'absent',
		KEY => 'good-key' }, 'fail', qr/does not list the model "absent"/],
);
# One of each provider at a time, as they are probed together.
my %todo;
push @{ $todo{ $_->[0] } }, $_ for @cases;
while (my @now = grep { $_ } map { shift @{ $todo{$_} } } sort keys %todo) {
	my %env = (%down, PLATEN_MODEL_PROBE_MS => 1000);
	for my $c (@now) {
		$env{"PLATEN_\U$c->[0]\E_$_"} = $c->[1]{$_} for keys %{ $c->[1] };
	}
	($code, $out, $took) = doctor(\%env);
	for my $c (@now) {
		my ($line) = $out =~ /^(\w+ +$c->[0] .*)$/m;
		like($line // $out, qr/^$c->[2] .*$c->[3]/,
		    "$c->[0]: " . (split / +/, $line // '', 3)[2]);
	}
	unlike($out, qr/good-key|secret|hidden1/, 'no key and no password is shown');
	within($took, 6, 'doctor with faulty providers ends in time');
}

# ---- a whole installation ------------------------------------------------

my $s = Platen::Stack->new(with => 'web live worker');
my %env = $s->env;
($code, $out) = doctor(\%env);
is($code, 0, 'a whole installation ends with 0') or diag $out;
like($out, qr/^warn +crawler .*Set crawl\.contact/m,
    'though it has nobody to write to, which is said');
{
	local $env{PLATEN_WEB_ORIGIN} = 'https://platen.example';
	(undef, my $named) = doctor(\%env);
	like($named, qr/^ok +crawler .*\(\+https:\/\/platen\.example\)/m,
	    'the public origin is an address of that kind');
}
$env{PLATEN_CRAWL_CONTACT} = 'ops@platen.example';
($code, $out) = doctor(\%env);
unlike($out, qr/^(?:warn|fail)/m, 'with one nothing is found');
like($out, qr/^ok +$_ /m, "$_ is well")
    for qw(var disk postgresql schema workers redis persistence web ready sidecar crawler);

$s->sql("INSERT INTO lanes (name, paused, reason) VALUES ('builtin', true, 'A test.')");
($code, $out) = doctor(\%env);
is($code, 0, 'a warning is no failure');
like($out, qr/^warn +lane +Nothing of builtin starts until an administrator resumes it: A test\./m,
    'a lane that stands still is told');

$s->stop('worker');
($code, $out) = doctor(\%env);
is($code, 1, 'without a worker it ends with 1');
like($out, qr/^fail +workers +No worker is running/m, 'and says so');

# A server that hangs costs its own lines and a few seconds.
kill 'STOP', $s->pid('redis');
$s->stop('live');
($code, $out, $took) = doctor(\%env);
kill 'CONT', $s->pid('redis');
like($out, qr/^fail +redis /m, 'a hanging Redis is told');
like($out, qr/^ok +postgresql /m, 'the rest is examined all the same');
like($out, qr/^fail +sidecar .*does not answer/m, 'a dead sidecar, too');
within($took, 11, 'doctor with a hanging Redis ends in ten seconds');

$s->sql('INSERT INTO schema_migrations (number, name, sha256)
    SELECT max(number) + 1, $$later$$, $$x$$ FROM schema_migrations');
($code, $out) = doctor(\%env);
like($out, qr/^fail +schema .*needs \d+\. Install the newer build/m,
    'a schema from the future is told');
close $deaf;
done_testing;
