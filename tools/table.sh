#!/bin/sh
# table.sh: a C table from file names.
# usage: table.sh NAME STRUCT PREFIX HEADER DIR
# Each DIR/x.c defines "const struct STRUCT PREFIX_x"; the table is
# "const struct STRUCT *const NAME[]", ended by NULL, in the order of names.
# A file with a header of its own (x.h) helps the others and is no row.
set -eu
name=$1 struct=$2 prefix=$3 header=$4 dir=$5

rows() {
	for f in "$dir"/*.c; do
		[ -f "${f%.c}.h" ] || basename "$f" .c
	done | LC_ALL=C sort
}

echo "/* Made by tools/table.sh from the names in $dir/. */"
echo "#include \"$header\""
for f in $(rows); do
	echo "extern const struct $struct ${prefix}_$f;"
done
echo "extern const struct $struct *const $name[];"
echo "const struct $struct *const $name[] = {"
for f in $(rows); do
	echo "    &${prefix}_$f,"
done
echo "    0,"
echo "};"
