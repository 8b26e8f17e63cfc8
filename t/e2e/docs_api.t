#!/usr/bin/perl
# docs/api.md is true: it has every call of the tables and no other, its curl
# lines give the status and the members that it shows, and its client works.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP;
use Test::More;
use Platen::Sites;
use Platen::Stack;

my $root = "$Bin/../..";

sub slurp {
	open my $h, '<:raw', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar <$h>;
}

my $text = slurp("$root/docs/api.md");

# ---- every call, and no other -----------------------------------------------

my %table;
for my $f (glob "$root/fcgi/api/*.c") {
	my $c = slurp($f);
	my ($path) = $c =~ /\.path =\s*"([^"]+)"/;
	my ($methods) = $c =~ /\.methods = ([^,]+),/;
	$path =~ s/\{(\w+):\w+\}/{$1}/g;
	$table{"$_ $path"} = 1 for split / \| /, $methods;
}
my %section;
my @order;
while ($text =~ /^### ([A-Z]+ \S+)\n(.*?)(?=^##|\z)/msg) {
	push @order, $1;
	$section{$1} = $2;
}
# This one waits, so it is the sidecar's (core/live_paths.h).
my $waits = 'GET /api/v1/stats/host';
like(slurp("$root/core/live_paths.h"), qr{"/api/v1/stats/host"}, "$waits is there");
is_deeply([grep { !$section{$_} } sort keys %table], [], 'every call is described');
is_deeply([grep { !$table{$_} && $_ ne $waits } @order], [], 'and no other');

# ---- the examples --------------------------------------------------------------

my $site = Platen::Sites::fake();
my $models = Platen::Sites::models();
my $name = 'good.test';
my $s = Platen::Stack->new(with => 'web live worker',
	env => { %{ $models->{env} }, Platen::Sites::environment($site) });
my $dir = tempdir(CLEANUP => 1);
(my $host = $s->url('/')) =~ s{/$}{};

# sh LINES: their last answer, its status first.
sub sh {
	my ($lines, $id) = @_;
	$lines =~ s/docs\.example\.org/$name/g;
	# Each curl line says its status behind the body.
	$lines =~ s/^curl /curl -sS -w '\\n%{http_code}\\n' /mg;
	open my $h, '>', "$dir/lines" or die $!;
	print $h $lines;
	close $h or die $!;
	my $out = qx(cd $dir && HOST=$host ID=$id sh ./lines 2>&1);
	my ($status) = $out =~ /^(\d{3})\n\z/m;
	my $body = $out =~ s/\n\d{3}\n\z//r;
	$body =~ s/.*\n\d{3}\n//s;
	return ($status // "none: $out", $body);
}

# members OF, BUT: the names of all members, wherever they are.
sub members {
	my ($o) = @_;
	return map { $_, members($o->{$_}) } keys %$o if ref $o eq 'HASH';
	return map { members($_) } @$o if ref $o eq 'ARRAY';
	return ();
}

sub wait_over {
	my ($id) = @_;
	wait_for {
		$s->value("SELECT status FROM generations WHERE id = '$id'") =~ /completed|failed/
	} 30, 'the generation is over';
}

my $id = '';
sub order_again {
	my ($lines) = $section{'POST /api/generations'} =~ /^```sh\n(.*?)^```/ms;
	my ($status, $body) = sh($lines, '');
	$id = decode_json($body)->{data}{id};
	wait_over($id);
}

# What depends on the site's content, or on an earlier file.
my %varies = map { $_ => 1 } qw(url title description section is was);
# Removing comes last of its group, and a short one removes its own.
for my $call ((grep { !/^DELETE.*\{id\}$/ } @order), 'DELETE /api/v1/generations/{id}',
	'DELETE /api/generations/{id}') {
	my $of = $section{$call};
	my ($lines) = $of =~ /^```sh\n(.*?)^```/ms;
	my ($want) = $of =~ /^Answer (\d+)/m;
	my ($json) = $of =~ /^```json\n(.*?)^```/ms;
	ok($lines && $want, "$call has a line and its answer") or next;
	# Something older to compare with, something to remove.
	order_again() if $call =~ m{^GET /api/v1/.*diff$|^DELETE /api/generations};
	my ($status, $body) = sh($lines, $id);
	# A completed one can be neither stopped nor tried again.
	$want = 409 if $call =~ m{/(cancel|retry)$};
	is($status, $want, "$call: $want") or diag($body);
	if ($call eq 'GET /api/v1/hosts') {
		wait_for { ($status, $body) = sh($lines, $id); $body =~ /"isComplete":true.*"measuredOn"/ }
		    20, 'a count';
	}
	if ($json) {
		my $shown = eval { decode_json($json) };
		ok($shown, "$call: what is shown is JSON") or next;
		my $real = eval { decode_json($body) } // {};
		my %real = map { $_ => 1 } members($real);
		is_deeply([grep { !$real{$_} && !$varies{$_} } members($shown)], [],
			"$call: all members that are shown are there") or diag($body);
	}
	if ($call =~ /^POST .*generat(ions|e)$/) {
		my $o = decode_json($body);
		$id = $o->{jobId} // $o->{data}{id};
		wait_over($id);
	}
}

# ---- the client ----------------------------------------------------------------

my ($client) = $text =~ /^```python\n(.*?)^```/ms;
open my $h, '>', "$dir/client.py" or die $!;
print $h $client;
close $h or die $!;
SKIP: {
	skip 'no python3', 1 if system('command -v python3 >/dev/null') != 0;
	like(qx(python3 $dir/client.py $host $name 2>&1), qr/^# .+\n\n>? ?/, 'the client in Python prints a file');
}
done_testing;
