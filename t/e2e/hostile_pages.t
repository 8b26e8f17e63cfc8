#!/usr/bin/perl
# Pages made to hurt who reads them: each costs itself at most, whatever it
# does to the parser, and the rest of the site is listed.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use JSON::PP;
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Procs;

my $root = abs_path("$Bin/../..");
my $bin = ($ENV{PLATEN_BUILD} // "$root/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;

my $tmp = tempdir(CLEANUP => 1);
my @pids;
END { my $c = $?; kill 'TERM', @pids; waitpid $_, 0 for @pids; $? = $c }

sub slurp {
	my ($name) = @_;
	open my $h, '<:raw', $name or return '';
	local $/;
	return scalar <$h>;
}

my %limit = (
	PLATEN_CRAWL_PAGE_BYTES => 25 << 20,
	PLATEN_CRAWL_PARSE_BYTES => 96 << 20,
	PLATEN_CRAWL_PARSE_CPU_SECONDS => 2,
	PLATEN_CRAWL_IN_FLIGHT => 2,
	PLATEN_WORKER_PARSERS => 1,
);

sub start_site {
	pipe my $out, my $in or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>&', $in;
		exec $^X, "$root/t/fakes/hostile.pl", '--log', "$tmp/asked" or exit 127;
	}
	close $in;
	push @pids, $pid;
	my ($port) = (<$out> // '') =~ /^port (\d+)/ or BAIL_OUT('no site');
	return $port;
}

# generate: the site's files in $tmp/out; (exit code, seconds, MB at most).
sub generate {
	my ($port, $hole) = @_;
	local %ENV = (%ENV, PLATEN_CRAWL_ALLOW => "127.0.0.1:$port",
		PLATEN_CRAWL_CONNECT_TO => "hostile.test:80:127.0.0.1:$port",
		%limit);
	my ($began, $most) = (time, 0);
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', "$tmp/log";
		open STDERR, '>&', \*STDOUT;
		$ENV{LD_PRELOAD} = $hole;
		exec $bin, 'generate', 'hostile.test', '-o', "$tmp/out" or exit 127;
	}
	while (waitpid($pid, 1) == 0) {
		my ($now) = Platen::Procs::memory($pid);
		$most = $now if $now > $most;
		sleep 0.05;
	}
	return ($? >> 8, time - $began, $most);
}

my $hole = "$tmp/faulty_iconv.so";
system('cc', '-shared', '-fPIC', '-D_GNU_SOURCE', '-o', $hole,
	"$root/t/fakes/faulty_iconv.c", '-ldl') == 0
    or plan skip_all => 'there is no C compiler';

my $port = start_site();
my ($code, $seconds, $mb) = generate($port, $hole);
is($code, 0, 'a site with hostile pages is made all the same')
    or diag slurp("$tmp/log");
note sprintf '%.1f s, %.0f MB at most', $seconds, $mb;
within($seconds, 25, 'hostile pages are read in good time');
# The pages in flight, those read, the parser, and the program itself.
cmp_ok($mb, '<', 2 * 25 + 48 + 96 + 30, 'and within its limits of memory');

my $text = slurp("$tmp/out/llms.txt");
my $report = eval { decode_json(slurp("$tmp/out/report.json")) } // {};
my %page = map { $_->{url} =~ s{^http://hostile\.test/}{}r => $_ }
    @{ $report->{pages} // [] };
my @hostile = split /\n/, qx($^X '$root/t/fakes/hostile.pl' --names);

sub is_listed {
	my ($path) = @_;
	return ($page{$path}{fate} // '') eq 'listed'
	    && index($text, "](http://hostile.test/$path)") >= 0;
}

for my $name (@hostile) {
	ok(is_listed("fine/$name"), "the page beside $name is listed")
	    or diag explain $page{"fine/$name"};
}

# What becomes of each hostile page: listed, or a fate and its reason.
my %must = (
	attributes => 'listed',
	nested => 'listed',
	deep => 'listed',
	text => 'listed',
	utf16le => 'listed',
	utf16be => 'listed',
	nul => 'listed',
	hundred => ['too_big', qr/./],
	bomb => ['too_big', qr/./],
	crash => ['parse_error', qr/this page crashed the parser/],
	socket => ['parse_error', qr/this page crashed the parser/],
	shell => ['parse_error', qr/this page crashed the parser/],
	loop => ['parse_error', qr/this page took more than 2 s to parse/],
	memory => ['parse_error', qr/this page needed more than 96 MB to parse/],
);
for my $name (@hostile) {
	my $must = $must{$name} // '';
	if ($must eq 'listed') {
		ok(is_listed($name), "$name: what can be read of it is")
		    or diag explain $page{$name};
	} elsif (ref $must) {
		is($page{$name}{fate}, $must->[0], "$name: it is lost alone");
		like(encode_json($page{$name} // {}), $must->[1],
			"$name: the report says why");
	} else {
		like($page{$name}{fate} // '', qr/^(?:listed|empty|parse_error|too_big)$/,
			"$name: it is listed or has its reason") or diag explain $page{$name};
	}
}

my @asked = split /\n/, slurp("$tmp/asked");
is(scalar(grep { m{^/fetched|far\.dtd} } @asked), 0,
	'nothing of an entity was expanded or fetched');
my %maps = map { $_->{url} =~ s{^.*/}{}r => $_ } @{ $report->{sitemaps} // [] };
for (qw(laughs entity outside)) {
	like(encode_json($maps{"$_.xml"} // {}), qr/DOCTYPE/,
		"$_.xml: its DOCTYPE is refused, and the report says so");
}

# The cases that were measured with another parser; what is required of each
# is what was tested above.
my @case = (
	[qr/^HTML .*attributes/, sub { is_listed('attributes') }],
	[qr/^HTML .* x <p>/, sub { $page{paragraphs}{fate} && is_listed('fine/paragraphs') }],
	[qr/^HTML .*nested <div>/, sub { is_listed('nested') }],
	[qr/^HTML .*single text node/, sub { is_listed('text') }],
	[qr/^XML billion laughs|^same with NOENT/, sub { $maps{'laughs.xml'} }],
	[qr/^XML .*entity x/, sub { $maps{'entity.xml'} }],
	[qr/^XML XXE/, sub { $maps{'outside.xml'} }],
	[qr/^child process with RLIMIT_CPU/, sub { $page{loop}{fate} eq 'parse_error' }],
);
SKIP: {
	my $shared = $ENV{PLATEN_SHARED} // "$root/../shared";
	open my $h, '<', "$shared/cases/parser-cases.tsv"
	    or skip '../shared/cases/parser-cases.tsv is not here', 1;
	for (grep { !/^#/ } <$h>) {
		my ($input) = split /\t/;
		my ($case) = grep { $input =~ $_->[0] } @case;
		ok($case && $case->[1]->(), "case: $input");
	}
}
done_testing();
