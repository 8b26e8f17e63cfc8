# Sites: the web as the tests see it: t/fakes/site.pl, the Python
# documentation behind a lighttpd, and how Platen is told to find them.  What
# was started ends with the test.
package Platen::Sites;
use strict;
use warnings;
use File::Basename 'dirname';
use File::Temp ();
use IO::Socket::INET;
use Time::HiRes qw(sleep);

my $T = dirname(dirname(dirname(__FILE__)));
my $owner = $$;
my %started;

END {
	if ($$ == $owner) {
		local $?;
		stop($_) for keys %started;
	}
}

# stop: ends one process by its id and waits for it.
sub stop {
	my ($pid) = @_;
	kill 'TERM', $pid;
	for (1 .. 50) {
		last if waitpid($pid, 1) != 0;
		sleep 0.02;
	}
	kill 'KILL', $pid if kill 0, $pid;
	delete $started{$pid};
}

# free_port: one that nothing listens on now.
sub free_port {
	return IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1,
		ReuseAddr => 1)->sockport;
}

# fake: a running site.pl, or another of t/fakes that is called like it:
# {names, port, pid, log, connect_to, allow}.
sub fake {
	my $script = "$T/fakes/" . ($_[0] // 'site.pl');
	my $dir = File::Temp->newdir;
	my @names = split /\n/, qx($^X $script --names);
	pipe my $out, my $in or die "pipe: $!\n";
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		open STDOUT, '>&', $in or die "$script: $!\n";
		exec $^X, $script, '--log', "$dir/log";
	}
	close $in;
	$started{$pid} = 1;
	my ($port) = (<$out> // '') =~ /^port (\d+)/
	    or die "$script gave no port\n";
	return bless {
		names => \@names, port => $port, pid => $pid, dir => $dir,
		log => "$dir/log",
	}, __PACKAGE__;
}

# models: a running models.pl, its questions in {log}; and the environment that
# sets up its three providers.
sub models {
	my $dir = File::Temp->newdir;
	pipe my $out, my $in or die "pipe: $!\n";
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		open STDOUT, '>&', $in or die "models.pl: $!\n";
		exec $^X, "$T/fakes/models.pl", '--log', "$dir/log";
	}
	close $in;
	$started{$pid} = 1;
	my ($port) = (<$out> // '') =~ /^port (\d+)/ or die "models.pl gave no port\n";
	my $at = "http://127.0.0.1:$port";
	return { pid => $pid, dir => $dir, log => "$dir/log", env => {
		PLATEN_OLLAMA_URL => $at, PLATEN_OLLAMA_MODEL => 'good',
		PLATEN_GEMINI_URL => "$at/v1beta", PLATEN_GEMINI_MODEL => 'good',
		PLATEN_GEMINI_KEY => 'good-key',
		PLATEN_OPENAI_URL => "$at/v1", PLATEN_OPENAI_MODEL => 'good',
		PLATEN_OPENAI_KEY => 'good-key',
	} };
}

# requests: [host, path, time, status] of each request so far.
sub requests {
	my ($self) = @_;
	open my $h, '<', $self->{log} or return ();
	return map { chomp; [split / /] } <$h>;
}

# docs_dir: the documentation's folder, undef where the package is missing.
sub docs_dir {
	my ($dir) = grep { -f "$_/index.html" && -f "$_/library/os.html" }
	    reverse sort glob '/usr/share/doc/python3*/html';
	return $dir;
}

# docs: the documentation as docs.test (with a sitemap) and bare.test
# (without): {names, port, pid, paths}.
sub docs {
	my $html = docs_dir() // die "python3.11-doc is not installed\n";
	my $dir = File::Temp->newdir;
	my @paths = map { s{^\./}{/}r }
	    split /\n/, qx(cd '$html' && find -L . -name '*.html' -type f);
	@paths = sort @paths;
	open my $map, '>', "$dir/sitemap.xml" or die "$dir: $!\n";
	print $map qq(<?xml version="1.0" encoding="UTF-8"?>\n),
	    qq(<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n),
	    map({ "<url><loc>http://docs.test$_</loc></url>\n" } @paths), "</urlset>\n";
	close $map;
	my $port = free_port();
	open my $conf, '>', "$dir/lighttpd.conf" or die "$dir: $!\n";
	print $conf <<"END";
server.modules = ( "mod_alias", "mod_accesslog" )
server.bind = "127.0.0.1"
server.port = $port
server.document-root = "$html"
server.max-keep-alive-requests = 65535
accesslog.filename = "$dir/access.log"
accesslog.format = "%{Host}i %U %s"
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html; charset=utf-8",
    ".xml" => "application/xml", ".txt" => "text/plain; charset=utf-8",
    "" => "application/octet-stream" )
\$HTTP["host"] == "docs.test" {
	alias.url = ( "/sitemap.xml" => "$dir/sitemap.xml" )
}
END
	close $conf;
	my $pid = fork // die "fork: $!\n";
	if ($pid == 0) {
		exec 'lighttpd', '-D', '-f', "$dir/lighttpd.conf"
		    or exec '/usr/sbin/lighttpd', '-D', '-f', "$dir/lighttpd.conf";
		die "lighttpd: $!\n";
	}
	$started{$pid} = 1;
	for (1 .. 100) {
		last if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
		sleep 0.05;
	}
	return bless {
		names => ['docs.test', 'bare.test'], port => $port, pid => $pid,
		dir => $dir, paths => \@paths,
	}, __PACKAGE__;
}

# linked: those of the documentation's paths that its links lead to.
sub linked {
	my ($self) = @_;
	my $html = docs_dir();
	my %there = map { $_ => 1 } @{ $self->{paths} };
	my @todo = ('/index.html');
	my %seen = map { $_ => 1 } @todo;
	while (defined(my $path = shift @todo)) {
		open my $h, '<', "$html$path" or next;
		my $text = do { local $/; <$h> };
		$text =~ s/<!--.*?-->//gs;
		my ($folder) = $path =~ m{^(.*/)};
		while ($text =~ /<a\b[^>]*?\shref="([^"#?]+)/g) {
			my $to = $1;
			next if $to =~ /^\w+:/;
			$to = $folder . $to unless $to =~ m{^/};
			1 while $to =~ s{/[^/]+/\.\./}{/} || $to =~ s{/\./}{/};
			push @todo, $to if $there{$to} && !$seen{$to}++;
		}
	}
	return sort keys %seen;
}

# guarded: a server that says what it was asked, under the name inside.test,
# and that the guard must not let through: {names, port, listener}.
sub guarded {
	my $l = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16,
		Blocking => 0) or die "listen: $!\n";
	return bless { names => ['inside.test'], port => $l->sockport,
		listener => $l, inner => 1 }, __PACKAGE__;
}

# touched: someone connected to a guarded server.
sub touched { return defined $_[0]{listener}->accept }

# environment: variables that lead Platen to these sites under their names;
# refuse.test is a name whose port nobody listens on.
sub environment {
	my (@sites) = @_;
	my $closed = free_port();
	my @to = map {
		my $s = $_;
		map { "$_:80:127.0.0.1:$s->{port}" } @{ $s->{names} };
	} @sites;
	return (
		PLATEN_CRAWL_CONNECT_TO => join(',', @to,
			"refuse.test:80:127.0.0.1:$closed"),
		PLATEN_CRAWL_ALLOW => join(',',
			map { "127.0.0.1:$_" } $closed,
			map { $_->{port} } grep { !$_->{inner} } @sites),
	);
}

1;
