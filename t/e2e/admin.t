#!/usr/bin/perl
# The operator's page: who gets in, and what the buttons do.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Seed;
use Platen::Stack;
use Platen::User;
use Test::More;

my $pid = open my $models, '-|', 'perl', "$Bin/../fakes/models.pl" or die;
END {
	my $code = $?;
	kill 'TERM', $pid if $pid;
	undef $models;
	$? = $code;
}
my ($port) = <$models> =~ /port (\d+)/;
my $s = Platen::Stack->new(with => 'web live worker', env => {
	PLATEN_OLLAMA_URL => "http://127.0.0.1:$port", PLATEN_OLLAMA_MODEL => 'absent',
	PLATEN_GEMINI_URL => "http://127.0.0.1:$port/v1beta",
	PLATEN_GEMINI_KEY => 'good-key', PLATEN_GEMINI_MODEL => 'quota',
	PLATEN_OPENAI_URL => "http://127.0.0.1:$port/v1",
	PLATEN_OPENAI_KEY => 'sk-wrong-key', PLATEN_OPENAI_MODEL => 'good' });
sub user { Platen::User->new($s->url) }

# ---- who gets in -----------------------------------------------------------

my $guest = user();
is($guest->page('/admin')->{status}, 404, 'a visitor finds no such page');
my $mine = $guest->order('127.0.0.1');
is($guest->page('/admin')->{status}, 404, 'nor does a guest');
unlike($guest->page('/')->{body}, qr{href="/admin"}, 'no link leads him there');

my ($code, $out) = $s->run('platen', 'admin');
is($code, 0, 'platen admin');
my ($path) = $out =~ m{^http://127\.0\.0\.1:\d+(/admin/sign-in\?token=[\w-]{43})$}m;
ok($path, 'prints a link') or BAIL_OUT($out);
my ($token) = $path =~ /token=(.*)/;
is($s->value("SELECT count(*) FROM signin_links WHERE token_hash = sha256('$token')"),
    1, 'of which the database has the hash');

my $preview = user();
is($preview->get($path)->{status}, 200, 'a look at the link') for 1 .. 2;
my $admin = user();
my $page = $admin->page($path);
like($page->{body}, qr/Sign in as administrator/, 'does not spend it');
my $r = $admin->submit($page, qr{^/admin/sign-in$});
is($r->{status}, 303, 'its button signs in');
is($r->{headers}{location}, '/admin', 'and leads to the page');
$page = $admin->page('/admin');
is($page->{status}, 200, 'which opens');
like($page->{headers}{'cache-control'}, qr/no-store/, 'for nobody to keep');
is($preview->page($path)->{status}, 404, 'the link is spent');
$r = $preview->form('/admin/sign-in', { token => $token,
	csrf => Platen::Http->field($preview->page('/'), 'csrf')
	    // Platen::Http->field($preview->page('/generations/new?hostname=x.test'), 'csrf') });
is($r->{status}, 404, 'for good');
like($r->{body}, qr/platen admin/, 'and the answer says how to get another');
($code, $out) = $s->run('platen', 'admin');
my ($old) = $out =~ /token=([\w-]+)/;
$s->sql("UPDATE signin_links SET expires_at = now() - interval '1 s'");
is(user()->page("/admin/sign-in?token=$old")->{status}, 404,
    'a link is over after its time');
is(user()->page('/admin/sign-in')->{status}, 404, 'no token is no link');
is($s->value("SELECT count(*) FROM accounts WHERE kind = 'admin'"), 1,
    'there is one administrator');

# post PATH, FIELD => VALUE...: as a form of the page does; the answer.
sub post {
	my ($path, %f) = @_;
	return $admin->form($path, { %f,
	    csrf => Platen::Http->field($admin->page('/admin'), 'csrf') });
}
sub text { return Platen::User::text($admin->page('/admin')->{body}) }

is($admin->form('/admin/lane', { lane => 'builtin', do => 'stop' })->{status}, 403,
    'a form from elsewhere does nothing');
is($guest->form('/admin/lane', { lane => 'builtin', do => 'stop',
	csrf => Platen::Http->field($guest->page("/generations/$mine/delete"), 'csrf') })
    ->{status}, 404, "a guest's neither");

# ---- providers ---------------------------------------------------------------

like(text(), qr/Not tested yet/, 'nothing is tested at first');
for my $p (qw(ollama gemini openai)) {
	is(post('/admin/probe', provider => $p)->{status}, 303, "$p: a test is asked for");
}
wait_for { $s->value("SELECT count(*) FROM probes WHERE state = 'done'") == 3 } 8,
    'the tests end';
my $t = text();
like($t, qr/Ollama does not have the model "absent"\. Run: ollama pull absent Tested \d+ \w+/,
    'a missing model is told, with the time');
like($t, qr/rejected the API key \(401\)/, 'so is a wrong key');
like($t, qr/daily quota is used up/, 'and a quota');
unlike($admin->page('/admin')->{body}, qr/sk-wrong|good-key/, 'no key is shown');
is(post('/admin/probe', provider => 'builtin')->{status}, 400,
    'what has no model cannot be tested');
$s->sql("UPDATE probes SET state = 'pending', why = '' WHERE provider = 'ollama'");
like(text(), qr/Testing/, 'a test under way is shown');
wait_for { $s->value("SELECT 1 FROM probes WHERE provider = 'ollama' AND state = 'done'") }
    8, 'a test that Redis lost is made up for';

# ---- lanes ---------------------------------------------------------------------

is(post('/admin/lane', lane => 'builtin', do => 'stop', why => 'Moving house.')->{status},
    303, 'a lane is paused');
my $id = $guest->order('127.0.0.1');
like($guest->page("/generations/$id")->{body},
    qr/paused this queue: Moving house\./, 'its orders say so');
like(text(), qr/Standard \(no AI\) .*?Stopped Moving house\. 1 /, 'and the page');
is($guest->show($id)->{status}, 'pending', 'nothing of it starts');
is(post('/admin/lane', lane => 'builtin', do => 'open')->{status}, 303, 'it is resumed');
is($guest->wait_over($id, 10)->{status}, 'failed', 'and its orders go on');
is(post('/admin/lane', lane => 'nope', do => 'stop')->{status}, 400,
    'a lane that is none is refused');
is(post('/admin/lane', lane => 'builtin', do => 'limit', kind => 'parallel', n => $_)->{status}, 400,
    "a limit of $_ is refused") for qw(0 x 99999);
post('/admin/lane', lane => 'builtin', do => 'limit', kind => 'per_minute', n => 50);
post('/admin/lane', lane => 'builtin', do => 'limit', kind => 'parallel', n => 3);
like(text(), qr/Standard \(no AI\) at most 3 at once at most 50 calls per minute/, 'limits are set');
post('/admin/lane', lane => 'builtin', do => 'limit', kind => 'parallel', n => '');
like(text(), qr/Standard \(no AI\) at most 50 calls per minute/, 'each for itself');
unlike(text(), qr/at most 3 at once/, 'and taken away');

# A quota parks a lane: the order waits and says until when.
my ($status, $d, $answer) = $guest->api('POST', '/api/v1/generations', {
	type => 'story', provider => 'gemini', input => { prompt => 'A lamp at sea' } });
is($status, 202, 'a story is ordered') or diag $answer->{body};
my $story = $d->{data}{id};
wait_for { $s->value("SELECT attempt FROM generations WHERE id = '$story'
	AND status = 'pending'") } 10, 'it comes back to wait';
like($guest->page("/generations/$story")->{body},
    qr/daily quota is used up.*place in the queue is kept; work resumes after <time datetime="[^"]+">\d+ \w+ \d+, \d\d:\d\d UTC<\/time>/s,
    'a used-up quota: its page says why and until when');
is($s->value("SELECT failures FROM generations WHERE id = '$story'"), 0,
    'no failure is counted');
like(text(), qr/Gemini\) oldest has waited .*?Parked Gemini's daily quota.*?Until/,
    'the operator sees it');

# ---- retry, empty, clean ----------------------------------------------------------

my $account = Platen::Seed::account_of($s, $guest);
like(text(), qr/Latest failures.*127\.0\.0\.1/, 'failures are listed');
is($admin->page("/generations/$id")->{status}, 404,
    "an administrator does not see others' results");
my $before = $s->value("SELECT attempt FROM generations WHERE id = '$id'");
$r = post('/admin/retry', id => $id);
is($r->{headers}{location}, '/admin?done=again&n=1', 'one is tried again');
$guest->wait_over($id, 10);
ok($s->value("SELECT attempt FROM generations WHERE id = '$id'") > $before,
    'and runs again');
like(join(' ', map { "@$_" } $s->sql("SELECT actor, reason FROM status_history
    WHERE generation_id = '$id'")), qr/operator retried by the administrator/,
    'its history says by whom');
is(post('/admin/retry', id => Platen::Seed::uuid())->{status}, 409,
    'what is not there cannot be tried again');
$guest->wait_over($id, 10);

$page = $admin->page('/admin/clean?what=waiting&lane=gemini');
like($page->{body}, qr/Cancel 1 waiting generation\?/, 'emptying a lane is asked');
$r = $admin->submit($page, qr{^/admin/clean$});
is($r->{headers}{location}, '/admin?done=canceled&n=1', 'and done');
is($guest->show($story)->{status}, 'canceled', 'what waited is canceled');

my $done = Platen::Seed::generation($s, $account, 'done.test', 'completed',
    artifacts => { 'llms.txt' => "# A\n" });
$page = $admin->page('/admin/clean?what=completed&days=1');
like($page->{body}, qr/Nothing to remove/, 'by age: it is too young');
$page = $admin->page('/admin/clean?what=completed&days=0');
like($page->{body}, qr/Remove 1 completed generation\?.*cannot be undone/s,
    'removing is asked, with the number');
$r = $admin->submit($page, qr{^/admin/clean$});
is($r->{headers}{location}, '/admin?done=removed&n=1', 'and done');
like($admin->page($r->{headers}{location})->{body}, qr/One file was removed/,
    'and told');
is($guest->show($done), undef, 'it is gone');
is($s->value('SELECT count(*) FROM artifacts'), 0, 'with its files');
ok((grep { /"event":"deleted"/ && /$done/ } map { "@{ $_->[1] }" }
    @{ $s->redis('XRANGE', "events:user:$account", '-', '+') }), 'its listeners are told');
ok($guest->show($id), 'the others stay');
is($admin->page("/admin/clean?what=$_")->{status}, 400, "'$_' cannot be cleaned")
    for 'processing', '', 'waiting';

# ---- the database says no, too ------------------------------------------------------

for my $call ('admin_lanes()', 'admin_workers()', "admin_clean('completed', 0, 1)") {
	my $said = eval { $s->psql('platen', "SET ROLE platen_web;
	    SELECT set_config('app.account', '$account', false);
	    SELECT * FROM $call"); 1 };
	ok(!$said && $@ =~ /for administrators only/,
	    "$call is refused to another account by the database");
}

is(post('/admin/sign-out')->{status}, 303, 'the administrator signs out');
is($admin->page('/admin')->{status}, 404, 'and is out');
done_testing;
