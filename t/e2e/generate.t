#!/usr/bin/perl
# platen generate: real documentation and bad sites, from the command line.
use strict;
use warnings;
use Cwd qw(abs_path);
use Digest::SHA qw(sha256_hex);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep time);

my $root = abs_path(dirname(__FILE__) . '/../..');
my $bin = ($ENV{PLATEN_BUILD} // "$root/build/release") . '/platen';
my ($docs) = grep { -d } '/usr/share/doc/python3.11/html',
    glob '/usr/share/doc/python3*/html';
plan skip_all => "$bin is not built" unless -x $bin;

my $tmp = tempdir(CLEANUP => 1);
my @pids;
END { my $code = $?; kill 'TERM', @pids; waitpid $_, 0 for @pids; $? = $code }

sub slurp {
	my ($name) = @_;
	open my $h, '<:raw', $name or return '';
	local $/;
	return scalar <$h>;
}

sub free_port {
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
	    ->sockport;
}

# start CMD...: a server of ours, ended by its process id.
sub start {
	my (@cmd) = @_;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', "$tmp/servers.log";
		exec @cmd or exit 127;
	}
	push @pids, $pid;
	return $pid;
}

sub wait_for {
	my ($port) = @_;
	for (1 .. 100) {
		return 1 if IO::Socket::INET->new(PeerAddr => '127.0.0.1',
			PeerPort => $port);
		sleep 0.05;
	}
	return 0;
}

# lighttpd DOCS, SITEMAP: its port.
sub lighttpd {
	my ($dir, $sitemap) = @_;
	my $port = free_port();
	my $conf = "$tmp/lighttpd-$port.conf";
	open my $h, '>', $conf or die $!;
	print $h <<END;
server.modules = ( "mod_alias" )
server.bind = "127.0.0.1"
server.port = $port
server.document-root = "$dir"
server.max-keep-alive-requests = 65535
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html; charset=utf-8",
    ".xml" => "application/xml", ".txt" => "text/plain",
    "" => "application/octet-stream" )
END
	print $h qq(alias.url = ( "/sitemap.xml" => "$sitemap" )\n) if $sitemap;
	close $h;
	start('lighttpd', '-D', '-f', $conf);
	wait_for($port) or die 'lighttpd does not answer';
	return $port;
}

# generate NAME, PORT, DIR, [env], args: exit code, stderr, seconds.
sub generate {
	my ($name, $port, $dir, $env, @args) = @_;
	local %ENV = (%ENV, PLATEN_CRAWL_ALLOW => "127.0.0.1:$port",
		PLATEN_CRAWL_CONNECT_TO => "$name:80:127.0.0.1:$port", %$env);
	my $began = time;
	my $pid = fork // die "fork: $!";
	if ($pid == 0) {
		open STDOUT, '>', "$dir.out";
		open STDERR, '>', "$dir.err";
		exec $bin, 'generate', $name, '-o', $dir, @args or exit 127;
	}
	waitpid $pid, 0;
	return ($? >> 8, slurp("$dir.err"), time - $began);
}

sub report { return decode_json(slurp("$_[0]/report.json")) }

sub is_valid {
	my ($dir, $name) = @_;
	my $out = qx('$bin' check '$dir/llms.txt' 2>&1);
	is($?, 0, "$name: the checker takes it") or diag $out;
}

sub hashes {
	my ($dir) = @_;
	return join ' ', map { sha256_hex(slurp("$dir/$_")) }
	    qw(llms.txt llms-full.txt report.json);
}

# every_url: each of the URLs is listed or in the report with a reason.
sub every_url {
	my ($dir, $name, @urls) = @_;
	my $text = slurp("$dir/llms.txt");
	my %seen = map { $_->{url} => $_->{fate} eq 'listed'
		? index($text, "]($_->{url})") >= 0
		: length $_->{reason} } @{ report($dir)->{pages} };
	my @lost = grep { !$seen{$_} } @urls;
	is(scalar @lost, 0, "$name: every URL is listed or has a reason")
	    or diag join "\n", @lost[0 .. ($#lost < 5 ? $#lost : 5)];
}

sub only_forward {
	my ($err, $name) = @_;
	my ($last, $back) = (0, 0);
	while ($err =~ /Read (\d+) of (\d+)/g) {
		$back++ if $1 < $last;
		$last = $1;
	}
	is($back, 0, "$name: progress never goes back");
}

sub documentation {
	my @pages = split /\n/, qx(cd '$docs' && find -L . -name '*.html' |
	    LC_ALL=C sort);
	s{^\./}{/} for @pages;
	open my $h, '>', "$tmp/sitemap.xml" or die $!;
	print $h qq(<?xml version="1.0"?>\n<urlset xmlns=)
	    . qq("http://www.sitemaps.org/schemas/sitemap/0.9">\n),
	    map({ "<url><loc>http://docs.test$_</loc></url>\n" } @pages),
	    "</urlset>\n";
	close $h;

	my $port = lighttpd($docs, "$tmp/sitemap.xml");
	my ($code, $err, $s) = generate('docs.test', $port, "$tmp/map", {});
	is($code, 0, 'documentation with a sitemap') or diag $err;
	note sprintf '%d pages in %.1f s', scalar @pages, $s;
	is_valid("$tmp/map", 'with a sitemap');
	every_url("$tmp/map", 'with a sitemap',
		map { "http://docs.test$_" } @pages);
	only_forward($err, 'with a sitemap');
	is(report("$tmp/map")->{foundBy}, 'sitemap', 'by the sitemap');
	generate('docs.test', $port, "$tmp/map1", {
		PLATEN_CRAWL_IN_FLIGHT => 1, PLATEN_WORKER_PARSERS => 1 });
	is(hashes("$tmp/map1"), hashes("$tmp/map"),
		'one page at a time gives the same bytes');

	$port = lighttpd($docs);
	($code, $err) = generate('docs.test', $port, "$tmp/links", {});
	is($code, 0, 'documentation without a sitemap') or diag $err;
	is_valid("$tmp/links", 'without a sitemap');
	is(report("$tmp/links")->{foundBy}, 'links', 'by its links');
	cmp_ok(report("$tmp/links")->{counts}{listed}, '>', 400,
		'most pages are found by links');
	generate('docs.test', $port, "$tmp/links1", {
		PLATEN_CRAWL_IN_FLIGHT => 1, PLATEN_WORKER_PARSERS => 1 });
	is(hashes("$tmp/links1"), hashes("$tmp/links"),
		'one page at a time gives the same bytes');

	($code, $err) = generate('docs.test', $port, "$tmp/some", {},
		'--limit', 20, '--include', '/tutorial/**',
		'--exclude', '/tutorial/i*');
	is($code, 0, 'a part of it') or diag $err;
	my @listed = grep { $_->{fate} eq 'listed' }
	    @{ report("$tmp/some")->{pages} };
	cmp_ok(scalar @listed, '>', 5, 'has pages');
	is(scalar(grep { $_->{url} !~ m{/tutorial/([^i]|$)} } @listed), 0,
		'and only those that were asked for');
}

SKIP: {
	skip 'python3.11-doc is not installed', 1 unless $docs;
	documentation();
}

my $fake = free_port();
start('perl', "$root/t/fakes/site.pl", '--port', $fake);
wait_for($fake) or BAIL_OUT('the fake site does not answer');

# fake NAME, args: what generate says of one of the fake's sites.
sub fake {
	my ($name, @args) = @_;
	return generate($name, $fake, "$tmp/$name", {
		PLATEN_CRAWL_TIMEOUT_MS => 3000,
		PLATEN_CRAWL_CONNECT_MS => 1000 }, @args);
}

my @good = (
	['good.test', 6], ['twins.test', 2], ['hidden.test', 2],
	['gzipmap.test', 2], ['selfindex.test', 2], ['htmlmap.test', 2],
	['stalemap.test', 3], ['spelling.test', 2], ['babel.test', 6], ['attributes.test', 3], ['cyrillic.test', 1], ['busy.test', 6],
);
for (@good) {
	my ($name, $pages) = @$_;
	my ($code, $err) = fake($name);
	is($code, 0, "$name is made") or diag $err;
	is(eval { report("$tmp/$name")->{counts}{listed} }, $pages,
		"$name: all its pages are listed")
	    or diag slurp("$tmp/$name/report.json");
	is_valid("$tmp/$name", $name);
}

my %fate = map { $_->{url} => $_->{fate} }
    map { @{ (eval { report("$tmp/$_->[0]")->{pages} }) // [] } } @good;
is($fate{'http://good.test/private/ledger'}, 'robots', 'robots.txt is obeyed');
is($fate{'http://good.test/gone'}, 'http_error', 'a missing page is told');
is($fate{'http://twins.test/a/'}, 'twin', 'a trailing slash is a twin');
is($fate{'http://twins.test/a?utm_source=x'}, 'twin', 'so is a tracker');
is($fate{'http://twins.test/b'}, 'canonical', 'rel=canonical is believed');
is($fate{'http://twins.test/c'}, 'redirect', 'a redirect is followed');
is($fate{'http://hidden.test/noindex'}, 'noindex', 'noindex is obeyed');
is($fate{'http://hidden.test/paper.pdf'}, 'not_page', 'a PDF is no page');
is($fate{'http://stalemap.test/old/1'}, 'http_error',
	'pages of a stale sitemap are told');
is($fate{'http://babel.test/de/a'}, 'language', 'one language is kept');
is($fate{'http://babel.test/en/news'}, 'listed',
	'with what another language said word for word');
is($fate{'http://spelling.test/a/index.html'}, 'listed',
	'another spelling is tried where the first is missing');

{
	my ($code, $err) = generate('moved.test', $fake, "$tmp/moved", {
		PLATEN_CRAWL_CONNECT_TO => join ',', map {
			"$_.test:80:127.0.0.1:$fake" } qw(moved good) });
	is($code, 0, 'a host that leads to another is followed') or diag $err;
	is(report("$tmp/moved")->{host}, 'good.test', 'to it');
	is(report("$tmp/moved")->{movedFrom}, 'moved.test', 'and that is told');
}

like(slurp("$tmp/cyrillic.test/llms.txt"), qr/^# \xd0\x9f\xd0\xb5/,
	'the encoding of the Content-Type header counts');

my ($code, $err) = fake('trap.test');
is($code, 0, 'a crawl trap ends') or diag $err;
cmp_ok(report("$tmp/trap.test")->{counts}{listed}, '<', 50, 'soon');

my @bad = (
	['notfound.test', qr/404 Not Found/], ['forbidden.test', qr/403/],
	['error.test', qr/500 Internal Server Error.*try again later/],
	['robots5xx.test', qr/503 for robots\.txt.*try again later/],
	['disallow.test', qr/robots\.txt.*does not allow/],
	['empty.test', qr/Home page: No text/],
	['loopredirect.test', qr/redirect|circle/],
	['endless.test', qr/redirect/],
	['inward.test', qr/inward\.test redirects to .*169\.254\.169\.254/],
	['huge.test', qr/larger|limit/], ['bomb.test', qr/larger|limit/],
	['hang.test', qr/respond/], ['cut.test', qr/closed|cut|middle|broke/],
	['nosuch.invalid', qr/nosuch\.invalid/],
);
for (@bad) {
	my ($name, $says) = @$_;
	my ($code, $err, $s) = fake($name);
	is($code, 1, "$name fails") or diag $err;
	like($err, qr/^platen: .*$says.*\.$/m, "$name: the sentence says why");
	cmp_ok($s, '<', 30, "$name: soon");
	ok(!-e "$tmp/$name", "$name: and leaves neither file nor folder");
}

{
	local $ENV{PLATEN_CRAWL_ALLOW} = '';
	my $out = qx('$bin' generate http://127.0.0.1:$fake/ -o '$tmp/x' 2>&1);
	is($? >> 8, 1, 'a private address is refused');
	like($out, qr/127\.0\.0\.1.*(loopback|private|internal)/,
		'with the reason');
	for my $bad ('', 'not a host', 'a' x 300, 'ftp://x.test/') {
		$out = qx('$bin' generate '$bad' -o '$tmp/x' 2>&1);
		is($? >> 8, 1, "'" . substr($bad, 0, 20) . "' is refused");
		like($out, qr/^platen: .{20,}\.$/m, 'with a sentence');
	}
	ok(!-e "$tmp/x", 'and no folder is left of one that was made for it');
	mkdir "$tmp/mine" or die $!;
	qx('$bin' generate http://127.0.0.1:$fake/ -o '$tmp/mine' 2>&1);
	ok(-d "$tmp/mine", 'but one that was there stays');
	$out = qx(PLATEN_CRAWL_TIMEOUT=1 '$bin' generate '' -o '$tmp/x' 2>&1);
	like($out, qr/^platen: PLATEN_CRAWL_TIMEOUT: .*no such key/m,
		'a misspelt variable is told');
	qx('$bin' generate 2>&1);
	is($? >> 8, 2, 'no site is wrong usage');
	qx('$bin' generate --limit x a.test 2>&1);
	is($? >> 8, 2, 'so is a limit that is no number');
}

done_testing();
