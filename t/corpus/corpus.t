#!/usr/bin/perl
# The llms.txt of real sites: would their owners publish it as it is?
# What each sites/NAME.expect says, and what must hold of any of them.
#
#	folder: GLOB          the site; the first match is served
#	title: REGEX          of the file, all of it
#	summary: REGEX
#	entries: LEAST-MOST   lines
#	sections: LEAST-MOST
#	largest: PERCENT      of all lines in one section but Optional, at most
#	described: PERCENT    lines with words of their own, without Optional
#	section: NAME         is there
#	no section: REGEX     is not there
#	optional: REGEX       a line of it is in Optional, and nowhere else
#	entry: PATH = TITLE = REGEX of the description
#	never: REGEX          in llms.txt
#	full: REGEX           in llms-full.txt
#	full never: REGEX
use strict;
use warnings;
use Cwd 'abs_path';
use File::Basename qw(basename dirname);
use File::Temp ();
use IO::Socket::INET;
use JSON::PP ();
use Test::More;
use Time::HiRes 'sleep';

binmode $_, ':encoding(UTF-8)'
    for map { Test::More->builder->$_ } qw(output failure_output todo_output);

my $here = abs_path(dirname(__FILE__));
my $bin = ($ENV{PLATEN_BUILD} // "$here/../../build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;
my $tmp = File::Temp->newdir;
my $server;
END {
	my $code = $?;
	if ($server) {
		kill 'TERM', $server;
		waitpid $server, 0;
	}
	$? = $code;
}

sub slurp {
	my ($name) = @_;
	open my $h, '<:encoding(UTF-8)', $name or return '';
	local $/;
	return scalar <$h>;
}

# expectations FILE: [[key, value], ...]
sub expectations {
	my ($file) = @_;
	return map { /^([a-z ]+):\s+(.*?)\s*$/ ? [$1, $2] : die "$file: $_\n" }
	    grep { !/^(#|\s*$)/ } split /\n/, slurp($file);
}

# serve NAME => FOLDER...: one lighttpd for all; its port.
sub serve {
	my %site = @_;
	my $port = IO::Socket::INET->new(LocalAddr => '127.0.0.1',
		Listen => 1)->sockport;
	open my $h, '>', "$tmp/lighttpd.conf" or die $!;
	print $h <<"END";
server.bind = "127.0.0.1"
server.port = $port
server.document-root = "$tmp"
server.max-keep-alive-requests = 65535
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html", ".xml" => "application/xml",
    ".txt" => "text/plain", "" => "application/octet-stream" )
END
	print $h qq(\$HTTP["host"] == "$_.test" {\n),
	    qq(\tserver.document-root = "$site{$_}"\n}\n) for sort keys %site;
	close $h;
	$server = fork // die "fork: $!";
	if ($server == 0) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', "$tmp/lighttpd.log";
		exec 'lighttpd', '-D', '-f', "$tmp/lighttpd.conf"
		    or exec '/usr/sbin/lighttpd', '-D', '-f', "$tmp/lighttpd.conf"
		    or exit 127;
	}
	for (1 .. 100) {
		return $port if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
		sleep 0.05;
	}
	die 'lighttpd does not answer: ' . slurp("$tmp/lighttpd.log");
}

# generate PORT, NAME: the process that does.
sub generate {
	my ($port, $name) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	$ENV{PLATEN_CRAWL_ALLOW} = "127.0.0.1:$port";
	$ENV{PLATEN_CRAWL_CONNECT_TO} = "$name.test:80:127.0.0.1:$port";
	open STDOUT, '>', "$tmp/$name.log";
	open STDERR, '>&', \*STDOUT;
	exec $bin, 'generate', "http://$name.test/", '--limit', 1000, '-o', "$tmp/$name"
	    or exit 127;
}

# two_at_a_time PORT, NAME...: name => exit code.
sub two_at_a_time {
	my ($port, @names) = @_;
	my (%running, %code);
	while (@names || %running) {
		if (@names && keys %running < 2) {
			my $name = shift @names;
			$running{generate($port, $name)} = $name;
			next;
		}
		my $pid = wait;
		my $code = $?;
		my $name = delete $running{$pid} // next;
		$code{$name} = $code >> 8;
	}
	return %code;
}

# read_file TEXT: {title, summary, info => [], sections => [{name, entries}]}
sub read_file {
	my ($text) = @_;
	my %f = (title => '', summary => '', info => [], sections => []);
	for (split /\n/, $text) {
		if (/^# (.*)/) { $f{title} = $1 }
		elsif (/^> (.*)/) { $f{summary} = $1 }
		elsif (/^## (.*)/) {
			push @{ $f{sections} }, { name => $1, entries => [] };
		} elsif (/^- \[(.*?)\]\(([^)]*)\)(?:: (.*))?$/) {
			my %e = (title => $1, url => $2, text => $3 // '',
				section => $f{sections}[-1]{name}, line => $_);
			$e{path} = $e{url} =~ s{^http://[^/]*}{}r;
			push @{ $f{sections}[-1]{entries} }, \%e;
		} elsif (/\S/) { push @{ $f{info} }, $_ }
	}
	$f{entries} = [ map { @{ $_->{entries} } } @{ $f{sections} } ];
	return \%f;
}

sub none {
	my ($name, @bad) = @_;
	ok(!@bad, $name) or diag join "\n", map { substr $_, 0, 200 }
	    @bad[0 .. ($#bad > 5 ? 5 : $#bad)];
}

# What must hold of any site.
sub always {
	my ($f, $text) = @_;
	my @e = @{ $f->{entries} };
	my (%seen, @optional) = ();
	@optional = grep { $_->{section} eq 'Optional' } @e;
	my @main = grep { $_->{section} ne 'Optional' } @e;
	my $words = sub { my ($re, @list) = @_;
		map { $_->{line} } grep { $_->{text} =~ $re } @list };

	cmp_ok(length $f->{summary}, '>=', 20, 'a summary')
	    or diag $f->{summary};
	unlike($f->{summary}, qr/^The pages of|:$/, 'which says something');
	ok(@{ $f->{info} } > 0, 'a paragraph of information');
	none('no title twice', map { $_->{line} }
		grep { $seen{lc $_->{title}}++ } @e);
	none('no title says nothing', map { $_->{line} } grep {
		$_->{title} =~ /^(index|home|untitled|contents|
			table of contents|.*\.html?|)$/xi && @main > 30
		    || $_->{title} =~ /\.html?$/ } @main);
	none('no navigation in a description',
		$words->(qr/\b(next|prev|previous|up|home)\b[\s|»«>-]+
			\b(next|prev|previous|up|home|contents)\b/xi, @e));
	none('no copyright lines',
		$words->(qr/(©|\(c\)) ?\d{4}|all rights reserved/i, @e));
	none('no description breaks off at a colon', $words->(qr/:$/, @e));
	none('no Markdown and no HTML in one',
		$words->(qr/\]\(|\*\*|<\/?(?:p|div|span|a|br)\b/, @e));
	none('no description is its title', map { $_->{line} }
		grep { lc $_->{text} eq lc $_->{title} } @e);
	none('none is shared by several', do {
		my %n;
		$n{$_->{text}}++ for grep { $_->{text} !~ /^(Part of|$)/ } @main;
		grep { $n{$_} > 4 } keys %n;
	});
	none('sections have names for people', grep {
		/\.html|%[0-9A-F]{2}|[_\/]{2}|^[a-z0-9_]+_[a-z0-9_]+$|^$/ }
	    map { $_->{name} } @{ $f->{sections} });
	none('no page is listed twice', do {
		my %n;
		$n{$_->{url}}++ for @e;
		grep { $n{$_} > 1 } keys %n;
	});
}

sub in_range {
	my ($n, $range, $name) = @_;
	my ($least, $most) = split /-/, $range;
	ok($n >= $least && $n <= $most, "$name: $range") or diag "there are $n";
}

sub described {
	my ($f) = @_;
	my @e = grep { $_->{section} ne 'Optional' } @{ $f->{entries} };
	return 100 * (grep { $_->{text} !~ /^(Part of .*|)$/ } @e) / (@e || 1);
}

sub largest {
	my ($f) = @_;
	my ($most) = sort { $b <=> $a } map { scalar @{ $_->{entries} } }
	    grep { $_->{name} ne 'Optional' } @{ $f->{sections} };
	return 100 * $most / (@{ $f->{entries} } || 1);
}

sub one_entry {
	my ($f, $value) = @_;
	my ($path, $title, $re) = split /\s+=\s+/, $value;
	my ($e) = grep { $_->{path} eq $path } @{ $f->{entries} };
	ok($e, "$path is listed") or return;
	is($e->{title}, $title, "$path: its title");
	like($e->{text}, qr/$re/, "$path: its description") if defined $re;
}

sub expected {
	my ($key, $value, $f, $text, $full) = @_;
	my @names = map { $_->{name} } @{ $f->{sections} };
	if ($key eq 'title') { like($f->{title}, qr/^$value$/, 'the title') }
	elsif ($key eq 'summary') { like($f->{summary}, qr/$value/, 'the summary') }
	elsif ($key eq 'entries') {
		in_range(scalar @{ $f->{entries} }, $value, 'lines');
	} elsif ($key eq 'sections') { in_range(scalar @names, $value, 'sections') }
	elsif ($key eq 'largest') {
		cmp_ok(largest($f), '<=', $value, 'no section has it all');
	} elsif ($key eq 'described') {
		cmp_ok(described($f), '>=', $value, 'lines say something');
	} elsif ($key eq 'section') {
		ok((grep { $_ eq $value } @names), "section $value")
		    or diag join ', ', @names;
	} elsif ($key eq 'no section') {
		none("no section $value", grep { /$value/ } @names);
	} elsif ($key eq 'optional') {
		my @e = grep { $_->{line} =~ /$value/ } @{ $f->{entries} };
		ok(@e && !(grep { $_->{section} ne 'Optional' } @e),
			"$value is optional") or diag explain [ map { $_->{line} } @e ];
	} elsif ($key eq 'entry') { one_entry($f, $value) }
	elsif ($key eq 'never') { unlike($text, qr/$value/m, "nowhere: $value") }
	elsif ($key eq 'full') {
		ok($full =~ /$value/m, "llms-full.txt has $value");
	} elsif ($key eq 'full never') {
		ok($full !~ /$value/m, "llms-full.txt has no $value");
	} else { fail("unknown expectation: $key") }
}

my (%folder, %expect);
for my $file (sort glob "$here/sites/*.expect") {
	my $name = basename($file, '.expect');
	my @e = expectations($file);
	my ($glob) = map { $_->[1] } grep { $_->[0] eq 'folder' } @e;
	my ($dir) = grep { -f "$_/index.html" } reverse sort glob $glob;
	$expect{$name} = [ grep { $_->[0] ne 'folder' } @e ];
	$folder{$name} = $dir if defined $dir;
}
my $port = serve(%folder);
my %code = two_at_a_time($port, sort keys %folder);

for my $name (sort keys %expect) {
	subtest $name => sub {
		plan skip_all => 'its package is not installed'
		    unless $folder{$name};
		is($code{$name}, 0, 'generated')
		    or do { diag slurp("$tmp/$name.log"); return };
		my $said = qx("$bin" check "$tmp/$name/llms.txt" 2>&1);
		is($?, 0, 'valid') or diag $said;
		my $text = slurp("$tmp/$name/llms.txt");
		my $f = read_file($text);
		always($f, $text);
		my $full = slurp("$tmp/$name/llms-full.txt");
		expected(@$_, $f, $text, $full) for @{ $expect{$name} };
	};
}
cmp_ok(scalar keys %folder, '>=', 5, 'at least five sites')
    if !$ENV{PLATEN_CORPUS_FEW};
done_testing;
