#!/bin/sh
# extract.sh: main text of pages, Platen against @mozilla/readability in
# jsdom, in one run: how alike the text a careful reader keeps (F1 of 4-word
# shingles), and pages per second of one core.
# usage: extract.sh BUILD-DIR       (called by `make bench`)
# Pages: those of t/corpus/pages (page and text); the articles of ARTICLES, a
# folder beside this repository, where it is; for speed a documentation site.
set -eu
bin=$1
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
articles=${ARTICLES:-$top/../shared/corpora/articles}
docs=${DOCS:-/usr/share/doc/python3.11/html}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

${CC:-gcc} -std=gnu11 -O2 -D_GNU_SOURCE -I"$top" -o "$tmp/page" \
    "$here/extract/page.c" "$bin/libworker.a" "$bin/libcore.a" \
    -ljson-c -lidn2 -lcurl

# compare SET: folders $tmp/SET/NAME with page.html and expected.txt or .html
compare() {
	"$tmp/page" "$tmp/$1"/*/page.html >"$tmp/$1.platen"
	node "$here/extract/readability.mjs" "$tmp/$1"/*/page.html \
	    >"$tmp/$1.node" 2>"$tmp/error" || {
		tail -5 "$tmp/error" >&2
		exit 1
	}
	perl "$here/extract/score.pl" "$1" "$tmp/$1" \
	    "$(cat "$tmp/$1.platen")" "$(cat "$tmp/$1.node")"
}

for f in "$top"/t/corpus/pages/*.html; do
	d=$tmp/pages/$(basename "$f" .html)
	mkdir -p "$d"
	cp "$f" "$d/page.html"
	cp "${f%.html}.txt" "$d/expected.txt"
done
compare pages

# Pages that carry their own labels, of all kinds and of news: those the
# extractor was tuned on, and those it was not.
for set in tune hold news-tune news-hold; do
	for f in "$here"/extract/pages/$set/*.html; do
		mkdir -p "$tmp/$set/$(basename "$f" .html)"
		cp "$f" "$tmp/$set/$(basename "$f" .html)/page.html"
	done
	compare $set
done

if [ -d "$articles" ]; then
	for d in "$articles"/*/; do
		to=$tmp/articles/$(basename "$d")
		mkdir -p "$to"
		gzip -dc "$d/source.html.gz" >"$to/page.html"
		gzip -dc "$d/expected.html.gz" >"$to/expected.html"
	done
	compare articles
else
	echo "# extract: no labelled articles at ARTICLES=$articles"
fi

if [ -d "$docs" ]; then
	for f in $(find -L "$docs" -name '*.html' -size +60k -size -120k |
	    LC_ALL=C sort | head -60); do
		d=$tmp/docs/$(echo "$f" | tr / _)
		mkdir -p "$d"
		cp "$f" "$d/page.html"
	done
	compare docs
fi
