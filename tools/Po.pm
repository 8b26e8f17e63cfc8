# Po.pm: reads gettext's PO files for the generators of this folder.
# read_po FILE: { id => translation }; leaves out what is fuzzy, empty, obsolete.
# languages FILE...: ([LANG, { ... }], ...), LANG from po/LANG.po.
package Po;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT = qw(read_po languages c_literal);

sub languages { map { [m{([^/]+)\.po$}, read_po($_)] } @_ }

sub read_po {
	my ($file) = @_;
	open my $h, '<:encoding(UTF-8)', $file or die "$file: $!\n";
	my (%text, %e, $at);
	local $_;
	my $end = sub {
		$text{ $e{msgid} } = $e{msgstr}
		    if defined $e{msgid} && $e{msgid} ne ''
		    && ($e{msgstr} // '') ne '' && !$e{fuzzy};
		%e = ();
		$at = undef;
	};
	while (<$h>) {
		chomp;
		if (/^#,.*\bfuzzy\b/) {
			$end->() if defined $e{msgid};
			$e{fuzzy} = 1;
		} elsif (/^#/) {
			next;
		} elsif (/^(msgid|msgstr) "(.*)"$/) {
			$end->() if $1 eq 'msgid' && defined $e{msgid};
			$at = $1;
			$e{$at} = unescape($2);
		} elsif (/^"(.*)"$/ && defined $at) {
			$e{$at} .= unescape($1);
		} elsif (/^\s*$/) {
			$end->();
		} else {
			die "$file:$.: not understood: $_\n";
		}
	}
	$end->();
	return \%text;
}

sub unescape {
	my %of = (n => "\n", t => "\t");
	return $_[0] =~ s/\\(.)/$of{$1} \/\/ $1/ger;
}

# c_literal: text as a C string, UTF-8 as it is.
sub c_literal {
	my ($s) = @_;
	$s =~ s/([\\"])/\\$1/g;
	$s =~ s/\n/\\n/g;
	$s =~ s/\t/\\t/g;
	return "\"$s\"";
}

1;
