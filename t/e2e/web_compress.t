#!/usr/bin/perl
# Pages, JSON and files come compressed where a client takes it, and what comes
# is the same; raw results stay the bytes they are.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Compress::Zlib ();
use Test::More;
use Time::HiRes qw(time);
use Platen::Apache;
use Platen::Seed;
use Platen::Stack;
use Platen::User;

my $s = Platen::Stack->new(with => 'web live');
my $apache = Platen::Apache->new($s);
my $u = Platen::User->new($s->url);
my $api = '/api/v1/generations';
$u->json(POST => $api, { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $brotli = grep { -x "$_/node" } split /:/, $ENV{PATH};

# unpacked: an answer's body as it was before.
sub unpacked {
	my ($r) = @_;
	my $how = $r->{headers}{'content-encoding'} // '';
	return Compress::Zlib::memGunzip(my $copy = $r->{body}) if $how eq 'gzip';
	return $r->{body} if $how ne 'br';
	open my $h, '>', $s->dir . '/packed.br' or die $!;
	binmode $h;
	print $h $r->{body};
	close $h;
	my $file = $s->dir . '/packed.br';
	open my $p, '-|', 'node', '-e',
	    'process.stdout.write(require("zlib").brotliDecompressSync(require("fs").readFileSync(process.argv[1])))', $file or die $!;
	local $/;
	return <$p>;
}

# A file of 6,006 links, as that of a large site.
my $id = Platen::Seed::generation($s, $me, 'x.test', 'completed', entries => 6006, artifacts => { 'llms.txt' => '' });
$s->psql('platen', <<SQL);
UPDATE artifacts SET body = convert_to(E'# X\n\n> Many pages.\n\nText.\n' || (
	SELECT string_agg(CASE WHEN n % 300 = 0 THEN format(E'\n## Part %s\n\n', n / 300) ELSE '' END
	    || format(E'- [Page %s of the library](https://x.test/library/topic-%s/page-%s.html): What page %s says of topic %s.\n',
		n, n * 7919 % 97, n, n, n * 31 % 89), '' ORDER BY n)
	FROM generate_series(0, 6005) n), 'UTF8') WHERE generation_id = '$id';
UPDATE artifacts SET sha256 = sha256(body) WHERE generation_id = '$id';
SQL
my $text = $u->get("/generations/$id/artifacts/llms.txt")->{body};
is(scalar(() = $text =~ /^- /mg), 6006, 'a file of 6,006 links');
$s->psql('platen', "INSERT INTO generations (id, account_id, type, provider, input, prompt, hostname)"
    . " SELECT gen_random_uuid(), '$me', 'llms_txt', 'builtin', '{}', 'llms.txt of h' || n, 'h' || n FROM generate_series(1, 60) n");
my $page = "/generations/$id";

# Without what is another each time.
sub steady {
	my ($body) = @_;
	$body =~ s/name="csrf" value="[^"]*"//g;
	$body =~ s/"request_id":"[^"]*"|Request <code>[^<]*//g;
	return $body;
}

# allowed: whether a path may be crawled, as RFC 9309 reads the rules for all.
sub allowed {
	my ($robots, $path) = @_;
	my ($best, $may) = (-1, 1);
	for ($robots =~ /^((?:Dis)?allow: *\S+)/mig) {
		my ($word, $rule) = /^(\w+): *(\S+)/;
		(my $re = quotemeta $rule) =~ s/\\\*/.*/g;
		$re =~ s/\\\$$/\\z/;
		next if $path !~ /^$re/ || length $rule < $best;
		$may = lc $word eq 'allow' || ($may && length $rule == $best) ? 1 : 0;
		$best = length $rule;
	}
	return $may;
}

for my $front (['lighttpd', $s->port], $apache ? ['Apache', $apache->port] : ()) {
	my ($name, $port) = @$front;
	local $u->{port} = $port;
	for (['a page', $page, qr{^text/html}], ['a list', "$api?limit=50", qr{^application/json}],
		['an error page', '/nothing', qr{^text/html}],
		['a page of files', '/', qr{^text/html}]) {
		my ($what, $path, $type) = @$_;
		my $plain = $u->get($path);
		is($plain->{headers}{'content-encoding'}, undef, "$name: $what as it is for who does not ask");
		like($plain->{headers}{vary} // '', qr/\bAccept-Encoding\b/i, 'and says that others may get it otherwise');
		for my $how ('gzip', $brotli ? 'br' : ()) {
			my $r = $u->get($path, 'Accept-Encoding' => $how);
			is($r->{headers}{'content-encoding'}, $how, "$name: $what by $how");
			like($r->{headers}{'content-type'}, $type, 'of its type');
			like($r->{headers}{vary} // '', qr/\bAccept-Encoding\b/i, 'varies');
			is($r->{status}, $plain->{status}, 'with its status');
			cmp_ok(length $r->{body}, '<', 0.6 * length $plain->{body}, 'is smaller');
			is(steady(unpacked($r)), steady($plain->{body}), 'and the same');
			my $head = $u->request(HEAD => $path, { 'Accept-Encoding' => $how });
			is($head->{headers}{'content-encoding'}, $how, 'HEAD says the same');
			is($head->{headers}{'content-type'}, $r->{headers}{'content-type'}, 'of its type');
		}
	}
	is($u->get('/static/app.js', 'Accept-Encoding' => $_)->{headers}{'content-encoding'}, 'br', "$name: a file for '$_'")
	    for 'br;q=0.9', 'gzip;q=1, br;q=0.001', 'deflate;q=0.1,br;q=0.30';
	my %want = ('gzip, deflate, br, zstd' => 'br', 'gzip, deflate' => 'gzip', 'br;q=0, gzip' => 'gzip',
		'gzip;q=0, br;q=0.0' => undef, 'gzip;q=0' => undef, 'identity' => undef, '' => undef, '*' => 'br',
		'*;q=0' => undef, 'br;q=0.5, gzip;q=0.8' => 'gzip', 'gzip;q=0.5, identity' => undef, 'GZIP' => 'gzip',
		'gzip;q=0.001' => 'gzip', 'gzip ; q=1.0' => 'gzip', 'deflate' => undef, 'x-gzip' => 'gzip',
		'br;q=2' => undef, 'gzipped' => undef, 'br, *;q=0' => 'br', 'zstd, *;q=0.1' => 'br');
	for my $path ('/', '/static/style.css?v=1', '/static/platen.js') {
		for my $how (sort keys %want) {
			# Rare ways to ask get a file as it is.
			next if $path =~ /static/ && $how =~ /\*|identity$|q=0\.[58]|x-gzip/;
			is($u->get($path, 'Accept-Encoding' => $how)->{headers}{'content-encoding'}, $want{$how},
			    "$name: $path for '$how'");
		}
	}
	my $small = $u->get("$api/00000000-0000-7000-8000-000000000000", 'Accept-Encoding' => 'gzip');
	is($small->{headers}{'content-encoding'}, undef, "$name: what is small is left as it is");

	# Raw results: tags and parts of the bytes themselves.
	my $raw = "$page/artifacts/llms.txt";
	my $r = $u->get($raw, 'Accept-Encoding' => 'gzip, br');
	is($r->{headers}{'content-encoding'}, undef, "$name: a raw file is the file");
	is($r->{body}, $text, 'byte for byte');
	like($r->{headers}{etag}, qr/^"[0-9a-f]{32}"$/, 'with its tag');
	$r = $u->get($raw, 'Accept-Encoding' => 'gzip, br', Range => 'bytes=10-19');
	is($r->{status}, 206, 'a part of it');
	is($r->{body}, substr($text, 10, 10), 'is that part');
	is($u->get("$api/$id/artifacts/llms.txt", 'Accept-Encoding' => 'gzip')->{body}, $text, 'a call gives the same');

	# Files, compressed when Platen was built.
	for (['style.css', 'text/css'], ['platen.js', 'text/javascript'], ['app.js', 'text/javascript'],
		['favicon.svg', 'image/svg+xml']) {
		my ($file, $type) = @$_;
		for my $query ('', '?v=abc') {
			my $path = "/static/$file$query";
			my $plain = $u->get($path);
			is($plain->{headers}{'content-encoding'}, undef, "$name: $path as it is");
			like($plain->{headers}{vary} // '', qr/\bAccept-Encoding\b/i, 'varies');
			my %tags = ($plain->{headers}{etag} => 1);
			next if $file =~ /svg/;    # too small to gain anything
			for my $how ('gzip', $brotli ? 'br' : ()) {
				my $r = $u->get($path, 'Accept-Encoding' => $how);
				is($r->{status}, 200, "$name: $path by $how");
				is($r->{headers}{'content-encoding'}, $how, 'compressed');
				like($r->{headers}{'content-type'}, qr/^\Q$type\E/, 'of its type');
				is($r->{headers}{'content-type'}, $plain->{headers}{'content-type'}, 'said alike');
				is($r->{headers}{'cache-control'}, $plain->{headers}{'cache-control'}, 'kept as long');
				is($r->{headers}{'x-content-type-options'}, 'nosniff', 'not sniffed');
				like($r->{headers}{vary} // '', qr/\bAccept-Encoding\b/i, 'varies');
				is(unpacked($r), $plain->{body}, 'and the same');
				ok(!$tags{ $r->{headers}{etag} }++, 'under a tag of its own: ' . $r->{headers}{etag});
				is($u->get($path, 'Accept-Encoding' => $how, 'If-None-Match' => $r->{headers}{etag})->{status},
				    304, 'by which it is known again');
				is($u->get($path, 'If-None-Match' => $r->{headers}{etag})->{status}, 200, 'but no other is');
				my $part = $u->get($path, 'Accept-Encoding' => $how, Range => 'bytes=3-9');
				# lighttpd leaves a Range of what is encoded alone, as it may.
				is($part->{body}, $part->{status} == 206 ? substr($r->{body}, 3, 7) : $r->{body},
				    'a part is one of what was compressed');
				is($u->request(HEAD => $path, { 'Accept-Encoding' => $how })->{headers}{'content-length'},
				    length $r->{body}, 'HEAD has its length');
			}
		}
	}
	# What browsers and crawlers ask for without being told.
	my $icon = $u->get('/favicon.ico');
	is($icon->{status}, 200, "$name: /favicon.ico");
	is($icon->{headers}{'content-type'}, 'image/x-icon', 'is an icon');
	is(substr($icon->{body}, 0, 4), "\0\0\1\0", 'by its bytes, too');
	is($u->get('/favicon.ico?v=2', 'If-None-Match' => $icon->{headers}{etag})->{status}, 304, 'that is known again');
	is($u->get('/apple-touch-icon.png')->{headers}{'content-type'}, 'image/png', 'so is that of a telephone');
	$r = $u->get('/robots.txt');
	is($r->{status}, 200, "$name: /robots.txt");
	is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'is text');
	is($u->request(HEAD => '/robots.txt', {})->{status}, 200, 'HEAD, too');
	is_deeply([map { [allowed($r->{body}, $_), $_] } '/', '/static/style.css', '/generations', '/generations/new',
		"/generations/$id", "$page/artifacts/llms.txt", "$api/$id", '/admin', '/events', '/?page=2'],
	    [[1, '/'], [1, '/static/style.css'], map { [0, $_] } '/generations', '/generations/new',
		"/generations/$id", "$page/artifacts/llms.txt", "$api/$id", '/admin', '/events', '/?page=2'],
	    'lets crawlers to the home page alone');
	is($u->get("/favicon.icon")->{status}, 404, 'and no other names');
	is($u->get('/static/none.css', 'Accept-Encoding' => 'br')->{status}, 404, "$name: a file that is not there");
	is($u->get('/static/icon-180.png', 'Accept-Encoding' => 'br')->{headers}{'content-encoding'}, undef, 'an image is as it is');
}

# What it is good for.
for my $how ('identity', 'gzip', 'br') {
	my ($r, $best);
	for (1 .. 5) {
		my $t = time;
		$r = $u->get($page, 'Accept-Encoding' => $how);
		my $ms = 1000 * (time - $t);
		$best = $ms if !defined $best || $ms < $best;
	}
	note sprintf 'the page of 6,006 links by %s: %d kB in %.1f ms', $how, length($r->{body}) / 1000, $best;
	cmp_ok(length $r->{body}, '<', 120_000, "the page of 6,006 links by $how") if $how ne 'identity';
}

# No secret of a page is guessed from its length.
my %seen;
$seen{ Platen::Http->field($u->get("$page/delete"), 'csrf') }++ for 1 .. 20;
is(keys %seen, 20, 'the token of a form is another each time');
my ($common) = sort { $b <=> $a } map { my $x = $_; map { my $n = 0;
	$n++ while substr($x, $n, 1) eq substr $_, $n, 1; $n } grep { $_ ne $x } keys %seen } keys %seen;
cmp_ok($common, '<', 8, 'from its first letter on');

done_testing;
