#!/bin/sh
# deps.sh: Debian packages Platen needs, by purpose.
# usage: deps.sh [install] build|run|test|fuzz...
# Without "install": exit 1 and name what is missing.  With it: install that
# (by sudo when not root), and leave none of their default services running.
set -eu

build='gcc make perl pkg-config libfcgi-dev libhiredis-dev libpq-dev
 libjson-c-dev libcurl4-openssl-dev libxml2-dev libwebsockets-dev libev-dev
 libseccomp-dev libidn2-dev libssl-dev zlib1g-dev libwebsockets-evlib-ev'
run='postgresql redis-server lighttpd ca-certificates'
test='curl chromium nodejs npm python3.11-doc debian-handbook sqlite3-doc
 apache2 psmisc libio-socket-ssl-perl'
lint='clang clang-format git'
fuzz='clang libclang-rt-14-dev'
services='postgresql redis-server lighttpd apache2'

# python3.11-doc and friends have another number on Debian 13.
name_here() {
	case $1 in
	python3.11-doc)
		apt-cache show python3.11-doc >/dev/null 2>&1 &&
		    echo python3.11-doc || echo python3-doc ;;
	libclang-rt-14-dev)
		apt-cache show libclang-rt-14-dev >/dev/null 2>&1 &&
		    echo libclang-rt-14-dev || echo libclang-rt-dev ;;
	*) echo "$1" ;;
	esac
}

has() {
	case $1 in
	# Any node and npm will do, packaged or not.
	nodejs) command -v node >/dev/null 2>&1 && return 0 ;;
	npm) command -v npm >/dev/null 2>&1 && return 0 ;;
	esac
	dpkg-query -W -f='${Status}' "$1" 2>/dev/null |
	    grep -q '^install ok installed$'
}

install=no
missing=
for word; do
	case $word in
	install) install=yes; continue ;;
	build) list=$build ;;
	run) list=$run ;;
	test) list=$test ;;
	lint) list=$lint ;;
	fuzz) list=$fuzz ;;
	*) echo "deps.sh: unknown purpose '$word'" >&2; exit 2 ;;
	esac
	for p in $list; do
		has "$p" || missing="$missing $p"
	done
done
[ -n "$missing" ] || exit 0
if [ "$install" = no ]; then
	echo "missing packages:$missing" >&2
	exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null 2>&1 || {
		echo "Please install as root:$missing" >&2
		exit 1
	}
	as_root=sudo
fi
echo "installing:$missing" >&2
$as_root apt-get update -qq
still=
for p in $missing; do
	p=$(name_here "$p")
	has "$p" || still="$still $p"
done
[ -n "$still" ] || exit 0
before=
for s in $services; do
	has "$s" && before="$before $s"
done
# No package's service starts while policy-rc.d says 101.
policy=/usr/sbin/policy-rc.d
ours=no
if [ ! -e $policy ]; then
	ours=yes
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
	trap '$as_root rm -f $policy' EXIT
	trap 'exit 130' INT TERM
fi
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends $still >&2
# Nor at the next boot, unless they were here before us.
if [ -d /run/systemd/system ]; then
	for s in $services; do
		case " $before " in
		*" $s "*) ;;
		*) has "$s" && $as_root systemctl disable --now "$s" \
		    >/dev/null 2>&1 || : ;;
		esac
	done
fi
