#!/usr/bin/perl
# Result files: raw, saved, in parts, and asked for again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use Digest::SHA qw(sha256_hex);
use Platen::Http;
use Platen::Seed;
use Platen::Stack;

my $s = Platen::Stack->new(with => 'web');
my $u = Platen::Http->new($s->url);
$u->json(POST => '/api/v1/generations', { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $text = "# T\n\n> " . join(' ', 1 .. 2000) . "\n\n<script>alert(1)</script>\n";
my $id = Platen::Seed::generation($s, $me, 'files.test:8080', 'completed', entries => 1,
    artifacts => { 'llms.txt' => $text, 'report.json' => '{"pages":[]}', 'empty.txt' => '' });
my $page = "/generations/$id/artifacts/llms.txt";
my $call = "/api/v1$page";

# ---- raw ------------------------------------------------------------------------

for my $path ($page, $call) {
	my $r = $u->get($path);
	is($r->{status}, 200, "$path");
	is($r->{body}, $text, 'is the file, byte for byte');
	is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'is plain text');
	like($r->{headers}{'content-security-policy'}, qr/sandbox/, 'runs nothing');
	is($r->{headers}{'x-content-type-options'}, 'nosniff', 'whatever it looks like');
	is($r->{headers}{'content-length'}, length $text, 'has a length');
	like($r->{headers}{etag}, qr/^"[0-9a-f]{32}"$/, 'has a strong tag');
	is($r->{headers}{'cache-control'}, 'private, no-cache', 'is asked for anew each time');
	is($r->{headers}{'content-disposition'}, undef, 'is shown, not saved');
}
is($u->get("$page?download=1")->{headers}{'content-disposition'},
    'attachment; filename="llms-files.test_8080.txt"', 'saved under the name of its host');
is($u->get("/generations/$id/artifacts/report.json?download=1")->{headers}{'content-disposition'},
    'attachment; filename="report-files.test_8080.json"', 'so is the report');
is($u->get("/generations/$id/artifacts/report.json")->{headers}{'content-type'},
    'text/plain; charset=utf-8', 'a page shows JSON as text');
is($u->get("/api/v1/generations/$id/artifacts/report.json")->{headers}{'content-type'},
    'application/json', 'a call gives it as what it is');
is($u->get("$call?download=2")->{status}, 400, 'a download that is neither yes nor no');
is($u->get("/generations/$id/artifacts/none.txt")->{status}, 404, 'a file that is not there');
is($u->get("/generations/$id/artifacts/$_")->{status}, 404, "no file '$_'")
    for '..', '..%2f..%2fetc%2fpasswd', '%2e%2e', "x' OR 1=1", 'a' x 200;
my $r = $u->request(HEAD => $page, {});
is($r->{status}, 200, 'HEAD');
is($r->{headers}{'content-length'}, length $text, 'tells the length alone');
is($u->get("/generations/$id/artifacts/empty.txt")->{body}, '', 'an empty file');

# ---- again ------------------------------------------------------------------------

my $tag = $u->get($page)->{headers}{etag};
$r = $u->get($page, 'If-None-Match' => $tag);
is($r->{status}, 304, 'the same again: 304');
is($r->{headers}{etag}, $tag, 'with its tag');
is($u->get($page, 'If-None-Match' => "W/$tag")->{status}, 304, 'a weak tag will do');
is($u->get($page, 'If-None-Match' => qq("x", $tag))->{status}, 304, 'one of several');
is($u->get($page, 'If-None-Match' => '*')->{status}, 304, 'any');
is($u->get($page, 'If-None-Match' => '"x"')->{status}, 200, 'another is another');
is($u->get($page, 'If-Match' => '"x"')->{status}, 412, 'only if it is that one: it is not');
is($u->get($page, 'If-Match' => $tag)->{status}, 200, 'it is');

# ---- parts -------------------------------------------------------------------------

my $n = length $text;
for (['bytes=0-9', 0, 10], ['bytes=10-', 10, $n - 10], ['bytes=-20', $n - 20, 20],
	["bytes=5-" . 10 * $n, 5, $n - 5], ['bytes=' . ($n - 1) . '-', $n - 1, 1]) {
	my ($range, $from, $len) = @$_;
	$r = $u->get($call, Range => $range);
	is($r->{status}, 206, $range);
	is($r->{body}, substr($text, $from, $len), 'is that part');
	is($r->{headers}{'content-range'}, sprintf('bytes %d-%d/%d', $from, $from + $len - 1, $n), 'and says so');
}
$r = $u->get($call, Range => "bytes=$n-");
is($r->{status}, 416, 'past the end');
is($r->{headers}{'content-range'}, "bytes */$n", 'with the length');
is($r->{headers}{'content-type'}, 'application/problem+json', 'and a problem');
# lighttpd looks at the range of a whole file, too, and may refuse it.
like($u->get($call, Range => $_)->{status}, qr/^(?:200|416)$/, "not a part: $_") for 'bytes=9-3', 'bytes=x-', 'lines=1-2', 'bytes=';
is($u->get($call, Range => 'bytes=0-9', 'If-Range' => '"x"')->{status}, 200, 'of another version: the whole');
is($u->get($call, Range => 'bytes=0-9', 'If-Range' => $tag)->{status}, 206, 'of this one: the part');

# ---- large ones, and ones that grow ---------------------------------------------------

my $big = Platen::Seed::generation($s, $me, 'big.test', 'completed', artifacts => { 'llms.txt' => '' });
$s->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 700000), 'UTF8') WHERE generation_id = '$big'");
$s->psql('platen', "UPDATE artifacts SET sha256 = sha256(body) WHERE generation_id = '$big'");
$r = $u->get("/api/v1/generations/$big/artifacts/llms.txt");
is(length $r->{body}, 16 * 700000, 'eleven megabytes arrive whole');
is(sha256_hex($r->{body}), $s->value("SELECT encode(sha256, 'hex') FROM artifacts WHERE generation_id = '$big'"), 'and right');
$r = $u->get("/api/v1/generations/$big/artifacts/llms.txt", Range => 'bytes=8388600-8388631');
is($r->{body}, '89abcdef0123456789abcdef01234567', 'a part of it, over the seam');
# What the front server sends as a file says what the same from memory says.
my $bigfile = "/generations/$big/artifacts/llms.txt";
$r = $u->get("$bigfile?download=1");
is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'a large file is plain text');
like($r->{headers}{'content-security-policy'}, qr/sandbox/, 'runs nothing');
is($r->{headers}{'cache-control'}, 'private, no-cache', 'is asked for anew');
is($r->{headers}{'content-disposition'}, 'attachment; filename="llms-big.test.txt"', 'has its name');
is($r->{headers}{'content-length'}, 16 * 700000, 'and its length');
is($r->{headers}{'last-modified'}, undef, 'no date of a copy');
is($r->{headers}{$_}, undef, "no $_") for qw(x-sendfile x-sendfile2);
my $bigtag = $r->{headers}{etag};
is($u->get($bigfile, 'If-None-Match' => $bigtag)->{status}, 304, 'the same again: 304');
my $h = $u->request(HEAD => $bigfile, {});
is_deeply([@{ $h->{headers} }{qw(content-length etag content-type)}],
    [@{ $r->{headers} }{qw(content-length etag content-type)}], 'HEAD says the same');
my $whole = '0123456789abcdef' x 700000;
for ([0, 200000], [5, 3000000], [131071, 131072 * 2], [16 * 700000 - 300000, 300000]) {
	my ($from, $len) = @$_;
	$r = $u->get($bigfile, Range => sprintf('bytes=%d-%d', $from, $from + $len - 1));
	is($r->{status}, 206, "$len bytes from $from");
	is($r->{headers}{'content-range'}, sprintf('bytes %d-%d/%d', $from, $from + $len - 1, 16 * 700000), 'are said to be that');
	is($r->{headers}{'content-length'}, $len, 'have a length');
	ok($r->{body} eq substr($whole, $from, $len), 'and are right');
}
is($u->get($bigfile, Range => 'bytes=0-200000', 'If-Range' => '"x"')->{status}, 200, 'of another version: the whole');
is($u->get($bigfile, Range => 'bytes=999999999-')->{status}, 416, 'past the end');
my $other = Platen::Http->new($s->url);
is($other->get($bigfile)->{status}, 404, "another's large file is not there, though it lies in the spool");
is($u->get('/../spool/' . $s->value("SELECT encode(sha256, 'hex') FROM artifacts WHERE generation_id = '$big'"))->{status}, 404, 'nor has the spool an address');
like($u->get("/generations/$big")->{body}, qr/Only the beginning is shown/, 'its page shows the beginning');

my $grow = Platen::Seed::generation($s, $me, 'grow.test', 'processing', artifacts => { 'llms.txt' => "# A\n" }, partial => 1);
my $first = $u->get("/api/v1/generations/$grow/artifacts/llms.txt");
$s->psql('platen', "UPDATE artifacts SET body = convert_to(E'# A\\n\\n> b\\n', 'UTF8'), sha256 = sha256(convert_to(E'# A\\n\\n> b\\n', 'UTF8')) WHERE generation_id = '$grow'");
my $second = $u->get("/api/v1/generations/$grow/artifacts/llms.txt", 'If-None-Match' => $first->{headers}{etag});
is($second->{status}, 200, 'a file that has grown is another');
is($second->{body}, "# A\n\n> b\n", 'and longer');

my $list = $u->get("/api/v1/generations/$id/artifacts")->{json}{data}{items};
is_deeply([map { $_->{name} } @$list], ['empty.txt', 'llms.txt', 'report.json'], 'the list of files');
is($list->[1]{size}, $n, 'with sizes');
is($list->[1]{sha256}, sha256_hex($text), 'hashes');
is($u->get($list->[1]{url})->{body}, $text, 'and where they are');

done_testing;
