# Platen::BadHttp: what a plain answer cannot play, by name.  Each is called
# with the connection, which ends after it.
package Platen::BadHttp;
use strict;
use warnings;
use Compress::Zlib ();
use Exporter 'import';
use Time::HiRes 'sleep';
our @EXPORT_OK = '%bad_http';

our %bad_http = (
	huge => sub {
		my ($c) = @_;
		print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		    . "Connection: close\r\n\r\n<html><body>";
		my $chunk = '<p>' . 'x' x 65520 . '</p>';
		for (1 .. 1600) { print $c $chunk or last }
	},
	# 512 MB of one letter, about 500 kB packed.  After a full flush the same
	# packed bytes may come again.
	bomb => sub {
		my ($c) = @_;
		my $d = Compress::Zlib::deflateInit(-WindowBits => 31);
		my ($head) = $d->deflate('');
		$head .= $d->flush(Compress::Zlib::Z_FULL_FLUSH());
		my ($mb) = $d->deflate('a' x (1 << 20));
		$mb .= $d->flush(Compress::Zlib::Z_FULL_FLUSH());
		print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		    . "Content-Encoding: gzip\r\nConnection: close\r\n\r\n", $head;
		for (1 .. 512) { print $c $mb or return }
		print $c scalar $d->flush;
	},
	hang => sub { my ($c) = @_; sleep 1 for 1 .. 120 },
	# Not HTTP at all.
	garbage => sub { my ($c) = @_; print $c "\x00\xffSSH-2.0-what\r\n" x 20 },
	# A header without end.
	header => sub {
		my ($c) = @_;
		print $c "HTTP/1.1 200 OK\r\n";
		for (1 .. 2000) { print $c "X-$_: ", 'y' x 4000, "\r\n" or last }
	},
	# A byte a second.
	drip => sub {
		my ($c) = @_;
		$c->autoflush(1);
		print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		    . "Connection: close\r\n\r\n<html><body>";
		for (1 .. 120) { print $c 'x' or last; sleep 1 }
	},
	cut => sub {
		my ($c) = @_;
		print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
		    . "Content-Length: 5000\r\n\r\n<html><head><title>Cut";
	},
);

1;
