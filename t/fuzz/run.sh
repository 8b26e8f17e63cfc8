#!/bin/sh
# run.sh: the fuzz targets of t/fuzz: every NAME.c except driver.c.
# usage: run.sh build              libFuzzer programs, under build/fuzz/
#        run.sh replay [NAME]      each corpus file once, as TAP
#        run.sh run NAME SECONDS   look for new inputs
# Replaying needs no libFuzzer: driver.c and the sanitizers of any compiler.
set -u
cd "$(dirname "$0")/../.." || exit 2

usage() {
	sed -n '2,6s/^# //p' t/fuzz/run.sh >&2
	exit 2
}

# build MODE [NAME]
build() {
	make --no-print-directory MODE="$1" \
	    "${2:+build/$1/t/fuzz/}${2:-fuzzers}" >&2
}

# All at once, which is quick; one by one only to find the culprit.
replay_one() {
	all=
	timeout 300 "build/asan/t/fuzz/$1" t/fuzz/corpus/"$1"/* \
	    >/dev/null 2>&1 && all=ok
	for f in t/fuzz/corpus/"$1"/*; do
		n=$((n + 1))
		if [ ! -f "$f" ]; then
			echo "not ok $n - fuzz target $1 has a corpus"
			bad=1
		elif [ "$all" ] ||
		    out=$(timeout 30 "build/asan/t/fuzz/$1" "$f" 2>&1); then
			echo "ok $n - $1 survives ${f##*/}"
		else
			echo "not ok $n - $1 survives ${f##*/}"
			echo "$out" | head -n 60 | sed 's/^/# /'
			bad=1
		fi
	done
}

replay() {
	if ! build asan "${1:-}"; then
		echo 'Bail out! the fuzz targets do not build'
		exit 1
	fi
	n=0
	bad=0
	for c in t/fuzz/${1:-*}.c; do
		name=$(basename "$c" .c)
		[ "$name" = driver ] || replay_one "$name"
	done
	echo "1..$n"
	exit $bad
}

# New inputs gather in build/fuzz/corpus, what breaks in build/fuzz/found.
# t/fuzz/dict/NAME holds the words of the language, where it has any.
fuzz() {
	build fuzz "$1" || exit 1
	mkdir -p "build/fuzz/corpus/$1" build/fuzz/found
	dict=
	[ ! -f "t/fuzz/dict/$1" ] || dict=-dict=t/fuzz/dict/$1
	exec "build/fuzz/t/fuzz/$1" -max_total_time="$2" -timeout=20 \
	    -rss_limit_mb=2048 -max_len=20000 -print_final_stats=1 \
	    -artifact_prefix="build/fuzz/found/$1-" ${dict:+"$dict"} \
	    "build/fuzz/corpus/$1" "t/fuzz/corpus/$1"
}

case ${1:-} in
build) build fuzz ;;
replay) replay "${2:-}" ;;
run) [ $# = 3 ] && [ -f "t/fuzz/$2.c" ] || usage; fuzz "$2" "$3" ;;
*) usage ;;
esac
