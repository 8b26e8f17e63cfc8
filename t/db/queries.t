#!/usr/bin/perl
# Every named query fits the schema, and the role that runs it may run it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Stack;
use Test::More;

# Whose queries a file holds; a file that is not named here is everyone's.
my %roles = (
	account => ['platen_web'],
	generation => ['platen_web'],
	host => ['platen_web'],
	live => ['platen_live'],
	migration => ['platen'],
	schema => ['platen_web', 'platen_live', 'platen_worker'],
	worker => ['platen_worker'],
);

my $s = Platen::Stack->new;
my $dir = $s->dir;
my $psql = Platen::Stack::pg_bin('psql');

# What the server says to a role's statements, errors only.
sub said {
	my ($role, $sql) = @_;
	local %ENV = (%ENV, PGOPTIONS => '-c search_path=platen');
	open my $file, '>', "$dir/tmp/q.sql" or die;
	print $file $sql;
	close $file;
	return join '', grep { /ERROR|FATAL/ } split /(?<=\n)/,
	    `$psql -X -q -A -t -h $dir/run/pg -U $role -d platen -f $dir/tmp/q.sql 2>&1`;
}

for my $path (sort glob "$Platen::Stack::ROOT/sql/queries/*.sql") {
	my ($file) = $path =~ m{([^/]+)\.sql$};
	open my $h, '<', $path or die "$path: $!";
	my (undef, %query) = split /^-- name: (\w+)\s*\n/m, do { local $/; <$h> };
	for my $name (sort keys %query) {
		my $sql = $query{$name} =~ s/^--.*\n?//mgr;
		# Statements that make things have no plan to prepare.
		next if $sql =~ /^\s*(?:CREATE|DO)\b/;
		my $n = 0;
		$n < $_ and $n = $_ for $sql =~ /\$(\d+)/g;
		my $args = $n ? '(' . join(', ', ('NULL') x $n) . ')' : '';
		for my $role (@{ $roles{$file} // ['platen'] }) {
			is(said($role, "PREPARE q AS $sql;\nEXPLAIN EXECUTE q$args;\n"),
			    '', "$file: $name as $role");
		}
	}
}
done_testing;
