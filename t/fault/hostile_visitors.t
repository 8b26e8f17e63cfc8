#!/usr/bin/perl
# Hostile visitors, all at once and each in turn: readers that do not read,
# senders that do not send, hostile orders.  The site stays quick for others,
# its disk and its memory stay bounded.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use List::Util qw(max sum0);
use POSIX ();
use Socket qw(SOL_SOCKET SO_RCVBUF);
use Platen::Timing;
use Test::More;
use Time::HiRes qw(sleep time);
use Platen::Http;
use Platen::Seed;
use Platen::Sites;
use Platen::Stack;

my $MB = 1 << 20;
my $DISK_MB = 256;    # what all of it may add to the disk
my $WEB_MB = 64;      # and to one web process
my $PAGE_MS = 100;    # of a page, at the 99th percentile

my $web = Platen::Sites::fake('visitors.pl');
my $s = Platen::Stack->new(with => 'web live worker', env => { Platen::Sites::environment($web) });
my $u = Platen::Http->new($s->url);
$u->json(POST => '/api/v1/generations', { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $id = Platen::Seed::generation($s, $me, 'big.test', 'completed', entries => 6006,
    artifacts => { 'llms.txt' => '', 'llms-full.txt' => '' });
$s->psql('platen', "UPDATE artifacts SET body = convert_to('# Big' || chr(10) || chr(10) || '> It is big.' || chr(10) || chr(10) || 'Much.' || chr(10) || chr(10) || '## Docs' || chr(10) || chr(10) || (SELECT string_agg('- [Page ' || i || '](https://big.test/docs/page-' || i || '): Says what page ' || i || ' is about.' || chr(10), '') FROM generate_series(1, 6006) i), 'UTF8') WHERE generation_id = '$id' AND name = 'llms.txt'");
$s->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 4194304), 'UTF8') WHERE generation_id = '$id' AND name = 'llms-full.txt'");
$s->psql('platen', "UPDATE artifacts SET sha256 = sha256(body) WHERE generation_id = '$id'");
my $full = "/generations/$id/artifacts/llms-full.txt";
my $page = "/generations/$id";
my $cookie = "sid=" . $u->cookies->{sid};

# ---- what it costs --------------------------------------------------------------

# Bytes on the disk below the stack's folder, and of files that are gone but
# still open.
sub disk {
	my ($all) = `du -sk --apparent-size $s->{dir}` =~ /^(\d+)/;
	my $gone = 0;
	for my $pid (web_pids()) {
		for my $fd (glob "/proc/$pid/fd/*") {
			next unless (readlink($fd) // '') =~ m{^\Q$s->{dir}\E/.* \(deleted\)$};
			$gone += (stat $fd)[7] // 0;
		}
	}
	return $all / 1024 + $gone / $MB;
}

# lighttpd, and the FastCGI processes below it.
sub web_pids {
	my $front = $s->pid('web');
	my @kids;
	for my $stat (glob '/proc/[0-9]*/stat') {
		open my $h, '<', $stat or next;
		my ($pid, $parent) = (<$h> // '') =~ /^(\d+) \(.*\) \S (\d+)/ or next;
		push @kids, $pid if $parent == $front;
	}
	return ($front, sort { $a <=> $b } @kids);
}

# MB of memory of each web process that are its own.
sub memory {
	return map {
		open my $h, '<', "/proc/$_/smaps_rollup" or die;
		local $/;
		sum0(<$h> =~ /^Private_\w+:\s+(\d+)/mg) / 1024
	} web_pids();
}

# Someone who looks at pages meanwhile, in a process of its own: the times.
sub looker {
	my ($seconds) = @_;
	pipe my $r, my $w or die;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		close $r;
		my $v = Platen::Http->new($s->url, timeout => 20);
		my $until = time + $seconds;
		while (time < $until) {
			my $t = time;
			my $ok = eval { $v->get('/')->{status} } // 0;
			printf $w "%d %.1f\n", $ok, (time - $t) * 1000;
			sleep 0.02;
		}
		close $w;
		POSIX::_exit(0);
	}
	close $w;
	return sub {
		my @got = map { [split] } <$r>;
		waitpid $pid, 0;
		my @ms = sort { $a <=> $b } map { $_->[1] } @got;
		return (scalar @ms, $ms[int(0.99 * $#ms)] // 1e9, scalar grep { $_->[0] != 200 } @got);
	};
}

sub quick {
	my ($look, $what) = @_;
	my ($n, $p99, $bad) = $look->();
	cmp_ok($n, '>', 20, "$what: pages were looked at ($n)");
	is($bad, 0, "$what: each was answered");
	within($p99 / 1000, $PAGE_MS / 1000, "$what: 99 of 100 pages come soon");
}

# ---- readers that do not read ------------------------------------------------------

# A connection with a small window that asks and then reads nothing.
sub slow_reader {
	my ($path) = @_;
	my $c = IO::Socket::INET->new(Proto => 'tcp', Type => SOCK_STREAM) or die "socket: $!";
	setsockopt $c, SOL_SOCKET, SO_RCVBUF, pack 'i', 4096;
	connect $c, Socket::pack_sockaddr_in($s->port, Socket::inet_aton('127.0.0.1')) or die "connect: $!";
	$c->autoflush(1);
	print $c "GET $path HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: $cookie\r\n\r\n";
	return $c;
}

# What a slow reader has got so far: the first line.
sub begins {
	my ($c) = @_;
	return '' unless IO::Select->new($c)->can_read(10);
	sysread $c, my $got, 512;
	return ($got // '') =~ /^HTTP\/1\.1 (\d+)/ ? $1 : '';
}

my $disk = disk();
my @memory = memory();
my $look = looker(4);
sleep 0.3;
my @slow = map { slow_reader($full) } 1 .. 100;
sleep 2;
my %said;
$said{ begins($_) }++ for @slow;
is_deeply([keys %said], ['200'], 'a hundred slow readers of a large result begin to get it')
    or diag explain \%said;
quick($look, 'a hundred slow readers');
cmp_ok(disk() - $disk, '<', $DISK_MB, 'the disk has room: ' . sprintf('%.0f MB', disk() - $disk));
@slow = ();

$look = looker(4);
sleep 0.3;
# One after another: it is not the making of sixty pages that is measured.
@slow = map { sleep 0.04; slow_reader($page) } 1 .. 60;
sleep 0.5;
quick($look, 'sixty slow readers of a large page');
cmp_ok(disk() - $disk, '<', $DISK_MB, 'the disk has room: ' . sprintf('%.0f MB', disk() - $disk));
@slow = ();

# ---- senders that do not send -------------------------------------------------------

sub connection {
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $s->port) or die "connect: $!";
	$c->autoflush(1);
	return $c;
}

$look = looker(4);
sleep 0.3;
my @heads = map {
	my $c = connection();
	print $c "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ";
	$c
} 1 .. 100;
my @bodies = map {
	my $c = connection();
	print $c "POST /api/v1/generations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	    . "Content-Length: 1000000\r\n\r\n" . ' ' x 999_000;
	$c
} 1 .. 100;
for (1 .. 4) {
	sleep 0.5;
	print $_ 'a' for @heads, @bodies;
}
quick($look, 'two hundred slow senders');
cmp_ok(disk() - $disk, '<', $DISK_MB, 'the disk has room: ' . sprintf('%.0f MB', disk() - $disk));
@heads = @bodies = ();

# ---- errors without end ------------------------------------------------------------

my $keys = '{' . join(',', map { "\"k$_\":$_" } 1 .. 60_000) . '}';
$look = looker(3);
sleep 0.3;
my @problems = map { $u->request(POST => '/api/v1/generations', { 'Content-Type' => 'application/json' }, $keys) } 1 .. 6;
is_deeply([map { $_->{status} } @problems], [(400) x 6], 'bodies of sixty thousand unknown keys are refused');
cmp_ok(max(map { length $_->{body} } @problems), '<', 65536, 'in few words');
quick($look, 'errors without end');
my @now = memory();
cmp_ok($now[$_] - $memory[$_], '<', $WEB_MB, sprintf 'web process %d has grown by %.0f MB', $_, $now[$_] - $memory[$_]) for 0 .. $#memory;

# ---- hostile orders, all five at once, and a normal one beside them --------------------

my %hostile = (
	'stars.test' => { include => ['/' . '*a' x 100 . '*b', ('/*a*a*a*a*a*a*a*a*a*a*a*a*a*a*c') x 40] },
	'rules.test' => {}, 'huge.test' => {}, 'same.test' => { limit => 3000 }, 'endless.test' => { limit => 3000 },
);
my $enemy = Platen::Http->new($s->url);
my %ids;
for my $host (sort keys %hostile) {
	my $r = $enemy->json(POST => '/api/v1/generations',
	    { type => 'llms_txt', input => { hostname => $host, %{ $hostile{$host} } } });
	is($r->{status}, 202, "an order of $host is taken") or diag $r->{body};
	$ids{$host} = $r->{json}{data}{id};
}
sleep 2;
my $friend = Platen::Http->new($s->url);
my $start = time;
$look = looker(12);
my $r = $friend->json(POST => '/api/v1/generations', { type => 'llms_txt', input => { hostname => 'fine.test' } });
my $mine = $r->{json}{data}{id};
@slow = map { slow_reader($full) } 1 .. 50;
my $status = sub { $s->value("SELECT status FROM generations WHERE id = '$_[0]'") };
wait_for { $status->($mine) !~ /pending|processing/ } 60, 'the normal order ends';
my $took = time - $start;
is($status->($mine), 'completed', 'a normal order beside five hostile ones is completed');
within($took, 30, 'a normal order beside five hostile ones takes seconds');
quick($look, 'five hostile orders and fifty slow readers');
cmp_ok(disk() - $disk, '<', $DISK_MB, 'the disk has room: ' . sprintf('%.0f MB', disk() - $disk));
diag sprintf '%s: %s after %.0f s', $_, $status->($ids{$_}), time - $start for sort keys %ids;
is($friend->json(DELETE => "/api/v1/generations/$ids{$_}")->{status}, 404, "and $_ is its owner's alone") for (sort keys %ids)[0];
$enemy->delete("/api/v1/generations/$ids{$_}") for keys %ids;
@now = memory();
cmp_ok($now[$_] - $memory[$_], '<', $WEB_MB, sprintf 'web process %d has grown by %.0f MB', $_, $now[$_] - $memory[$_]) for 0 .. $#memory;

done_testing;
