# MovedSites: sites of t/fakes/site.pl whose pages send their readers on by
# themselves, or show nothing without their scripts.
package Platen::MovedSites;
use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = '%moved_sites';

my $words = join ' ', ('The press prints a sheet when the platen meets the'
	. ' type, and the paper keeps what the ink has told it.') x 6;
my $none = [404, 'text/html; charset=utf-8', '<title>No</title><h1>Not found</h1>'];

sub html { return [200, 'text/html; charset=utf-8', $_[0]] }

sub page {
	my ($title, $body, $head) = @_;
	return html("<!DOCTYPE html><html lang=en><head><title>$title</title>"
	    . ($head // '') . "</head><body><main><h1>$title</h1><p>$title. "
	    . "$words</p>$body</main></body></html>");
}

# only: a page that is nothing but what leads on.
sub only {
	my ($head, $body) = @_;
	return html("<html><head>$head<title>Redirecting</title></head><body>"
	    . ($body // '') . '</body></html>');
}

sub to { return only(qq(<meta http-equiv="refresh" content="$_[0]">)) }

# site: by path.
sub site {
	my (%p) = @_;
	return sub { $p{ $_[1] } // $none };
}

my $new = 'http://newhome.test/docs/';
my $shell = '<!doctype html><html lang=en><head><title>App</title>%s</head><body>'
    . '<noscript>You need to enable JavaScript to run this app.</noscript>'
    . '<div id="root"></div><script type=module src="/app.js"></script></body></html>';

our %moved_sites = (
	'newhome.test' => site(
		'/docs/' => page('New home', '<a href="/docs/a">Alpha</a>'),
		'/docs/a' => page('Alpha', '')),
	'refresh.test'  => site('/' => to("0; url=$new")),
	'script.test'   => site('/' => only('', qq{<script>window.location.replace("$new");}
		. '</script><noscript>Enable JavaScript, or follow '
		. qq{<a href="$new">this</a>.</noscript>})),
	'canon.test'    => site('/' => only(qq(<link rel=canonical href="$new">)
		. qq(<script>location.href = '$new'</script>))),
	'noscript.test' => site('/' => only('<noscript><META HTTP-EQUIV=Refresh '
		. qq(CONTENT="1,URL='$new'"></noscript>))),
	'hops.test'     => site('/' => to('0;http://refresh.test')),
	'inner.test'    => site(
		'/' => to("0 ; URL = '/docs/'"),
		'/docs/' => page('Inner docs', '<a href="/docs/a">Alpha</a>'),
		'/docs/a' => page('Alpha', '')),
	'circle-a.test' => site('/' => to('0;url=http://circle-b.test/')),
	'circle-b.test' => site('/' => to('0;url=http://circle-a.test/')),
	'inmeta.test'   => site('/' => to('0;url=http://169.254.169.254/latest/')),
	'tobarred.test' => site('/' => to('0;url=http://barred.test/x')),
	'barred.test'   => site(
		'/robots.txt' => [200, 'text/plain', "User-agent: *\nDisallow: /\n"],
		'/' => page('Barred', ''), '/x' => page('Barred', '')),
	# Pages that stay pages.
	'reload.test'   => site('/' => page('Scores', '',
		'<meta http-equiv=refresh content="0; url=/">')),
	'later.test'    => site('/' => page('Old news', '',
		qq(<meta http-equiv=refresh content="60; url=$new">))),
	'oldjs.test'    => site('/' => page('Wiki', '<script>if (!window.Map) '
		. "location.href = '$new'</script>")),
	'leaving.test'  => site(
		'/' => page('Leaving', '<a href="/a">Alpha</a><a href="/gone">Gone</a>'
			. '<a href="/later">Later</a>'),
		'/a' => page('Alpha', ''),
		'/gone' => to('0;url=http://other.test/shop'),
		'/later' => only('<script>setTimeout(function () { location.href = '
			. '"http://other.test/later"; }, 500)</script>', 'We have moved.')),
	# Pages that are nothing without their scripts.
	'shell.test'    => site('/' => html(sprintf $shell, '')),
	'shelled.test'  => site('/' => html(sprintf $shell,
		'<meta name=description content="The application of Acme for kilns.">')),
	'half.test'     => site(
		'/sitemap.xml' => [200, 'application/xml', '<urlset>' . join('',
			map { "<url><loc>http://half.test$_</loc></url>" }
			qw(/ /a /b /c /d)) . '</urlset>'],
		'/' => page('Half', ''), '/a' => page('Alpha', ''),
		map { $_ => html(sprintf $shell, '') } qw(/b /c /d)),
	'little.test'   => site('/' => html('<html><head><title>Little</title>'
		. '<script src="/count.js"></script></head><body><div id=ad></div>'
		. '<h1>Little</h1><p>A small site about kilns.</p></body></html>')),
);

1;
