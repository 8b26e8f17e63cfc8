# Browser: runs a script of t/browser in node, with Chromium, against a stack
# of its own; its TAP is the test's.
package Platen::Browser;
use strict;
use warnings;
use Cwd qw(abs_path);
use Fcntl qw(:flock);
use File::Basename qw(dirname);
use Platen::Run;
use Platen::Sites;
use Platen::Stack;

our $HERE = abs_path(dirname(__FILE__) . '/../../browser');

sub _skip {
	print "1..0 # SKIP $_[0]\n";
	exit 0;
}

# chromium: the browser, by whatever name it has here.
sub chromium {
	my ($found) = grep { -x } map { ("/usr/bin/$_", "/usr/local/bin/$_") }
	    qw(chromium chromium-browser google-chrome);
	return $found;
}

# install: what package.json names into t/browser/node_modules, once.  Why that
# was not possible; undef: it was.
sub install {
	my @there = map { "$HERE/node_modules/$_/package.json" } qw(playwright-core ws);
	my $whole = sub { !grep { !-f } @there };
	return if $whole->();
	open my $lock, '>', "$HERE/.lock" or die "$HERE/.lock: $!\n";
	flock $lock, LOCK_EX;
	return if $whole->();
	my $said = qx(cd '$HERE' && npm ci --no-audit --no-fund 2>&1);
	return if $? == 0 && $whole->();
	return 'npm cannot install playwright-core and ws: ' . ($said =~ /^(.*)/)[0];
}

# run: the script, which gets the stack's address as PLATEN_TEST_URL; ends
# the test with its exit code.  watched: it is a `platen run`, whose process
# is PLATEN_TEST_RUN, and which may be hurt.
sub run {
	my ($script, %env) = @_;
	my $watched = delete $env{watched};
	my $chromium = chromium() // _skip('there is no chromium');
	_skip('there is no node') if system('command -v node >/dev/null');
	my $why = install();
	_skip($why) if $why;
	my $web = Platen::Sites::fake();
	%env = (
		Platen::Sites::environment($web),
		PLATEN_CRAWL_IN_FLIGHT => 4,
		PLATEN_CRAWL_TIMEOUT_MS => 3000,
		PLATEN_WORKER_BACKOFF_MS => 100,
		%env,
	);
	my $s = $watched ? Platen::Run->new(env => \%env)
	    : Platen::Stack->new(with => 'live worker web', env => \%env);
	local $ENV{PLATEN_TEST_RUN} = $watched ? $s->{run} : '';
	local $ENV{PLATEN_TEST_URL} = $s->url;
	local $ENV{PLATEN_TEST_CHROMIUM} = $chromium;
	local $ENV{PLATEN_TEST_SHOTS} = "$Platen::Stack::ROOT/build/shots";
	my $status = system 'node', "$HERE/$script";
	exit($status == 0 ? 0 : $status & 127 ? 1 : $status >> 8);
}

1;
