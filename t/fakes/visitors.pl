#!/usr/bin/perl
# visitors.pl: sites whose orders are made to hold up those of others, one for
# each way, and a fine one.
# usage: visitors.pl [--log FILE]    visitors.pl --names
# Prints "port N", then serves 127.0.0.1 until SIGTERM.  --log appends
# "host path seconds status" for each request.
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
	else                   { die "usage: visitors.pl [--log FILE]\n" }
}

my $none = [404, 'text/html', 'Nothing here.'];
my $words = 'The press prints a sheet when the platen meets the type. ' x 6;

sub page {
	my ($title, $body) = @_;
	return [200, 'text/html; charset=utf-8',
		"<!DOCTYPE html><html lang=\"en\"><head><title>$title</title></head>"
		    . "<body><main><h1>$title</h1><p>$words</p>$body</main></body></html>"];
}

sub links { return join ' ', map { "<a href=\"$_\">$_</a>" } @_ }

sub urlset {
	my ($host, @paths) = @_;
	return [200, 'application/xml', '<urlset>'
		    . join('', map { "<url><loc>http://$host$_</loc></url>\n" } @paths)
		    . '</urlset>'];
}

# Addresses that a pattern of many stars has to be tried against again and again.
sub stars { return map { '/' . 'a' x 200 . "-$_" } 1 .. 2000 }

# 500 kB of rules, each of which nearly fits.
sub rules {
	my $rules = "User-agent: *\n";
	my $i = 0;
	$rules .= sprintf "Disallow: /*a*a*a*a*x%d\$\n", $i++ while length $rules < 499_000;
	return [200, 'text/plain', $rules];
}

# Deep, long and crooked pages between fine ones.
sub huge {
	my ($n) = @_;
	return page("Deep $n", '<div>' x 200_000 . $words) if $n % 5 == 0;
	return page("Crooked $n", '<b>' x 2000 . '<p></b>' x 100_000) if $n % 5 == 1;
	return page("Wide $n", '<a ' . join(' ', map { "a$_=$_" } 1 .. 50_000) . ">x</a>") if $n % 5 == 2;
	return page("Long $n", 'word ' x 1_500_000) if $n % 5 == 3;
	return page("Fine $n", '');
}

# Every page is called the same, up to its last letters.
my $same = join ' ', map { "word$_" } 1 .. 400;

my %site = (
	'stars.test' => sub {
		my ($path) = @_;
		return urlset('stars.test', '/', stars()) if $path eq '/sitemap.xml';
		return $path eq '/robots.txt' ? $none : page("Page $path", '');
	},
	'rules.test' => sub {
		my ($path) = @_;
		return rules() if $path eq '/robots.txt';
		return urlset('rules.test', '/', stars()) if $path eq '/sitemap.xml';
		return page("Page $path", '');
	},
	'huge.test' => sub {
		my ($path) = @_;
		return urlset('huge.test', '/', map { "/p/$_" } 1 .. 300) if $path eq '/sitemap.xml';
		return $path =~ m{^/p/(\d+)$} ? huge($1) : $path eq '/' ? page('Huge', '') : $none;
	},
	'same.test' => sub {
		my ($path) = @_;
		return urlset('same.test', '/', map { "/docs/$_" } 1 .. 3000) if $path eq '/sitemap.xml';
		return $path eq '/robots.txt' ? $none : page($same . substr($path, -1), links(map { "/docs/$_" } 1 .. 300));
	},
	'endless.test' => sub {
		my ($path) = @_;
		return $none if $path =~ /robots|sitemap/;
		sleep 0.3;
		return page("Page $path", links(map { $path =~ s{/?$}{}r . "/$_" } 1 .. 200));
	},
	'fine.test' => sub {
		my ($path) = @_;
		return urlset('fine.test', '/', map { "/docs/page-$_" } 1 .. 20) if $path eq '/sitemap.xml';
		return $path =~ m{^/(?:docs/page-(\d+))?$} ? page('Page ' . ($1 // 'home'), '') : $none;
	},
);

if ($names) {
	print "$_\n" for sort keys %site;
	exit 0;
}

sub note {
	return unless defined $log;
	open my $h, '>>', $log or die "$log: $!\n";
	syswrite $h, join(' ', @_) . "\n";
	close $h;
}

sub serve {
	my ($c) = @_;
	local $SIG{PIPE} = 'IGNORE';
	while (defined(my $line = <$c>)) {
		my ($path) = $line =~ m{^GET (\S+) HTTP/1\.[01]\r?$} or return;
		my $host = '';
		while (defined(my $h = <$c>)) {
			$h =~ s/\r?\n\z//;
			last if $h eq '';
			$host = lc $1 if $h =~ /^host:\s*([^\s:]+)/i;
		}
		my $r = $site{$host} ? $site{$host}->($path) : $none;
		note($host, substr($path, 0, 100), time, $r->[0]);
		print $c "HTTP/1.1 $r->[0] X\r\nContent-Type: $r->[1]\r\nContent-Length: "
		    . length($r->[2]) . "\r\n\r\n", $r->[2];
		$c->flush;
	}
}

fork_server(0, \&serve);
