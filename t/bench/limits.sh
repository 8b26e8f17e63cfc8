#!/bin/sh
# limits.sh: what a large site may cost, measured on the real worker: 5,000
# pages of 20 to 100 kB in one job, and 50,000 URLs counted.
# usage: limits.sh BUILD-DIR       (called by `make bench`)
# Unlike the other benchmarks it has bounds, and fails beyond them.
set -eu
PLATEN_BIN=$1
export PLATEN_BIN
exec perl "$(dirname "$0")/limits/run.pl"
