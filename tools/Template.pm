# Template.pm: the sentences of an HTML template.
#
# translate TEXT, CODE: the template with each sentence replaced by what CODE
# makes of it.  A sentence is a run of text between two tags of HTML or two
# tags of Mustache that open or close a section, or the value of an attribute
# that people read, trimmed, with white space as one space; {{names}} stay in
# it.  What has no letter outside of them is none.
package Template;
use strict;
use warnings;
use Exporter qw(import);
our @EXPORT = qw(translate);

my $read = qr/alt|title|placeholder|aria-label|content/;

sub translate {
	my ($html, $code) = @_;
	my $out = '';
	my $raw;    # inside <style>, <script>, <pre>: not for people
	for my $part (split /(<!--.*?-->|<[^>]*>|\{\{[#^\/!>][^}]*\}\})/s, $html) {
		if ($part =~ /^</) {
			$raw = $1 if $part =~ /^<(script|style)\b/;
			undef $raw if $raw && $part =~ m{^</\Q$raw\E};
			$part =~ s/(\s(?:$read)=")([^"]*)(")/$1 . sentence($2, $code) . $3/ge
			    unless $part =~ /^<meta\b(?![^>]*name="description")/;
			$part =~ s/(\svalue=")([^"]*)(")/$1 . sentence($2, $code) . $3/ge
			    if $part =~ /^<input\b[^>]*type="submit"/;
			$out .= $part;
		} elsif ($raw || $part =~ /^\{\{[#^\/!>]/) {
			$out .= $part;
		} else {
			$out .= sentence($part, $code);
		}
	}
	return $out;
}

sub sentence {
	my ($text, $code) = @_;
	return $text unless $text =~ s/\{\{[^}]*\}\}//gr =~ /\pL/
	    && $text =~ /^(\s*)(.*?)(\s*)$/s;
	my ($before, $s, $after) = ($1, $2, $3);
	$s =~ s/\s+/ /g;
	return $before . $code->($s) . $after;
}

1;
