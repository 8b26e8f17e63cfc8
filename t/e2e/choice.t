#!/usr/bin/perl
# Which of a site's pages are chosen: one version, one language, what is
# ordered.  From the command line, with the sites of t/fakes/site.pl.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use JSON::PP;
use Test::More;
use Platen::Sites;

my $top = dirname(dirname($FindBin::Bin));
my $bin = ($ENV{PLATEN_BUILD} // "$top/build/release") . '/platen';
plan skip_all => "$bin is not built" unless -x $bin;

my $web = Platen::Sites::fake();
my %env = Platen::Sites::environment($web);
@ENV{ keys %env } = values %env;
my $tmp = tempdir(CLEANUP => 1);
my $runs = 0;

sub slurp {
	my ($path) = @_;
	open my $h, '<:raw', $path or return '';
	local $/;
	return scalar <$h>;
}

# generate ARGS...: {section => [paths]}, {path => fate}, {path => detail}.
sub generate {
	my $dir = "$tmp/" . ++$runs;
	system("$bin generate @_ -o $dir >$tmp/out 2>&1") == 0
	    or diag(slurp("$tmp/out"));
	my (%in, %fate, %detail, $section);
	for (split /\n/, slurp("$dir/llms.txt")) {
		$section = $1 if /^## (.*)/;
		push @{ $in{$section} }, $1 if m{^- \[.*\]\(http://[^/]+(/.*?)\)};
	}
	for (@{ decode_json(slurp("$dir/report.json") || '{}')->{pages} // [] }) {
		my $path = $_->{url} =~ s{^http://[^/]+}{}r;
		$fate{$path} = $_->{fate};
		$detail{$path} = $_->{detail};
	}
	return \%in, \%fate, \%detail;
}

my ($in, $fate, $detail) = generate('versions.test');
is_deeply([sort grep { m{^/docs/} } map { @$_ } @$in{ grep { $_ ne 'Optional' }
    keys %$in }], [map { "/docs/stable/$_" } '', qw(faq intro usage)],
    'of many versions "stable" is kept whole');
is_deeply([sort grep { m{^/docs/} } @{ $in->{Optional} }],
    [map { "/docs/$_/" } qw(2.10 2.9 3.0rc1)],
    'each other one is one line under Optional');
is("$fate->{'/docs/2.9/intro'} $detail->{'/docs/2.9/intro'}", 'version 2.9',
    'its other pages are left out, with the reason');
is_deeply([grep { $fate->{$_} ne 'listed' } grep { m{^/(blog|api|change)} }
    keys %$fate], [], 'dates, an API and a changelog are no versions');

($in, $fate) = generate('versions.test', "--include '/docs/2.10/**'");
is_deeply([sort map { @$_ } values %$in], [map { "/docs/2.10/$_" } '',
    qw(faq intro usage)], 'a version that the order names is kept');

($in, $fate) = generate('linked.test');
is_deeply([sort map { @$_ } @$in{ grep { $_ ne 'Optional' } keys %$in }],
    ['/', map { "/en/3.2/$_" } '', qw(faq intro usage)],
    'versions found by links: the newest, where "latest" only leads to it');
is_deeply([sort @{ $in->{Optional} }], ['/en/3.0/', '/en/3.1/'],
    'the older ones are a line each');

($in, $fate, $detail) = generate('five.test');
is_deeply([sort map { @$_ } values %$in], ['/', qw(/apropos /encre /presse)],
    'a site in five languages gives the largest');
is("$fate->{'/ink'} $detail->{'/ink'}", 'language en', 'and says so of others');
($in) = generate('five.test', '--language', 'ja,de-AT,en');
is_deeply([sort map { @$_ } values %$in], ['/', qw(/farbe /ueber)],
    'or the one that is wanted');
($in) = generate('babel.test', '--language', 'de');
is_deeply([grep { m{/en/} } map { @$_ } values %$in], [],
    'languages by folder, too');
($in) = generate('regions.test');
is_deeply([sort map { @$_ } values %$in], ['/en/', map { "/en/$_" } 'a' .. 'f'],
    'pages under /en/ that hreflang calls en-US are in the language of /en/');

($in) = generate('http://rootless.test/docs/');
is_deeply([sort map { @$_ } values %$in], [map { "/docs/$_" } '', qw(one two)],
    'a site without a home page begins at the ordered one');
like(slurp("$tmp/$runs/llms.txt"), qr/^# Rootless Docs\n/,
    'which gives the title');

{
	local $ENV{PLATEN_CRAWL_SITEMAP_URLS} = 100;
	my (undef, undef) = generate('shop.test', '--limit 3');
	my $report = decode_json(slurp("$tmp/$runs/report.json"));
	is($report->{sitemaps}[0]{urls}, 100, 'crawl.sitemap_urls is obeyed');
}
(undef, $fate) = generate('pointers.test');
is($fate->{'http://me@pointers.test/u'} // $fate->{'/u'}, 'bad_address',
    'an address of a sitemap that has a user in it has a fate');
my $report = decode_json(slurp("$tmp/$runs/report.json"));
is($report->{pages}[0]{lastmod}, '2026-01-02',
    'when a page changed, as its sitemap says, is told');
my %map = map { $_->{url} => $_->{note} } @{ $report->{sitemaps} };
like($map{'rel.xml'} // '', qr/not a complete URL/,
    'a sitemap that robots.txt names by half is told');
like($map{'http://elsewhere.test/x.xml'} // '', qr/another host/,
    'so is one that an index has of another host');

($in, $fate) = generate('blog.test');
is_deeply([sort map { @$_ } values %$in], ['/', map { "/post-$_" } 1 .. 4],
    'all posts of a blog are listed');
is($fate->{"/page/$_"}, 'further_page', "its page $_ is not") for 2 .. 4;

($in, $fate) = generate('views.test');
is_deeply([sort map { @$_ } values %$in],
    [qw(/ /guitar /guitar/amp /help/search /list /p/12 /post /tool/checkout)],
    'a page called as a form is, an amplifier, and a number with a Russian name are pages');
is($fate->{'/login'}, 'task', 'a login is none');
is($fate->{'/post/amp'}, 'view', "nor is a page's short form");
is($fate->{'/list?sort=name'}, 'view', 'nor a list in another order');

($in, $fate) = generate('app.test');
is_deeply([sort map { @$_ } values %$in], [qw(/ /boats)],
    'pages that a script fills are listed by what they say of themselves');
is($fate->{'/shell'}, 'empty', 'but not the same shell again');

(undef, $fate, $detail) = generate('filters.test');
cmp_ok(scalar(grep { $_ eq 'listed' } values %$fate), '<', 100,
    'filters in the path end');
ok((grep { ($_ // '') =~ /another order|one more combination/ }
    values %$detail), 'and the report names the trap');

($in) = generate('shop.test', '--limit 4');
is_deeply([sort map { @$_ } values %$in],
    [qw(/ /about /contact /docs/api/v1/item-60)],
    'a limit keeps the shallow, and what the home page links to');
done_testing;
