#!/usr/bin/perl
# The pages as a browser without JavaScript sees them: the list and its pages,
# orders, one generation in every status, delete, and who may send a form.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Test::More;
use JSON::PP;
use Platen::Seed;
use Platen::Stack;
use Platen::User 'text';

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

my $s = Platen::Stack->new(with => 'web');
my $u = Platen::User->new($s->url);

# ---- headers of every page ------------------------------------------------------

my $r = $u->page('/');
is($r->{status}, 200, 'home');
my %h = %{ $r->{headers} };
is($h{'content-type'}, 'text/html; charset=utf-8', 'is HTML in UTF-8');
is($h{'cache-control'}, 'no-store', 'is kept nowhere');
is($h{'x-content-type-options'}, 'nosniff', 'is not sniffed');
is($h{'referrer-policy'}, 'same-origin', 'tells no other site');
is($h{'cross-origin-opener-policy'}, 'same-origin', 'has its window to itself');
like($h{'content-security-policy'}, qr/default-src 'none'.*frame-ancestors 'none'/, 'has a policy');
unlike($h{'content-security-policy'}, qr/unsafe/, 'without exceptions');
like(join("\n", @{ $r->{cookies} }), qr/\Apre=[\w-]{43}; Path=\/; Max-Age=86400; HttpOnly; SameSite=Lax\z/,
    'and a visitor who only looks is nobody\'s account, but the same visitor for a day');
is($s->value('SELECT count(*) FROM accounts'), 0, 'and no row');
like(text($r->{body}), qr/No files yet/, 'the list is empty');
unlike($r->{body}, qr/<script(?! src)|style=| on\w+="/, 'nothing inline');
for my $file ($r->{body} =~ m{(?:src|href)="(/static/[^"]+)"}g) {
	next if $file =~ /platen\.js/ && !-e "$FindBin::Bin/../../static/platen.js";
	is($u->get($file)->{status}, 200, "$file is there");
}

# ---- an order by hand -------------------------------------------------------------

$r = $u->submit($u->page('/'), qr/new/, hostname => 'http://Bücher.test:8080/docs/');
is($r->{status}, 200, 'the page of a host');
is_deeply($r->{cookies}, [], 'is the same visitor\'s');
like(text($r->{body}), qr/bücher\.test:8080/, 'shows the host as people write it');
like(text($r->{body}), qr/Counting the pages/, 'counts its pages');
is($s->redis('ZCARD', 'lane:analyze'), 1, 'which is asked of the workers');
is_deeply($s->redis('HVALS', 'lane:analyze:owner'), ['127.0.0.1'],
	'in the turn of who asked');
is($s->value('SELECT state FROM hosts'), 'pending', 'once');
my ($form) = grep { $_->{method} eq 'POST' } Platen::User::forms($r->{body});
is($form->{fields}{include}, '/docs/**', 'the path became a filter');
is($form->{fields}{provider}, 'builtin', 'a provider is chosen');
like($form->{html}, qr/Free/, 'with its price');

$s->psql('platen', "UPDATE hosts SET urls_count = 132, state = 'counting'");
like(text($u->page($r->{path})->{body}), qr/132 so far pages/, 'a count under way');
$s->psql('platen', "UPDATE hosts SET urls_count = 240, state = 'done', counted_at = now()");
my $counted = text($u->page($r->{path})->{body});
like($counted, qr/240 pages/, 'a count that is done');
like($counted, qr/Time: (a few|about)/, 'gives an expected time');
$s->psql('platen', q(UPDATE hosts SET detail = '{"urls":240,"listed":240,"paths":[)
    . q({"pattern":"/%D0%BF%D1%80/**","urls":200,"listed":200,"level":0},)
    . q({"pattern":"/x%2Fy/**","urls":40,"listed":40,"level":0}]}'));
my $typed = text($u->page($r->{path})->{body});
like($typed, qr{/пр/\* .*/x%2Fy/\* }, 'parts are written as people write them');
like($typed, qr/At most 240 pages will be read/, 'typed patterns may leave out more of them');
$s->psql('platen', "UPDATE hosts SET urls_count = 0, detail = DEFAULT");
like(text($u->page($r->{path})->{body}), qr/No pages found\. +The home page/, 'none is told as such');
$s->psql('platen', "UPDATE hosts SET state = 'failed', error = 'The host refuses.', counted_at = now()");
like(text($u->page($r->{path})->{body}), qr/The host refuses\./, 'a count that failed says why');

my $start = $u->submit($r, qr{^/generations$}, limit => 12, exclude => "/old/**\r\n\r\n  *.pdf  \r\n");
is($start->{status}, 303, 'Start answers with 303');
my ($id) = $start->{headers}{location} =~ m{^/generations/([0-9a-f-]{36})$};
ok($id, 'to the generation');
is_deeply(decode_json($s->value("SELECT input FROM generations WHERE id = '$id'")),
    { hostname => 'http://xn--bcher-kva.test:8080', limit => 12, include => ['/docs/**'],
	exclude => ['/old/**', '*.pdf'] }, 'and is what was filled in');
$r = $u->page("/generations/$id");
like(text($r->{body}), qr/Waiting.*temporarily not processing/, 'it says what it waits for');
like($r->{body}, qr/<progress id="bar" max="1" value="0"/, 'with an empty bar');

# What is wrong comes back with what was filled in.
$r = $u->submit($u->page('/generations/new?hostname=a.test'), qr{^/generations$},
    limit => '100000', include => "/a b\n/ok/**", exclude => '/x');
is($r->{status}, 400, 'a form with mistakes');
like($r->{body}, qr/id="limit-error"[^>]*>[^<]*100000/, 'says which number is too large');
like($r->{body}, qr/id="include-error"/, 'and which pattern cannot be');
($form) = grep { $_->{method} eq 'POST' } Platen::User::forms($r->{body});
is($form->{fields}{include}, "/a b\n/ok/**", 'and keeps what was typed');
is($s->value('SELECT count(*) FROM generations'), 1, 'nothing was made');
$r = $u->page('/generations/new?hostname=a%3Cb%3Ec');
is($r->{status}, 400, 'a host that is none');
unlike($r->{body}, qr/<b>/, 'comes back escaped');

# ---- the list --------------------------------------------------------------------------

my $me = Platen::Seed::account_of($s, $u);
Platen::Seed::generation($s, $me, "h$_.test", 'pending') for 1 .. 22;
sub rows { scalar(() = $_[0]{body} =~ /<tr data-generation=/g) }
$r = $u->page('/generations');
is(rows($r), 5, 'five on a page');
like(text($r->{body}), qr/Page 1 of 5 \(23\)/, 'which, of how many');
unlike($r->{body}, qr/rel="prev"/, 'nothing before it');
like($r->{body}, qr/h22\.test/, 'newest first');
my ($next) = $r->{body} =~ /rel="next" href="([^"]+)"/;
$r = $u->page(Platen::User::unescape($next));
like(text($r->{body}), qr/Page 2 of 5 \(23\)/, 'Next');
like($r->{body}, qr/rel="prev"/, 'has a Previous');
$r = $u->page('/generations?page=5');
is(rows($r), 3, 'the last page');
unlike($r->{body}, qr/rel="next"/, 'has no Next');
like(text($u->page('/generations?page=99')->{body}), qr/Page 5 of 5/, 'past the end is the last page');
for my $n (10, 20, 50) {
	is(rows($u->page("/generations?limit=$n")), $n > 23 ? 23 : $n, "$n on a page");
}
is($u->page("/generations?$_")->{status}, 400, "no list for $_")
    for 'limit=7', 'limit=x', 'page=0', 'page=-1', 'page=1e3', 'page=99999999999999999999';
is($u->get('/generations/?page=2')->{headers}{location}, '/generations?page=2', 'a slash too many is dropped');

# ---- one, in every status ------------------------------------------------------------------

my $evil = "# <script>alert(1)</script> & \"x\"\n\n> one\n\n## A\n\n- [a](https://a.test/): b\n";
my $running = Platen::Seed::generation($s, $me, 'run.test', 'processing', processed => 3, total => 10,
    stage => 'reading', message => 'Read 3 of 10 pages', artifacts => { 'llms.txt' => $evil }, partial => 1);
$r = $u->page("/generations/$running");
like($r->{body}, qr/<progress id="bar" max="10" value="3"/, 'running: the bar');
like(text($r->{body}), qr/30 % Read 3 of 10 pages reading/, 'running: in words');
like(text($r->{body}), qr/Refresh · Refresh every 5 s/, 'running: an offer to refresh');
unlike($r->{body}, qr/http-equiv="refresh"/, 'which is off');
like($u->page("/generations/$running?refresh=5")->{body}, qr/<noscript><meta http-equiv="refresh" content="5">/,
    'until it is taken');
like($r->{body}, qr/&lt;script&gt;alert/, 'running: the text so far, escaped');
unlike($r->{body}, qr/<script>alert/, 'and nothing of it runs');
like(text($r->{body}), qr/Cancel/, 'running: Cancel');

my @pages = ({ url => 'https://d.test/', fate => 'listed' },
    (map { { url => "https://d.test/n$_", fate => 'noindex',
	$_ == 1 ? (reason => 'Marked as not to be indexed (noindex)') : () } } 1 .. 1014),
    { url => 'https://d.test/old', fate => 'http', reason => 'The server returned an error', detail => '404' });
# As a worker writes it: the head, then the pages, so many times.
my $head = encode_json({ counts => { listed => 1, leftOut => 1015 },
	reasons => [{ fate => 'noindex', pages => 1014, sentence => 'Marked as not to be indexed (noindex)' },
		{ fate => 'http', pages => 1, sentence => 'The server returned an error' }] });

sub report {
	my ($times) = @_;
	my ($first, @rest) = map { encode_json($_) } @pages;
	return substr($head, 0, -1) . ', "pages": [' . join(",\n", $first, (@rest[0 .. $#rest - 1]) x $times, $rest[-1]) . "\n]}\n";
}
my $done = Platen::Seed::generation($s, $me, 'done.test', 'completed', processed => 15, total => 15, entries => 1,
    artifacts => { 'llms.txt' => $evil, 'report.json' => report(1) });
$r = $u->page("/generations/$done");
like(text($r->{body}), qr/Completed/, 'completed: says so');
unlike($r->{body}, qr/<progress/, 'completed: no bar');
like(text($r->{body}), qr/Pages left out 1,015/, 'completed: what was left out');
like(text($r->{body}), qr/1,014 Marked as not to be indexed.*1,004 more: Show all.*1 The server returned/s,
    'by reason, the most frequent first');
unlike($r->{body}, qr{d\.test/n11<}, 'ten of each');
like($u->page("/generations/$done?all=1")->{body}, qr{d\.test/n14<}, 'or all');
my $long = Platen::Seed::generation($s, $me, 'long.test', 'completed', processed => 15, total => 15, entries => 1,
    artifacts => { 'llms.txt' => $evil, 'report.json' => '{}' });
my ($begin, $end) = report(1) =~ /^(.*\[[^\n]*\n)(.*)$/s;
$s->psql('platen', "UPDATE artifacts SET body = convert_to(\$\$$begin\$\$ || repeat("
    . "'{\"url\":\"https://d.test/x\",\"fate\":\"noindex\"},', 420000) || \$\$$end\$\$, 'UTF8') "
    . "WHERE generation_id = '$long' AND name = 'report.json'");
my $large = text($u->page("/generations/$long")->{body});
like($large, qr/Pages left out 1,015 +Too many to show here\. +Download report\.json.*1,014 Marked/s,
    'of a report that is too large its head, its first pages, and a link to it');
like($r->{body}, qr{href="/generations/$done/artifacts/llms\.txt\?download=1">Download}, 'completed: Download');
unlike(text($r->{body}), qr/Try again|Cancel/, 'completed: nothing to cancel');

my $failed = Platen::Seed::generation($s, $me, 'bad.test', 'failed', error => 'The host <bad.test> does not exist.');
$r = $u->page("/generations/$failed");
like(text($r->{body}), qr/The host <bad\.test> does not exist\./, 'failed: the reason');
my $again = $u->submit($r, qr/retry/);
is($again->{status}, 303, 'failed: Try again');
like(text($u->page("/generations/$failed")->{body}), qr/Waiting/, 'waits again');
$r = $u->submit($u->page("/generations/$failed"), qr/cancel/);
is($r->{status}, 303, 'Cancel');
like(text($u->page("/generations/$failed")->{body}), qr/Canceled/, 'is canceled');

my $other = Platen::User->new($s->url);
$other->order('else.test');
for my $path ('', '/delete', '/artifacts/llms.txt') {
	is($_->page("/generations/$done$path")->{status}, 404, "'$path' of someone else's: 404")
	    for $other, Platen::User->new($s->url);
}
like(text($other->page("/generations/$done")->{body}), qr/generation doesn't exist.*Request [\w-]+/s, 'says so, with a request id');

# ---- delete ------------------------------------------------------------------------------------

$r = $u->page("/generations/$running/delete");
like(text($r->{body}), qr/Delete llms\.txt of run\.test\?/, 'delete asks first');
is($s->value("SELECT count(*) FROM generations WHERE id = '$running'"), 1, 'asking deletes nothing');
$r = $u->submit($r, qr/delete/);
is($r->{status}, 303, 'Delete it');
is($r->{headers}{location}, '/generations', 'back to the list');
is($s->value("SELECT count(*) FROM generations WHERE id = '$running'"), 0, 'gone');
is($u->page("/generations/$running")->{status}, 404, 'and its page, too');

# ---- who may send a form ------------------------------------------------------------------------

my %from = (Origin => $u->origin);
my $token = Platen::Http->field($u->page('/generations/new?hostname=a.test'), 'csrf');
my %good = (csrf => $token, hostname => 'csrf.test');
my $try = sub {
	my ($fields, %headers) = @_;
	return $u->form('/generations', $fields, %headers)->{status};
};
is($try->(\%good), 303, 'a form with its token, from curl');
is($try->(\%good, Origin => $u->origin, 'Sec-Fetch-Site' => 'same-origin'), 303, 'from a browser');
is($try->({ hostname => 'csrf.test' }), 403, 'without the token');
is($try->({ %good, csrf => 'x' . substr $token, 1 }), 403, 'with another');
is($try->({ %good, csrf => '' }), 403, 'with an empty one');
is($try->(\%good, Origin => 'http://evil.test'), 403, 'from a foreign origin');
is($try->(\%good, Origin => 'null'), 403, 'from a hidden origin');
is($try->(\%good, 'Sec-Fetch-Site' => 'cross-site'), 403, 'from a foreign site');
is($try->(\%good, 'Sec-Fetch-Site' => 'same-site'), 403, 'from a sister domain');
my $theirs = Platen::Http->field($other->page('/generations/new?hostname=a.test'), 'csrf');
is($try->({ %good, csrf => $theirs }), 403, "with someone else's token");
is($u->request(POST => '/generations', { 'Content-Type' => 'multipart/form-data; boundary=x' }, 'x')->{status}, 415,
    'as multipart');
is($u->request(POST => '/generations', { 'Content-Type' => 'application/x-www-form-urlencoded' }, 'csrf=%zz')->{status},
    400, 'that cannot be read');
is($u->request(POST => '/generations', { 'Content-Type' => 'application/x-www-form-urlencoded' }, 'a=' . 'x' x 1_100_000)->{status},
    413, 'that is too large');
is($u->get("/generations/$done/cancel")->{status}, 405, 'a step is no link');

# A form that was open before the first order still works in a browser.
my $early = Platen::User->new($s->url);
my $open = Platen::Http->field($early->page('/generations/new?hostname=a.test'), 'csrf');
$early->order('first.test');
is($early->form('/generations', { csrf => $open, hostname => 'b.test' }, Origin => $early->origin)->{status}, 303,
    'a form from before the session, where the browser vouches');
is($early->form('/generations', { csrf => $open, hostname => 'b.test' })->{status}, 403, 'and not where nobody does');

done_testing;
