#!/bin/sh
# table.sh: a C table from file names.
# usage: table.sh NAME STRUCT PREFIX HEADER DIR
# Each DIR/x.c defines "const struct STRUCT PREFIX_x"; the table is
# "const struct STRUCT *const NAME[]", ended by NULL, in the order of names.
set -eu
name=$1 struct=$2 prefix=$3 header=$4 dir=$5
echo "/* Made by tools/table.sh from the names in $dir/. */"
echo "#include \"$header\""
for f in $(ls "$dir" | grep '\.c$' | LC_ALL=C sort); do
	echo "extern const struct $struct ${prefix}_${f%.c};"
done
echo "extern const struct $struct *const $name[];"
echo "const struct $struct *const $name[] = {"
for f in $(ls "$dir" | grep '\.c$' | LC_ALL=C sort); do
	echo "    &${prefix}_${f%.c},"
done
echo "    0,"
echo "};"
