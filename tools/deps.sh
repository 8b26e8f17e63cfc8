#!/bin/sh
# deps.sh: the Debian packages that Platen needs, by purpose.
# usage: deps.sh [install] build|run|test|lint|fuzz...
# Without "install": exit 1 and name what is missing.  With it: install that
# (by sudo when not root) and leave none of their default services running.
# What was found complete is noted under build/deps/, so that asking again
# costs nothing until a package comes or goes.
set -eu
export LC_ALL=C

build='gcc make perl pkg-config libfcgi-dev libhiredis-dev libpq-dev
 libjson-c-dev libcurl4-openssl-dev libxml2-dev libwebsockets-dev libev-dev
 libcmark-dev libseccomp-dev libidn2-dev libssl-dev zlib1g-dev libbrotli-dev libwebsockets-evlib-ev'
run='postgresql redis-server lighttpd ca-certificates'
test='curl chromium nodejs npm python3-websockets PYTHON-DOC debian-handbook sqlite3-doc apache2
 psmisc'
lint='clang clang-format git gettext'
fuzz='clang LIBCLANG-RT'
# Sites of different make for t/corpus, 17 MB of packages.
corpus='apache2-doc git-doc libglib2.0-doc lmdb-doc mkdocs-doc
 python-django-doc'
services='postgresql redis-server lighttpd apache2'

here=$(cd "$(dirname "$0")/.." && pwd)
noted=$here/build/deps
dpkg=/var/lib/dpkg/status

# Some names carry a number that differs between Debian 12 and 13.
debian=$(sed -n 's/^VERSION_ID="\{0,1\}\([0-9]*\).*/\1/p' /etc/os-release \
    2>/dev/null || :)
case $debian in
12)
	python=python3.11-doc clang_rt=libclang-rt-14-dev
	test="$test libapache2-mod-xsendfile"
	corpus="$corpus postgresql-doc-15 libc3p0-java-doc"
	;;
13)
	python=python3.13-doc clang_rt=libclang-rt-19-dev
	corpus="$corpus postgresql-doc-17"
	;;
*) python=python3-doc clang_rt=libclang-rt-dev ;;
esac

packages_for() {
	case $1 in
	build) echo $build ;;
	run) echo $run ;;
	test) echo $test $corpus | sed "s/PYTHON-DOC/$python/" ;;
	lint) echo $lint ;;
	fuzz) echo $fuzz | sed "s/LIBCLANG-RT/$clang_rt/" ;;
	*) echo "deps.sh: unknown purpose '$1'" >&2; exit 2 ;;
	esac
}

# Those of "$@" that are not installed; any node and npm will do.
missing_of() {
	installed=$(dpkg-query -W -f='${Status} ${Package}\n' "$@" 2>/dev/null |
	    sed -n 's/^install ok installed //p') || :
	for p; do
		case $p in
		nodejs) command -v node >/dev/null && continue ;;
		npm) command -v npm >/dev/null && continue ;;
		esac
		case "
$installed
" in
		*"
$p
"*) ;;
		*) echo "$p" ;;
		esac
	done
}

is_noted() {
	[ "$noted/$1" -nt "$dpkg" ] && [ "$noted/$1" -nt "$0" ]
}

note() {
	mkdir -p "$noted" 2>/dev/null && touch "$noted/$1" 2>/dev/null || :
}

install=no
missing=
purposes=
for word; do
	if [ "$word" = install ]; then
		install=yes
		continue
	fi
	is_noted "$word" && continue
	list=$(packages_for "$word")
	gone=$(missing_of $list)
	if [ -z "$gone" ]; then
		note "$word"
	else
		purposes="$purposes $word"
		missing="$missing $gone"
	fi
done
missing=$(echo $missing)
[ -n "$missing" ] || exit 0
if [ "$install" = no ]; then
	echo "missing packages: $missing" >&2
	exit 1
fi

as_root=
if [ "$(id -u)" != 0 ]; then
	as_root=sudo
	# Without a terminal nobody could type a password.
	[ -t 0 ] || as_root='sudo -n'
	if ! command -v sudo >/dev/null || ! $as_root true; then
		echo "These packages are missing and need root to install:" >&2
		echo "  apt-get install --no-install-recommends $missing" >&2
		exit 1
	fi
fi

before=$(missing_of $services)
# While policy-rc.d says 101 no package starts its service.
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
	trap '$as_root rm -f $policy' EXIT
	trap 'exit 130' INT TERM HUP
	printf '#!/bin/sh\nexit 101\n' | $as_root tee $policy >/dev/null
	$as_root chmod 755 $policy
fi

echo "installing: $missing" >&2
apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq \
 -o DPkg::Lock::Timeout=300 -o APT::Install-Recommends=false"
# Old lists may do; if they do not, the install says so.
$apt update >&2 || echo "apt-get update failed, trying what is known" >&2
$apt -y install $missing </dev/null >&2

# Nor does one start at the next boot, unless it was here before us.
if [ -d /run/systemd/system ]; then
	now=$(missing_of $services)
	for s in $before; do
		case " $(echo $now) " in
		*" $s "*) ;;
		*) $as_root systemctl disable --now "$s" >/dev/null 2>&1 || : ;;
		esac
	done
fi
still=$(missing_of $missing)
if [ -n "$still" ]; then
	echo "could not install:" $still >&2
	exit 1
fi
for word in $purposes; do
	note "$word"
done
