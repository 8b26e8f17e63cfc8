#!/bin/sh
# rules.sh: the rules of style that no compiler knows.
# usage: rules.sh      says each broken rule as "file:line: what" and exits 1
set -u
cd "$(dirname "$0")/.." || exit 2
bad=$(mktemp)
trap 'rm -f "$bad"' EXIT

ours() {
	git ls-files -co --exclude-standard -- "$@" | while read -r f; do
		[ -f "$f" ] && echo "$f"
	done
}

# rule WHAT PATTERN FILE...: no line may match (extended regular expression).
rule() {
	what=$1 pattern=$2
	shift 2
	[ $# -gt 0 ] || return 0
	grep -nHE -- "$pattern" "$@" | while IFS=: read -r f n rest; do
		echo "$f:$n: $what"
	done >>"$bad"
}

c=$(ours '*.c' '*.h')
product=$(ours 'core/*' 'fcgi/*' 'ws/*' 'worker/*' 'cli/*' | grep '\.[ch]$')
html=$(ours 'templates/*.html')

# ---- HTML ------------------------------------------------------------------
# shellcheck disable=SC2086  # lists of our own file names, without spaces
{
rule 'escape it: {{x}}, not {{{x}}} or {{&x}}' '\{\{\{|\{\{ *&' $html
rule 'no script inside the page' '<script[^>]*>[^<]|<script>' $html
rule 'no style inside the page' '<style|[ "]style=' $html
rule 'no event handler inside the page' ' on[a-z]+="' $html
rule 'no address elsewhere' '(src|href|action)="(https?:)?//' $html

# ---- C ---------------------------------------------------------------------
rule 'banned function' \
    '(^|[^_[:alnum:]])(sprintf|vsprintf|strcpy|strcat|strncat|gets|system|popen|alloca|tmpnam|mktemp)\(' $product $(ours 't/*.c' 't/*.h' | grep -v '^t/fuzz/')
rule 'PQexec belongs in core/db.c' '(^|[^_[:alnum:]])(PQexec|PQexecParams|PQprepare)\(' \
    $(echo "$product" | grep -v '^core/db\.c$')
rule 'only what makes HTML safe may call it so' '(^|[^_[:alnum:]])mustache_html\(' \
    $(echo "$product" | grep -v -e '^core/mustache' -e '^fcgi/markdown\.c$')
rule 'unfinished' 'TODO|FIXME|(^|[^X])XXX([^X]|$)' $c $(ours '*.sh' '*.pl' '*.pm' '*.t' '*.html' '*.js' '*.css' '*.sql' '*.lua' | grep -v '^tools/rules\.sh$')
rule 'no typedef of a struct' '^typedef (struct|union|enum)' $c
rule 'SQL belongs in sql/queries/' \
    '"(SELECT [^%s]|SELECT s[^e]|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH) ?' \
    $(echo "$product" | grep -v '^core/db\.c$')
rule 'Lua belongs in sql/redis/' 'redis\.call' $product

# ---- tests -----------------------------------------------------------------
untimed=$(ours 't/*.t' 't/*.c' | grep -vxF "$(grep '^t/' t/timed)")
rule 'checks a time: say so in t/timed' '(^|[^_[:alnum:]])within\(' $untimed
rule 'a limit of time is checked by within()' \
    "(ok|is)\\(.*((time|clock\\(\\)|clock_ms\\(\\)) - |[\$]took )[^,]*(<|'<)" $untimed

}

# ---- sizes -----------------------------------------------------------------
for f in $c; do
	n=$(wc -l <"$f")
	case $f in
	*.h) most=300 ;;
	*) most=800 ;;
	esac
	[ "$n" -le "$most" ] || echo "warning: $f has $n lines, over $most" >&2
done

# Every header starts with what it is for.
for f in $(echo "$product" | grep '\.h$'); do
	head -c 2 "$f" | grep -q '^/\*' || echo "$f:1: say first what it is for" >>"$bad"
done

# A folder whose files make a table says what a file must define.
for d in fcgi/pages fcgi/api core/type ws/dialect worker/gen worker/provider worker/tool worker/crawl/rules cli/command; do
	[ ! -d "$d" ] || [ -f "$d/README" ] || echo "$d: has no README" >>"$bad"
done

sort -u "$bad"
[ ! -s "$bad" ]
