#!/bin/sh
# pot.sh: the sentences for people as a PO template, for po/LANG.po.
# usage: pot.sh 'KEYWORD...' > po/platen.pot      keywords as xgettext takes them
set -eu
cd "$(dirname "$0")/.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
keys=
for k in $1; do
	keys="$keys --keyword=$k"
done
# shellcheck disable=SC2086  # one word for each keyword
git ls-files -co --exclude-standard core fcgi ws worker cli | grep '\.[ch]$' |
    LC_ALL=C sort | while read -r f; do [ ! -f "$f" ] || echo "$f"; done |
    xgettext --from-code=UTF-8 --language=C --keyword $keys --no-location \
	--omit-header --no-wrap --sort-output -f - -o "$tmp/c.pot"
perl tools/template_strings.pl templates/*.html >"$tmp/html.pot"
cat <<'END'
# Platen: sentences for people.
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"

END
touch "$tmp/c.pot"
msgcat --use-first --no-location --no-wrap --sort-output --to-code=UTF-8 \
    "$tmp/c.pot" "$tmp/html.pot" | sed '/^msgid ""$/,/^$/d'
