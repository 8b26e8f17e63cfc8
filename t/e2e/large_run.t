#!/usr/bin/perl
# Large results and many bodies under `platen run`, where each part may be a
# user of its own: the spool is shared, and what lighttpd keeps is bounded.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use Platen::Http;
use Platen::Run;
use Platen::Seed;
use Platen::Stack;
use Test::More;

my $s = Platen::Run->new;
my $u = Platen::Http->new($s->url);
$u->json(POST => '/api/v1/generations', { type => 'llms_txt', input => { hostname => 'x.test' } });
my $me = Platen::Seed::account_of($s, $u);
my $id = Platen::Seed::generation($s, $me, 'b.test', 'completed', artifacts => { 'llms-full.txt' => '' });
$s->psql('platen', "UPDATE artifacts SET body = convert_to(repeat('0123456789abcdef', 1000000), 'UTF8') WHERE generation_id = '$id'");
$s->psql('platen', "UPDATE artifacts SET sha256 = sha256(body) WHERE generation_id = '$id'");
for (1 .. 2) {
	my $r = $u->get("/generations/$id/artifacts/llms-full.txt");
	is($r->{status}, 200, 'a large result');
	ok($r->{body} eq '0123456789abcdef' x 1000000, 'arrives whole');
}
my @files = grep { -s } glob "$s->{dir}/spool/*";
is(scalar @files, 1, 'from one file of the spool');

my @bodies = map {
	my $c = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $s->port) or die;
	$c->autoflush(1);
	print $c "POST /api/v1/generations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	    . "Content-Length: 1000000\r\n\r\n" . ' ' x 999_000;
	$c
} 1 .. 100;
sub kept { my ($mb) = `du -sm $s->{dir}/tmp` =~ /^(\d+)/; return $mb }
wait_for { kept() > 50 && kept() <= 66 } 15, 'bodies that never end are cut off';
pass('bodies that never end take no more than web.bodies_megabytes');
is($u->get('/')->{status}, 200, 'a page beside them');

done_testing;
