#!/usr/bin/perl
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Platen::Browser;
use Platen::Sites;

Platen::Browser::run('access.mjs', %{ Platen::Sites::models()->{env} });
