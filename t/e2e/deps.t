#!/usr/bin/perl
# tools/deps.sh, with a dpkg and an apt that only write down what is asked.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Timing;
use Test::More;
use Time::HiRes qw(time);

my $tmp = tempdir(CLEANUP => 1);
make_path("$tmp/tools", "$tmp/bin");
copy("$Bin/../../tools/deps.sh", "$tmp/tools/deps.sh") or die;

sub tool {
	my ($name, $text) = @_;
	open my $h, '>', "$tmp/bin/$name" or die;
	print $h "#!/bin/sh\n$text\n";
	close $h;
	chmod 0755, "$tmp/bin/$name";
}

# dpkg-query knows what stands in "installed"; apt-get install adds to it.
tool('dpkg-query', <<'SH');
shift 2
for p; do
	grep -qx "$p" "$TMP/installed" && echo "install ok installed $p"
done
exit 0
SH
tool('apt-get', <<'SH');
echo "apt-get $*" >>"$TMP/asked"
[ -e "$TMP/offline" ] && exit 100
case $* in *install*)
	for p; do case $p in -*|*=*|install) ;; *) echo "$p" >>"$TMP/installed" ;; esac; done
esac
exit 0
SH
tool('sudo', 'echo "sudo $*" >>"$TMP/asked"; [ -e "$TMP/nosudo" ] && exit 1; '
    . '[ "$1" = -n ] && shift; exec "$@"');
tool('id', 'cat "$TMP/uid"');
tool($_, 'exit 0') for qw(tee chmod systemctl);

sub slurp { open my $h, '<', $_[0] or return ''; local $/; return <$h> // '' }
sub spit { open my $h, '>', "$tmp/$_[0]" or die; print $h $_[1]; close $h }

# deps: exit code and what it said.
sub deps {
	unlink "$tmp/asked";
	local $ENV{PATH} = "$tmp/bin:$ENV{PATH}";
	local $ENV{TMP} = $tmp;
	my $said = `sh $tmp/tools/deps.sh @_ 2>&1 </dev/null`;
	return ($? >> 8, $said);
}
sub asked { slurp("$tmp/asked") }

spit(installed => '');
spit(uid => 0);
my ($code, $said) = deps('run');
is($code, 1, 'what is missing is exit code 1');
like($said, qr/missing packages: .*postgresql .*lighttpd/, 'and named');
is(asked(), '', 'nothing is installed unasked');

spit(offline => '');
($code, $said) = deps('install', 'run');
isnt($code, 0, 'an install that fails is a failure');
unlink "$tmp/offline";

($code, $said) = deps('install', 'run');
is($code, 0, 'root installs what is missing');
like(asked(), qr/install.* postgresql redis-server lighttpd ca-certificates$/m,
    'in one call');
unlike(asked(), qr/sudo/, 'without sudo');

($code, $said) = deps('install', 'run');
is("$code$said", '0', 'the second time it says nothing');
is(asked(), '', 'and does nothing');
my $start = time;
deps('install', 'run') for 1 .. 5;
within((time - $start) / 5, 0.1, 'deps.sh with nothing to install takes no time');

spit(uid => 1000);
($code, $said) = deps('install', 'run', 'build');
is($code, 0, 'an ordinary user installs');
like(asked(), qr/^sudo -n .*apt-get.* install/m, 'through sudo');
spit(nosudo => '');
($code, $said) = deps('install', 'lint');
is($code, 1, 'without the right to, it is a failure');
like($said, qr/need root.*\n.*apt-get install.* clang/, 'that says what to do');
is((deps('install', 'run'))[0], 0, 'but nothing is needed when nothing is missing');
is((deps('nonsense'))[0], 2, 'an unknown purpose is exit code 2');

done_testing();
