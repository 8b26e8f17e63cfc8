# Platen::Timing: checks of how long something took.
#
#	use Platen::Timing;
#	within($seconds, $limit, 'an event reaches a listener in a second');
#
# A test that calls it stands in t/timed, so that it runs alone, and its limits
# are stretched by patience(): how much slower this machine is than the one on
# which the limits were set (t/run.pl measures it), or what the caller of the
# tests says with PLATEN_TEST_PATIENCE.
package Platen::Timing;
use strict;
use warnings;
use Exporter qw(import);
use Test::More ();

our @EXPORT = qw(within patience);

sub patience { $ENV{PLATEN_TEST_PATIENCE} // 1 }

# within: took less than limit, seconds.
sub within {
	my ($took, $limit, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	$limit *= patience();
	return Test::More::ok($took < $limit,
	    sprintf '%s (%.2f s, at most %.2f s)', $name, $took, $limit);
}

1;
