#!/bin/sh
# crawl.sh: crawling and extracting a documentation site, Platen against the
# usual Node stack, in one run; and libcurl alone as the floor.
# usage: crawl.sh BUILD-DIR        (called by `make bench`)
# The site is python3.11-doc (or DOCS=DIR), served by a lighttpd of our own.
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
docs=${DOCS:-/usr/share/doc/python3.11/html}
[ -d "$docs" ] || docs=$(echo /usr/share/doc/python3*/html)
[ -d "$docs" ] || { echo "# crawl: no documentation site at $docs"; exit 0; }

tmp=$(mktemp -d)
web=
trap '[ -z "$web" ] || kill "$web"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
	LocalAddr => "127.0.0.1", Listen => 1)->sockport')
mkdir "$tmp/top"
(cd "$docs" && find -L . -name '*.html' -type f | LC_ALL=C sort) |
    sed 's,^\./,,' >"$tmp/pages"
sed "s,^,http://127.0.0.1:$port/," "$tmp/pages" >"$tmp/urls"
{
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	echo '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
	sed 's,.*,<url><loc>&</loc></url>,' "$tmp/urls"
	echo '</urlset>'
} >"$tmp/top/sitemap.xml"
cat >"$tmp/lighttpd.conf" <<-END
	server.modules = ( "mod_alias" )
	server.bind = "127.0.0.1"
	server.port = $port
	server.max-keep-alive-requests = 100000
	server.max-keep-alive-idle = 120
	server.document-root = "$docs"
	alias.url = ( "/sitemap.xml" => "$tmp/top/sitemap.xml" )
	index-file.names = ( "index.html" )
	mimetype.assign = ( ".html" => "text/html; charset=utf-8",
	    ".xml" => "application/xml", "" => "application/octet-stream" )
END
lighttpd -D -f "$tmp/lighttpd.conf" &
web=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	curl -s -o /dev/null "http://127.0.0.1:$port/sitemap.xml" && break
	sleep 0.2
done

PLATEN_CRAWL_ALLOW=127.0.0.1:$port
export PLATEN_CRAWL_ALLOW
${CC:-gcc} -O2 -o "$tmp/fetch_only" "$here/crawl/fetch_only.c" -lcurl

measure() {
	name=$1
	shift
	perl "$here/measure.pl" "$tmp/$name.json" "$@" >"$tmp/$name.out" 2>&1 || {
		echo "# crawl: $name failed:"
		tail -5 "$tmp/$name.out"
		exit 1
	}
}

# Once unmeasured, so that every run reads the site from memory.
"$tmp/fetch_only" "x:1:127.0.0.1:1" <"$tmp/urls" >/dev/null
measure fetch sh -c '"$1" x:1:127.0.0.1:1 <"$2"' sh "$tmp/fetch_only" "$tmp/urls"
measure platen "$bin/platen" generate "http://127.0.0.1:$port/" \
    --limit 2000 -o "$tmp/platen"
measure node node "$here/crawl/peer.mjs" \
    "http://127.0.0.1:$port/sitemap.xml" "$tmp/node"

perl -MJSON::PP -e '
	my ($dir, $listed) = @ARGV;
	sub slurp { open my $h, "<", $_[0] or die "$_[0]: $!\n"; local $/; <$h> }
	my %m = map { $_ => decode_json(slurp("$dir/$_.json")) } qw(fetch platen node);
	my ($fetched) = slurp("$dir/fetch.out") =~ /pages (\d+)/;
	my ($peer) = slurp("$dir/node.out") =~ /pages (\d+)/;
	my $report = decode_json(slurp("$dir/platen/report.json"));
	my $ours = () = slurp("$dir/platen/llms.txt") =~ /^- \[/mg;
	my %n = (fetch => $fetched, platen => $ours, node => $peer);
	printf "# crawl: %d pages; platen lists %d, node %d\n", $listed, $ours, $peer;
	for (qw(fetch platen node)) {
		printf "crawl %-7s %8.1f pages/s  %6.2f s wall  %6.2f s cpu  %7.1f MB\n",
		    $_, $n{$_} / $m{$_}{wall}, $m{$_}{wall}, $m{$_}{cpu},
		    $m{$_}{peak_kb} / 1024;
	}
	printf "crawl ratio: %.1f times the pages per second of node, %.3f of its memory\n",
	    ($ours / $m{platen}{wall}) / ($peer / $m{node}{wall}),
	    $m{platen}{peak_kb} / $m{node}{peak_kb};
	printf "crawl ratio: %.3f of the pages per second of fetching alone\n",
	    ($ours / $m{platen}{wall}) / ($fetched / $m{fetch}{wall});
' "$tmp" "$(wc -l <"$tmp/pages")"
