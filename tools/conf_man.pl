#!/usr/bin/perl
# conf_man.pl: the man page of the configuration.
# usage: platen config | conf_man.pl > docs/platen.conf.5
use strict;
use warnings;

sub text { return $_[0] =~ s/\\/\\e/gr =~ s/^([.'])/\\&$1/r }

print <<'MDOC';
.Dd December 1, 2026
.Dt PLATEN.CONF 5
.Os
.Sh NAME
.Nm platen.conf
.Nd configuration of platen
.Sh DESCRIPTION
A line is a key, an equals sign and a value; what follows a # is a comment.
The environment variable
.Ev PLATEN_CONF
names the file.
Each key is also an environment variable, which wins over the file.
An unknown key is an error.
.Bl -tag -width Ds
MDOC
local $/ = '';
while (<STDIN>) {
	my ($help, $variable, $key, $default) =
	    /^# (.*)\n# (PLATEN_.*)\n#(\S+) = ?(.*)\n/ or next;
	print ".It Ic ", text($key), "\n", text($help), "\n.br\n",
	    text($variable), $default eq '' ? '' : "; default " . text($default), "\n";
}
print ".El\n.Sh SEE ALSO\n.Xr platen 1\n";
