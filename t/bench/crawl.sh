#!/bin/sh
# crawl.sh: crawling and extracting a documentation site, Platen against the
# usual Node stack, in one run; and libcurl alone as the floor.
# usage: crawl.sh BUILD-DIR        (called by `make bench`)
# The site is python3.11-doc (or DOCS=DIR), served by a lighttpd of our own.
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/crawl/site.sh"
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
