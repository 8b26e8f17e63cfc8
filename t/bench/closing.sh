#!/bin/sh
# closing.sh: a crawl of 300 pages that take 0.3 s each, from a server that
# closes each connection against the same one with keep-alive, in one run.
# usage: closing.sh BUILD-DIR        (called by `make bench`)
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
web=
trap '[ -z "$web" ] || kill "$web"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# crawl NAME PACE-OPTIONS...: the crawl's measure is in $tmp/NAME.json.
crawl() {
	name=$1
	shift
	perl "$here/../fakes/pace.pl" --ms 300 --pages 300 "$@" >"$tmp/port" &
	web=$!
	until [ -s "$tmp/port" ]; do sleep 0.05; done
	port=$(sed 's/port //' "$tmp/port")
	PLATEN_CRAWL_ALLOW=127.0.0.1 perl "$here/measure.pl" "$tmp/$name.json" \
	    "$bin/platen" generate "http://127.0.0.1:$port/" --limit 400 \
	    -o "$tmp/$name" >"$tmp/$name.out" 2>&1 || {
		echo "# closing: $name failed:"
		tail -5 "$tmp/$name.out"
		exit 1
	}
	kill "$web"
	wait "$web" 2>/dev/null || :
	web=
	: >"$tmp/port"
}

crawl keep --keep
crawl close

perl -MJSON::PP -e '
	my ($dir) = @ARGV;
	sub slurp { open my $h, "<", $_[0] or die "$_[0]: $!\n"; local $/; <$h> }
	my %m = map { $_ => decode_json(slurp("$dir/$_.json")) } qw(keep close);
	for (qw(keep close)) {
		my $n = () = slurp("$dir/$_/llms.txt") =~ /^- \[/mg;
		printf "closing %-6s %6.1f pages/s  %6.2f s wall  (%d pages)\n", $_,
		    $n / $m{$_}{wall}, $m{$_}{wall}, $n;
	}
	printf "closing ratio: %.2f times the time of keep-alive (1.3 at most)\n",
	    $m{close}{wall} / $m{keep}{wall};
' "$tmp"
