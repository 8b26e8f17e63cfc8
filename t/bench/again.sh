#!/bin/sh
# again.sh: generating a documentation site with a cache, the first time and
# once more; the ratio of the two, and what the second asked the server.
# usage: again.sh BUILD-DIR        (called by `make bench`)
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
. "$here/crawl/site.sh"

generate() {
	name=$1
	shift
	perl -MTime::HiRes=time -e '
		my ($out, @command) = @ARGV;
		my $start = time;
		my $bad = system @command;
		my $wall = time - $start;
		my (undef, undef, $user, $system) = times;
		open my $h, ">", $out or die "$out: $!\n";
		printf $h qq({"wall":%.3f,"cpu":%.3f}\n), $wall, $user + $system;
		exit($bad != 0)' "$tmp/$name.json" "$bin/platen" generate \
	    "http://127.0.0.1:$port/" --limit 2000 -o "$tmp/$name" "$@" \
	    >"$tmp/$name.out" 2>&1 || {
		echo "# again: $name failed:"
		tail -5 "$tmp/$name.out"
		exit 1
	}
}

# Once unmeasured, so that every run reads the site from memory.
generate warm
for i in 1 2 3; do
	rm -rf "$tmp/cache"
	generate "first$i" --cache "$tmp/cache"
	generate "again$i" --cache "$tmp/cache"
done
for f in llms.txt llms-full.txt report.json; do
	cmp "$tmp/warm/$f" "$tmp/first1/$f"
	cmp "$tmp/warm/$f" "$tmp/again1/$f"
done

# The best of three of each: what else the machine did is in the others.
perl -MJSON::PP -MList::Util=min -e '
	my ($dir) = @ARGV;
	sub slurp { open my $h, "<", $_[0] or die "$_[0]: $!\n"; local $/; <$h> }
	my %best;
	for my $name (qw(first again)) {
		my @m = map { decode_json(slurp("$dir/$name$_.json")) } 1 .. 3;
		my %m = map { my $k = $_; $k => min map { $_->{$k} } @m } qw(wall cpu);
		$best{$name} = \%m;
		printf "again %-6s %6.2f s wall  %6.2f s cpu\n", $name,
		    @m{qw(wall cpu)};
	}
	my ($said) = slurp("$dir/again3.out") =~ /^(\d+ pages listed.*)$/m;
	printf "# again: %s; the cache has %.1f MB\n", $said,
	    (-s (glob "$dir/cache/*")[0]) / 2**20;
	printf "again ratio: the second run is %.1f times as fast, at %.3f of the cpu\n",
	    $best{first}{wall} / $best{again}{wall}, $best{again}{cpu} / $best{first}{cpu};
' "$tmp"
