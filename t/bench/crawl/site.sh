# site.sh: python3.11-doc (or DOCS=DIR) as a site with a sitemap, served by a
# lighttpd of our own.  Sourced by benchmarks: sets $tmp (removed at the
# end) and $port; $tmp/urls has its pages, $tmp/access.log what was asked.
docs=${DOCS:-/usr/share/doc/python3.11/html}
[ -d "$docs" ] || docs=$(echo /usr/share/doc/python3*/html)
[ -d "$docs" ] || { echo "# no documentation site at $docs"; exit 0; }

tmp=$(mktemp -d)
web=
trap '[ -z "$web" ] || kill "$web"; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(
	LocalAddr => "127.0.0.1", Listen => 1)->sockport')
mkdir "$tmp/top"
(cd "$docs" && find -L . -name '*.html' -type f | LC_ALL=C sort) |
    sed 's,^\./,,' >"$tmp/pages"
sed "s,^,http://127.0.0.1:$port/," "$tmp/pages" >"$tmp/urls"
{
	echo '<?xml version="1.0" encoding="UTF-8"?>'
	echo '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
	sed 's,.*,<url><loc>&</loc></url>,' "$tmp/urls"
	echo '</urlset>'
} >"$tmp/top/sitemap.xml"
cat >"$tmp/lighttpd.conf" <<-END
	server.modules = ( "mod_alias", "mod_accesslog" )
	server.bind = "127.0.0.1"
	server.port = $port
	server.max-keep-alive-requests = 65535
	server.max-keep-alive-idle = 120
	server.document-root = "$docs"
	alias.url = ( "/sitemap.xml" => "$tmp/top/sitemap.xml" )
	accesslog.filename = "$tmp/access.log"
	accesslog.format = "%U %s"
	index-file.names = ( "index.html" )
	mimetype.assign = ( ".html" => "text/html; charset=utf-8",
	    ".xml" => "application/xml", "" => "application/octet-stream" )
END
lighttpd -D -f "$tmp/lighttpd.conf" &
web=$!
for i in 1 2 3 4 5 6 7 8 9 10; do
	curl -s -o /dev/null "http://127.0.0.1:$port/sitemap.xml" && break
	sleep 0.2
done

PLATEN_CRAWL_ALLOW=127.0.0.1:$port
export PLATEN_CRAWL_ALLOW
