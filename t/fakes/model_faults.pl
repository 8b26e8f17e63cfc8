# model_faults.pl: what the servers that models.pl plays do wrong, by the name
# of the model.  models.pl requires it.
package main;
use strict;
use warnings;
use JSON::PP;
use POSIX 'strftime';
use Time::HiRes 'sleep';

our ($json, %frame, %type, %fault);

sub gemini_error {
	my ($code, $status, $message, @details) = @_;
	return { error => { code => $code, status => $status, message => $message,
		@details ? (details => \@details) : () } };
}

# name => what it does, given (connection, api, question)
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
	'trickles' => sub {    # for ever
		my ($c, $api, $q) = @_;
		my ($f) = $frame{$api}->($q->{model}, $q->{answer});
		print $c head(200, $type{$api});
		for (1 .. 100) {
			print $c $f;
			$c->flush;
			sleep 0.2;
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
	'lingers' => sub {    # all is said, and the connection stays open
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
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
	'prudish' => sub {    # will not read of ink
		my ($c, $api, $q) = @_;
		return $fault{blocked}->(@_) if $q->{prompt} =~ m{/guide/ink \|};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'safety' => sub {    # the answer is refused in the middle
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, substr($q->{answer}, 0, 20),
			reason => $api eq 'gemini' ? 'SAFETY' : 'content_filter'));
	},
	'tool-call' => sub {    # its arguments in five pieces
		my ($c, $api, $q) = @_;
		my $call = sub { return 'data: {"choices":[{"index":0,"delta":{"content":null,'
			. qq("tool_calls":[{"index":0,"function":{"arguments":"$_[0]"}}]},)
			. qq("finish_reason":$_[1]}]}\n\n) };
		stream($c, $api, (map { $call->($_, 'null') } '{', '\\"a', '\\":', '1', '}'),
			$call->('', '"tool_calls"'), "data: [DONE]\n\n");
	},
	'reasons' => sub {    # thoughts beside the answer, under both names
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, (map { 'data: {"choices":[{"index":0,"delta":{"content":'
			. qq(null,"$_":"hm"},"finish_reason":null}],"error":null}\n\n)
		    } qw(reasoning reasoning_content)), @f);
	},
	'retry-anyway' => sub {
		refuse($_[0], 400, { error => { message => 'in a moment' } },
			'x-should-retry' => 'true', 'retry-after' => '1.5');
	},
	'limited-to-date' => sub {
		refuse($_[0], 429, { error => 'later' }, 'retry-after-ms' => 'soon',
			'retry-after' => strftime('%a, %d %b %Y %H:%M:%S GMT',
				gmtime(time + 60)));
	},
	'limited-in-the-past' => sub {
		refuse($_[0], 429, { detail => 'later' },
			'retry-after' => 'Thu, 01 Jan 1970 00:00:01 GMT');
	},
	'per-minute' => sub {    # a quota of each minute, no delay
		refuse($_[0], 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.QuotaFailure', violations =>
				[ { quotaId => 'GenerateRequestsPerMinutePerProject' } ] }));
	},
	'in-words' => sub {    # the delay in the message alone
		refuse($_[0], 429, gemini_error(429, 'RESOURCE_EXHAUSTED',
			'You are too fast. Please retry in 12.3s.'));
	},
	'in-ms' => sub {
		refuse($_[0], 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.RetryInfo',
				retryDelay => '900ms' }));
	},
	'long-delay' => sub {    # over five minutes: as good as a day
		refuse($_[0], 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.RetryInfo',
				retryDelay => '301.5s' }));
	},
	'daily' => sub {    # with the delay of a minute, which is not to be believed
		refuse($_[0], 429, gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota',
			{ '@type' => 'type.googleapis.com/google.rpc.RetryInfo',
				retryDelay => '34.07s' },
			{ '@type' => 'type.googleapis.com/google.rpc.QuotaFailure', violations =>
				[ { quotaId => 'RequestsDaily' } ] }));
	},
	'new-reason' => sub {    # an end that nobody has heard of
		my ($c, $api, $q) = @_;
		stream($c, $api, $frame{$api}->($q->{model}, 'Half', reason => 'BORED'));
	},
	'list' => sub {    # the stream as one list, as without alt=sse
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		s/^data: |\s+\z//g for @f;
		refuse($c, 200, "\n[" . join(",\n", @f) . "]\n");
	},
	'limited-inside' => sub {    # a list with an error, status 200
		refuse($_[0], 200, [ gemini_error(429, 'RESOURCE_EXHAUSTED', 'quota') ]);
	},
	'error-object' => sub {    # where others have a string
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		stream($c, $api, $f[0], ($api eq 'ollama' ? '' : 'data: ')
			. qq({"error":{"message":"the runner stopped"}}\n\n));
	},
	'error-string' => sub {
		stream($_[0], $_[1], qq(data: {"error":"the runner stopped"}\n\n));
	},
	'quotes-key' => sub {    # in the middle, and says who asked
		my ($c, $api, $q) = @_;
		stream($c, $api, ($api eq 'ollama' ? '' : 'data: ')
			. qq({"error":{"message":"no credit for $q->{key}"}}\n\n));
	},
	'refuses-key' => sub {
		my ($c, $api, $q) = @_;
		refuse($c, 403, { error => { message => "no credit for $q->{key}" } });
	},
	'fixed-temperature' => sub {
		my ($c, $api, $q) = @_;
		return refuse($c, 400, { error => { param => 'temperature', message =>
			"Unsupported value: 'temperature' does not support 0" } })
		    if exists $q->{body}{temperature};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'no-usage' => sub {
		my ($c, $api, $q) = @_;
		return refuse($c, 422, { detail => 'stream_options: extra field' })
		    if $q->{body}{stream_options};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'no-format' => sub {    # of any kind
		my ($c, $api, $q) = @_;
		return refuse($c, 400, { error => 'response_format is not supported' })
		    if $q->{format};
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'function-call' => sub {    # the older form
		my ($c, $api, $q) = @_;
		stream($c, $api, 'data: {"choices":[{"index":0,"delta":{"function_call":'
			. '{"name":"f"}},"finish_reason":"function_call"}]}' . "\n\n");
	},
	'counts-thoughts' => sub {
		my ($c, $api, $q) = @_;
		my @f = $frame{$api}->($q->{model}, $q->{answer});
		s/"candidatesTokenCount":\d+/"candidatesTokenCount":5,"thoughtsTokenCount":9/
		    for @f;
		stream($c, $api, @f);
	},
	'cut-after-end' => sub {    # promises more than it sends
		my ($c, $api, $q) = @_;
		print $c head(200, $type{$api}, 'Content-Length' => 1000000),
		    $frame{$api}->($q->{model}, $q->{answer});
	},
	'busy-until' => sub {
		refuse($_[0], 503, { error => 'busy' }, 'retry-after' => 3);
	},
	'long-error' => sub {    # and one that would clear a terminal
		refuse($_[0], 400, { error => "\e[2Jno\n" . "\x{e9}" x 400 });
	},
	'quotes-password' => sub {
		refuse($_[0], 403, { error => 'secret1 is wrong' });
	},
	'hosted' => sub {    # Ollama's own servers
		my ($c, $api, $q) = @_;
		return refuse($c, 401, { error => 'unauthorized',
			signin_url => 'http://ollama.test/connect' })
		    if ($q->{key} // '') ne 'good-key';
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
	},
	'whole-no-reason' => sub {
		my ($c, $api, $q) = @_;
		refuse($c, 200, { choices => [ { message => { content => $q->{answer} },
			finish_reason => undef } ] });
	},
	'sse-as-json' => sub {    # events under a wrong name
		my ($c, $api, $q) = @_;
		refuse($c, 200, join '', $frame{$api}->($q->{model}, $q->{answer}));
	},
	'short-breath' => sub {    # its room is enough for two pages
		my ($c, $api, $q) = @_;
		my $pages = () = $q->{prompt} =~ /^\d+ \| .* \| /mg;
		return $fault{'half-json'}->(@_) if $pages > 2;
		stream($c, $api, $frame{$api}->($q->{model}, $q->{answer}));
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
	'thinks-if-let' => sub {    # an Ollama model that can be told not to
		my ($c, $api, $q) = @_;
		my $thinks = ($q->{think} // 1) != 0;
		stream($c, $api, $frame{$api}->($q->{model}, $thinks ? '' : $q->{answer},
			reason => $thinks ? 'length' : 'stop'));
	},
	'cannot-think' => sub {    # and refuses to be told not to
		my ($c, $api, $q) = @_;
		return refuse($c, 400, { error => '"m" does not support thinking' })
		    if exists $q->{think};
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

1;
