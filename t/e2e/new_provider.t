#!/usr/bin/perl
# A new provider is one file and its rows: the example of CONTRIBUTING.md is built
# in, and answers.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use Test::More;

my $root = "$Bin/../..";
my $mode = $ENV{MODE} || 'release';
my $built = "build/$mode";
my $tmp = tempdir('platen-t-XXXXXX', DIR => '/tmp', CLEANUP => 1);
chdir $root or die "$root: $!";
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS)};

sub slurp {
	open my $h, '<', $_[0] or die "$_[0]: $!";
	local $/;
	return scalar <$h>;
}

sub file {
	my ($name, $text) = @_;
	open my $h, '>', "$tmp/$name" or die "$name: $!";
	print $h $text;
	close $h or die "$name: $!";
}

my $text = slurp('CONTRIBUTING.md');
my ($rows) = $text =~ /^\t((?:STR|INT)\(llamacpp_[^\n]*\n(?:\t[^\n]+\n)*)/m;
my ($code) = $text =~ m{^`worker/provider/llamacpp\.c` [^\n]*\n\n((?:\t[^\n]*\n|\n)+)}m;
ok($rows && $code, 'CONTRIBUTING.md has the example') or BAIL_OUT('no example');
s/^\t//mg for $rows, $code;

# Rows at the end move no field that the libraries know.
mkdir "$tmp/core";
file('core/conf.def', slurp('core/conf.def') . $rows);
file('llamacpp.c', $code);
file('ask.c', <<'C');
#include "core/conf.h"
#include "worker/model/chat.h"
#include "worker/model/provider.h"
#include <stdio.h>

extern const struct provider provider_llamacpp;

int
main(int argc, char **argv)
{
	struct conf conf = {0};
	struct arena a;
	struct chat_answer answer;
	const char *why;

	if (argc != 3)
		return 2;
	arena_init(&a);
	conf_load(&conf);
	conf.llamacpp_url = argv[1];
	why = provider_llamacpp.probe(&conf, &a);
	printf("probe: %s\n", why == NULL ? "well" : why);
	chat_init(&answer, 1000);
	provider_llamacpp.chat(&(struct chat_request){.conf = &conf,
	    .system = "Be short.", .prompt = argv[2], .max_tokens = 9}, &a,
	    &answer);
	printf("%s %d %ld %ld %s\n%s\n", chat_error_name(answer.error),
	    (int)answer.finish, answer.tokens_in, answer.tokens_out,
	    answer.text.data, answer.why == NULL ? "" : answer.why);
	chat_release(&answer);
	conf_release(&conf);
	arena_release(&a);
	return 0;
}
C
# How a unit is compiled and linked, with our files and our rows.
my $unit = "$built/t/unit/core/text";
my ($how) = qx(make -n MODE=$mode -W t/unit/core/text.c $unit 2>/dev/null)
    =~ m{^(\S+ [^\n]* -o \Q$unit\E (?:[^\n]*\\\n)*[^\n]*)}m
    or BAIL_OUT("make does not say how it makes $unit");
$how =~ s{-I\. }{-I$tmp -I. };
$how =~ s{-MMD -MP -MF \S+}{};
$how =~ s{-o \S+ \S+}{-o $tmp/ask $tmp/ask.c $tmp/llamacpp.c};
is(substr(qx($how 2>&1), 0, 2000), '', 'it compiles without a warning')
    or BAIL_OUT('no program');

# A server that says what its prompt asks for.
file('server.pl', <<'PERL');
use strict;
use warnings;
use Platen::Fork 'fork_server';
fork_server(0, sub {
	my ($c) = @_;
	my ($path) = (<$c> // '') =~ m{^\w+ (\S+)};
	my $length = 0;
	while (defined(my $line = <$c>)) {
		last if $line eq "\r\n";
		$length = $1 if $line =~ /^Content-Length: (\d+)/i;
	}
	my $body = '';
	read $c, $body, $length;
	my $status = $body =~ /refuse/ ? 503 : 200;
	print $c "HTTP/1.1 $status X\r\nContent-Type: text/event-stream\r\n"
	    . "Connection: close\r\n\r\n";
	return print $c '{"status":"ok"}' if $path eq '/health';
	return print $c '{"error":{"code":503,"message":"Loading model"}}'
	    if $status == 503;
	my $asked = $body =~ /"prompt":"Be short\.\\n\\n.*"n_predict":9/ ? 'well' : 'badly';
	print $c qq(data: {"content":"Asked ","stop":false}\n\n),
	    qq(data: {"content":"$asked.","stop":false}\n\n);
	print $c qq(data: {"content":"","stop":true,"stop_type":"limit",)
	    . qq("tokens_evaluated":5,"tokens_predicted":2}\n\n) if $body !~ /half/;
});
PERL
pipe my $out, my $in or die "pipe: $!";
my $pid = fork // die "fork: $!";
if ($pid == 0) {
	open STDOUT, '>&', $in or die "stdout: $!";
	exec $^X, "-I$Bin/../lib", "$tmp/server.pl" or die "perl: $!";
}
close $in;
END {
	my $code = $?;
	kill 'TERM', $pid if $pid;
	$? = $code;
}
my ($port) = (<$out> // '') =~ /port (\d+)/ or BAIL_OUT('no server');

sub ask { return qx($tmp/ask http://127.0.0.1:$port/ '$_[0]') }
is(ask('a fox'), "probe: well\nok 1 5 2 Asked well.\n\n", 'it asks and answers');
is(ask('half'), "probe: well\nagain 0 -1 -1 Asked well.\n"
	. "The response from llama.cpp was incomplete.\n", 'half an answer is none');
like(ask('refuse'), qr/^again .*\nllama\.cpp answered 503: Loading model\.$/m,
	'and a refusal is told');
done_testing;
