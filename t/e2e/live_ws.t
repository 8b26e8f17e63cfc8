#!/usr/bin/perl
# What a WebSocket client of the live channel sees.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Platen::Live;
use Platen::Stack;
use Test::More;

my $s = Platen::Stack->new(with => 'live');
my $l = Platen::Live->new($s);
my $a = $l->account;
my $other = $l->account;

sub types { join ' ', map { $_->{type} } @_ }

subtest 'who is not known is told so and hung up on' => sub {
	my $w = $l->ws(undef);
	is($w->{status}, 101, 'the upgrade itself succeeds');
	my $m = $w->recv;
	is($m->{type}, 'error', 'an error comes first');
	is($m->{payload}{code}, 'unauthorized', 'with its code');
	like($m->{payload}{message}, qr/session/, 'and a sentence');
	is($w->closed, 4401, 'then close code 4401');
	$w = $l->ws({ token => 'x' x 43 });
	is($w->recv->{payload}{code}, 'unauthorized', 'an unknown session, too');
	is($w->closed, 4401, 'with the same code');
};

subtest 'the present state comes first, then what happens' => sub {
	my $g = $l->generation($a, status => 'processing', processed => 3, total => 12);
	my $w = $l->ws($a);
	my $m = $w->recv;
	is($m->{type}, 'connected', 'connected');
	like($m->{payload}{cursor}, qr/^[0-9a-z]+-\d+-\d+$/, 'with a cursor');
	is($m->{id}, $m->{payload}{cursor}, 'which is its id');
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	$m = $w->recv;
	is($m->{type}, 'subscribed', 'subscribed');
	is_deeply($m->{payload}{generationIds}, [$g], 'to what was asked for');
	ok(!$m->{payload}{resumed}, 'nothing was resumed');
	is($m->{payload}{missed}, 0, 'nothing was missed');
	$m = $w->recv;
	is($m->{type}, 'generation:progress', 'a running one tells its progress');
	is($m->{payload}{processedUrls}, 3, 'processed');
	is($m->{payload}{totalUrls}, 12, 'total');
	is($m->{payload}{status}, 'processing', 'status');
	my $cursor = $l->event($a, $g, progress => 'processing',
	    { processedUrls => 4, totalUrls => 12, stage => 'fetch', message => 'hi' });
	$m = $w->recv;
	is($m->{type}, 'generation:progress', 'then events');
	is($m->{id}, $cursor, 'with their cursors');
	is_deeply($m->{payload}, { generationId => $g, status => 'processing',
	    processedUrls => 4, totalUrls => 12, stage => 'fetch', message => 'hi',
	    etaSeconds => undef }, 'and all fields');
	$l->event($a, $g, status => 'failed', { errorMessage => 'No such host.' });
	$m = $w->recv;
	is($m->{type}, 'generation:status', 'a change of status');
	is($m->{payload}{errorMessage}, 'No such host.', 'with its sentence');
	$l->event($a, $g, deleted => 'deleted');
	is_deeply($w->recv->{payload}, { generationId => $g }, 'and its deletion');
};

subtest 'progress that Redis knows and PostgreSQL does not yet' => sub {
	my $g = $l->generation($a, status => 'processing', processed => 3, total => 12);
	$l->event($a, $g, progress => 'processing', { processedUrls => 9, totalUrls => 12 });
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe', generationIds => [$g] });
	my @m = $w->until('generation:progress');
	is($m[-1]{payload}{processedUrls}, 9, 'is what a new listener sees');
};

subtest 'a finished one comes with its result' => sub {
	my $g = $l->generation($a, status => 'completed', entries_count => 7,
	    llms => "# Example\n\n> Ü\n");
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	my @m = $w->until('generation:status');
	is($m[-1]{payload}{status}, 'completed', 'its status');
	is($m[-1]{payload}{entriesCount}, 7, 'its entries');
	is($m[-1]{payload}{content}, "# Example\n\n> \x{dc}\n", 'its text');
};

subtest 'a result that is not text stays out of the JSON' => sub {
	my $g = $l->generation($a, status => 'completed', entries_count => 1,
	    llms => "\x89PNG\r\n", mime => 'image/png');
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe', payload => { generationIds => [$g] } });
	my @m = $w->until('generation:status');
	is($m[-1]{payload}{status}, 'completed', 'its status');
	ok(!exists $m[-1]{payload}{content}, 'no content');
};

subtest 'ids of others and unknown ids cannot be told apart' => sub {
	my $theirs = $l->generation($other, status => 'processing');
	my $mine = $l->generation($a);
	my $none = Platen::Live::uuid();
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe',
	    payload => { generationIds => [$theirs, $none, 'nonsense', $mine] } });
	my @m = $w->until('generation:status');
	my ($sub) = grep { $_->{type} eq 'subscribed' } @m;
	is_deeply($sub->{payload}{generationIds}, [$mine], 'only the own one is listened to');
	my %errors = map { $_->{payload}{generationId} => $_->{payload} }
	    grep { $_->{type} eq 'error' } @m;
	is_deeply([sort keys %errors], [sort $theirs, $none, 'nonsense'],
	    'each other one is named');
	is($errors{$theirs}{message}, $errors{$none}{message}, 'in the same words');
	is($errors{$theirs}{code}, 'not_found', 'as not found');
	$l->event($other, $theirs, status => 'completed', {});
	$l->event($a, $mine, status => 'canceled', {});
	is($w->recv->{payload}{generationId}, $mine, 'and nothing of theirs is heard');
};

subtest 'what is no id at all does not refuse the rest' => sub {
	my $mine = $l->generation($a);
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe', payload => { generationIds => [7, undef, -1.5e300,
	    JSON::PP::true, { id => $mine }, [$mine], "\x{1F600}" x 40, '', $mine] } });
	my @m = $w->until('generation:status');
	my @wrong = map { $_->{payload}{generationId} } grep { $_->{type} eq 'error' } @m;
	is(scalar @wrong, 8, 'each is answered by itself');
	is($wrong[0], '7', 'a number as its text');
	is($wrong[1], 'null', 'null, too');
	is_deeply([map { $_->{payload}{code} } grep { $_->{type} eq 'error' } @m],
	    [('not_found') x 8], 'as not found');
	$l->event($a, $mine, status => 'canceled', {});
	is($w->recv->{payload}{status}, 'canceled', 'and the rest holds');
};

subtest 'a hundred ids for a connection, and the same sentence on each transport' => sub {
	my @ids = map { $l->generation($a) } 1 .. 3;
	my @some = (@ids[0, 1], map { Platen::Live::uuid() } 1 .. 98);
	my $w = $l->ws($a);
	$w->send({ type => 'subscribe', payload => { generationIds => \@some } });
	my @m = $w->until('generation:status', sub { $_->{payload}{generationId} eq $ids[1] });
	is(scalar(grep { $_->{type} eq 'error' } @m), 98, 'by WebSocket');
	my $list = join ',', @some;
	is($l->get($a, "/events?ids=$list")->head->{status}, 200, 'by events');
	is($l->poll($a, "ids=$list")->{status}, 200, 'by long-poll');
	$w->send({ type => 'subscribe', payload => { generationIds => [@some, $ids[2]] } });
	my $said;
	do { $said = $w->recv } until $said->{type} eq 'error';
	$said = $said->{payload}{message};
	like($said, qr/at most 100/, 'one more is refused');
	$list .= ",$ids[2]";
	is($l->get($a, "$_?ids=$list")->whole->{json}{detail}, $said, "and by $_")
	    for qw(/events /poll);
};

subtest 'all own: those to come included' => sub {
	my $b = $l->account;
	my $old = $l->generation($b, status => 'completed');
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe' });
	my @m = $w->until('generation:status');
	is($m[-1]{payload}{generationId}, $old, 'the present state of what there is');
	my $g = $l->generation($b);
	$l->event($b, $g, created => 'pending', { prompt => 'p', hostname => 'h' });
	my $m = $w->recv;
	is($m->{type}, 'generation:created', 'a new one is told');
	is($m->{payload}{generationId}, $g, 'by its id');
	$w->send({ type => 'unsubscribe', payload => { generationIds => [$g] } });
	is($w->recv->{type}, 'unsubscribed', 'one can be left out');
	$l->event($b, $g, status => 'processing', {});
	$l->event($b, $old, deleted => 'deleted');
	is($w->recv->{type}, 'generation:deleted', 'which is quiet from then on');
	$w->send({ type => 'unsubscribe' });
	is($w->recv->{type}, 'unsubscribed', 'or all of them');
};

subtest 'a cursor is resumed without loss and without repetition' => sub {
	my $b = $l->account;
	my $g = $l->generation($b, status => 'processing');
	my $h = $l->generation($b, status => 'processing');
	my @c = map { $l->event($b, $g, progress => 'processing',
	    { processedUrls => $_ }) } 1 .. 20;
	$l->event($b, $h, progress => 'processing', { processedUrls => 1 });
	my $w = $l->ws($b);
	$w->send({ type => 'subscribe',
	    payload => { generationIds => [$g], cursor => $c[4] } });
	my @m = $w->until('generation:progress', sub { $_->{id} eq $c[19] });
	my ($sub) = grep { $_->{type} eq 'subscribed' } @m;
	ok($sub->{payload}{resumed}, 'it says that it resumed');
	is($sub->{payload}{missed}, 15, 'and how many were missed');
	is_deeply([map { $_->{payload}{processedUrls} }
	    grep { $_->{type} eq 'generation:progress' } @m], [6 .. 20],
	    'exactly what came after it, in order');
	$l->event($b, $g, progress => 'processing', { processedUrls => 21 });
	is($w->recv->{payload}{processedUrls}, 21, 'and it goes on');
	for my $bad ('nonsense', 'otherepoch-1-1', '', 'testepoch-99999999999999-0',
	    'testepoch-1-1', 'x' x 500) {
		my $v = $l->ws($b);
		$v->send({ type => 'subscribe',
		    payload => { generationIds => [$g], cursor => $bad } });
		my @n = $v->until('generation:progress');
		my ($t) = grep { $_->{type} eq 'subscribed' } @n;
		ok(!$t->{payload}{resumed}, 'not by ' . substr($bad, 0, 40));
		is($n[-1]{payload}{processedUrls}, 21, 'which brings the present state');
	}
};

subtest 'messages that are no good get an answer, not silence' => sub {
	my $w = $l->ws($a);
	$w->recv;
	for my $text ('', 'x', '{', '[]', '1', 'null', '{}', '{"type":"dance"}',
	    '{"type":"subscribe","payload":7}',
	    '{"type":"subscribe","payload":{"generationIds":"x"}}',
	    '{"type":"subscribe","payload":{"generationIds":['
	    . join(',', ('"x"') x 101) . ']}}', '[' x 40) {
		$w->frame(1, $text);
		my $m = $w->recv;
		is($m->{payload}{code}, 'bad_request', 'message ' . substr $text, 0, 50);
	}
	$w->send({ type => 'ping' });
	is($w->recv->{type}, 'pong', 'and the connection is still there');
};

subtest 'the status dialect hears everything unasked' => sub {
	my $b = $l->account;
	$l->generation($b, status => 'completed', tokens_used => 3);
	my $g = $l->generation($b, status => 'processing', tokens_used => 12);
	my $w = $l->ws($b, path => '/ws/status');
	my $m = $w->recv;
	is($m->{type}, 'connected', 'connected');
	my $start = $m->{payload}{cursor};
	like($start, qr/^[0-9a-z]+-\d+-\d+$/, 'at a place');
	is_deeply([@{ $m->{payload} }{qw(resumed missed)}], [JSON::PP::false, 0],
	    'where nothing was resumed');
	$m = $w->recv;
	is($m->{type}, 'status_update', 'the present state');
	is($m->{payload}{generationId}, $g, 'of each that is not over');
	is($m->{payload}{userId}, $b->{id}, 'of the account');
	is($m->{payload}{metadata}{tokensUsed}, 12, 'with what is known of it');
	my $h = $l->generation($b);
	my $c = $l->event($b, $h, created => 'pending', { prompt => 'p' });
	$m = $w->recv;
	like($m->{payload}{timestamp}, qr/^\d{13}$/, 'events have a time in ms');
	is_deeply([@{ $m->{payload} }{qw(generationId type status)}],
	    [$h, 'llms_txt', 'pending'], 'type and status');
	is_deeply($m->{payload}{metadata}, { prompt => 'p', revision => 1, cursor => $c },
	    'and their data');
	$l->event($b, $h, deleted => 'deleted');
	is($w->recv->{payload}{status}, 'deleted', 'deletion is a status');
	$w->send({ type => 'subscribe' });
	is($w->recv->{type}, 'error', 'there is nothing to ask for');
	$l->event($b, $g, progress => 'processing', { processedUrls => $_ }) for 1 .. 5;
	my $last = $l->event($b, $g, status => 'completed', {});
	$m = $w->recv;
	is($m->{payload}{status}, 'completed', 'progress is not told');
	is($m->{payload}{metadata}{cursor}, $last, 'and leaves no hole');
	for my $how ("cursor=$c", "last_event_id=$c") {
		my $v = $l->ws($b, path => "/ws/status?$how");
		is_deeply($v->recv->{payload}, { cursor => $c, resumed => JSON::PP::true,
		    missed => 2 }, "it goes on from ?$how");
		is_deeply([map { $v->recv->{payload}{status} } 1, 2], ['deleted', 'completed'],
		    'with what was missed');
	}
	my $v = $l->ws($b, path => '/ws/status?cursor=otherepoch-1-1');
	is_deeply([@{ $v->recv->{payload} }{qw(resumed missed)}], [JSON::PP::false, undef],
	    'another cursor is not resumed');
	my $e = $l->sse($b, '/events?dialect=status');
	$m = $e->next_event;
	is($m->{event}, 'connected', 'by events as well');
	is($m->{data}{payload}{resumed}, JSON::PP::false, 'with a word on what was resumed');
	$e = $l->sse($b, '/events?dialect=status', 'Last-Event-ID' => $c);
	$m = $e->next_event;
	is_deeply([@{ $m->{data}{payload} }{qw(resumed missed)}], [JSON::PP::true, 2],
	    'which goes on from Last-Event-ID');
	is($e->next_event->{data}{payload}{status}, $_, "$_ is told") for qw(deleted completed);
	# So many that they come from the stream, page by page.
	$l->events(map { [$b, $g, progress => 'processing', { processedUrls => $_,
	    revision => 4 }] } 1 .. 400);
	$l->event($b, $g, status => 'failed', { revision => 5 });
	sleep 11;
	$e = $l->sse($b, '/events?dialect=status', 'Last-Event-ID' => $last);
	is($e->next_event->{data}{payload}{missed}, 1, 'of many events the changes alone count');
	is($e->next_event->{data}{payload}{status}, 'failed', 'and are told');
};

subtest 'a page of another site is refused' => sub {
	is($l->ws($a, Origin => 'https://evil.example')->{status}, 403, 'by Origin');
	is($l->ws($a, Origin => 'null')->{status}, 403, 'and without one of its own');
	is($l->ws($a, Origin => 'http://localhost')->{status}, 101, 'its own is let in');
	is($l->ws($a, 'Sec-Fetch-Site' => 'cross-site')->{status}, 403,
	    'by Sec-Fetch-Site');
	is($l->ws($a, path => '/ws/nowhere')->{status}, 404, 'an unknown path');
	is($l->ws($a, 'Sec-WebSocket-Version' => 8)->{status}, 426, 'an old version');
};

done_testing;
