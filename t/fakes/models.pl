#!/usr/bin/perl
# models.pl: a server that plays Ollama, Gemini and an OpenAI-compatible
# server, in their wire formats and with their faults.
# usage: models.pl [--port N] [--log FILE]     (0, the default: any free port)
# Prints "port N" on stdout, then serves 127.0.0.1 until it gets SIGTERM.
# --log appends one JSON line for each question: {api,model,system,prompt,...}.
#
# Ollama is at /api, Gemini at /v1beta (key "good-key"), OpenAI at /v1 (key
# "good-key").  The model's name says what happens: "status-NNN" is an answer of
# that status, "good" answers what was
# asked, from the words it was shown; the rest are the faults, see
# model_faults.pl.  For a story a line "as model NAME" in its theme counts
# instead.
use strict;
use warnings;
use File::Temp 'tempdir';
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Platen::Fork 'fork_server';
use Time::HiRes 'sleep';

my ($port, $log) = (0);
while (defined(my $o = shift)) {
	if    ($o eq '--port') { $port = shift }
	elsif ($o eq '--log')  { $log  = shift }
	else                   { die "usage: models.pl [--port N] [--log FILE]\n" }
}
our $json = JSON::PP->new->canonical->utf8;
# Counts of questions, by model, in files: every connection has its process.
my $state = tempdir(CLEANUP => 1);

# The n-th question to this model, from 1.
sub nth {
	my ($model) = @_;
	(my $name = $model) =~ s/\W/_/g;
	my $f = "$state/$name";
	open my $h, '>>', $f or die "$f: $!\n";
	syswrite $h, 'x';
	close $h;
	return -s $f;
}

# ---- what a good model says --------------------------------------------------

# Title and description of a page from "path | title | text".
sub describe {
	my ($model, $i, $path, $title, $text) = @_;
	my @w = split ' ', $text;
	$title = join ' ', grep { defined } (split ' ', "$title $text")[0 .. 3];
	my $d = join ' ', grep { defined } @w[0 .. 11];
	$d =~ s/[.:;,]*$/./;
	$d = 'Explains 987654321 things about it.' if $model eq 'invents-number';
	$d = 'Written by Zaphod Beeblebrox for readers.' if $model eq 'invents-name';
	$d = 'See [this](/evil) of ' . $d if $model eq 'links';
	$d = "Read http://evil.test/ or $d" if $model eq 'addresses';
	$d = join ' ', ($d) x 9 if $model eq 'rambles';
	$title = (split ' ', $title)[0] if $model eq 'terse';
	$title = join ' ', @w[0 .. 11] if $model eq 'long-titles' && @w > 11;
	$title = "Beeblebrox's $title" if $model eq 'title-lies';
	return { index => $i + 0, title => $title, description => $d };
}

# A story as long as the question wants, eleven words a sentence, none twice;
# or the rest of one.
sub story {
	my ($model, $prompt) = @_;
	my ($more) = $prompt =~ /It has (\d+) words so far/;
	my ($words) = $prompt =~ /Write the next (\d+) words/;
	($words) = $prompt =~ /^Length: (\d+) words/m unless defined $words;
	$words *= $model eq 'short' ? .3 : $model eq 'endless' ? 9 : 1;
	my ($theme) = $prompt =~ /^Theme:\n=+\n(.*)$/m;
	my $day = int(($more // 0) / 11);
	my @s = map { my $n = ++$day; "On day $n the fox set $n lines in ink $n." }
	    1 .. $words / 11;
	@s = map { 'She ran, and ran, and ran.' } @s if $model eq 'loops';
	my $text = '';
	while (my @p = splice @s, 0, 4) { $text .= "\n\n@p" }
	$text .= "\n\n<script>alert(1)</script>\n\n"
	    . 'An <img src=x onerror=alert(2)> and [ink](javascript:alert(3)), '
	    . '[her](http://evil.test/), ![a press](http://evil.test/p.png), '
	    . "<b>bold</b>.\n\n<iframe src=//evil.test></iframe>\n\n**Fin.**"
	    if $model eq 'hostile';
	$text = defined $more ? substr $text, 2 : "# The Fox \x{2013} $theme$text";
	utf8::encode($text);
	return $text;
}

# A model that does what a page tells it, whatever it was asked.
sub obey {
	my ($words, $prompt, $schema) = @_;
	my @i = $prompt =~ /^(\d+) \| /mg;
	return $json->encode({ summary => "$words.", info => "$words." })
	    if $schema->{properties}{summary};
	return $json->encode({ sections => [ map { { index => $_ + 0, name => $words } } @i ] })
	    if $schema->{properties}{sections};
	return $json->encode({ pages => [ map {
		{ index => $_ + 0, title => $words, description => "$words." } } @i ] });
}

sub answer {
	my ($model, $prompt, $schema) = @_;
	return obey($1, $prompt, $schema)
	    if $model eq 'obeys' && $schema && $prompt =~ /SAY THIS: ([^.;|]+)[.;]/;
	return story($model, $prompt) if !$schema && $prompt =~ /^(Write this|Go on with this) story/;
	return 'Once upon a time a press printed a story.' unless $schema;
	if ($schema->{properties}{summary}) {
		return $json->encode({ summary => 'Founded in 1834 for printers.',
			info => 'The home page has 4711 readers of the press.' })
		    if $model eq 'head-lies';
		my ($title) = $prompt =~ /^Title: (.*)$/m;
		return $json->encode({ summary => "$title: what the home page holds.",
			info => "$title. " . ($prompt =~ /^Home page: (.{20,200}?)[.\n]/m
			    ? "$1." : 'Home page.') });
	}
	if ($schema->{properties}{sections}) {
		my @names = $model eq 'head-lies' ? [0, 'Zaphod Works']
		    : $model eq 'renames' ? ([0, 'Optional'], [0, 'Press and Paper'],
			[1, 'press and paper'], [1, 'Zaphod Works'], [9, 'Paper'],
			[-1, 'Paper'], [1, 'Paper and ink and type and paper']) : ();
		return $json->encode({ sections =>
			[ map { { index => $_->[0], name => $_->[1] } } @names ] });
	}
	my @pages;
	for (split /\n/, $prompt) {
		my ($i, $path, $title, $text) = /^(\d+) \| (.*?) \| (.*?) \| (.*)$/ or next;
		push @pages, describe($model, $i, $path, $title, $text);
	}
	if ($model eq 'lies-once' && nth($model) == 1) {
		$_->{description} = 'Founded in 1834.' for @pages;
	}
	pop @pages if $model eq 'loses';
	$_->{index} += 1000 for $model eq 'other-index' ? @pages : ();
	push @pages, { %{ $pages[0] }, description =>
		'The press prints a sheet when the platen meets it.' }
	    if $model eq 'twice';
	return $json->encode({ pages => \@pages });
}

# ---- wire formats --------------------------------------------------------------

# Pieces of an answer as each API frames them.
our %frame = (
	ollama => sub {
		my ($m, $text, %o) = @_;
		my @out = map {
			$json->encode({ model => $m, created_at => '2026-01-02T03:04:05.678Z',
				message => { role => 'assistant', content => $_ },
				done => JSON::PP::false }) . "\n"
		} pieces($text);
		unshift @out, $json->encode({ model => $m, message =>
			{ role => 'assistant', content => '', thinking => 'hm' },
			done => JSON::PP::false }) . "\n";
		push @out, $json->encode({ model => $m,
			message => { role => 'assistant', content => '' },
			done => JSON::PP::true, done_reason => $o{reason} // 'stop',
			$o{bare} ? () : (prompt_eval_count => 11, eval_count => 7) }) . "\n";
		return @out;
	},
	gemini => sub {
		my ($m, $text, %o) = @_;
		my @p = pieces($text);
		my @out = map {
			my $c = { content => { role => 'model',
				parts => [ { text => $p[$_] } ] }, index => 0 };
			$c->{finishReason} = $o{reason} // 'STOP' if $_ == $#p;
			'data: ' . $json->encode({ candidates => [$c], usageMetadata =>
				{ promptTokenCount => 11, candidatesTokenCount => $_ + 1 } })
			    . "\r\n\r\n";
		} 0 .. $#p;
		unshift @out, 'data: ' . $json->encode({ candidates => [ { content =>
			{ parts => [ { text => 'hm', thought => JSON::PP::true } ] } } ] })
		    . "\r\n\r\n";
		return @out;
	},
	openai => sub {
		my ($m, $text, %o) = @_;
		my $chunk = sub {
			my ($delta, $reason) = @_;
			return 'data: ' . $json->encode({ id => 'c1', model => $m,
				object => 'chat.completion.chunk', choices => [ { index => 0,
					delta => $delta, finish_reason => $reason } ] }) . "\n\n";
		};
		return (": comment\n\n", $chunk->({ role => 'assistant', content => '' }, undef),
			(map { $chunk->({ content => $_ }, undef) } pieces($text)),
			$chunk->({}, $o{reason} // 'stop'),
			'data: ' . $json->encode({ id => 'c1', choices => [], usage =>
				{ prompt_tokens => 11, completion_tokens => 7, total_tokens => 18 } })
			    . "\n\n", $o{no_done} ? () : "data: [DONE]\n\n");
	},
);

# Characters, not bytes: three dozen at a time.
sub pieces {
	my ($text) = @_;
	utf8::decode($text);
	my @p = $text =~ /(.{1,36})/gs;
	return @p ? @p : ('');
}

our %type = (ollama => 'application/x-ndjson', gemini => 'text/event-stream',
	openai => 'text/event-stream; charset=utf-8');

sub head {
	my ($status, $type, @more) = @_;
	my $out = "HTTP/1.1 $status X\r\nContent-Type: $type\r\n"
	    . "x-request-id: req-1\r\nConnection: close\r\n";
	while (my ($k, $v) = splice @more, 0, 2) { $out .= "$k: $v\r\n" }
	return "$out\r\n";
}

sub refuse {
	my ($c, $status, $body, @more) = @_;
	print $c head($status, 'application/json', @more),
	    ref $body ? $json->encode($body) : $body;
}

sub stream {
	my ($c, $api, @frames) = @_;
	print $c head(200, $type{$api});
	for (@frames) { print $c $_; $c->flush }
}

our %fault;
require "$FindBin::Bin/model_faults.pl";

# ---- the server ----------------------------------------------------------------

sub note {
	my ($q) = @_;
	return unless defined $log;
	open my $h, '>>', $log or die "$log: $!\n";
	syswrite $h, $json->encode($q) . "\n";
	close $h;
}

# A question in our terms: {api,model,system,prompt,schema,...}.
sub question {
	my ($api, $path, $b) = @_;
	my %q = (api => $api);
	if ($api eq 'gemini') {
		($q{model}) = $path =~ m{/models/([^:]+):};
		$q{system} = $b->{systemInstruction}{parts}[0]{text};
		$q{prompt} = $b->{contents}[0]{parts}[0]{text};
		$q{schema} = $b->{generationConfig}{responseJsonSchema};
		$q{room} = $b->{generationConfig}{maxOutputTokens};
		$q{thinking} = $b->{generationConfig}{thinkingConfig};
	} else {
		$q{model} = $b->{model};
		($q{system}, $q{prompt}) = map { $_->{content} } @{ $b->{messages} };
		$q{schema} = $api eq 'ollama' ? $b->{format}
		    : $b->{response_format}{json_schema}{schema};
		$q{format} = $b->{response_format}{type};
		$q{old_max} = exists $b->{max_tokens} ? 1 : 0;
		$q{num_ctx} = $b->{options}{num_ctx};
		$q{room} = $b->{options}{num_predict} // $b->{max_tokens}
		    // $b->{max_completion_tokens};
		$q{think} = $b->{think} ? 1 : 0 if exists $b->{think};
		$q{truncate} = $b->{truncate} ? 1 : 0 if exists $b->{truncate};
	}
	$q{has_schema} = 1 if $q{schema};
	# A server that knows no schema finds it in the instructions.
	if (!$q{schema} && $q{system} =~ /JSON Schema: (\{.*\})/s) {
		$q{schema} = eval { $json->decode($1) };
	}
	return \%q;
}

# What is wrong with a question's form: these servers are strict, so every
# test of a good answer is one of the question, too.
my %wrong = (
	ollama => sub {
		my ($path, $b) = @_;
		return 'path' if $path ne '/api/chat';
		return 'roles' if "@{[map { $_->{role} } @{ $b->{messages} }]}" ne 'system user';
		return 'truncate' if !exists $b->{truncate} || $b->{truncate};
		return 'think' if $b->{think};
		return 'num_ctx' if ($b->{options}{num_ctx} // 0) < 1;
		return unless $b->{format};
		return 'the schema in words'
		    if $b->{messages}[0]{content} !~ /fit this JSON Schema: \{"type":"object"/;
		return 'temperature' if $b->{options}{temperature} != 0;
		return 'format' if ref $b->{format} ne 'HASH' || !$b->{format}{properties};
	},
	gemini => sub {
		my ($path, $b) = @_;
		return 'path' if $path !~ m{^/v1beta/models/[^/:]+:streamGenerateContent$};
		return 'contents' if @{ $b->{contents} } != 1
		    || $b->{contents}[0]{role} ne 'user';
		my $c = $b->{generationConfig};
		return 'two schemas' if $c->{responseSchema} && $c->{responseJsonSchema};
		return 'responseMimeType'
		    if $c->{responseJsonSchema} && $c->{responseMimeType} ne 'application/json';
	},
	openai => sub {
		my ($path, $b) = @_;
		return 'path' if $path ne '/v1/chat/completions';
		return 'stream' if !$b->{stream};
		return 'include_usage'
		    if $b->{stream_options} && !$b->{stream_options}{include_usage};
		my $s = $b->{response_format}{json_schema};
		return 'form of the schema' if $s && !($s->{strict}
			&& $s->{name} =~ /^[\w-]{1,64}$/a && $s->{schema}{type});
	},
);

sub talk {
	my ($c, $method, $path, $query, $headers, $body) = @_;
	return refuse($c, 200, { models => [ map { { name => "$_:latest" } } 'good', 'split' ] })
	    if $path eq '/api/tags';
	return print $c head(200, 'text/html'), '<p>Hello</p>' if $path =~ m{^/plain/};
	return refuse($c, 200, { version => '0.12' }) if $path eq '/api/version';
	my $api = $path =~ m{^/api/} ? 'ollama' : $path =~ m{^/v1beta/} ? 'gemini' : 'openai';
	my $key = $api eq 'gemini' ? $headers->{'x-goog-api-key'}
	    : ($headers->{authorization} // '') =~ /^Bearer (.*)/ ? $1 : undef;
	return refuse($c, $api eq 'gemini' ? 400 : 401, $api eq 'gemini'
		? gemini_error(400, 'INVALID_ARGUMENT', 'API key not valid.')
		: { error => { message => 'Incorrect API key provided' } })
	    if $api ne 'ollama' && ($key // '') ne 'good-key';
	# Logs keep addresses, and without alt=sse Gemini sends one long list.
	return refuse($c, 400, gemini_error(400, 'INVALID_ARGUMENT',
		"not as it should be: '$query'"))
	    if $api eq 'gemini' && $query ne ($method eq 'POST' ? 'alt=sse' : '');
	return refuse($c, 200, { object => 'list', data => [ { id => 'good' } ] })
	    if $path eq '/v1/models';
	return $fault{$1}->($c, $api, { model => $1 })
	    if $method eq 'GET' && $path =~ m{/models/(quota|limited)$};
	return $path =~ m{/good$} ? refuse($c, 200, { name => 'models/good' })
	    : refuse($c, 404, gemini_error(404, 'NOT_FOUND', 'no such model'))
	    if $method eq 'GET' && $api eq 'gemini';
	my $b = eval { $json->decode($body) }
	    or return refuse($c, 400, { error => 'bad JSON' });
	my $wrong = ($headers->{'content-type'} // '') ne 'application/json'
	    ? 'Content-Type' : $wrong{$api}->($path, $b);
	return refuse($c, 400, { error => { message => "bad $wrong" } }) if $wrong;
	my $q = question($api, $path, $b);
	$q->{body} = $b;
	# A story's theme may name the model, so one server plays them all.
	$q->{model} = $1 if ($q->{prompt} // '') =~ /^as model (\S+)$/m;
	note({ map { $_ => $q->{$_} } grep { $_ ne 'body' } keys %$q });
	$q->{answer} = answer($q->{model}, $q->{prompt}, $q->{schema});
	$q->{key} = $key;
	return refuse($c, $1, $2 ? '' : { error => { message => "said $1" } })
	    if $q->{model} =~ /^status-(\d+)(-empty)?$/;
	return $fault{$q->{model}}->($c, $api, $q) if $fault{$q->{model}};
	stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
}

sub serve {
	my ($c) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my ($method, $path, $query) =
	    (<$c> // '') =~ m{^(\w+) ([^ ?]+)\??(\S*) HTTP/1} or return;
	my %h;
	while (defined(my $line = <$c>)) {
		$line =~ s/\r?\n\z//;
		last if $line eq '';
		$h{ lc $1 } = $2 if $line =~ /^([\w-]+):\s*(.*)$/;
	}
	my $body = '';
	read $c, $body, $h{'content-length'} if $h{'content-length'};
	talk($c, $method, $path, $query, \%h, $body);
	$c->flush;
}

fork_server($port, \&serve);
