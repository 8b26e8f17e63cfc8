#!/usr/bin/perl
# The command line's own manners.
use strict;
use warnings;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use Test::More;
use lib "$Bin/../lib";
use Platen::Stack;

# platen: exit code, stdout, stderr.
sub platen {
	my $dir = tempdir(CLEANUP => 1);
	my $pid = fork // die;
	if (!$pid) {
		open STDOUT, '>', "$dir/out";
		open STDERR, '>', "$dir/err";
		open STDIN, '<', '/dev/null';
		my $program = "$Platen::Stack::BIN/platen";
		exec { $program } $program, @_ or die "$program: $!";
	}
	waitpid $pid, 0;
	my $code = $? & 127 ? "signal $?" : $? >> 8;
	return ($code, map {
		open my $h, '<', "$dir/$_";
		local $/;
		scalar <$h> // ''
	} qw(out err));
}

my ($code, $out, $err) = platen('--version');
is($code, 0, '--version');
like($out, qr/\Aplaten [\d.]+, schema \d+\n\z/, 'is one line');

($code, $out, $err) = platen();
is($code, 2, 'no command is exit code 2');
is($out, '', 'with nothing on stdout');
like($err, qr/^usage: platen/, 'and the usage on stderr');

($code, $out, $err) = platen('generat');
is($code, 2, 'an unknown command is exit code 2');
like($err, qr/\Aplaten: unknown command 'generat'.*platen help/,
    'with a sentence');

($code, $out, $err) = platen('help');
is($code, 0, 'help is a command');
for my $name (qw(run migrate config generate check robots sitemap extract explain doctor admin)) {
	like($out, qr/^ +platen $name\b/m, "help names $name");
	my ($c, $o) = platen('help', $name);
	is($c, 0, "help $name works");
	like($o, qr/^usage: platen $name\b/, 'and shows its usage');
}
is((platen('help', 'nonsense'))[0], 2, 'help about nothing is exit code 2');
like((platen('migrate', '--help'))[1], qr/^usage: platen migrate/,
    'a command explains itself by --help');

($code, $out, $err) = platen('generate');
is($code, 2, "the worker's commands are reached: generate without a URL");
like($err, qr/generate/, 'is told its usage');

($code, $out, $err) = platen('config');
is($code, 0, 'config');
open my $h, '<', "$Platen::Stack::ROOT/etc/platen.conf" or die;
is($out, do { local $/; <$h> }, 'etc/platen.conf is what it prints');

done_testing();
