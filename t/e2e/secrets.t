#!/usr/bin/perl
# Keys are where they are needed and nowhere else: what is read from pages is
# read by processes that hold none, and a slot holds the one of its provider
# while it asks it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Memory;
use Platen::Procs;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

plan skip_all => 'only root may read the memory of others' if $> != 0;

my %secret = map { $_ => "Mark-$_-" . join '', map { ('a' .. 'z')[rand 26] } 1 .. 16 }
    qw(gemini openai ollama database redis);
my %which = reverse %secret;

# A server that takes a request and never answers; what it was sent is kept.
sub silent {
	my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 8)
	    or die "no port: $!";
	return { listen => $l, port => $l->sockport, said => '', open => [] };
}

sub hear {
	my ($s) = @_;
	while (IO::Select->new($s->{listen})->can_read(0)) {
		push @{ $s->{open} }, $s->{listen}->accept;
	}
	for my $c (IO::Select->new(@{ $s->{open} })->can_read(0)) {
		sysread $c, my $text, 65536 or next;
		$s->{said} .= $text;
	}
	return $s->{said};
}

my $sites = Platen::Sites::fake('polite.pl');
my %sites = Platen::Sites::environment($sites);
my ($model, $site) = (silent(), silent());
my $redis_port = free_port();
my $s = Platen::Stack->new(with => 'web', env => {
	%sites,
	PLATEN_CRAWL_ALLOW => '127.0.0.1',
	PLATEN_CRAWL_CONNECT_TO => "stuck.test:80:127.0.0.1:$site->{port},$sites{PLATEN_CRAWL_CONNECT_TO}",
	PLATEN_OPENAI_URL => "http://127.0.0.1:$model->{port}/v1",
	PLATEN_OPENAI_MODEL => 'some', PLATEN_OPENAI_KEY => $secret{openai},
	PLATEN_GEMINI_KEY => $secret{gemini},
	PLATEN_OLLAMA_URL => "http://someone:$secret{ollama}\@127.0.0.1:9/",
	PLATEN_OLLAMA_MODEL => 'some',
	PLATEN_MODEL_QUOTE_MS => 0,
	PLATEN_WORKER_SLOTS => 3, PLATEN_WORKER_ANALYZE_SLOTS => 1,
	PLATEN_WORKER_RELIEF_SLOTS => 0,
});
$s->redis(qw(CONFIG SET port), $redis_port);
$s->redis(qw(ACL SETUSER worker on), ">$secret{redis}", qw(~* &* +@all));
$s->{env}{PLATEN_REDIS_URL} = "redis://worker:$secret{redis}\@127.0.0.1:$redis_port";
$s->{env}{PLATEN_DB_CONNINFO} =
    "host=$s->{dir}/run/pg dbname=platen password=$secret{database}";
$s->start('worker');

# The worker's processes: {slots => [pid], parsers => [pid]}.
sub processes {
	my %found = (slots => [], parsers => []);
	my ($worker, @below) = Platen::Procs::tree($s->pid('worker'));
	for my $pid (@below) {
		open my $h, '<', "/proc/$pid/cmdline" or next;
		my $command = join ' ', split /\0/, <$h> // '';
		push @{ $found{slots} }, $pid if $command =~ / --slot /;
		push @{ $found{parsers} }, $pid if $command =~ /^platen-parser/;
	}
	return \%found;
}

# What each of the processes holds, those that hold nothing left out.
sub held {
	my %held;
	for my $pid (@_) {
		my @words = eval { Platen::Memory::holds($pid, values %secret) };
		next if $@ && !-e "/proc/$pid";
		die $@ if $@;
		$held{$pid} = join ' ', map { $which{$_} } @words if @words;
	}
	return \%held;
}

wait_for { @{ processes()->{slots} } == 4 } 10, 'the slots';
is_deeply([Platen::Memory::holds($s->pid('worker'), values %secret)],
	[sort values %secret], 'the supervisor holds them all, so we can see them');
my $p = processes();
is_deeply(held(@{ $p->{slots} }), {}, 'a slot that waits for a job holds no secret');
is(scalar @{ $p->{parsers} }, 4, 'each has its fork server already');
is_deeply(held(@{ $p->{parsers} }), {}, 'nor does that');
for my $kind (qw(slots parsers)) {
	for my $pid (@{ $p->{$kind} }) {
		my $environ = Platen::Memory::environment($pid);
		unlike($environ, qr/PLATEN_(?!CONF_FD=)|PG|REDIS/i, "$kind: no setting is in the environment");
	}
}

# A page is read for one, a model asked for another.
my $u = Platen::User->new($s->url);
sub order {
	my ($host, $provider, $type, $input) = @_;
	my ($status, $d) = $u->api('POST', '/api/v1/generations', {
		type => $type // 'llms_txt', provider => $provider,
		input => $input // { hostname => $host },
	});
	is($status, 202, "an order by $provider") or diag explain $d;
	return $d->{data}{id};
}
my $crawl = order('http://stuck.test', 'builtin');
my $story = order(undef, 'openai', 'story', { theme => 'a fox', length => 100 });
wait_for { hear($site) =~ /GET / } 10, 'the crawl is under way';
wait_for { hear($model) =~ /\r\n\r\n/ } 10, 'the model is asked';
like($model->{said}, qr/^Authorization: Bearer \Q$secret{openai}\E\r$/m, 'it gets its key');
$p = processes();
my $held = held(@{ $p->{slots} });
is_deeply([values %$held], ['openai'],
	'one slot holds a key, the one of its provider; the slot that crawls holds none');
is_deeply(held(@{ $p->{parsers} }), {}, 'and no parser holds any');
my ($keyed) = keys %$held;

# After the job the key is gone.
my ($status) = $u->api('POST', "/api/v1/generations/$story/cancel");
is($status, 202, 'the story is canceled');
wait_for { !-e "/proc/$keyed" } 10, 'the process that had the key ends';
wait_for { @{ processes()->{slots} } == 4 } 10, 'another takes its place';
is_deeply(held(@{ processes()->{slots} }), {}, 'after the job no slot holds the key');
($status) = $u->api('POST', "/api/v1/generations/$crawl/cancel");

# Real pages, read by real parsers while we look.
my $polite = (grep { /^\w+\.test$/ } map { (split /:/)[0] } split /,/, $sites{PLATEN_CRAWL_CONNECT_TO})[0];
my $id = order("http://$polite", 'builtin');
my $until = time + 10;
my ($parsers, $over) = ({}, 0);
while (time < $until && !$over) {
	$parsers->{$_} = 1 for @{ processes()->{parsers} };
	my $held = held(@{ processes()->{parsers} }, @{ processes()->{slots} });
	is_deeply($held, {}, 'no key while pages are read') if %$held;
	$over = ($u->show($id) // {})->{status} =~ /completed|failed/;
}
cmp_ok(scalar keys %$parsers, '>', 4, 'there were fork servers and children that read');

done_testing;
