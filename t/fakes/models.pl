#!/usr/bin/perl
# models.pl: a server that plays Ollama, Gemini and an OpenAI-compatible
# server, in their wire formats and with their faults.
# usage: models.pl [--port N] [--log FILE]     (0, the default: any free port)
# Prints "port N" on stdout, then serves 127.0.0.1 until it gets SIGTERM.
# --log appends one JSON line for each question: {api,model,system,prompt,...}.
#
# Ollama is at /api, Gemini at /v1beta (key "good-key"), OpenAI at /v1 (key
# "good-key").  The model's name says what happens: "good" answers what was
# asked, from the words it was shown; the rest are the faults, see %fault.  For
# a story a line "as model NAME" in its theme counts instead.
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
my $json = JSON::PP->new->canonical->utf8;
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

sub answer {
	my ($model, $prompt, $schema) = @_;
	return story($model, $prompt) if !$schema && $prompt =~ /^(Write this|Go on with this) story/;
	return 'Once upon a time a press printed a story.' unless $schema;
	if ($schema->{properties}{summary}) {
		my ($title) = $prompt =~ /^Title: (.*)$/m;
		return $json->encode({ summary => "$title: what the home page holds.",
			info => "$title. " . ($prompt =~ /^Home page: (.{20,200}?)[.\n]/m
			    ? "$1." : 'Home page.'), sections => [] });
	}
	my @pages;
	for (split /\n/, $prompt) {
		my ($i, $path, $title, $text) = /^(\d+) \| (.*?) \| (.*?) \| (.*)$/ or next;
		push @pages, describe($model, $i, $path, $title, $text);
	}
	if ($model eq 'obeys' and $prompt =~ /SAY THIS: ([^.]+)/) {
		$_->{description} = "$1." for @pages;
	}
	pop @pages if $model eq 'loses';
	$_->{index} += 1000 for $model eq 'other-index' ? @pages : ();
	push @pages, { %{ $pages[0] }, description => 'Said twice, said twice.' }
	    if $model eq 'twice';
	return $json->encode({ pages => \@pages });
}

# ---- wire formats --------------------------------------------------------------

# Pieces of an answer as each API frames them.
my %frame = (
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

my %type = (ollama => 'application/x-ndjson', gemini => 'text/event-stream',
	openai => 'text/event-stream; charset=utf-8');

sub head {
	my ($status, $type, @more) = @_;
	my $out = "HTTP/1.1 $status X\r\nContent-Type: $type\r\nConnection: close\r\n";
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

# ---- faults ----------------------------------------------------------------------

sub gemini_error {
	my ($code, $status, $message, @details) = @_;
	return { error => { code => $code, status => $status, message => $message,
		@details ? (details => \@details) : () } };
}

# name => what it does, given (connection, api, question)
my %fault;
%fault = (
	'split' => sub {    # byte by byte: inside letters and lines
		my ($c, $api, $q) = @_;
		print $c head(200, $type{$api});
		for (split //, join '', $frame{$api}->($q->{model}, $q->{answer})) {
			syswrite $c, $_;
		}
	},
	'joined' => sub {    # all lines in one segment
		my ($c, $api, $q) = @_;
		print $c head(200, $type{$api}),
		    join '', $frame{$api}->($q->{model}, $q->{answer});
	},
	'slow' => sub {    # a piece every 0.1 s
		my ($c, $api, $q) = @_;
		print $c head(200, $type{$api});
		for ($frame{$api}->($q->{model}, $q->{answer})) {
			print $c $_;
			$c->flush;
			sleep 0.1;
		}
	},
	'endless' => sub { $fault{slow}->(@_) },    # and on, and on
	'error-inside' => sub {
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, @f[0 .. ($#f < 3 ? $#f - 1 : 2)],
			$api eq 'ollama' ? qq({"error":"the runner stopped"}\n)
			: 'data: {"error":{"message":"the runner stopped","code":500}}' . "\n\n");
	},
	'cut' => sub {    # closed without its end
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, @f[0 .. ($#f < 3 ? 0 : 2)]);
	},
	'silence' => sub {
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, $f[0]);
		sleep 1 for 1 .. 60;
	},
	'no-first-byte' => sub { sleep 1 for 1 .. 60 },
	'half-json' => sub {    # cut at the token limit
		my ($c, $api, $q) = @_;
		my $half = substr $q->{answer}, 0, length($q->{answer}) / 2;
		stream($c, $api, $frame{$api}->($q->{model}, $half, reason =>
			$api eq 'gemini' ? 'MAX_TOKENS' : 'length'));
	},
	'not-json' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, 'I would rather chat.'));
	},
	'fenced' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, "```json\n$q->{answer}\n```"));
	},
	'garbage' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, $api eq 'ollama' ? "{{{\n" : "data: {{{\n\n");
	},
	'empty' => sub {    # thinking only
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, ''));
	},
	'long-line' => sub {    # one piece of 64 KiB before the answer
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		my $pad = 'x' x 65536;
		stream($c, $api, $api eq 'ollama' ? qq({"pad":"$pad","done":false}\n)
			: qq(data: {"pad":"$pad"}\n\n), @f);
	},
	'bare' => sub {    # metrics and [DONE] left out
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}, bare => 1,
			no_done => 1));
	},
	'busy-twice' => sub {
		my ($c, $api, $q) = @_;
		return refuse($c, 503, { error => 'server busy, please try again.' })
		    if nth("$api-$q->{model}") <= 2;
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'html-502' => sub { refuse($_[0], 502, '<html>Bad gateway</html>') },
	'missing' => sub {
		my ($c, $api, $q) = @_;
		refuse($c, 404, $api eq 'ollama' ? { error => "model '$q->{model}' not found" }
			: $api eq 'gemini' ? gemini_error(404, 'NOT_FOUND', 'no such model')
			: { error => { message => 'The model does not exist',
				code => 'model_not_found' } });
	},
	'too-long' => sub {    # takes one page, not two
		my ($c, $api, $q) = @_;
		my $pages = () = $q->{prompt} =~ /^\d+ \| .* \| /mg;
		return stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}))
		    if $pages <= 1;
		refuse($c, 400, $api eq 'ollama'
			? { error => 'the input length exceeds the context length' }
			: $api eq 'gemini' ? gemini_error(400, 'INVALID_ARGUMENT',
				'The input token count exceeds the maximum')
			: { error => { message => 'too long',
				code => 'context_length_exceeded' } });
	},
	'vllm-too-long' => sub {    # a flat body, no code
		my ($c, $api, $q) = @_;
		refuse($c, 400, { object => 'error', code => 400, type => 'BadRequestError',
			message => "'max_tokens' is too large: 500. This model's maximum "
			    . 'context length is 1024 tokens' });
	},
	'llama-too-long' => sub {    # a number for a code
		my ($c, $api, $q) = @_;
		refuse($c, 400, { error => { code => 400,
			type => 'exceed_context_size_error', message =>
			'the request exceeds the available size' } });
	},
	'lmstudio-too-long' => sub {
		refuse($_[0], 400, { error => 'Trying to keep the first 9000 tokens. '
			. 'However, the model is loaded with Context Length of 4096' });
	},
	'flat-error' => sub {
		refuse($_[0], 400, { object => 'error', message => 'no such field',
			type => 'BadRequestError', code => 400 });
	},
	'no-last-end' => sub {    # the last event lacks its empty line
		my ($c, $api, $q) = @_;
		my $text = join '', $frame{$api}->($q->{model}, $q->{answer}, no_done => 1);
		$text =~ s/data: [^\n]*"usage"[^\n]*\n\n\z//;
		$text =~ s/[\r\n]+\z//;
		stream($c, $api, $text);
	},
	'half-event' => sub {    # cut inside its last event
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, $f[0], $f[1], substr $f[2], 0, 20);
	},
	'whole' => sub {    # does not stream, though asked to
		my ($c, $api, $q) = @_;
		refuse($c, 200, JSON::PP->new->utf8->pretty->encode({ id => 'c1',
			object => 'chat.completion', choices => [ { index => 0, message =>
				{ role => 'assistant', content => $q->{answer} },
				finish_reason => 'stop' } ], usage =>
				{ prompt_tokens => 11, completion_tokens => 7 } }));
	},
	'limited-no-retry' => sub {
		refuse($_[0], 429, { error => { message => 'enough for now' } },
			'x-should-retry' => 'false');
	},
	'limited' => sub {    # once, with a delay, then good
		my ($c, $api, $q) = @_;
		return stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}))
		    if nth("$api-$q->{model}") > 1;
		return refuse($c, 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.RetryInfo',
				retryDelay => '0.5s' },
			{ '@type' => 'type.googleapis.com/google.rpc.QuotaFailure', violations =>
				[ { quotaId => 'GenerateRequestsPerMinutePerProject' } ] }))
		    if $api eq 'gemini';
		refuse($c, 429, { error => { message => 'slow down',
			code => 'rate_limit_exceeded' } }, 'retry-after-ms' => 250);
	},
	'quota' => sub {    # used up for the day
		my ($c, $api, $q) = @_;
		return refuse($c, 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.QuotaFailure', violations =>
				[ { quotaId => 'GenerateRequestsPerDayPerProject' } ] }))
		    if $api eq 'gemini';
		refuse($c, 429, { error => { message => 'You exceeded your quota',
			code => 'insufficient_quota' } });
	},
	'parked' => sub {
		refuse($_[0], 429, { error => { message => 'later' } }, 'retry-after' => 600);
	},
	'error-array' => sub {
		refuse($_[0], 400, [ gemini_error(400, 'INVALID_ARGUMENT', 'a bad field') ]);
	},
	'blocked' => sub {    # the question is refused
		my ($c, $api, $q) = @_;
		return stream($c, $api, "data: {\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}\n\n")
		    if $api eq 'gemini';
		stream($c, $api, 'data: {"choices":[{"index":0,"delta":{"refusal":'
			. '"I cannot help."},"finish_reason":null}]}' . "\n\n", "data: [DONE]\n\n");
	},
	'safety' => sub {    # the answer is refused in the middle
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, substr($q->{answer}, 0, 20),
			reason => $api eq 'gemini' ? 'SAFETY' : 'content_filter'));
	},
	'tool-call' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, 'data: {"choices":[{"index":0,"delta":{"content":null,'
			. '"tool_calls":[{"index":0,"id":"t","function":{"name":"f",'
			. '"arguments":"{}"}}]},"finish_reason":"tool_calls"}]}' . "\n\n",
			"data: [DONE]\n\n");
	},
	'no-schema' => sub {    # knows json_object only
		my ($c, $api, $q) = @_;
		return refuse($c, 400, $api eq 'ollama'
			? { error => 'format is not supported for this model' }
			: $api eq 'gemini' ? gemini_error(400, 'INVALID_ARGUMENT',
				'Unknown name "responseJsonSchema": Cannot find field.')
			: { error => { message =>
				"response_format 'json_schema' is not supported" } })
		    if $api eq 'openai' ? ($q->{format} // '') eq 'json_schema'
			: $q->{has_schema};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'thinks' => sub {    # thoughts alone, while there is no room for more
		my ($c, $api, $q) = @_;
		return stream($c, $api, $frame{$api}->($q->{model}, '', reason =>
			$api eq 'gemini' ? 'MAX_TOKENS' : 'length')) if $q->{room} < 2000;
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'ponders' => sub {    # however much room there is
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, '', reason =>
			$api eq 'gemini' ? 'MAX_TOKENS' : 'length'));
	},
	'always-2.5-flash-thinks' => sub {    # cannot be told not to
		my ($c, $api, $q) = @_;
		return refuse($c, 400, gemini_error(400, 'INVALID_ARGUMENT',
			'Thinking budget 0 is invalid.')) if $q->{thinking};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'new-max' => sub {    # wants max_completion_tokens
		my ($c, $api, $q) = @_;
		return refuse($c, 400, { error => { message =>
			"Unsupported parameter: 'max_tokens'" } }) if $q->{old_max};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'no-retry' => sub {
		refuse($_[0], 500, { error => { message => 'do not ask again' } },
			'x-should-retry' => 'false');
	},
	'dies' => sub {    # good for one question, then gone
		my ($c, $api, $q) = @_;
		return stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}))
		    if nth("$api-$q->{model}") == 1;
		refuse($c, 500, { error => { message => 'out of memory' } });
	},
	'two-candidates' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, 'data: ' . $json->encode({ candidates => [
			{ index => 0, content => { parts => [ { text => $q->{answer} } ] },
				finishReason => 'STOP' },
			{ index => 1, content => { parts => [ { text => 'other' } ] },
				finishReason => 'STOP' } ] }) . "\n\n");
	},
	'no-content' => sub {
		my ($c, $api, $q) = @_;
		stream($c, $api, "data: {\"candidates\":[{\"index\":0,\"finishReason\":\"STOP\"}]}\n\n");
	},
);

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
		$q{truncate} = $b->{truncate} ? 1 : 0 if exists $b->{truncate};
	}
	$q{has_schema} = 1 if $q{schema};
	# A server that knows no schema finds it in the instructions.
	if (!$q{schema} && $q{system} =~ /JSON Schema: (\{.*\})/s) {
		$q{schema} = eval { $json->decode($1) };
	}
	return \%q;
}

sub talk {
	my ($c, $method, $path, $headers, $body) = @_;
	return refuse($c, 200, { models => [ map { { name => "$_:latest" } } 'good', 'split' ] })
	    if $path eq '/api/tags';
	return refuse($c, 200, { version => '0.12' }) if $path eq '/api/version';
	my $api = $path =~ m{^/api/} ? 'ollama' : $path =~ m{^/v1beta/} ? 'gemini' : 'openai';
	my $key = $api eq 'gemini' ? $headers->{'x-goog-api-key'}
	    : ($headers->{authorization} // '') =~ /^Bearer (.*)/ ? $1 : undef;
	return refuse($c, $api eq 'gemini' ? 400 : 401, $api eq 'gemini'
		? gemini_error(400, 'INVALID_ARGUMENT', 'API key not valid.')
		: { error => { message => 'Incorrect API key provided' } })
	    if $api ne 'ollama' && ($key // '') ne 'good-key';
	return refuse($c, 200, { object => 'list', data => [ { id => 'good' } ] })
	    if $path eq '/v1/models';
	return $fault{$1}->($c, $api, { model => $1 })
	    if $method eq 'GET' && $path =~ m{/models/(quota|limited)$};
	return $path =~ m{/good$} ? refuse($c, 200, { name => 'models/good' })
	    : refuse($c, 404, gemini_error(404, 'NOT_FOUND', 'no such model'))
	    if $method eq 'GET' && $api eq 'gemini';
	my $b = eval { $json->decode($body) }
	    or return refuse($c, 400, { error => 'bad JSON' });
	my $q = question($api, $path, $b);
	# A story's theme may name the model, so one server plays them all.
	$q->{model} = $1 if ($q->{prompt} // '') =~ /^as model (\S+)$/m;
	note($q);
	$q->{answer} = answer($q->{model}, $q->{prompt}, $q->{schema});
	return $fault{$q->{model}}->($c, $api, $q) if $fault{$q->{model}};
	stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
}

sub serve {
	my ($c) = @_;
	local $SIG{PIPE} = 'IGNORE';
	my ($method, $path) = (<$c> // '') =~ m{^(\w+) ([^ ?]+)\S* HTTP/1} or return;
	my %h;
	while (defined(my $line = <$c>)) {
		$line =~ s/\r?\n\z//;
		last if $line eq '';
		$h{ lc $1 } = $2 if $line =~ /^([\w-]+):\s*(.*)$/;
	}
	my $body = '';
	read $c, $body, $h{'content-length'} if $h{'content-length'};
	talk($c, $method, $path, \%h, $body);
	$c->flush;
}

fork_server($port, \&serve);
