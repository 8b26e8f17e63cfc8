# Platen::Jobs: orders and workers without the web process, for tests of the
# worker.  The worker is t/fakes/worker.c, whose jobs do what their input
# says.
#
#	use Platen::Jobs;
#	my $j = Platen::Jobs->new(env => { PLATEN_WORKER_SLOTS => 2 });
#	my $pid = $j->worker;
#	my $id = $j->order({ pages => 10, ms => 5 });
#	$j->await($id, 'completed');
package Platen::Jobs;
use strict;
use warnings;
use JSON::PP ();
use Platen::Stack;
use Scalar::Util qw(weaken);
use Time::HiRes qw(sleep time);
use parent 'Exporter';

our @EXPORT = qw(wait_for);
my @living;    # of this process, for END
our $FAKE = "$Platen::Stack::BIN/t/fakes/worker";

my $json = JSON::PP->new->canonical->utf8;
my $script = do {
	open my $h, '<', "$Platen::Stack::ROOT/sql/redis/queue_push.lua" or die;
	local $/;
	<$h>;
};

sub new {
	my ($class, %o) = @_;
	die "build $FAKE first: make units\n" unless -x $FAKE;
	my $s = Platen::Stack->new(program => { worker => $FAKE }, %o);
	my $self = bless { s => $s, workers => [] }, $class;
	$self->{account} = $self->account;
	weaken($living[@living] = $self);
	return $self;
}

sub s { $_[0]{s} }
sub sql { my $j = shift; $j->{s}->sql(@_) }
sub value { my $j = shift; $j->{s}->value(@_) }
sub redis { my $j = shift; $j->{s}->redis(@_) }

# worker: one more worker; returns its pid once it is registered.
sub worker {
	my ($j, %env) = @_;
	my $s = $j->{s};
	my $n = $j->value('SELECT count(*) FROM workers');
	my $had = $s->{pid}{worker};
	delete $s->{pid}{worker};
	local $s->{env} = { %{ $s->{env} }, %env };
	my $pid = $s->spawn('worker');
	delete $s->{pid}{worker};
	$s->{pid}{worker} = $had if $had;
	push @{ $j->{workers} }, $pid;
	wait_for {
		$j->value("SELECT 1 FROM workers WHERE pid = $pid")
	} 10, 'the worker registers';
	return $pid;
}

# reap: a worker that was told to end; its exit code, or -signal.
sub reap {
	my ($j, $pid, $seconds) = @_;
	my $until = time + ($seconds // 10);
	while (waitpid($pid, 1) == 0) {
		die "worker $pid does not end\n" if time > $until;
		sleep 0.01;
	}
	my $status = $?;
	$j->{workers} = [grep { $_ != $pid } @{ $j->{workers} }];
	return $status & 127 ? -($status & 127) : $status >> 8;
}

# slots: pids of a worker's slots.
sub slots {
	my ($j, $pid) = @_;
	return grep { /\d/ } split /\s+/,
	    `cat /proc/$pid/task/$pid/children 2>/dev/null`;
}

sub uuid {
	open my $h, '<', '/proc/sys/kernel/random/uuid' or die;
	chomp(my $id = <$h>);
	return $id;
}

sub account {
	my ($j) = @_;
	my $id = uuid();
	$j->sql("INSERT INTO accounts (id) VALUES ('$id')");
	return $id;
}

# push: into its lane, as the web process does after the commit.
sub push {
	my ($j, $lane, $id, $account) = @_;
	return $j->redis('EVAL', $script, 4, "lane:$lane", "lane:$lane:vt",
	    "lane:$lane:tags", "lane:$lane:owner", $id, $account, 1, $lane, 'queue:wake');
}

# row: an order that is committed, but stands in no lane.
sub row {
	my ($j, $input, %o) = @_;
	my $id = uuid();
	my $text = $json->encode($input);
	$text =~ s/'/''/g;
	my $host = $o{hostname} ? "'$o{hostname}'" : 'NULL';
	$j->sql(sprintf "INSERT INTO generations
	    (id, account_id, type, provider, input, prompt, hostname)
	    VALUES ('%s', '%s', '%s', '%s', '%s', 'a test', %s)", $id,
	    $o{account} // $j->{account}, $o{type} // 'llms_txt',
	    $o{lane} // 'builtin', $text, $host);
	return $id;
}

sub order {
	my ($j, $input, %o) = @_;
	my $id = $j->row($input, %o);
	$j->push($o{lane} // 'builtin', $id, $o{account} // $j->{account});
	return $id;
}

# cancel, remove: as their owner does it.
sub cancel {
	my ($j, $id) = @_;
	$j->sql("UPDATE generations SET status = 'canceled' WHERE id = '$id'
	    AND status IN ('pending', 'processing')");
	$j->redis('PUBLISH', 'queue:stop', $id);
}

sub remove {
	my ($j, $id) = @_;
	$j->sql("DELETE FROM generations WHERE id = '$id'");
	$j->redis('PUBLISH', 'queue:stop', $id);
}

# get: columns of a generation as a hash.
sub get {
	my ($j, $id) = @_;
	my $text = $j->value(
	    "SELECT row_to_json(g) FROM generations g WHERE id = '$id'");
	return defined $text ? $json->decode($text) : undef;
}

sub status { my ($j, $id) = @_; ($j->get($id) // {})->{status} // 'gone' }

# await: until it has a status; the row.
sub await {
	my ($j, $id, $status, $seconds) = @_;
	return wait_for {
		my $row = $j->get($id);
		$row && $row->{status} eq $status ? $row : undef;
	} $seconds // 10, "$id is $status";
}

# history: "status attempt actor reason" of each change.
sub history {
	my ($j, $id) = @_;
	return map { join ' ', @$_ } $j->sql("SELECT status, attempt, actor,
	    reason FROM status_history WHERE generation_id = '$id' ORDER BY id");
}

# events: what listeners were told of a generation, decoded.
sub events {
	my ($j, $id) = @_;
	return map { $json->decode($_) }
	    @{ $j->redis('LRANGE', "job-history:$id", 0, -1) };
}

sub log { $_[0]{s}->log('worker') }

# end: every worker ends, while it still has its servers.
sub end {
	my ($j) = @_;
	return if $j->{s}{owner} != $$;
	kill 'CONT', @{ $j->{workers} };
	kill 'TERM', @{ $j->{workers} } for 1 .. 2;
	$j->reap($_, 15) for @{ $j->{workers} };
}

# Before the END of Platen::Stack, which ends the servers.
END {
	my $code = $?;
	eval { $_->end; 1 } or print STDERR "# $@" for grep { $_ } @living;
	$? = $code;
}

1;
