#!/usr/bin/perl
# pace.pl: one site that answers at a pace of its own, over HTTP/1.0 (each
# connection is closed) or keeping connections.
# usage: pace.pl [--keep] [--ms N] [--pages N] [--delay SECONDS] [--one]
#     [--slow N]
# Prints "port N", then serves 127.0.0.1 until SIGTERM.  A page takes --ms;
# --delay is the Crawl-delay of its robots.txt; --one answers one request at a
# time; page --slow takes 4 s.  /times says when pages were asked for: seconds,
# one a line; /most the largest number of requests at once; /agent who asked.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

my %o = (ms => 300, pages => 100, delay => 0, slow => -1);
while (defined(my $a = shift)) {
	my ($name) = $a =~ /^--(\w+)$/ or die "unknown option $a\n";
	$o{$name} = $name =~ /^(?:keep|one)$/ ? 1 : shift;
}
my $listen = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 512,
	ReuseAddr => 1) or die "listen: $!\n";
my $port = $listen->sockport;
$| = 1;
print "port $port\n";

$SIG{PIPE} = 'IGNORE';
$SIG{TERM} = sub { exit 0 };
my $select = IO::Select->new($listen);
my (%in, @due, @times, $most, $busy_until, $agent);
$most = $busy_until = 0;

sub page {
	my ($path) = @_;
	return "<!DOCTYPE html><html lang=\"en\"><head><title>Page $path</title></head>"
	    . "<body><main><h1>Page $path</h1><p>Of all that is here, this is what"
	    . " $path says of itself, and it says it at some length.</p></main></body>"
	    . '</html>';
}

# answer: (status, type, body, counts as a page) of a path.
sub answer {
	my ($path, $host) = @_;
	return (200, 'text/plain', join '', map { sprintf "%.3f\n", $_ } @times)
	    if $path eq '/times';
	return (200, 'text/plain', $most) if $path eq '/most';
	return (200, 'text/plain', $agent // '') if $path eq '/agent';
	return (200, 'text/plain', "User-agent: *\n"
		    . ($o{delay} ? "Crawl-delay: $o{delay}\n" : 'Allow: /'), 1)
	    if $path eq '/robots.txt';
	return (200, 'application/xml', '<urlset>' . join('', map {
		"<url><loc>http://$host/p$_</loc></url>" } 1 .. $o{pages}) . '</urlset>', 1)
	    if $path eq '/sitemap.xml';
	return (200, 'text/html', page($path), 1) if $path =~ m{^/(?:p\d+)?$};
	return (404, 'text/html', 'Nothing here.', 1);
}

sub send_answer {
	my ($c, $status, $type, $body) = @_;
	my $v = $o{keep} ? '1.1' : '1.0';
	print $c "HTTP/$v $status OK\r\nContent-Type: $type\r\nContent-Length: "
	    . length($body) . "\r\n\r\n$body";
	$c->flush;
	return if $o{keep};
	$select->remove($c);
	delete $in{$c};
	close $c;
}

sub take {
	my ($c, $path, $host) = @_;
	my ($status, $type, $body, $counts) = answer($path, $host);
	return send_answer($c, $status, $type, $body) unless $counts;
	my $takes = $path eq "/p$o{slow}" ? 4 : $o{ms} / 1000;
	my $from = $o{one} && $busy_until > time ? $busy_until : time;
	push @times, time;
	push @due, [$from + $takes, $c, $status, $type, $body];
	$busy_until = $from + $takes;
	@due = sort { $a->[0] <=> $b->[0] } @due;
	$most = @due if @due > $most;
}

sub hear {
	my ($c) = @_;
	my $n = sysread $c, my $bytes, 65536;
	# The end, or TLS, which is not spoken here.
	if (!$n || (!$in{$c} && $bytes =~ /^\x16/)) {
		$select->remove($c);
		@due = grep { $_->[1] != $c } @due;
		delete $in{$c};
		close $c;
		return;
	}
	$in{$c} .= $bytes;
	while ($in{$c} && $in{$c} =~ s/^GET (\S+) HTTP.*?\r\n\r\n//s) {
		my ($path, $request) = ($1, $&);
		my ($host) = $request =~ /^host:\s*(\S+)/mi;
		$agent = $1 if $path =~ m{^/p} && $request =~ /^user-agent: (.*?)\r$/mi;
		take($c, $path, $host // "127.0.0.1:$port");
	}
}

while (1) {
	my $wait = @due ? $due[0][0] - time : 5;
	for my $s ($select->can_read($wait > 0 ? $wait : 0)) {
		if ($s == $listen) { $select->add($listen->accept // next) }
		else { hear($s) }
	}
	while (@due && $due[0][0] <= time) {
		my ($at, $c, @answer) = @{ shift @due };
		send_answer($c, @answer);
	}
}
