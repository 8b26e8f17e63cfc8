# LlmsTxt: a strict reader of llms.txt, written apart from the one in C, so
# that both being wrong in the same way is unlikely.
package Platen::LlmsTxt;
use strict;
use warnings;

# check: (what it says, complaints...).  What it says is {title, summary,
# info => [paragraphs], sections => [{name, links => [{title, url,
# description}]}]}.
sub check {
	my ($bytes) = @_;
	my (@bad, %said);
	$said{sections} = [];
	$said{info} = [];
	my $text = $bytes;
	push @bad, 'not UTF-8' unless utf8::decode($text);
	push @bad, 'starts with a byte order mark' if $text =~ /^\x{feff}/;
	push @bad, 'has a carriage return' if $text =~ /\r/;
	push @bad, 'has a control character' if $text =~ /[\x00-\x08\x0b-\x1f\x7f]/;
	push @bad, 'does not end with exactly one line feed' if $text !~ /[^\n]\n\z/;
	my @line = split /\n/, $text, -1;
	pop @line;

	my $title = shift(@line) // '';
	if ($title =~ /^# (\S(?:.*\S)?)$/) { $said{title} = $1 }
	else { push @bad, "the first line is not a title: '$title'" }
	shift @line while @line && $line[0] eq '';
	my $summary = shift(@line) // '';
	if ($summary =~ /^> (\S(?:.*\S)?)$/) { $said{summary} = $1 }
	else { push @bad, "no one-line summary: '$summary'" }
	push @bad, 'the summary has a second line' if @line && $line[0] =~ /^>/;

	my ($section, %seen, %url);
	for my $n (0 .. $#line) {
		my $l = $line[$n];
		next if $l eq '';
		push @bad, "white space at the end: '$l'" if $l =~ /\s$/;
		if ($l =~ /^#/) {
			unless ($l =~ /^## (\S(?:.*\S)?)$/) {
				push @bad, "a heading that is no section: '$l'";
				next;
			}
			push @bad, "section '$1' twice" if $seen{ lc $1 }++;
			push @bad, "section '$section->{name}' is empty"
			    if $section && !@{ $section->{links} };
			push @bad, "'$1' comes after Optional"
			    if $section && $section->{name} eq 'Optional';
			push @{ $said{sections} }, $section = { name => $1, links => [] };
		} elsif (!$section) {
			push @bad, "a list or quote in the information: '$l'"
			    if $l =~ /^\s*(?:[-*+>]|\d+\.)\s/;
			push @{ $said{info} }, $l;
		} elsif ($l =~ /^- \[([^\[\]]+)\]\((https?:\/\/[^\s()<>]+)\)(?:: (\S.*))?$/) {
			push @{ $section->{links} },
			    { title => $1, url => $2, description => $3 };
			push @bad, "a title with space around it: '$l'" if $1 =~ /^\s|\s$/;
			push @bad, "listed twice: $2" if $url{$2}++;
		} else {
			push @bad, "not a link line: '$l'";
		}
	}
	push @bad, "section '$section->{name}' is empty"
	    if $section && !@{ $section->{links} };
	push @bad, 'no paragraph of information' unless @{ $said{info} };
	push @bad, 'no section' unless @{ $said{sections} };
	return (\%said, @bad);
}

# urls: every URL that is listed, in order.
sub urls {
	my ($said) = @_;
	return map { $_->{url} } map { @{ $_->{links} } } @{ $said->{sections} };
}

1;
