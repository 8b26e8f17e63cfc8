#!/usr/bin/perl
# A story, from the form to the file: with all three kinds of model, while it
# grows, and with every fault that a model has.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Test::More;
use Time::HiRes qw(sleep);
use Platen::Sites;
use Platen::Stack;
use Platen::User 'text';

binmode Test::More->builder->$_, ':utf8' for qw(output failure_output);

# ---- where no model is set up ------------------------------------------------

{
	my $s = Platen::Stack->new(with => 'web');
	my $u = Platen::User->new($s->url);
	my $page = $u->page('/generations/new?type=story');
	like(text($page->{body}), qr/this server has none.*ollama\.model/,
		'without a model the form says so');
	unlike($page->{body}, qr/type="submit"/, 'and has no Start');
	my ($status, $d) = $u->api('POST', '/api/v1/generations',
		{ type => 'story', input => { theme => 'a fox' } });
	is($status, 400, 'an order is refused');
	is($d->{errors}[0]{pointer}, '#/provider', 'for its provider');
}

# ---- the form ------------------------------------------------------------------

my $models = Platen::Sites::models();
my $s = Platen::Stack->new(with => 'web worker', env => {
	%{ $models->{env} }, PLATEN_MODEL_TRIES => 2, PLATEN_MODEL_SILENCE_MS => 700,
	PLATEN_WORKER_ATTEMPTS => 1, PLATEN_WORKER_SLOTS => 8,
});
my $u = Platen::User->new($s->url);

like($u->page('/')->{body}, qr{href="/generations/new\?type=story"},
	'the home page leads to it');
my $page = $u->page('/generations/new?type=story');
is($page->{status}, 200, 'the form of a story');
unlike($page->{body}, qr/value="builtin"/, 'offers nobody without a model');
my $r = $u->submit($page, qr/generations$/, theme => "  \n", language => '<b>',
	tone => 'dry & <i>odd</i>', length => 9, provider => 'openai');
is($r->{status}, 400, 'an order with faults comes back');
like(text($r->{body}), qr/The theme is missing/, 'with the theme named');
like(text($r->{body}), qr/The length is 9 words; from 50 to 5000/, 'and the length');
like(text($r->{body}), qr/The language must be a name or a code/, 'and the language');
my ($form) = grep { $_->{action} eq '/generations' } Platen::User::forms($r->{body});
is($form->{fields}{tone}, 'dry & <i>odd</i>', 'what was typed is still there');
is($form->{fields}{provider}, 'openai', 'and who was chosen');
is($form->{fields}{length}, 9, 'and the wrong number');
$r = $u->submit($page, qr/generations$/, theme => 'Füchse & "Drucker"',
	language => 'Deutsch', length => 200);
is($r->{status}, 303, 'a good one is taken');
my ($id) = $r->{headers}{location} =~ m{/generations/([0-9a-f-]{36})};
my $g = $u->wait_over($id, 20);
is($g->{status}, 'completed', 'and written') or diag $g->{errorMessage};
is($g->{provider}, 'ollama', 'by the first with a model');
is($g->{prompt}, 'Story: Füchse & "Drucker"', 'one line says what it is');
is($g->{hostname}, undef, 'it has no host');
is($g->{total}, 200, 'so many words were asked for');
is($g->{tokensUsed}, 18, 'its tokens are counted');
is_deeply($g->{resultUrls}, ["/api/v1/generations/$id/artifacts/story.md"],
	'its file is named');
is($g->{result}{quality}, "excellent", "and what is known of it");
ok(!exists $g->{result}{artifacts}, "but its files, which are named already");

$page = $u->page("/generations/$id");
my $title = 'The Fox – Füchse & "Drucker"';
like(text($page->{body}), qr/Story \Q$title\E/, 'the page bears its title');
like($page->{body}, qr{<p>On day 1 the fox set 1 lines in ink 1\.}, 'the text is rendered');
like(text($page->{body}), qr/Quality excellent Words 198 \(200 requested\)/, 'with its facts');
unlike($page->{body}, qr/llms\.txt of|Pages left out/, 'and nothing of a site');
like(text($u->page('/')->{body}), qr/\Q$title\E Story/, 'the list shows the title');
$r = $u->get("/generations/$id/artifacts/story.md?download=1");
like($r->{headers}{'content-disposition'}, qr/filename="story-The-Fox-[\w.-]*\.md"/,
	'it is saved under its title');
utf8::decode(my $md = $r->{body});
like($md, qr/\A# The Fox – .*\n\nOn day 1 /, 'as Markdown with its title');
is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8', 'shown as text');

# ---- programs --------------------------------------------------------------------

sub order {
	my ($theme, %more) = @_;
	my $provider = delete $more{provider} // 'ollama';
	my ($status, $d, $r) = $u->api('POST', '/api/v1/generations', { type => 'story',
		provider => $provider, input => { theme => $theme, length => 200, %more } });
	die "order: $status $r->{body}\n" unless $status == 202;
	return $d->{data}{id};
}

my %with = map { $_ => order('a fox', provider => $_) } qw(gemini openai);
for (sort keys %with) {
	my $g = $u->wait_over($with{$_}, 20);
	is($g->{status}, 'completed', "$_ writes one, too") or diag $g->{errorMessage};
	my (undef, $job) = $u->api('GET', "/api/job/$with{$_}");
	is($job->{result}{quality}, 'excellent', "$_: a good one");
}
my ($status, $d) = $u->api('POST', '/api/v1/generations',
	{ type => 'story', provider => 'builtin', input => { theme => 'x', colour => 1 } });
is($status, 400, 'builtin writes no story');
is_deeply([sort map { $_->{pointer} } @{ $d->{errors} }],
	['#/input/colour', '#/provider'], 'each wrong field is named');

($status, $d) = $u->api('POST', '/api/generate', { prompt => 'a fox', tone => 'dry', length => 100 });
is($status, 202, 'the short name takes an order');
is_deeply([sort keys %$d], [qw(estimatedWaitTime jobId message status)], 'its answer has this shape');
is($d->{status}, 'queued', 'it is queued');
is($d->{message}, 'Story generation queued successfully', 'in these words');
is_deeply([sort keys %{ $d->{estimatedWaitTime} }],
	[qw(activeJobs estimatedMinutes position queueLength)], 'with its wait');
my $job = $d->{jobId};
is($u->wait_over($job, 20)->{status}, 'completed', 'it is written');
($status, $d) = $u->api('GET', "/api/job/$job");
is_deeply([sort keys %$d], [qw(jobId result status storyId)], 'a completed job has this shape');
is_deeply([sort keys %{ $d->{result} }], [qw(generationTime quality words)], 'and so has its result');
is($d->{result}{words}, 99, 'the words are counted');
like($d->{result}{generationTime}, qr/^\d+(\.\d)?$/, 'and the seconds');
($status, $d) = $u->api('GET', "/api/story/$d->{storyId}");
is($d->{title}, 'The Fox – a fox', 'the story has its title');
like($d->{content}, qr/\A# The Fox/, 'and its text');
is($d->{tone}, 'dry', 'and what was ordered');
is(($u->api('GET', '/api/story/00000000-0000-7000-8000-000000000000'))[0], 404,
	'an unknown story is none');
is((Platen::User->new($s->url)->api('GET', "/api/job/$job"))[0], 404,
	"and somebody else's is none, too");

# ---- while it grows ----------------------------------------------------------------

my %id = map { $_ => order("a fox\nas model $_") }
    qw(cut error-inside silence empty missing half-json short loops hostile busy-twice);
$id{blocked} = order("a fox\nas model blocked", provider => 'gemini');
$id{safety} = order("a fox\nas model safety", provider => 'openai');
$id{slow} = order("a fox\nas model slow", length => 350);
$id{endless} = order("a fox\nas model endless", length => 50);
my $later = order("a fox\nas model slow", length => 1500);

my ($last, $steps, $partial, $back) = (0, 0, '', 0);
for (1 .. 400) {
	my $g = $u->show($id{slow});
	$back++ if $g->{processed} < $last || $g->{processed} > 350;
	$steps++ if $g->{processed} > $last;
	$last = $g->{processed};
	last if $g->{status} ne 'processing' && $g->{status} ne 'pending';
	unless ($partial) {
		my $p = $u->page("/generations/$id{slow}")->{body};
		$partial = $p if $p =~ /class="prose"/;
	}
	sleep 0.03;
}
ok($steps >= 5, "progress is seen while it is written ($steps steps)");
is($back, 0, 'and never goes back or beyond');
like($partial, qr/still being written.*<p>On day 1 /s, 'the text is shown while it grows');
like(text($partial), qr/Story The Fox – a fox/, 'with its title');

is(($u->api('POST', "/api/v1/generations/$later/cancel"))[0], 202, 'one that runs is canceled');
ok(eval { wait_for { $s->log('worker') =~ /dropped.*\Q$later\E/ } 2 },
	'and its process lets go within two seconds');
is(($u->api('GET', "/api/job/$later"))[1]{status}, 'canceled', 'and its job says so');

# ---- what models do ------------------------------------------------------------------

my %over = map { $_ => $u->wait_over($id{$_}, 20) } keys %id;
my %says = (
	'cut' => qr/^The response from Ollama was incomplete\.$/,
	'error-inside' => qr/stopped before finishing: the runner stopped/,
	'silence' => qr/stopped responding for/,
	'empty' => qr/answered nothing/,
	'missing' => qr/ollama pull good/,
	'blocked' => qr/./,
	'safety' => qr/blocked by its content filter/,
	'busy-twice' => qr/busy|503/,
);
for (sort keys %says) {
	is($over{$_}{status}, 'failed', "$_: it fails");
	like($over{$_}{errorMessage}, $says{$_}, "$_: and says why");
}
is((($u->api('GET', "/api/job/$id{cut}"))[1]{error} // ''), $over{cut}{errorMessage},
	'a failed job says why, too');
sub facts { return ($u->api('GET', "/api/job/$id{$_[0]}"))[1]{result} }
is($over{$_}{status}, 'completed', "$_: a story comes all the same")
    for qw(slow half-json short loops hostile endless);
ok(facts('short')->{words} >= 140, 'a model that stops early is asked to go on')
    or diag explain facts('short');
is(facts('short')->{quality}, 'good', 'and the whole is whole');
ok(facts('half-json')->{words} > 120, 'so is one that was cut off');
is(facts('half-json')->{quality}, 'fair', 'but that has no end');
is(facts('loops')->{quality}, 'poor', 'a story in circles is a poor one');

ok(facts('endless')->{words} >= 90 && facts('endless')->{words} < 200,
	'one without end is stopped at twice its length');
is(facts('endless')->{quality}, 'fair', 'and is no good one');

my $hostile = $u->page("/generations/$id{hostile}")->{body};
my ($prose) = $hostile =~ m{class="prose"[^>]*>(.*?)</article>}s;
like($prose, qr/&lt;script&gt;alert\(1\)&lt;\/script&gt;/, 'a tag is text');
unlike($prose, qr/<(?!\/?(?:p|strong|em|br \/|h[2-6]|blockquote|hr \/|ul|ol|li|pre|code)[>\s])/,
	'no other element comes of what a model writes');
unlike($prose, qr/href|<img|javascript:|evil\.test\/p/, 'no link and no picture');
like($prose, qr/and ink, her, a press, &lt;b&gt;/, 'only their words');
like($prose, qr/<strong>Fin\.<\/strong>/, 'but what is Markdown is rendered');

my @asked = do {
	open my $h, '<', $models->{log} or die;
	map { decode_json($_) } <$h>;
};
my ($short) = grep { $_->{prompt} =~ /^Go on/ && $_->{model} eq 'short' } @asked;
like($short->{prompt}, qr/=====\n# The Fox .*On day \d/s, 'to go on it is shown the story');
my ($de) = grep { $_->{prompt} =~ /Drucker/ } @asked;
like($de->{prompt}, qr/^Language: Deutsch\n.*^Length: 200 words\n/ms, 'the order is in the question');
unlike($_, qr/good-key/, 'no key is in a page') for $hostile;
is(($u->api('GET', '/api/v1/generations?type=story&limit=1'))[1]{data}{total}, 3 + 1 + keys(%id) + 1,
	'a filter finds all stories');
is($u->page('/generations/new?type=poem')->{status}, 404, 'what nobody makes has no form');
my $quota = order("a fox\nas model quota", provider => 'gemini');
ok(eval { wait_for { $u->show($quota)->{message} =~ /quota/ } 5 },
	'a story whose model has no quota left says so');
is($u->show($quota)->{status}, 'pending', 'and waits for it');
is(($u->api('DELETE', "/api/v1/generations/$id"))[0], 204, 'a story can be deleted');
is($u->show($id), undef, 'and is gone');
done_testing;
