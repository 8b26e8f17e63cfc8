#!/usr/bin/perl
# The second run costs nothing: what did not change is neither sent nor read
# nor described again, and the files are the same, byte for byte.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use File::Temp 'tempdir';
use JSON::PP ();
use Test::More;
use Platen::Sites;
use Platen::Stack;
use Platen::User;

my $tmp = tempdir(CLEANUP => 1);
my $web = Platen::Sites::fake();
my $models = Platen::Sites::models();
my $s = Platen::Stack->new(with => 'worker web',
	env => { Platen::Sites::environment($web), %{ $models->{env} } });
my @files = qw(llms.txt llms-full.txt report.json);

sub slurp {
	open my $h, '<:raw', $_[0] or return '';
	local $/;
	return scalar <$h>;
}

sub state {
	open my $h, '>', "$web->{log}.state" or die $!;
	print $h $_[0];
	close $h;
}

# What the site and the model were asked since last time.
my ($seen, $heard) = (0, 0);
sub asked {
	my @all = grep { $_->[0] eq 'again.test' } $web->requests;
	my @new = @all[$seen .. $#all];
	$seen = @all;
	return map { "$_->[1] $_->[3]" } @new;
}
sub heard {
	my @all = split /\n/, slurp($models->{log});
	my @new = @all[$heard .. $#all];
	$heard = @all;
	return map { JSON::PP->new->utf8->decode($_) } @new;
}
sub calls { return scalar(my @new = heard()) }

# The paths of the pages that the model was shown since last time.
sub shown {
	return sort map { $_->{prompt} =~ /^\d+ \| (\S+) \| .* \| /mg } heard();
}

# generate: (the last line, the files' bytes by name).
sub generate {
	my ($dir, @options) = @_;
	my ($code, $said) = $s->run('platen', 'generate', 'again.test',
		'-o', "$tmp/$dir", @options);
	is($code, 0, "$dir: generated") or diag $said;
	my ($last) = grep { /listed/ } split /\n/, $said;
	return ($last // '', { map { $_ => slurp("$tmp/$dir/$_") } @files });
}

# Requests that were neither conditional nor for what cannot be so.
sub unconditional {
	return grep { !/ 304$/ && !m{^(?:/plain 200|/to 301)$} } @_;
}

state('');
my ($said, $plain) = generate('plain');
is($said, '7 pages listed', 'without a cache nothing is compared');
asked();
($said, my $first) = generate('first', '--cache', "$tmp/cache");
is_deeply($first, $plain, 'a cache changes no file');
is(scalar(grep { / 304$/ } asked()), 0, 'an empty one asks for all');
($said, my $second) = generate('second', '--cache', "$tmp/cache");
is($said, '7 pages listed, 0 of 7 changed', 'the second run says that nothing changed');
my @asked = asked();
is_deeply([unconditional(@asked)], [], 'and asks only for what changed');
is(scalar(grep { / 304$/ } @asked), 8, 'page by page, robots.txt and sitemap too')
    or diag "@asked";
is_deeply($second, $plain, 'and gives the same files');
($said) = generate('french', '--cache', "$tmp/cache", '--language', 'fr');
is($said, '7 pages listed', 'what was not asked in this language is not compared');
($said) = generate('french', '--cache', "$tmp/cache", '--language', 'fr');
is($said, '7 pages listed, 0 of 7 changed', 'until it was');

state('news hide');
($said, my $third) = generate('third', '--cache', "$tmp/cache");
is($said, '6 pages listed, 1 of 6 changed', 'what changed is read anew');
asked();
(undef, my $fresh) = generate('fresh');
is_deeply($third, $fresh, 'and the files are those of a run without a cache');
like($third->{'report.json'}, qr{/c", "fate": "noindex"},
	'a page that is hidden by its header alone leaves');
asked();

# A cache that is no good is none.
my $file = "$tmp/cache/again.test.cache";
my $bytes = slurp($file);
for ([cut => substr $bytes, 0, length($bytes) / 2], [nonsense => 'x' x 5000],
    [empty => '']) {
	my ($how, $text) = @$_;
	open my $h, '>:raw', $file or die $!;
	print $h $text;
	close $h;
	($said, my $got) = generate($how, '--cache', "$tmp/cache");
	is($said, '6 pages listed', "$how: the cache is ignored");
	is_deeply($got, $fresh, "$how: and the files are whole");
}
($said) = generate('mended', '--cache', "$tmp/cache");
is($said, '6 pages listed, 0 of 6 changed', 'the next run has a good one again');

# With a model, in the service, for two people.
asked();
calls();
my %said;
for my $n (1, 2) {
	my $u = Platen::User->new($s->url);
	$u->page('/');
	my (undef, $d) = $u->api(POST => '/api/v1/generations', { type => 'llms_txt',
		provider => 'ollama', input => { hostname => 'again.test' } });
	my $id = $d->{data}{id} or BAIL_OUT('no order');
	my $g = $u->wait_over($id, 30);
	is($g->{status}, 'completed', "order $n: completed") or diag explain $g;
	my %file = map { $_ => $u->get("/api/v1/generations/$id/artifacts/$_")->{body} } @files;
	$said{$n} = { message => $g->{message}, file => \%file, calls => calls(),
		asked => [asked()], page => $u->page("/generations/$id")->{body} };
}
cmp_ok($said{1}{calls}, '>', 0, 'the model describes the pages');
is($said{1}{message}, '6 pages listed', 'of a host that is not known yet');
is($said{2}{calls}, 0, 'the second order asks no model');
is_deeply([unconditional(@{ $said{2}{asked} })], [], 'and the site only for what changed');
is($said{2}{message}, '6 pages listed, 0 of 6 changed, the model was not asked',
	'and says so');
ok(index($said{2}{page}, $said{2}{message}) > 0, 'on its page, too');
is($said{2}{file}{$_}, $said{1}{file}{$_}, "$_ is the same")
    for 'llms.txt', 'llms-full.txt';
my ($r1, $r2) = map { JSON::PP->new->utf8->decode($said{$_}{file}{'report.json'}) } 1, 2;
is($r2->{model}{described}, 6, 'all lines are the model\'s again');
is($r2->{model}{recalled}, 6, 'from before');
delete $_->{model} for $r1, $r2;
is_deeply($r2, $r1, 'and the rest of the report is the same');
is($s->value("SELECT count(DISTINCT version) FROM site_cache WHERE hostname = 'again.test'"),
	1, 'one version is kept');

# A cache that was damaged in the database fails nobody's order.
{
	$s->sql("UPDATE site_cache SET body = 'nonsense'");
	my $u = Platen::User->new($s->url);
	$u->page('/');
	my $g = $u->wait_over($u->order('again.test'), 30);
	is($g->{status}, 'completed', 'damaged in the database: the order ends well')
	    or diag explain $g;
	is($g->{message}, '6 pages listed', 'and all was read anew');
}

# A second run pays only for what changed: the page, or who describes it.
{
	my @o = ('--provider', 'ollama', '--cache', "$tmp/model.cache");
	state('');
	heard();
	generate('model-1', @o);
	my @all = shown();
	cmp_ok(scalar(@all), '>', 5, 'at first the model is shown every page');
	state('lead');
	($said) = generate('model-2', @o);
	like($said, qr/ 1 of \d+ changed$/, 'one page changes');
	my @new = shown();
	is(scalar(@new), 1, 'and the model is shown that one alone')
	    or diag "@new";
	local $s->{env}{PLATEN_OLLAMA_MODEL} = 'split';
	($said) = generate('model-3', @o);
	like($said, qr/ 0 of \d+ changed$/, 'with another model no page changes');
	is_deeply([shown()], \@all, 'but it is shown them all');
}

# What a model said that did not hold is not asked for again.
for my $model (qw(invents-number half-json)) {
	$s->{env}{PLATEN_OLLAMA_MODEL} = $model;
	my @o = ('--provider', 'ollama', '--cache', "$tmp/$model.cache");
	calls();
	(undef, my $one) = generate("$model-1", @o);
	cmp_ok(calls(), '>', 0, "$model: is asked");
	($said, my $two) = generate("$model-2", @o);
	is(calls(), 0, "$model: and not again");
	is($two->{'llms.txt'}, $one->{'llms.txt'}, "$model: for the same file");
}
done_testing;
