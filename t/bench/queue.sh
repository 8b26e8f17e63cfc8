#!/bin/sh
# queue.sh: orders through the queue in Redis, against BullMQ on the same
# server.  Only the queue: PostgreSQL, where Platen keeps the truth, is apart.
# usage: queue.sh BUILD-DIR [ORDERS]
set -eu
bin=$1
n=${2:-20000}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tmp=$(mktemp -d)
redis=
trap '[ -z "$redis" ] || kill "$redis"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

${CC:-gcc} -std=gnu11 -D_GNU_SOURCE -O2 -I"$root" -I"$root/build/gen" \
    $(pkg-config --cflags hiredis json-c libpq) -o "$tmp/lane" \
    "$here/queue/lane.c" "$bin/libcore.a" -lpq -lhiredis -ljson-c -lcurl \
    -lidn2 -lcrypto -lz -lm
redis-server --port 0 --unixsocket "$tmp/redis.sock" --dir "$tmp" --save '' \
    --appendonly yes --appendfsync everysec >"$tmp/log" &
redis=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(redis-cli -s "$tmp/redis.sock" ping 2>/dev/null)" = PONG ] && break
	sleep 0.2
done
"$tmp/lane" "$tmp/redis.sock" "$n" >"$tmp/ours"
node "$here/queue/peer.mjs" "$tmp/redis.sock" "$n" >"$tmp/theirs"
awk -v n="$n" '
	NR == 1 { add = $1; claim = $2 }
	NR == 2 {
		printf "# queue: %d orders\n", n
		printf "queue platen  %7.0f added/s  %7.0f claimed/s\n", n / add, n / claim
		printf "queue bullmq  %7.0f added/s  %7.0f done/s (%.0f one by one)\n",
		    n / $1, n / $3, n / $2
		printf "queue ratio: %.1f times as many added, %.1f times as many claimed\n",
		    $1 / add, $3 / claim
	}' "$tmp/ours" "$tmp/theirs"
