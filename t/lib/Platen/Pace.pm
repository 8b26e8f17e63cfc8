# Platen::Pace: a running t/fakes/pace.pl, which ends with the test.
#
#	my $pace = Platen::Pace->new(ms => 300, pages => 60, keep => 1);
#	$pace->{port}; $pace->times; $pace->most;
package Platen::Pace;
use strict;
use warnings;
use File::Basename 'dirname';
use Platen::Http;

my $T = dirname(dirname(dirname(__FILE__)));

sub new {
	my ($class, %o) = @_;
	my @args = map { /^(?:keep|one)$/ ? ($o{$_} ? "--$_" : ()) : ("--$_", $o{$_}) }
	    sort keys %o;
	my $pid = open my $out, '-|', $^X, "$T/fakes/pace.pl", @args
	    or die "pace.pl: $!\n";
	my ($port) = (<$out> // '') =~ /^port (\d+)/ or die "pace.pl gave no port\n";
	return bless { pid => $pid, port => $port, out => $out, owner => $$ }, $class;
}

sub ask {
	my ($self, $path) = @_;
	return Platen::Http->new("http://127.0.0.1:$self->{port}",
	    headers => { Connection => 'close' })->get($path)->{body};
}

# times: when pages were asked for, seconds since 1970, in order.
sub times { return split /\n/, $_[0]->ask('/times') }

# most: the largest number of requests that were under way at once.
sub most { return $_[0]->ask('/most') + 0 }

sub DESTROY {
	my ($self) = @_;
	return unless $self->{owner} == $$;
	local $?;
	kill 'TERM', $self->{pid};
	close $self->{out};
}

1;
