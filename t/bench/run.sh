#!/bin/sh
# run.sh: every benchmark, each against its peer in the same run.
# usage: run.sh [NAME...]     (names of t/bench/*.sh; default all)
# They print ratios; they are never timed tests.
set -eu
cd "$(dirname "$0")"
bin=${BIN:-../../build/release}
bin=$(cd "$bin" && pwd)
[ node_modules/.package-lock.json -nt package-lock.json ] ||
    npm ci --silent --no-audit --no-fund >/dev/null 2>&1 ||
    npm install --silent --no-audit --no-fund >/dev/null
[ $# -gt 0 ] || set -- $(ls *.sh | grep -v '^run\.sh$' | sed 's/\.sh$//')
for name; do
	sh "./$name.sh" "$bin"
done
