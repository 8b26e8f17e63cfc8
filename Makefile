# Platen.  `make run` starts it, `make test` tests it; CONTRIBUTING.md tells more.
#
# MODE=release (hardened, default), dev (-O0 -g), asan (address and undefined
# sanitizers), fuzz (asan for libFuzzer).  What is built goes to build/$(MODE)/.

MODE ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(MODE),fuzz)
CC := clang
endif
B := build/$(MODE)
G := build/gen

PKGS := libcurl libxml-2.0 json-c hiredis libpq libwebsockets libseccomp \
	libidn2 libcrypto libcmark zlib libbrotlienc
# V=1 shows the commands.
ifndef V
.SILENT:
endif

# These install what they need themselves.
ifeq ($(filter deps run test bench fuzz clean format help,$(MAKECMDGOALS)),)
ifneq ($(shell sh tools/deps.sh build >/dev/null && echo ok),ok)
$(error a package is missing: run `make deps`)
endif
endif

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wvla -Wformat=2 -Wundef -Wpointer-arith -Wno-format-nonliteral
DEFS := -D_GNU_SOURCE -I. -I$(G)
# Libraries' headers are not ours to warn about.
DEFS += $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS) 2>/dev/null))

CFLAGS_dev := -O0 -g
CFLAGS_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
LDFLAGS_asan := -fsanitize=address,undefined
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS_fuzz := -fsanitize=fuzzer,address,undefined
CFLAGS_release := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 \
	-fstack-protector-strong -fstack-clash-protection -fPIE
LDFLAGS_release := -pie -Wl,-z,relro -Wl,-z,now

CFLAGS_ALL := -std=gnu11 $(WARN) $(DEFS) $(CFLAGS_$(MODE)) $(CFLAGS)
LDFLAGS_ALL := $(LDFLAGS_$(MODE)) $(LDFLAGS)

LIBS_core := -lpq -lhiredis -ljson-c -lcurl -lidn2 -lcrypto -lz -lm
LIBS_fcgi := -lfcgi -lcmark -lbrotlienc -lpthread
LIBS_ws := -lwebsockets -lev
LIBS_worker := -lxml2 -lseccomp
LIBS_cli :=

# No rules but ours: one would make the folder worker/tool of worker/tool/tool.c.
.SUFFIXES:

PARTS := core fcgi ws worker cli
src = $(shell find $(1) -name '*.c' 2>/dev/null | LC_ALL=C sort)
obj = $(patsubst %.c,$(B)/%.o,$(1))
$(foreach p,$(PARTS),$(eval SRC_$(p) := $(call src,$(p))))
# Each part's program, and what of the worker reads pages.
MAINS := $(PARTS:%=%/main.c) worker/parser/main.c
$(foreach p,$(PARTS),$(eval OBJ_$(p) := $(call obj,$(filter-out $(MAINS),$(SRC_$(p))))))

# Tables made from file names and from the text of sql/ and templates/.
table = $(G)/$(1).c
GEN_core := queries scripts schema ordertypes catalogs
GEN_fcgi := pages endpoints result_views templates
GEN_worker := gentypes url_rules providers tools
GEN_ws := dialects
GEN_cli := commands worker_commands migrations
$(foreach p,core fcgi ws worker cli,$(eval OBJ_$(p) += $(patsubst %,$(B)/gen/%.o,$(GEN_$(p)))))

BIN := $(B)/platen-web $(B)/platen-live $(B)/platen-worker $(B)/platen-parser $(B)/platen
LIBS := $(foreach p,$(PARTS),$(B)/lib$(p).a)

all: $(BIN) static/packed/.made compile_commands.json

help:
	@echo 'make run     install what is missing, build, start, print the URL'
	@echo 'make test    every test; T=t/unit for a part'
	@echo 'make lint    format, headers, HTML and SQL rules'
	@echo 'make bench   ratios against the peers'
	@echo 'make all     build/$(MODE)/; MODE=dev, asan or release'

deps:
	@sh tools/deps.sh install build run

# As many jobs as there are processors, unless the caller said.
MAKE_ALL = $(MAKE) --no-print-directory \
	$(if $(filter -j% --jobserver%,$(MAKEFLAGS)),,-j$(shell nproc))

# PORT= and VAR= may be given behind `make run` or before it.
run:
	sh tools/deps.sh install build run
	$(MAKE_ALL) all
	$(if $(PORT),export PLATEN_RUN_PORT='$(PORT)';) \
	$(if $(VAR),export PLATEN_RUN_VAR='$(VAR)';) exec $(B)/platen run

# ---- generated sources -----------------------------------------------------

$(G)/.dir:
	@mkdir -p $(G) && touch $@

# A table is made again when a file comes or goes, not only when one changes.
define dirtable
$(G)/$(1).c: tools/table.sh $(wildcard $(2)/*.c) $(2) | $(G)/.dir
	sh tools/table.sh $(1) $(3) $(4) $(5) $(2) > $$@.tmp && mv $$@.tmp $$@
endef
$(eval $(call dirtable,pages,fcgi/pages,page,page,fcgi/page.h))
$(eval $(call dirtable,endpoints,fcgi/api,page,endpoint,fcgi/page.h))
$(eval $(call dirtable,result_views,fcgi/result,result_view,result_view,fcgi/result_view.h))
$(eval $(call dirtable,dialects,ws/dialect,dialect,dialect,ws/dialect.h))
$(eval $(call dirtable,ordertypes,core/type,ordertype,ordertype,core/order.h))
$(eval $(call dirtable,gentypes,worker/gen,gentype,gentype,worker/job/gentype.h))
$(eval $(call dirtable,url_rules,worker/crawl/rules,url_rule,url_rule,worker/crawl/url_rule.h))
$(eval $(call dirtable,providers,worker/provider,provider,provider,worker/model/provider.h))
$(eval $(call dirtable,tools,worker/tool,tool,tool,worker/tool/tool.h))
$(eval $(call dirtable,commands,cli/command,command,command,cli/command.h))

$(G)/worker_commands.c: tools/worker_commands.pl $(wildcard worker/tool/*.c) worker/tool | $(G)/.dir
	perl tools/worker_commands.pl $(filter %.c,$^) > $@.tmp && mv $@.tmp $@

$(G)/queries.h $(G)/queries.c &: tools/sqlgen.pl $(wildcard sql/queries/*.sql) sql/queries | $(G)/.dir
	perl tools/sqlgen.pl queries $(G) sql/queries/*.sql
$(G)/scripts.h $(G)/scripts.c &: tools/sqlgen.pl $(wildcard sql/redis/*.lua) sql/redis | $(G)/.dir
	perl tools/sqlgen.pl scripts $(G) sql/redis/*.lua
$(G)/migrations.c $(G)/schema.c &: tools/sqlgen.pl $(wildcard sql/migrations/*.sql) sql/migrations | $(G)/.dir
	perl tools/sqlgen.pl migrations $(G) sql/migrations/*.sql
PO := $(wildcard po/*.po)
$(G)/catalogs.c: tools/catalogs.pl tools/Po.pm $(PO) po | $(G)/.dir
	perl tools/catalogs.pl $(PO) > $@.tmp && mv $@.tmp $@
STATIC := $(wildcard static/*.css static/*.js)
# What decides how a page is read: a cache of another one is read anew.
EXTRACT := $(sort $(wildcard worker/extract/*.[ch] worker/extract/*.def \
	worker/extract/*.txt \
	core/url*.[ch] core/text.[ch] core/wordlist.[ch]))
$(G)/extract_version.h: $(EXTRACT) | $(G)/.dir
	printf '#define EXTRACT_VERSION "%s"\n' \
	    "$$(cat $(EXTRACT) | sha256sum | cut -c1-64)" > $@.tmp && mv $@.tmp $@
$(G)/entities.h: tools/entities.pl worker/extract/entities.txt | $(G)/.dir
	perl $^ > $@.tmp && mv $@.tmp $@
$(G)/templates.c: tools/embed.pl tools/Po.pm tools/Template.pm \
	$(wildcard templates/*.html) templates $(STATIC) $(PO) po | $(G)/.dir
	perl tools/embed.pl templates/*.html $(STATIC) $(PO) > $@.tmp && mv $@.tmp $@

GENERATED := $(foreach p,core fcgi ws worker cli,$(patsubst %,$(G)/%.c,$(GEN_$(p))))
.SECONDARY: $(GENERATED)

# The text files of static/ as the front servers send them to most clients.
$(G)/pack: tools/pack.c | $(G)/.dir
	@echo 'LD  $@'
	$(CC) -O2 $(WARN) -D_GNU_SOURCE -o $@ $< -lz -lbrotlienc
static/packed/.made: $(G)/pack $(STATIC) static
	@mkdir -p $(@D)
	rm -f $(@D)/*
	$(G)/pack $(@D) $(STATIC)
	touch $@

# ---- objects ---------------------------------------------------------------

$(B)/%.o: %.c | $(G)/queries.h $(G)/scripts.h $(G)/extract_version.h $(G)/entities.h
	@mkdir -p $(@D)
	@echo 'CC  $<'
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

$(B)/gen/%.o: $(G)/%.c | $(G)/queries.h $(G)/scripts.h
	@mkdir -p $(@D)
	@echo 'CC  $<'
	$(CC) $(CFLAGS_ALL) -MMD -MP -c -o $@ $<

define archive
$(B)/lib$(1).a: $$(OBJ_$(1))
	@rm -f $$@
	ar rcs $$@ $$^
endef
$(foreach p,$(PARTS),$(eval $(call archive,$(p))))

define program
$(1): $(B)/$(2)/main.o $(B)/lib$(2).a $(B)/libcore.a
	@echo 'LD  $$@'
	$(CC) $(LDFLAGS_ALL) -o $$@ $$^ $(LIBS_$(2)) $(LIBS_core)
endef
$(eval $(call program,$(B)/platen-web,fcgi))
$(eval $(call program,$(B)/platen-live,ws))
$(eval $(call program,$(B)/platen-worker,worker))
$(eval $(call program,$(B)/platen,cli))

# It is started for each slot, and holds no library that it does not call.
$(B)/platen-parser: $(B)/worker/parser/main.o $(B)/libworker.a $(B)/libcore.a
	@echo 'LD  $@'
	$(CC) $(LDFLAGS_ALL) -o $@ $^ -Wl,--as-needed $(LIBS_worker) $(LIBS_core)

-include $(shell find $(B) -name '*.d' 2>/dev/null)

compile_commands.json: Makefile $(foreach p,$(PARTS),$(SRC_$(p)))
	@perl tools/compdb.pl '$(CC) $(CFLAGS_ALL)' $(foreach p,$(PARTS),$(SRC_$(p))) > $@

# ---- tests -----------------------------------------------------------------

# A unit links the archives; only what it names is pulled in.
UNITS := $(patsubst %.c,$(B)/%,$(call src,t/unit) $(wildcard t/db/*.c))
$(B)/t/%: t/%.c t/tap.h $(B)/libworker.a $(B)/libfcgi.a $(B)/libws.a $(B)/libcore.a
	@mkdir -p $(@D)
	@echo 'LD  $@'
	$(CC) $(CFLAGS_ALL) -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< \
	    $(filter %.a,$^) $(LIBS_worker) $(LIBS_fcgi) $(LIBS_ws) $(LIBS_core)

# Fakes in C are linked like units: a worker whose jobs do as they are told.
# faulty_iconv is a library, which its test builds.
FAKES := $(patsubst %.c,$(B)/%,$(filter-out t/fakes/faulty_iconv.c,$(wildcard t/fakes/*.c)))

# Units that read pages start platen-parser.
units: $(UNITS) $(FAKES) $(B)/platen-parser

T ?= t
test:
	sh tools/deps.sh install build run test
	$(MAKE_ALL) all units
	MODE=$(MODE) perl t/run.pl $(T)

# Without servers; also in MODE=asan.
test-units: units
	MODE=$(MODE) perl t/run.pl t/unit

# Outside MODE=fuzz the targets get a main that only replays files.
FUZZERS := $(patsubst t/fuzz/%.c,$(B)/t/fuzz/%,\
	$(filter-out t/fuzz/driver.c,$(wildcard t/fuzz/*.c)))
FUZZ_MAIN := $(if $(filter fuzz,$(MODE)),,$(B)/t/fuzz/driver.o)
FUZZ_LIB := $(patsubst %.c,$(B)/%.o,$(wildcard t/fuzz/lib/*.c))
$(FUZZERS): $(B)/t/fuzz/%: t/fuzz/%.c $(FUZZ_MAIN) $(FUZZ_LIB) $(B)/libworker.a \
	$(B)/libfcgi.a $(B)/libws.a $(B)/libcore.a
	@mkdir -p $(@D)
	@echo 'LD  $@'
	$(CC) $(CFLAGS_ALL) -MMD -MP -MF $@.d $(LDFLAGS_ALL) -o $@ $< \
	    $(filter %.o %.a,$^) $(LIBS_worker) $(LIBS_fcgi) $(LIBS_ws) $(LIBS_core)

fuzzers: $(FUZZERS)

fuzz:
	@sh tools/deps.sh install fuzz
	@sh t/fuzz/run.sh build

# ---- lints -----------------------------------------------------------------

OURS := $(shell git ls-files -co --exclude-standard -- '*.[ch]' 2>/dev/null)

format:
	clang-format -i $(OURS)

lint: check-format check-headers check-rules check-conf

check-format:
	clang-format --dry-run -Werror $(OURS)

# Each header must compile alone.
check-headers: $(G)/queries.h $(G)/scripts.h
	@for h in $(filter %.h,$(OURS)); do \
		$(CC) -std=gnu11 $(WARN) $(DEFS) -Wno-unused-function \
		    -fsyntax-only -x c $$h || exit 1; \
	done

check-rules:
	sh tools/rules.sh
	perl tools/check_names.pl
	perl tools/check_arrows.pl
	perl tools/check_docs.pl
	perl tools/check_phrases.pl

# The other compiler's warnings.
check-clang: $(GENERATED) $(G)/queries.h $(G)/scripts.h $(G)/extract_version.h $(G)/entities.h
	printf '%s\n' $(filter-out t/lib/%,$(filter %.c,$(OURS))) $(filter %.c,$(GENERATED)) | \
	    xargs -P 2 -n 8 clang -std=gnu11 $(WARN) -Werror $(DEFS) \
	    -fsyntax-only

# po/platen.pot: the sentences for people, those in C that N_() marks or that one
# of these functions is given (as its N-th argument), and those of templates.
SENTENCES := N_ job_fail:3
pot:
	sh tools/deps.sh install lint
	sh tools/pot.sh '$(SENTENCES)' > po/platen.pot

# etc/platen.conf is what `platen config` prints.
conf: $(B)/platen
	$(B)/platen config > etc/platen.conf
	perl tools/conf_man.pl < etc/platen.conf > docs/platen.conf.5

check-conf: $(B)/platen
	$(B)/platen config | diff -u etc/platen.conf - || \
	    { echo 'etc/platen.conf is old: run `make conf`' >&2; exit 1; }
	perl tools/conf_man.pl < etc/platen.conf | diff -u docs/platen.conf.5 - || \
	    { echo 'docs/platen.conf.5 is old: run `make conf`' >&2; exit 1; }

bench: all
	sh tools/deps.sh install build run test
	sh t/bench/run.sh

# The programs to bin/, what lighttpd needs to share/platen/.
PREFIX ?= /usr/local
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/platen/static \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 644 docs/platen.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -d $(DESTDIR)$(PREFIX)/share/man/man5
	install -m 644 docs/platen.conf.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	install -m 755 $(BIN) $(DESTDIR)$(PREFIX)/bin/
	install -m 644 lighttpd.conf etc/platen.conf etc/apache.conf \
	    $(DESTDIR)$(PREFIX)/share/platen/
	cp -r static/. $(DESTDIR)$(PREFIX)/share/platen/static/
	chmod -R u=rwX,go=rX $(DESTDIR)$(PREFIX)/share/platen/static

clean:
	rm -rf build static/packed compile_commands.json

.PHONY: all help deps run units test test-units fuzz fuzzers format lint check-format \
	check-headers check-rules check-clang check-conf conf pot bench install clean
