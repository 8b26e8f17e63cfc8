#!/usr/bin/perl
# A new generation type is one file for the order and one for the work: the
# example of CONTRIBUTING.md is built in, ordered and shown.
use strict;
use warnings;
use FindBin;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Test::More;
my ($root, $tmp);

BEGIN {
	$root = "$FindBin::Bin/../..";
	$tmp = tempdir('platen-t-XXXXXX', DIR => '/tmp', CLEANUP => 1);
	chmod 0755, $tmp;
	# The programs of the stack are those that are linked here.
	$ENV{PLATEN_BIN} = $tmp;
}
use lib "$FindBin::Bin/../lib";
use Platen::Sites;
use Platen::Stack;
use Platen::User;

my $built = 'build/' . ($ENV{MODE} || 'release');
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};
chdir $root or die "$root: $!";

# The files of the example: what is indented after their names.
my $text = do { local (@ARGV, $/) = 'CONTRIBUTING.md'; <> };
my %example;
while ($text =~ m{^`((?:core/type|worker/gen)/haiku\.c)` .*?\n\n((?:\t[^\n]*\n|\n)+)}msg) {
	my ($name, $code) = ($1, $2);
	$code =~ s/^\t//mg;
	$example{$name} = $code;
}
is_deeply([sort keys %example], ['core/type/haiku.c', 'worker/gen/haiku.c'],
	'CONTRIBUTING.md has the two files') or BAIL_OUT('no example');

# command TARGET, NEWER: how make would make it if NEWER were new.
sub command {
	my ($target, $newer) = @_;
	my ($line) = grep { / -o \Q$target\E / }
	    split /\n/, qx(make -n MODE=$ENV{MODE} -W '$newer' '$target' 2>/dev/null);
	return $line // die "make does not say how it makes $target\n";
}

sub run {
	my ($command) = @_;
	my $said = qx($command 2>&1);
	return is(substr($said, 0, 2000), '', 'without a warning: ' . ($command =~ /-o (\S+)/)[0]);
}

$ENV{MODE} ||= 'release';
my $compile = command("$built/core/order.o", 'core/order.c');

# compile FILE: to an object beside it.
sub compile {
	my ($file) = @_;
	(my $object = $file) =~ s/\.c$/.o/;
	(my $c = $compile) =~ s{-o \S+ \S+$}{-o $object $file};
	run($c);
	return $object;
}

# link PROGRAM, MAIN, OBJECTS: with these before the libraries, whose own
# tables then stay out.
sub link_program {
	my ($program, $main, @objects) = @_;
	my $c = command("$built/$program", $main);
	$c =~ s{-o \S+}{-o $tmp/$program @objects};
	run($c);
}

my %table = (ordertypes => ['ordertype', 'core/order.h', 'core/type'],
	gentypes => ['gentype', 'worker/job/gentype.h', 'worker/gen']);
my %object;
for my $name (sort keys %table) {
	my ($struct, $header, $dir) = @{ $table{$name} };
	mkdir "$tmp/$name";
	copy($_, "$tmp/$name") for glob "$dir/*.c";
	open my $h, '>', "$tmp/$name/haiku.c" or die $!;
	print $h $example{"$dir/haiku.c"};
	close $h or die $!;
	system("sh tools/table.sh $name $struct $struct $header $tmp/$name > $tmp/$name.c") == 0
	    or die 'tools/table.sh';
	$object{$name} = [compile("$tmp/$name/haiku.c"), compile("$tmp/$name.c")];
}
link_program('platen-web', "$built/fcgi/main.o", @{ $object{ordertypes} });
link_program('platen-worker', "$built/worker/main.o",
	map { @$_ } values %object);
symlink "$FindBin::Bin/../../$built/$_", "$tmp/$_" for qw(platen platen-live platen-parser);

my $models = Platen::Sites::models();
my $s = Platen::Stack->new(with => 'web worker', env => $models->{env});
my $u = Platen::User->new($s->url);
like($u->page('/')->{body}, qr{type=haiku">Haiku}, 'the home page offers it');
my $page = $u->page('/generations/new?type=haiku');
my $r = $u->submit($page, qr/generations$/, word => 'x' x 41);
like($r->{body}, qr/The word is 41 characters long. The maximum is 40/, 'its limits hold');
$r = $u->submit($page, qr/generations$/, word => 'fox');
like($u->page($u->path_of($r->{headers}{location}))->{body},
	qr{<h1><span class="kind">Haiku</span> fox</h1>}, 'its page says what it is');
my ($id) = $r->{headers}{location} =~ m{/generations/([0-9a-f-]{36})};
is($u->wait_over($id, 20)->{status}, 'completed', 'an order by form is done');
like($u->page("/generations/$id")->{body}, qr{Haiku</span> fox.*<p>Once upon a time}s,
	'and shown under its title');
my ($status, $d) = $u->api('POST', '/api/v1/generations',
	{ type => 'haiku', input => { word => 'fox', colour => 'red' } });
is($d->{errors}[0]{pointer}, '#/input/colour', 'a call with a wrong field is told so');
($status, $d) = $u->api('POST', '/api/v1/generations', { type => 'haiku', input => { word => 'fox' } });
is($status, 202, 'a good one is taken');
is($u->wait_over($d->{data}{id}, 20)->{prompt}, 'Haiku: fox', 'and done');
done_testing;
