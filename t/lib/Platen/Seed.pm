# Seed: generations put straight into a stack's database, in any status, for
# tests of what is shown (no worker needed).
#
#	my $id = Platen::Seed::generation($s, $account, 'a.example', 'completed',
#	    processed => 5, total => 5, artifacts => { 'llms.txt' => "# A\n" });
package Platen::Seed;
use strict;
use warnings;
use Time::HiRes qw(time);

my $n = 0;

# uuid: a UUIDv7 of now; each is after the one before.
sub uuid {
	my $ms = sprintf '%012x', int(time * 1000);
	return sprintf '%s-%s-7%03x-8000-%012x', substr($ms, 0, 8), substr($ms, 8),
	    ++$n, $$;
}

sub quote {
	my ($s) = @_;
	return 'NULL' unless defined $s;
	$s =~ s/'/''/g;
	return "'$s'";
}

# account_of: whose session the user (a Platen::Http) has.
sub account_of {
	my ($s, $user) = @_;
	my $token = $user->cookies->{sid} // die "no session\n";
	return $s->value('SELECT account_id FROM sessions WHERE token_hash = sha256('
	    . quote($token) . '::bytea)');
}

# The steps that lead to a status, one transition each.
my %steps = (pending => [], processing => ['processing'],
    completed => ['processing', 'completed'], failed => ['processing', 'failed'],
    canceled => ['canceled']);

sub generation {
	my ($s, $account, $host, $status, %o) = @_;
	my $id = $o{id} // uuid();
	my $sql = 'INSERT INTO generations (id, account_id, type, provider, input, prompt, hostname, created_at) VALUES ('
	    . join(', ', map { quote($_) } $id, $account, $o{type} // 'llms_txt', 'builtin',
		'{}', "llms.txt of $host", $host, $o{created_at} // 'now') . ');';
	for my $to (@{ $steps{$status} }) {
		my %set = (status => $to);
		%set = (%set, attempt => 1, started_at => 'now',
		    map { $_ => $o{$_} } grep { defined $o{$_} }
		    qw(processed total stage message)) if $to eq 'processing';
		%set = (%set, error => $o{error}, entries_count => $o{entries},
		    result => $o{artifacts} ? '{"artifacts":['
			. join(',', map { "\"$_\"" } sort keys %{ $o{artifacts} }) . ']}' : undef)
		    if $to eq 'completed' || $to eq 'failed';
		$sql .= ' UPDATE generations SET ' . join(', ', map {
			"$_ = " . quote($set{$_}) } sort keys %set) . " WHERE id = '$id';";
	}
	for my $name (sort keys %{ $o{artifacts} // {} }) {
		my $body = quote($o{artifacts}{$name});
		$sql .= ' INSERT INTO artifacts (generation_id, account_id, name, mime, partial, sha256, body)'
		    . " VALUES ('$id', '$account', " . quote($name) . ', '
		    . quote($name =~ /\.json$/ ? 'application/json' : 'text/plain; charset=utf-8')
		    . ', ' . ($o{partial} ? 'true' : 'false')
		    . ", sha256(convert_to($body, 'UTF8')), convert_to($body, 'UTF8'));";
	}
	$s->psql('platen', $sql);
	return $id;
}

1;
