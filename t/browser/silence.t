#!/usr/bin/perl
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Browser;

Platen::Browser::run('silence.mjs', PLATEN_CRAWL_IN_FLIGHT => 1,
	PLATEN_WORKER_SLOTS => 6);
