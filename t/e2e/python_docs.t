#!/usr/bin/perl
# The main job on a real site: the documentation of Python, 530 pages, from
# the order to the last download, as a browser and as a program do it.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Digest::SHA 'sha256_hex';
use File::Temp ();
use JSON::PP ();
use Test::More;
use Platen::Follow;
use Platen::LlmsTxt;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

plan skip_all => 'python3.11-doc is not installed' unless Platen::Sites::docs_dir();

my $docs = Platen::Sites::docs();
my $s = Platen::Stack->new(with => 'live worker web',
	env => { Platen::Sites::environment($docs), PLATEN_CRAWL_PAGES => 1000 });
my @artifacts = qw(llms-full.txt llms.txt report.json);

# Progress as one listener heard it: never back, never over the total, the end
# told once and last.
sub listener_is_right {
	my ($f, $name) = @_;
	my @m = $f->events;
	ok($f->ended, "$name: the stream came to its end")
	    or diag explain [ @m[-3 .. -1] ];
	is(scalar(grep { $_->{type} eq 'again' } @m), 0, "$name: in one piece");
	my @p = grep { ref $_->{payload} eq 'HASH'
	    && defined $_->{payload}{processedUrls} } @m;
	my ($last, $wrong, $fractions) = (0, 0, 0);
	for (map { $_->{payload} } @p) {
		$wrong++ if $_->{processedUrls} < $last
		    || $_->{totalUrls} && $_->{processedUrls} > $_->{totalUrls};
		$last = $_->{processedUrls};
		$fractions++ if $last > 0 && $last < 500;
	}
	is($wrong, 0, "$name: progress never goes back or over the total");
	cmp_ok($fractions, '>=', 2, "$name: the bar is seen moving");
	my @said = map { $_->{payload}{status} }
	    grep { $_->{type} eq 'generation:status' } @m;
	is($said[-1], 'completed', "$name: the last event says completed");
	is(scalar(grep { $_ eq 'completed' } @said), 1, "$name: and says it once");
	my @ids = map { $_->{id} } grep { $_->{type} =~ /^generation:/ } @m;
	my %seen;
	is(scalar(grep { defined && $seen{$_}++ } @ids), 0,
		"$name: no event comes twice");
	return @m;
}

# The addresses that report.json accounts for: url => its entry.
sub accounted {
	my ($report) = @_;
	my ($list) = grep { ref eq 'ARRAY' && @$_ && ref $_->[0] eq 'HASH'
	    && exists $_->[0]{url} && exists $_->[0]{fate} } values %$report;
	return map { $_->{url} => $_ } @{ $list // [] };
}

sub artifact {
	my ($u, $id, $name) = @_;
	return $u->get("/api/v1/generations/$id/artifacts/$name");
}

# What must hold of a finished generation of one of the two names.
sub result_is_right {
	my ($u, $id, $host, @paths) = @_;
	my $g = $u->wait_over($id, 120);
	is($g->{status}, 'completed', "$host: completed") or do {
		diag explain $g;
		return {};
	};
	is($g->{processed}, $g->{total}, "$host: all of it was processed");
	is($g->{hostname}, $host, "$host: says which host");
	is($g->{errorMessage}, undef, "$host: no error");
	is($g->{attempt}, 1, "$host: at the first attempt");
	like($g->{$_}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, "$host: $_")
	    for qw(createdAt startedAt completedAt updatedAt);

	my %file;
	my (undef, $d) = $u->api(GET => "/api/v1/generations/$id/artifacts");
	is_deeply([sort map { $_->{name} } @{ $d->{data}{items} // $d->{data} }],
		\@artifacts, "$host: three files");
	for my $name (@artifacts) {
		my $r = artifact($u, $id, $name);
		is($r->{status}, 200, "$host: $name is there");
		$file{$name} = $r->{body};
	}
	my ($said, @bad) = Platen::LlmsTxt::check($file{'llms.txt'});
	is_deeply(\@bad, [], "$host: llms.txt passes a strict reader");
	my @urls = Platen::LlmsTxt::urls($said);
	is($g->{entriesCount}, scalar @urls, "$host: entriesCount is right");
	like($said->{title}, qr/Python/, "$host: is titled for what it is");
	cmp_ok(scalar @{ $said->{sections} }, '>=', 5, "$host: has sections");

	my $report = eval { JSON::PP->new->utf8->decode($file{'report.json'}) };
	ok($report, "$host: report.json is JSON") or return \%file;
	my %fate = accounted($report);
	my %listed = map { $_ => 1 } @urls;
	my @lost = grep {
		my $url = "http://$host$_";
		my $twin = $url =~ s{/index\.html$}{/}r;
		!$listed{$url} && !$listed{$twin}
		    && !(($fate{$url} // $fate{$twin}) && ($fate{$url} // $fate{$twin})->{reason});
	} @paths;
	is_deeply(\@lost, [], "$host: every page is listed or has a reason");
	cmp_ok(scalar @urls, '>=', 500, "$host: most pages are listed");
	is(scalar(grep { !m{^http://\Q$host\E/} } @urls), 0,
		"$host: nothing from elsewhere");
	cmp_ok(length $file{'llms-full.txt'}, '>', 4_000_000,
		"$host: llms-full.txt holds the text of the pages");
	unlike($file{'llms-full.txt'}, qr/\x{00}/, "$host: as text");
	return \%file;
}

# One-shot generation of the same site gives the same bytes.
sub command_line_agrees {
	my ($host, $file) = @_;
	my $dir = File::Temp->newdir;
	my ($code, $said) = $s->run('platen', 'generate', "http://$host/", '-o', "$dir");
	is($code, 0, "$host: platen generate") or diag $said;
	for my $name (@artifacts) {
		my $ours = do { local (@ARGV, $/) = "$dir/$name"; -f $ARGV[0] ? <> : '' };
		next if is(sha256_hex($ours), sha256_hex($file->{$name} // ''),
			"$host: platen generate writes the same $name");
		my @a = split /\n/, $ours;
		my @b = split /\n/, $file->{$name} // '';
		my ($n) = grep { ($a[$_] // '') ne ($b[$_] // '') } 0 .. $#a;
		diag "first difference:\n- $a[$n]\n+ $b[$n]" if defined $n;
	}
}

# With a sitemap, ordered through the form, as a browser without JavaScript.
{
	my $u = Platen::User->new($s->url);
	my ($id, $r) = $u->order_form('docs.test');
	ok($id, 'docs.test: ordered through the form')
	    or BAIL_OUT("status $r->{status}: $r->{body}");
	my %f = map { $_ => Platen::Follow->start($u, $_, $id, seconds => 120) }
	    qw(ws sse poll);
	my $page = $u->page("/generations/$id");
	is($page->{status}, 200, 'docs.test: its page opens at once');
	my $file = result_is_right($u, $id, 'docs.test', @{ $docs->{paths} });
	listener_is_right($f{$_}, "docs.test by $_") for sort keys %f;

	$page = $u->page("/generations/$id");
	my ($said) = Platen::LlmsTxt::check($file->{'llms.txt'});
	like($page->{body}, qr/\Q$said->{title}\E/, 'docs.test: the page shows the file');
	my ($download) = $page->{body} =~ m{href="([^"]+)">Download</a>};
	ok($download, 'docs.test: which offers Download');
	$r = $u->get(Platen::User::unescape($download));
	is($r->{body}, $file->{'llms.txt'}, 'docs.test: Download gives it');
	like($r->{headers}{'content-disposition'} // $page->{body},
		qr/llms-docs\.test\.txt/, 'docs.test: under a name that says whose it is');
	is($r->{headers}{'content-type'}, 'text/plain; charset=utf-8',
		'docs.test: as plain text');
	command_line_agrees('docs.test', $file);
}

# Without a sitemap, through the JSON API.
{
	my $u = Platen::User->new($s->url);
	my $id = $u->order('bare.test');
	my %f = map { $_ => Platen::Follow->start($u, $_, $id, seconds => 120) }
	    qw(ws sse poll);
	my $file = result_is_right($u, $id, 'bare.test', $docs->linked);
	listener_is_right($f{$_}, "bare.test by $_") for sort keys %f;
	command_line_agrees('bare.test', $file);

	# What other services read in Redis.
	my @told = map { JSON::PP->new->utf8->decode($_) }
	    @{ $s->redis('LRANGE', "job-history:$id", 0, -1) };
	cmp_ok(scalar @told, '<=', 100, 'Redis: the last 100 updates at most');
	is($told[-1]{status}, 'completed', 'Redis: the last of them says completed');
	is_deeply([sort keys %{ $told[-1] }],
		[qw(generationId metadata status timestamp type userId)],
		'Redis: in the public form');
	my $left = $s->redis('TTL', "job-history:$id");
	ok($left > 0 && $left <= 86400, 'Redis: for a day');

	my $r = artifact($u, $id, 'llms.txt');
	my $etag = $r->{headers}{etag};
	like($etag, qr/^"[^"]+"$/, 'bare.test: a file has a strong ETag');
	is($u->get("/api/v1/generations/$id/artifacts/llms.txt",
		'If-None-Match' => $etag)->{status}, 304,
		'bare.test: and is not sent again to who has it');
	$r = $u->get("/api/v1/generations/$id/artifacts/llms.txt",
		Range => 'bytes=2-7');
	is("$r->{status} $r->{body}", '206 ' . substr($file->{'llms.txt'}, 2, 6),
		'bare.test: a range of it is a range of it');

	my $other = Platen::User->new($s->url);
	$other->page('/');
	is($other->get("/api/v1/generations/$id")->{status}, 404,
		"bare.test: someone else's order is not to be found");
	is($other->get("/api/v1/generations/$id/artifacts/llms.txt")->{status}, 404,
		'bare.test: nor are its files');
}

# Twice at once by the same person: both end, and say the same.
{
	my $u = Platen::User->new($s->url);
	my @id = map { $u->order('docs.test') } 1, 2;
	my @files = map {
		my $id = $_;
		is($u->wait_over($id, 120)->{status}, 'completed', 'side by side: completed');
		artifact($u, $id, 'llms.txt')->{body};
	} @id;
	is($files[0], $files[1], 'side by side: the same file both times');
}

done_testing;
