#!/bin/sh
# live.sh: events to many WebSockets: the sidecar against node with the ws
# package, the same clients, the same Redis, the same events.
# usage: live.sh BUILD-DIR [CONNECTIONS] [EVENTS]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
${CC:-gcc} -O2 -o "$tmp/clients" "$here/live/clients.c"
PLATEN_BIN=$1 perl "$here/live/fan.pl" "$tmp" "${2:-2000}" "${3:-200}"
