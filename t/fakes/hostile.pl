#!/usr/bin/perl
# hostile.pl: a web site whose pages are made to hurt who reads them, and a
# few fine ones between them.
# usage: hostile.pl [--port N] [--log FILE]   (0, the default: any free port)
#        hostile.pl --names           (the hostile pages, one a line)
# Prints "port N" on stdout, then serves 127.0.0.1 until it gets SIGTERM.
# --log appends the path of each request.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Compress::Zlib ();
use Encode ();
use Platen::Fork 'fork_server';

my ($port, $log, $names) = (0);
while (defined(my $o = shift)) {
	if    ($o eq '--port')  { $port  = shift }
	elsif ($o eq '--log')   { $log   = shift }
	elsif ($o eq '--names') { $names = 1 }
	else                    { die "usage: hostile.pl [--port N] [--log FILE]\n" }
}

my $MB = 1 << 20;
my $words = 'The press prints a sheet when the platen meets the type. ' x 6;
my $head = '<!DOCTYPE html><html lang="en"><head><title>%s</title></head><body>';

sub html { sprintf($head, $_[0]) . $_[1] }
sub fine { html("Fine $_[0]", "<h1>Fine $_[0]</h1><p>Number $_[0]. $words</p>") }

# A page in an old encoding, with a word for t/fakes/faulty_iconv.c.
sub hole {
	my ($word) = @_;
	return ['text/html; charset=windows-1252',
		html("Page with a $word", "<p>Caf\xe9. $words a $word.</p>")];
}

# What each path answers: the page, or [type, body], or what plays it.
my %page = (
	attributes => sub { html('Attributes', '<a '
		. join(' ', map { "a$_=$_" } 1 .. 80_000) . ">x</a><p>$words") },
	paragraphs => sub { html('Paragraphs', '<p>' x 3_000_000) },
	nested => sub { html('Nested', '<div>' x 1_000_000 . $words) },
	deep => sub { html('Deep', '<div>' x 100_000 . $words . '</div>' x 100_000) },
	text => sub { html('Text', 'word ' x (4 * $MB)) },
	line => sub { html('Line', '<p>' . 'x' x (10 * $MB)) },
	nul => sub { html('Nul', "<p>$words" . ("a\0b " x 500_000)) },
	utf16le => sub { "\xff\xfe" . Encode::encode('UTF-16LE',
		html('Little', "<p>$words" x 2000)) },
	utf16be => sub { "\xfe\xff" . Encode::encode('UTF-16BE',
		html('Big', "<p>$words" x 2000)) },
	misnested => sub { html('Misnested', '<b>' x 2000 . '<p></b>' x 300_000) },
	tables => sub { html('Tables', '<table>x<tr>y<td>' x 200_000) },
	links => sub { html('Links', join '', map { "<a href=/trap/$_>l</a> " }
		1 .. 200_000) },
	crash => sub { hole('word-that-crashes') },
	loop => sub { hole('word-that-never-ends') },
	memory => sub { hole('word-that-eats-memory') },
	socket => sub { hole('word-that-calls-home') },
	shell => sub { hole('word-that-runs-a-shell') },
	hundred => \&hundred,
	bomb => \&bomb,
);

if ($names) {
	print "$_\n" for sort keys %page;
	exit 0;
}

# 100 MB of text.
sub hundred {
	my ($c) = @_;
	print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	    . "Connection: close\r\n\r\n<html><body>";
	my $chunk = '<p>' . 'word ' x 13_000 . '</p>';
	for (1 .. 1600) { print $c $chunk or last }
	return undef;
}

# 512 MB of one letter, about 500 kB packed: after a full flush the same
# packed bytes may come again.
sub bomb {
	my ($c) = @_;
	my $d = Compress::Zlib::deflateInit(-WindowBits => 31);
	my ($start) = $d->deflate('');
	$start .= $d->flush(Compress::Zlib::Z_FULL_FLUSH());
	my ($mb) = $d->deflate('a' x $MB);
	$mb .= $d->flush(Compress::Zlib::Z_FULL_FLUSH());
	print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	    . "Content-Encoding: gzip\r\nConnection: close\r\n\r\n", $start;
	for (1 .. 512) { print $c $mb or return undef }
	return undef;
}

# ---- sitemaps ----------------------------------------------------------------

my @maps = qw(laughs entity outside good);

sub urlset {
	my ($host, @paths) = @_;
	return '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
	    . join('', map { "<url><loc>http://$host$_</loc></url>" } @paths)
	    . '</urlset>';
}

sub map_of {
	my ($name, $host) = @_;
	# A fine page between any two hostile ones.
	return urlset($host, '/', map {
		("/$_", "/fine/$_") } sort keys %page) if $name eq 'good';
	my $dtd = $name eq 'laughs'
	    ? '<!ENTITY l0 "ha">' . join('', map { "<!ENTITY l$_ \""
		. ('&l' . ($_ - 1) . ';') x 10 . '">' } 1 .. 9)
	    : $name eq 'entity' ? '<!ENTITY l9 "' . 'x' x 100_000 . '">'
	    : "<!ENTITY l9 SYSTEM \"file:///etc/hostname\">"
		. "<!ENTITY % far SYSTEM \"http://$host/far.dtd\"> %far;";
	return qq(<?xml version="1.0"?><!DOCTYPE urlset [$dtd]>)
	    . urlset($host, $name eq 'entity' ? '/fetched/' . '&l9;' x 100_000
		: '/fetched/&l9;');
}

sub answer {
	my ($c, $host, $path) = @_;
	return ['text/plain', join '', map { "Sitemap: http://$host/$_.xml\n" } @maps]
	    if $path eq '/robots.txt';
	return ['application/xml', map_of($1, $host)]
	    if $path =~ m{^/(\w+)\.xml$} && grep { $1 eq $_ } @maps;
	return fine($1) if $path =~ m{^/fine/(\w+)$};
	return fine('home') if $path eq '/';
	return [404, 'nothing'] unless $path =~ m{^/(\w+)$} && $page{$1};
	return $page{$1}->($c);
}

sub note {
	my ($path) = @_;
	return unless defined $log;
	open my $h, '>>', $log or die "$log: $!\n";
	syswrite $h, "$path\n";
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
			$host = lc $1 if $h =~ /^host:\s*(\S+)/i;
		}
		note($path);
		my $r = answer($c, $host, $path) // return;
		$r = ['text/html', $r] unless ref $r;
		my ($status, $type) = $r->[0] eq '404' ? ('404 Not Found', 'text/plain')
		    : ('200 OK', $r->[0]);
		print $c "HTTP/1.1 $status\r\nContent-Type: $type\r\nContent-Length: "
		    . length($r->[1]) . "\r\n\r\n", $r->[1];
		$c->flush;
	}
}

fork_server($port, \&serve);
