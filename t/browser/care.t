#!/usr/bin/perl
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Browser;

Platen::Browser::run('care.mjs');
