#!/usr/bin/perl
# polite.pl: sites that say what may be read of them, and how fast, in ways
# that are easy to miss.
# usage: polite.pl [--log FILE]    polite.pl --names
# Prints "port N", then serves 127.0.0.1 until SIGTERM.  --log appends
# "host path seconds status" for each request.  The sites are in %site below.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Fork 'fork_server';
use Time::HiRes qw(sleep time);

my ($log, $names);
while (defined(my $o = shift)) {
	if    ($o eq '--log')   { $log   = shift }
	elsif ($o eq '--names') { $names = 1 }
	else                   { die "usage: polite.pl [--log FILE]\n" }
}

my $none = [404, 'text/html', 'Nothing here.'];

sub text { return [200, 'text/plain', join '', map { "$_\n" } @_] }
sub to { return [301, 'text/html', '', Location => $_[0]] }

sub page {
	my ($path, @links) = @_;
	return [200, 'text/html; charset=utf-8',
		"<!DOCTYPE html><html lang=\"en\"><head><title>Page $path</title></head>"
		    . "<body><main><h1>Page $path</h1><p>Of all that is here, this is"
		    . " what $path says of itself, and it says it at some length.</p>"
		    . join('', map { "<p><a href=\"$_\">$_</a></p>" } @links)
		    . '</main></body></html>'];
}

sub urlset {
	my ($host, @paths) = @_;
	return [200, 'application/xml', '<urlset>'
		    . join('', map { "<url><loc>http://$host$_</loc></url>\n" } @paths)
		    . '</urlset>'];
}

sub index_of {
	my ($host, @paths) = @_;
	return [200, 'application/xml', '<sitemapindex>' . join('',
		map { "<sitemap><loc>http://$host$_</loc></sitemap>\n" } @paths)
		    . '</sitemapindex>'];
}

# rest: pages that link to each other, and no sitemap.
sub rest {
	my ($path, @links) = @_;
	return $none if $path eq '/robots.txt' || $path =~ /sitemap/;
	return page($path, $path eq '/' ? @links : ());
}

# A www with rules of its own.
sub www {
	my ($host, $path) = @_;
	return text('User-agent: *', 'Disallow: /private', 'Crawl-delay: 0.25',
		"Sitemap: http://$host/map.xml") if $path eq '/robots.txt';
	return urlset($host, '/private/a', '/x', '/y') if $path eq '/map.xml';
	return page($path, '/private/b');
}

my %site = (
	# All but robots.txt leads to www, which has rules of its own.
	'apex.test' => sub {
		return $_[1] eq '/robots.txt' ? $none : to("http://www.apex.test$_[1]");
	},
	'www.apex.test' => \&www,
	# Its robots.txt does so, too.
	'both.test' => sub { to("http://www.both.test$_[1]") },
	'www.both.test' => \&www,
	# All of it, robots.txt too, is on another site now.
	'old.test' => sub { to("http://slash.test$_[1]") },
	'circle.test' => sub {
		return $_[1] eq '/robots.txt' ? $none : to('http://www.circle.test/');
	},
	'www.circle.test' => sub {
		return $_[1] eq '/robots.txt' ? $none : to('http://circle.test/');
	},
	# A robots.txt that ends too soon; once, or each time.
	'half.test' => sub {
		return $_[1] eq '/robots.txt' ? ['half', 'text/plain',
			"User-agent: *\nDisallow: /secret\n"] : rest($_[1], '/a');
	},
	'once.test' => sub {
		return [asked('once.test', '/robots.txt') > 0 ? 200 : 'half',
			'text/plain', "User-agent: *\nDisallow: /secret\n"]
		    if $_[1] eq '/robots.txt';
		return rest($_[1], '/a', '/secret');
	},
	'dead.test' => sub {
		return $_[1] eq '/robots.txt' ? to('http://refuse.test/robots.txt')
		    : rest($_[1], '/a');
	},
	'loop.test' => sub {
		return $_[1] eq '/robots.txt' ? to('http://loop.test/robots.txt')
		    : rest($_[1], '/a');
	},
	# None, which is said at length, or breaks off.
	'stout.test' => sub {
		return $_[1] eq '/robots.txt' ? [404, 'text/html', 'Nothing. ' x 70_000]
		    : rest($_[1], '/a');
	},
	'guard.test' => sub {
		return $_[1] eq '/robots.txt' ? [403, 'text/html', 'No. ' x 150_000]
		    : rest($_[1], '/a');
	},
	'broken.test' => sub {
		return $_[1] eq '/robots.txt' ? ['half404', 'text/html', 'Nothing']
		    : rest($_[1], '/a');
	},
	'busy.test' => sub {
		return $_[1] eq '/robots.txt' ? [429, 'text/html', 'No. ' x 150_000]
		    : rest($_[1], '/a');
	},
	# Its home page is a page of www, whose own there is none of.
	'led.test' => sub { to('http://www.led.test/welcome?in=en') },
	'www.led.test' => sub {
		my ($host, $path) = @_;
		return text('User-agent: *', 'Disallow: /private')
		    if $path eq '/robots.txt';
		return $none if $path eq '/';
		return page($path, '/a', '/private') if $path eq '/welcome?in=en';
		return rest($path);
	},
	'barred.test' => sub {
		return $_[1] eq '/robots.txt' ? text('User-agent: *', 'Disallow: /')
		    : $none;
	},
	'slash.test' => sub {
		return $_[1] eq '/robots.txt'
		    ? text('User-agent: *', 'Disallow: /*/secret')
		    : rest($_[1], '//slash.test//a/secret', '/b');
	},
	# 300 pages, of which it gives ten and then asks for an hour of peace.
	'limit.test' => sub {
		my ($host, $path) = @_;
		return urlset($host, map { "/p$_" } 1 .. 300) if $path eq '/sitemap.xml';
		return rest($path) unless $path =~ /^\/p/;
		return page($path) if asked($host, '/p') < 10;
		return [429, 'text/plain', 'slow down', 'Retry-After' => 3600];
	},
	'peace.test' => sub {
		return $none if $_[1] eq '/robots.txt';
		return [503, 'text/plain', 'not now', 'Retry-After' => 3600];
	},
	# One parser reads both: the second kills it while the first still comes.
	'lost.test' => sub {
		my ($host, $path) = @_;
		return text("Sitemap: http://$host/index.xml") if $path eq '/robots.txt';
		return index_of($host, '/good.xml', '/bad.xml') if $path eq '/index.xml';
		return [drip => 'application/xml',
			urlset($host, map { "/p$_" } 1 .. 300)->[2]]
		    if $path eq '/good.xml';
		return [200, 'application/xml', '<urlset><url '
			    . join(' ', map { "a$_=\"1\"" } 1 .. 80000) . '/></urlset>']
		    if $path eq '/bad.xml';
		return rest($path);
	},
	# A slow sitemap before thirty others.
	'pile.test' => sub {
		my ($host, $path) = @_;
		return text("Sitemap: http://$host/index.xml") if $path eq '/robots.txt';
		return index_of($host, map { "/m$_.xml" } 0 .. 29)
		    if $path eq '/index.xml';
		sleep 1 if $path eq '/m0.xml';
		return urlset($host, map { "$1/$_" } 1 .. 10)
		    if $path =~ /^(\/m\d+)\.xml$/;
		return rest($path);
	},
);

if ($names) {
	print "$_\n" for sort keys %site;
	exit 0;
}

my %reason = (200 => 'OK', 301 => 'Moved Permanently', 403 => 'Forbidden',
	404 => 'Not Found',
	429 => 'Too Many Requests', 503 => 'Service Unavailable');

sub note {
	my ($host, $path, $status) = @_;
	return unless defined $log;
	open my $h, '>>', $log or die "$log: $!\n";
	syswrite $h, sprintf("%s %s %.3f %s\n", $host, $path, time, $status);
	close $h;
}

# asked: how often the host was asked for what begins so.
sub asked {
	my ($host, $path) = @_;
	open my $h, '<', $log or return 0;
	return scalar grep { index($_, "$host $path") == 0 } <$h>;
}

sub answer {
	my ($c, $status, $type, $body, @more) = @_;
	my ($drip, $half) = ($status eq 'drip', $status =~ s/^half//);
	my $length = length($body) * ($half ? 10 : 1);
	$status = 200 if $drip || $status eq '';
	print $c "HTTP/1.1 $status $reason{$status}\r\nContent-Type: $type\r\n",
	    "Content-Length: $length\r\n";
	while (my ($k, $v) = splice @more, 0, 2) { print $c "$k: $v\r\n" }
	print $c "\r\n";
	my $piece = $drip ? int(length($body) / 7) + 1 : length($body) || 1;
	for (my $i = 0; $i < length $body; $i += $piece) {
		print $c substr $body, $i, $piece;
		$c->flush;
		sleep 0.45 if $drip;
	}
	$c->flush;
	return !$half;
}

sub serve {
	my ($c) = @_;
	$c->autoflush(0);
	local $SIG{PIPE} = 'IGNORE';
	while (defined(my $line = <$c>)) {
		my ($path) = $line =~ m{^\w+ (\S+) HTTP/1\.[01]\r?$} or return;
		my $host = '';
		while (defined(my $h = <$c>)) {
			$h =~ s/\r?\n\z//;
			last if $h eq '';
			$host = lc $1 if $h =~ /^host:\s*([^\s:]+)/i;
		}
		my $r = $site{$host} ? $site{$host}->($host, $path) : $none;
		note($host, $path, $r->[0]);
		answer($c, @$r) or return;
	}
}

fork_server(0, \&serve);
