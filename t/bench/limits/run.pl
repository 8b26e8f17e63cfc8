#!/usr/bin/perl
# run.pl: see limits.sh.  The numbers are those of the worker with all its
# processes (supervisor, slots, fork servers, parsers): memory is the sum of their
# PSS, sampled, so that shared pages count once; CPU is theirs and that of
# the children they have waited for.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../../lib";
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Time::HiRes qw(sleep time);
use Platen::Procs;
use Platen::Stack;
use Platen::User;

my $PAGES = 5000;
my $MAX_MB = 150;
my $URLS = 50_000;
my $MAX_CPU = 2;

my $dir = tempdir(CLEANUP => 1);
my ($web, $owner) = (undef, $$);
END { if ($web && $$ == $owner) { my $c = $?; kill 'TERM', $web; waitpid $web, 0; $? = $c } }

sub write_count {
	mkdir "$dir/count";
	open my $h, '>', "$dir/count/sitemap.xml" or die "$dir: $!\n";
	print $h qq(<?xml version="1.0" encoding="UTF-8"?>\n)
	    . qq(<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n);
	for (1 .. $URLS) {
		print $h '<url><loc>http://count.test/catalog/section-' . $_ % 97
		    . "/some-product-with-a-name-$_.html</loc>"
		    . '<lastmod>2024-05-01T10:00:00+00:00</lastmod>'
		    . "<changefreq>weekly</changefreq><priority>0.5</priority></url>\n";
	}
	print $h "</urlset>\n";
	close $h or die "$dir: $!\n";
	open $h, '>', "$dir/count/index.html" or die "$dir: $!\n";
	print $h '<title>Count</title><p>A shop with very many things to buy.';
	close $h;
}

sub serve {
	my $port = free_port();
	open my $h, '>', "$dir/lighttpd.conf" or die "$dir: $!\n";
	print $h <<"END";
server.bind = "127.0.0.1"
server.port = $port
server.max-keep-alive-requests = 65535
server.document-root = "$dir/count"
index-file.names = ( "index.html" )
mimetype.assign = ( ".html" => "text/html; charset=utf-8",
    ".xml" => "application/xml", "" => "application/octet-stream" )
\$HTTP["host"] == "large.test" { server.document-root = "$dir/large" }
END
	close $h;
	$web = fork // die "fork: $!\n";
	if ($web == 0) {
		local $ENV{PATH} = "$ENV{PATH}:/usr/sbin";
		exec 'lighttpd', '-D', '-f', "$dir/lighttpd.conf";
		die "lighttpd: $!\n";
	}
	for (1 .. 100) {
		last if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
		sleep 0.05;
	}
	return $port;
}

# ---- the two limits --------------------------------------------------------

my $failed = 0;

sub bound {
	my ($ok, $text) = @_;
	$failed ||= !$ok;
	printf "limits %s%s\n", $text, $ok ? '' : '  OVER THE LIMIT';
}

sub count_urls {
	my ($s, $u) = @_;
	my $before = Platen::Procs::cpu($s->pid('worker'));
	my $end = time + 60;
	my $d;
	do {
		(undef, $d) = $u->api(GET => '/api/v1/stats/host?hostname=count.test');
	} until $d->{data}{isComplete} || time > $end;
	my $used = Platen::Procs::cpu($s->pid('worker')) - $before;
	my $n = $d->{data}{urlsCount} // 0;
	# The home page is not in the sitemap.
	bound($n >= $URLS && $used < $MAX_CPU,
		sprintf 'count: %d URLs in %.2f s of CPU (most: %g s)', $n, $used,
		$MAX_CPU);
}

sub generate {
	my ($s, $u) = @_;
	my $pid = $s->pid('worker');
	my ($idle) = Platen::Procs::memory($pid);
	my $cpu = Platen::Procs::cpu($pid);
	my $began = time;
	my $id = $u->order('large.test', limit => $PAGES);
	my ($peak, @parts, $g) = (0);
	for (my $k = 0;; $k++) {
		my ($now, @each) = Platen::Procs::memory($pid);
		($peak, @parts) = ($now, @each) if $now > $peak;
		last if $k % 5 == 0 && ($g = $u->show($id))
		    && $g->{status} =~ /^(?:completed|failed|canceled)$/;
		die "limits: no end after 600 s\n" if time - $began > 600;
		sleep 0.1;
	}
	my $n = $g->{entriesCount} // 0;
	printf "# limits: %s after %.1f s and %.1f s of CPU; idle it holds %.1f MB\n",
	    $g->{status}, time - $began, Platen::Procs::cpu($pid) - $cpu, $idle;
	printf "# limits: at its peak its processes hold %s MB\n",
	    join ' ', @parts[0 .. ($#parts < 9 ? $#parts : 9)];
	print "# limits: $g->{errorMessage}\n" if $g->{errorMessage};
	bound($n == $PAGES && $peak < $MAX_MB,
		sprintf 'job: %d pages in one job with %.1f MB at most in all '
		    . 'processes (most: %d MB)', $n, $peak, $MAX_MB);
}

system($^X, "$Bin/site.pl", "$dir/large", $PAGES, 'large.test') == 0
    or die "limits: site.pl failed\n";
write_count();
my $port = serve();
my $s = Platen::Stack->new(with => 'web live worker', env => {
	PLATEN_CRAWL_CONNECT_TO =>
	    "large.test:80:127.0.0.1:$port,count.test:80:127.0.0.1:$port",
	PLATEN_CRAWL_ALLOW => "127.0.0.1:$port",
	PLATEN_CRAWL_PAGES => $PAGES,
});
my $u = Platen::User->new($s->url);
$u->page('/');
count_urls($s, $u);
generate($s, $u);
exit $failed;
