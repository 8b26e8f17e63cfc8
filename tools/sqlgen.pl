#!/usr/bin/perl
# sqlgen.pl: C tables from the text of sql/.
# usage: sqlgen.pl queries|scripts|migrations OUTDIR FILE...
#
# queries:    "-- name: generation_claim" starts a query; it becomes
#             Q_GENERATION_CLAIM with its text and its number of parameters.
# scripts:    redis/x.lua becomes SCRIPT_X with its text and its SHA-1.
# migrations: migrations/NNNN-name.sql, numbered from 1 without a gap, with
#             their SHA-256.
use strict;
use warnings;
use Digest::SHA qw(sha1_hex sha256_hex);

my ($kind, $out, @files) = @ARGV;

sub slurp {
	my ($f) = @_;
	open my $h, '<:raw', $f or die "$f: $!\n";
	local $/;
	return <$h>;
}

sub cstring {
	my ($s) = @_;
	my @lines = split /(?<=\n)/, $s;
	for (@lines) {
		s/([\\"])/\\$1/g;
		s/\t/\\t/g;
		s/\n/\\n/;
		$_ = "    \"$_\"";
	}
	return @lines ? join("\n", @lines) : '    ""';
}

sub put {
	my ($f, $text) = @_;
	open my $h, '>:raw', "$out/$f.tmp" or die "$out/$f: $!\n";
	print $h $text;
	close $h or die "$out/$f: $!\n";
	rename "$out/$f.tmp", "$out/$f" or die "$out/$f: $!\n";
}

if ($kind eq 'queries') {
	my (@q, %seen);
	for my $f (@files) {
		my $cur;
		for my $line (split /(?<=\n)/, slurp($f)) {
			if ($line =~ /^-- name: (\w+)\s*$/) {
				die "$f: query '$1' twice\n" if $seen{$1}++;
				push @q, $cur = { name => $1, sql => '' };
			} elsif ($line =~ /^\s*--/) {
				next;
			} elsif ($cur) {
				$cur->{sql} .= $line;
			} elsif ($line =~ /\S/) {
				die "$f: text before the first name\n";
			}
		}
	}
	my $h = "/* Made by tools/sqlgen.pl from sql/queries/. */\n"
	    . "#ifndef QUERIES_H\n#define QUERIES_H\n\nenum query {\n";
	my $c = "/* Made by tools/sqlgen.pl from sql/queries/. */\n"
	    . "#include \"core/db.h\"\n\nconst struct query_def query_defs[Q_MAX] = {\n";
	for my $q (@q) {
		(my $sql = $q->{sql}) =~ s/\s+\z//;
		$sql =~ s/;\z//;
		my $n = 0;
		while ($sql =~ /\$(\d+)/g) { $n = $1 if $1 > $n }
		my $id = 'Q_' . uc $q->{name};
		$h .= "\t$id,\n";
		$c .= "    [$id] = {\"$q->{name}\", $n,\n" . cstring($sql) . "},\n";
	}
	put('queries.h', $h . "\tQ_MAX\n};\n\n#endif\n");
	put('queries.c', $c . "};\n");
} elsif ($kind eq 'scripts') {
	my $h = "/* Made by tools/sqlgen.pl from sql/redis/. */\n"
	    . "#ifndef SCRIPTS_H\n#define SCRIPTS_H\n\nenum script {\n";
	my $c = "/* Made by tools/sqlgen.pl from sql/redis/. */\n"
	    . "#include \"core/redis.h\"\n\nconst struct script_def script_defs[SCRIPT_MAX] = {\n";
	for my $f (@files) {
		$f =~ m{([^/]+)\.lua$} or die "$f: not a script\n";
		my $id = 'SCRIPT_' . uc $1;
		my $text = slurp($f);
		$h .= "\t$id,\n";
		$c .= "    [$id] = {\"$1\", \"" . sha1_hex($text) . "\",\n"
		    . cstring($text) . "},\n";
	}
	put('scripts.h', $h . "\tSCRIPT_MAX\n};\n\n#endif\n");
	put('scripts.c', $c . "};\n");
} elsif ($kind eq 'migrations') {
	my $want = 0;
	my $c = "/* Made by tools/sqlgen.pl from sql/migrations/. */\n"
	    . "#include \"core/schema.h\"\n\nconst struct migration migrations[] = {\n";
	for my $f (sort @files) {
		$f =~ m{(\d{4})-([\w-]+)\.sql$} or die "$f: name it NNNN-name.sql\n";
		my ($n, $name) = ($1 + 0, $2);
		die "$f: expected number " . ($want + 1) . "\n" if $n != ++$want;
		my $text = slurp($f);
		$c .= "    {$n, \"$name\", \"" . sha256_hex($text) . "\",\n"
		    . cstring($text) . "},\n";
	}
	put('migrations.c', $c . "    {0, 0, 0, 0},\n};\n");
	put('schema.c', "/* Made by tools/sqlgen.pl from sql/migrations/. */\n"
	    . "#include \"core/schema.h\"\n\nconst int schema_version = $want;\n");
} else {
	die "usage: sqlgen.pl queries|scripts|migrations OUTDIR FILE...\n";
}
