#!/usr/bin/perl
# platen generate with a language model: its words where they hold, the
# builtin ones where they do not, a whole valid file whatever happens.
use strict;
use warnings;
use FindBin qw($Bin);
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $root = "$Bin/../..";
my $bin = ($ENV{PLATEN_BUILD} // "$root/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;
my $tmp = tempdir(CLEANUP => 1);
my @pids;
# Named in END, so that Perl does not close them, and wait, before it.
my @pipes;
END {
	my $code = $?;
	kill 'TERM', @pids;
	select undef, undef, undef, 0.2;
	kill 'KILL', @pids;
	@pipes = ();
	$? = $code;
}

# A fake that tells its port; it ends with the test.
sub fake {
	my (@cmd) = @_;
	my $pid = open my $out, '-|', 'perl', @cmd or die "$cmd[0]: $!";
	push @pids, $pid;
	my ($port) = <$out> =~ /port (\d+)/ or die "$cmd[0] gave no port";
	push @pipes, $out;
	return $port;
}

sub slurp {
	open my $h, '<:raw', $_[0] or return '';
	local $/;
	return scalar <$h>;
}

my $site = fake("$root/t/fakes/site.pl");
my $models = fake("$root/t/fakes/models.pl", '--log', "$tmp/asked");
$ENV{PLATEN_CRAWL_CONNECT_TO} = "good.test:80:127.0.0.1:$site,"
    . "inject.test:80:127.0.0.1:$site";
$ENV{PLATEN_CRAWL_ALLOW} = "127.0.0.1:$site";
$ENV{PLATEN_OLLAMA_URL} = "http://127.0.0.1:$models";
$ENV{PLATEN_GEMINI_URL} = "http://127.0.0.1:$models/v1beta";
$ENV{PLATEN_OPENAI_URL} = "http://127.0.0.1:$models/v1";
$ENV{PLATEN_GEMINI_KEY} = $ENV{PLATEN_OPENAI_KEY} = 'good-key';
$ENV{PLATEN_MODEL_SILENCE_MS} = $ENV{PLATEN_MODEL_FIRST_BYTE_MS} = 900;
$ENV{PLATEN_MODEL_TRIES} = 2;

# All that generate ever printed or wrote, to look for keys in.
my $published = '';

sub questions { return map { decode_json($_) } split /\n/, slurp("$tmp/asked") }

# generate PROVIDER, MODEL, HOST: (the file's lines by path, report.json's model).
sub generate {
	my ($provider, $model, $host) = @_;
	local $ENV{ 'PLATEN_' . uc($provider) . '_MODEL' } = $model;
	my $dir = "$tmp/out";
	my $code = system "$bin generate $host --provider $provider -o $dir"
	    . " >$tmp/gen 2>&1";
	is($code, 0, "$provider, $model: a file comes") or diag slurp("$tmp/gen");
	is(system("$bin check $dir/llms.txt >$tmp/log 2>&1"), 0,
		"$provider, $model: it is valid") or diag slurp("$tmp/log");
	my $text = slurp("$dir/llms.txt");
	$published .= slurp("$tmp/gen") . slurp("$dir/report.json");
	my %line = map { /^- \[(.*)\]\(http:\/\/[^\/]+(\/.*?)\): (.*)$/ ? ($2 => [$1, $3]) : () }
	    split /\n/, $text;
	my $report = eval { decode_json(slurp("$dir/report.json")) } // {};
	return (\%line, $report->{model}, $text);
}

my ($builtin, undef, $builtin_text) = generate('builtin', 'none', 'good.test');
for my $provider (qw(ollama gemini openai)) {
	my ($line, $m, $text) = generate($provider, 'good', 'good.test');
	is($m->{described}, 6, "$provider: the model describes every page");
	is_deeply([sort keys %$line], [sort keys %$builtin],
		"$provider: the same pages, none lost, none invented");
	isnt($line->{'/guide/ink'}[1], $builtin->{'/guide/ink'}[1],
		"$provider: in its own words");
	like($text, qr/^> Platen Press: what the home page holds\.\n\nPlaten Press\. The press/m,
		"$provider: and so are the summary and the information");
}

# A provider that cannot help is told of, not passed over.
{
	my $go = "$bin generate good.test -o $tmp/none --provider";
	is(system("$go nope 2>$tmp/log") >> 8, 2, 'an unknown provider is misuse');
	like(slurp("$tmp/log"), qr/unknown provider 'nope'/, 'and named');
	for (['GEMINI_KEY', 'gemini.key'], ['OPENAI_MODEL', 'openai.model'],
		['OLLAMA_MODEL', 'ollama.model']) {
		my ($name) = map { lc } $_->[0] =~ /^([A-Z]+)/;
		local $ENV{"PLATEN_$_->[0]"} = '';
		is(system("$go $name 2>$tmp/log") >> 8, 2,
			"$name: nothing is made without $_->[1]");
		like(slurp("$tmp/log"), qr/set \Q$_->[1]\E/, 'which is named');
	}
	ok(!-e "$tmp/none", 'nothing was written');
	generate('openai', 'flat-error', 'good.test');
	like(slurp("$tmp/gen"), qr/stopped before the end: .*no such field/,
		'why a model stopped is told at the end');
	my (undef, $m) = generate('openai', 'whole', 'good.test');
	is($m->{described}, 6, 'a server that does not stream describes all');
}

# What a model makes up is not published.
for my $model (qw(invents-number invents-name other-index links addresses rambles)) {
	my ($line, $m) = generate('ollama', $model, 'good.test');
	is($m->{described}, 0, "$model: none of its lines holds");
	is_deeply($line, $builtin, "$model: the builtin lines stay");
}
{
	my ($line, $m) = generate('ollama', 'loses', 'good.test');
	is(keys %$line, 6, 'a page the model forgets stays in the file');
	($line, $m) = generate('ollama', 'twice', 'good.test');
	unlike($_->[1], qr/^The press prints/, 'the first answer for a page counts')
	    for $line->{'/'};
}

{
	my ($line, $m) = generate('openai', 'lies-once', 'good.test');
	is($m->{described}, 6, 'lies-once: pages whose lines do not hold get one more try');
	($line, $m) = generate('gemini', 'prudish', 'good.test');
	is($m->{described}, 5, 'prudish: a page that is refused costs no other its line');
	is_deeply($line->{'/guide/ink'}, $builtin->{'/guide/ink'},
		'prudish: and keeps its own');
	is($m->{note}, undef, 'prudish: the model is not given up for it');
}
for my $model (qw(terse long-titles title-lies)) {
	my ($line, $m) = generate('openai', $model, 'good.test');
	is($m->{described}, 6, "$model: its sentences hold");
	is($line->{'/guide/ink'}[0], $builtin->{'/guide/ink'}[0],
		"$model: but the builtin title stays");
}
{
	my (undef, undef, $text) = generate('openai', 'head-lies', 'good.test');
	is_deeply([grep { !/^- / } split /\n/, $text],
		[grep { !/^- / } split /\n/, $builtin_text],
		'head-lies: summary, information and sections stay the builtin ones');
	(undef, undef, $text) = generate('openai', 'renames', 'good.test');
	is_deeply([$text =~ /^## (.*)$/mg], ['Press and Paper', ($builtin_text =~ /^## (.*)$/mg)[1]],
		'renames: a section gets a name that holds, is short and its own');
}

# A model that fails leaves a whole file and says why.
my %note = (
	'cut'           => qr/^The response from Ollama was incomplete\.$/,
	'error-inside'  => qr/stopped before finishing: the runner stopped/,
	'silence'       => qr/stopped responding for/,
	'no-first-byte' => qr/did not start responding/,
	'garbage'       => qr/is not JSON/,
	'empty'         => qr/answered nothing/,
	'html-502'      => qr/busy or failed \(502\)/,
	'missing'       => qr/ollama pull missing/,
);
for my $model (sort keys %note) {
	local $ENV{PLATEN_MODEL_TRIES} = 1;
	my ($line, $m) = generate('ollama', $model, 'good.test');
	is_deeply($line, $builtin, "$model: the builtin lines stay");
	like($m->{note}, $note{$model}, "$model: the report says why");
}
{
	my ($line, $m) = generate('ollama', 'dies', 'good.test');
	is($m->{described}, 6, 'dies: what it said before is kept');
	like($m->{note}, qr/500/, 'dies: and its end is told');
	($line, $m) = generate('ollama', 'half-json', 'good.test');
	is_deeply($line, $builtin, 'half-json: halved to the last, then builtin');
	($line, $m) = generate('ollama', 'too-long', 'good.test');
	is($m->{described}, 6, 'too-long: halved until it fits');
	($line, $m) = generate('ollama', 'busy-twice', 'good.test');
	ok($m->{note}, 'busy-twice: two tries are not enough');
	{
		local $ENV{PLATEN_MODEL_TRIES} = 3;
		($line, $m) = generate('gemini', 'busy-twice', 'good.test');
		is($m->{described}, 6, 'busy-twice: the third is good');
		is($m->{note}, undef, 'busy-twice: and nothing is to be told');
	}
	my $before = questions();
	($line, $m) = generate('openai', 'short-breath', 'good.test');
	is($m->{described}, 6, 'short-breath: what was cut off is asked in halves');
	my @of = map { scalar(() = $_->{prompt} =~ /^\d+ \| .* \| /mg) }
	    grep { $_->{prompt} =~ /^0 \| \// } (questions())[$before .. questions() - 1];
	is("@of", '6 3 1 2 3 1 2', 'short-breath: until they are short enough');
	($line, $m) = generate('openai', 'no-schema', 'good.test');
	is($m->{described}, 6, 'no-schema: asked again without');
	($line, $m) = generate('gemini', 'quota', 'good.test');
	like($m->{note}, qr/daily quota/, 'quota: told, not waited for');
	($line, $m) = generate('openai', 'fenced', 'good.test');
	is($m->{described}, 6, 'fenced: JSON inside Markdown is found');
}

# Pages go into questions as large as the context, and no larger.
{
	local $ENV{PLATEN_OLLAMA_CONTEXT_TOKENS} = 2048;
	local $ENV{PLATEN_MODEL_BATCH_PAGES} = 3;
	my $before = questions();
	my ($line, $m) = generate('ollama', 'good', 'good.test');
	is($m->{described}, 6, 'a small context: all are described');
	my @q = (questions())[$before .. questions() - 1];
	cmp_ok(scalar(@q), '>', 2, 'in more questions');
	is(scalar(grep { $_->{num_ctx} > 2048 } @q), 0, 'none for a larger context');
	is(scalar(grep { length("$_->{system}$_->{prompt}") / 3 + $_->{room} > 2048 } @q),
		0, 'each with room for its answer');
	is(scalar(grep { $_->{prompt} =~ /^3 \| .* \| /m && $_->{prompt} !~ /^Site:/ } @q),
		0, 'and never of more pages than are allowed');
	# Where the context is the server's, ours is a matter of bytes.
	local $ENV{PLATEN_OPENAI_CONTEXT_TOKENS} = 2048;
	local $ENV{PLATEN_MODEL_BATCH_PAGES} = 16;
	$before = questions();
	generate('openai', 'good', 'good.test');
	@q = grep { $_->{prompt} =~ /^0 \| \// } (questions())[$before .. questions() - 1];
	cmp_ok(scalar(@q), '>', 1, 'a small context at another provider: more questions');
	is(scalar(grep { $_->{prompt} =~ /^1 \| /m && length($_->{prompt}) > 1300 } @q), 0,
		'none of two pages that do not fit');
}

# A page that gives orders changes its own line at the most.
{
	my ($line, $m, $text) = generate('ollama', 'obeys', 'inject.test');
	my ($plain, undef, $was) = generate('builtin', 'none', 'inject.test');
	unlike("@{ $line->{$_} }", qr/watches/, "$_ does not say what another page ordered")
	    for grep { $_ ne '/evil' && $_ ne '/worse' } keys %$plain;
	is_deeply([sort keys %$line], [sort keys %$plain], 'no address was changed');
	s/^- .*\n//mg for $text, $was;
	unlike($text, qr/watches|casino/i,
		'nor the summary, the information and the sections');
	is_deeply([$text =~ /^## (.*)/mg], [$was =~ /^## (.*)/mg],
		'which have their names');
}

# No key in what is shown or logged, not even when the server quotes it.
for my $model (qw(quotes-key refuses-key)) {
	my (undef, $m) = generate('openai', $model, 'good.test');
	like($m->{note}, qr/no credit for \*\*\*/, "$model: the key is struck out");
}
like($published, qr/no credit for \*\*\*/, 'of what is printed, too');
unlike($published, qr/good-key/, 'a key is in no log and no file');
my @asked = questions();
is(scalar(grep { $_->{api} eq 'ollama' && ($_->{truncate} // 1) } @asked), 0,
	'Ollama is told not to cut the question');
is(scalar(grep { $_->{api} eq 'ollama' && $_->{num_ctx} < 2048 } @asked), 0,
	'and how large a context it takes');
done_testing;
