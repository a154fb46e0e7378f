# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The tests: what each suite needs, and which suites a goal runs. A suite is an
# executable that prints TAP; tests/README.md says what each of them is for.
# Everything here but the echo pair's and the labs' test programs is compiled
# with the sanitizers, into build/asan: a memory error ends the program.

A := $(B)/asan
ASAN_CFLAGS := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
ASAN_CC = $(CC) $(ASAN_CFLAGS)
$(eval $(call variant,$(A),$$(ASAN_CC) $$(DIALECT) -iquote tests/unit))
TEST_LIBS = $(call once,TEST_LIBS,$(PKG_CONFIG) --libs cmocka jansson)

# ---- the echo pair ---------------------------------------------------------

ECHO_ASAN := $(addprefix $(A)/echo/,echo-client echo-server sum-server)
$(A)/echo/echo-client: $(call echo_objects,$(A),client)
$(A)/echo/echo-server: $(call echo_objects,$(A),server)
$(A)/echo/sum-server: $(A)/echo/sum-server.o $(A)/echo/net.o
$(ECHO_ASAN):
	$(call link,$(ASAN_CC))

ECHO_GUARD := $(B)/tests/echo/guard
$(ECHO_GUARD): $(A)/tests/echo/guard.o $(A)/echo/server_udp.o $(A)/echo/net.o
	$(call link,$(ASAN_CC),$(TEST_LIBS))

ECHO_SUITES := $(addprefix tests/echo/,client.py server.py crowd.py attack.py \
	spoof.py sum.py net.sh)
$(ECHO_SUITES): $(ECHO_PROGRAMS) $(SUM_SERVER) $(ECHO_ASAN)

# ---- the labs --------------------------------------------------------------

# tests/labs/worlds/*.c: what the tests put in the place of a lab's own program.
LAB_WORLDS := $(patsubst tests/labs/worlds/%.c,$(B)/tests/labs/%.so,\
	$(wildcard tests/labs/worlds/*.c))
$(B)/tests/labs/%.so: tests/labs/worlds/%.c | $(DEPS)
	$(call say,LINK,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fPIC -shared -o $@ $<

LAB_SUITES := tests/labs/shipped.py tests/labs/transcripts.py tests/labs/verbs \
	tests/labs/class tests/labs/answers.py tests/labs/trouble tests/labs/hostile \
	tests/labs/invisible tests/labs/damaged tests/labs/password \
	tests/labs/start tests/labs/recorded tests/labs/book tests/labs/languages.py
LAB_ROOT_SUITES := tests/labs/thirty
$(LAB_SUITES) $(LAB_ROOT_SUITES) tests/labs/here: $(PROGRAMS) $(LAB_WORLDS)

# Those that need namespaces alone; two of them measure how long something takes.
CLOCK_LABS := 09 23
HERE_LABS = $(filter-out $(CLOCK_LABS),$(call once,HERE_LABS_ALL,\
	grep -l '"needs": "namespaces"' labs/*/lab.json | \
	sed 's|labs/\(..\).*|\1|'))
labs_here = $(patsubst %,'tests/labs/here %',$(1))

# ---- the tracer ------------------------------------------------------------

TRACER_SUITES := $(addprefix tests/tracer/,here privileges hostile faults \
	fragments icmp padding multicast order traffic followed busy wireshark why diff)
tests/tracer/large: tracer/tracer
tests/soak/run: tracer/tracer $(B)/tests/load
$(B)/tests/load: $(B)/tests/soak/load.o
	$(call link,$(CC) $(CFLAGS))
tests/tracer/here: $(B)/tests/elsewhere
tests/tracer/faults: $(B)/tests/flood
tests/tracer/followed: $(B)/tests/followed
tests/tracer/busy: $(B)/tests/elsewhere $(B)/tests/neighbours

# ---- unit tests ------------------------------------------------------------
# tests/unit/LAYER/test_*.c is linked with that layer, with the layers that it may
# call, and with no others. tests/unit/test_*.c is for more than one layer: it is
# linked with all of them. No unit test is linked with libbpf or libpcap, so a
# test fails to link if what it tests opens a probe or a capture.

U := $(B)/unit
UNIT_SOURCES := $(wildcard tests/unit/test_*.c tests/unit/*/test_*.c)
UNITS := $(patsubst %.c,$(U)/%,$(notdir $(UNIT_SOURCES)))
unit_layer = $(patsubst unit,commands,$(notdir $(patsubst %/,%,$(dir $(1)))))
# The other files of its folder and of tests/unit: helpers. play.c needs record.
unit_helpers = $(filter-out $(UNIT_SOURCES),\
	$(sort $(wildcard $(dir $(1))*.c tests/unit/*.c)))

$(foreach test,$(UNIT_SOURCES),$(eval $(patsubst %.c,$(U)/%,$(notdir $(test))): \
	$(patsubst %.c,$(A)/%.o,$(test) $(call unit_helpers,$(test))) \
	$(call libs,$(A),$(call unit_layer,$(test)) record)))
$(UNITS):
	$(call link,$(ASAN_CC),$(TEST_LIBS) $(libs_$(@F)))
libs_test_ftrace_events = $(shell $(PKG_CONFIG) --libs libtracefs libtraceevent)
libs_test_user_symbols = $(shell $(PKG_CONFIG) --libs libdw libelf)
libs_test_memory := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc \
	-Wl,--wrap=reallocarray,--wrap=strdup,--wrap=fopen,--wrap=fdopen \
	-Wl,--wrap=json_loadb

# What a recording goes through: replay, and tree --replay. No layer that asks
# the kernel is linked.
$(U)/replay: $(A)/tracer/main_replay.o $(A)/libcommands.a \
	$(call libs,$(A),process why verdict)
$(U)/tree: $(A)/tests/golden/tree_replay.o $(A)/libtree.a \
	$(call libs,$(A),process view)
$(U)/records: $(A)/tests/golden/records.o $(A)/libcommands.a \
	$(call libs,$(A),process diff why)
$(U)/replay $(U)/records:
	$(call link,$(ASAN_CC),$(TEST_LIBS))
$(U)/tree: # whose files may not be made says who the user is
	$(call link,$(ASAN_CC),$(TEST_LIBS) $(shell $(PKG_CONFIG) --libs libcap-ng))

GOLDEN_SUITES := tests/golden/run tests/golden/explain tests/golden/tree \
	tests/golden/filter \
	tests/why/run tests/why/removed.py tests/diff/run
tests/golden/run: $(U)/replay
tests/golden/filter: tracer/tracer $(U)/replay
tests/golden/explain: tracer/tracer
tests/golden/tree: $(U)/tree
tests/why/run: $(U)/records $(U)/replay
tests/why/removed.py tests/diff/run: $(U)/records

golden-update: tracer/tracer $(U)/replay $(U)/tree $(U)/records $(U)/test_view_stack ## write the golden files anew; look at the diff
	$(Q)REPLAY=$(U)/replay tests/golden/run --update
	$(Q)tests/golden/filter --update
	$(Q)TREE=$(U)/tree tests/golden/tree --update
	$(Q)RECORDS=$(U)/records REPLAY=$(U)/replay tests/why/run --update
	$(Q)RECORDS=$(U)/records tests/diff/run --update
	$(Q)GOLDEN_UPDATE=1 $(U)/test_view_stack >/dev/null

# The same tests once more, in a tree of their own, counting lines. It fails
# below 90 of 100 lines of the files that these tests are linked with. ftrace is
# left out: the tests of the tracer cover it.
COVERAGE := $(B)/coverage
COVERED := $(patsubst $(U)/%,$(COVERAGE)/unit/%,$(UNITS) $(U)/replay $(U)/tree \
	$(U)/records)
coverage: | $(DEPS) ## count the lines that the unit tests reach
	$(Q)$(MAKE) --no-print-directory A=$(COVERAGE) U=$(COVERAGE)/unit \
		ASAN_CFLAGS='-O0 -g --coverage' $(COVERED)
	$(Q)find $(COVERAGE) -name '*.gcda' -delete
	$(Q)TEST_LOGS=$(COVERAGE)/tests REPLAY=$(COVERAGE)/unit/replay \
		TREE=$(COVERAGE)/unit/tree RECORDS=$(COVERAGE)/unit/records tests/run \
		$(filter-out %/replay %/tree %/records,$(COVERED)) \
		tests/golden/run tests/golden/tree tests/why/run tests/diff/run
	$(Q)gcovr --object-directory $(COVERAGE) --root . --fail-under-line 90 \
		--print-summary $$(cd $(COVERAGE) && find tracer/* -path tracer/ftrace \
			-prune -o -name '*.gcda' -printf '--filter %p\n' | \
			sed 's/gcda$$/c/') $(COVERAGE)

# The page of --html: in node, and in a browser. Each skips what is not here.
PAGE_SUITES := tests/page/script tests/page/browser
$(PAGE_SUITES): tracer/tracer

# What stands on a terminal, in tmux.
SCREEN_SUITES := tests/screen/run
$(SCREEN_SUITES): $(PROGRAMS)

# ---- how it is built -------------------------------------------------------

layers: ## print the layers of the tracer, and what each may call
	@$(foreach layer,$(LAYERS),echo '$(layer): $(filter-out $(layer),\
		$(filter $(call reach,$(layer)),$(LAYERS)))';) \
		echo 'libraries: $(TRACER_LIBS)'

BUILD_SUITES := tests/build/goals tests/build/show tests/build/layers \
	tests/build/additions
$(BUILD_SUITES): all

# What make install copies.
CLI_SUITES := tests/cli/installed tests/cli/outputs tests/cli/netns tests/cli/filter \
	tests/cli/terminal
$(CLI_SUITES): $(MAN_PAGES) $(B)/man/dialtone.fish

# ---- the capture, on this kernel -------------------------------------------
# test_capture runs in a network namespace of its own; test_step runs in the lab
# VM only (tests/vm), because it sets the clock. test_filter_compile captures
# nothing: it is linked with libpcap, and needs no root.

$(U)/test_capture $(U)/test_step $(U)/test_filter_compile: $(U)/%: $(A)/tests/capture/%.o \
		$(call libs,$(A),wire)
	$(call link,$(ASAN_CC),$(TEST_LIBS) $(shell $(PKG_CONFIG) --libs libpcap))

$(B)/tests/burst: $(B)/tests/capture/burst.o
	$(call link,$(CC) $(CFLAGS))

CAPTURE_SUITES := $(U)/test_capture tests/capture/run
tests/capture/run: tracer/tracer $(B)/tests/burst

# ---- the suites of each goal -----------------------------------------------

# What people run while they work: make check.
CHECK_ECHO := $(ECHO_GUARD) $(filter-out %/attack.py,$(ECHO_SUITES))
CHECK_PURE := $(UNITS) $(U)/test_filter_compile $(GOLDEN_SUITES) $(BUILD_SUITES) \
	tests/page/script tests/labs/shipped.py tests/labs/transcripts.py tests/labs/answers.py \
	tests/lint/names

# Suites that depend on time, and suites that do not. The latter run next to the
# former and to the lab VM, which takes one processor. .ci/run adds the linters to
# the latter (ALONGSIDE).
TIMED := $(ECHO_GUARD) $(ECHO_SUITES) $(TRACER_SUITES) tests/fuzz/programs \
	$(CAPTURE_SUITES) tests/vm/fetch tests/vm/killed
UNTIMED := $(UNITS) $(U)/test_filter_compile $(GOLDEN_SUITES) $(BUILD_SUITES) \
	$(PAGE_SUITES) $(CLI_SUITES) $(SCREEN_SUITES) tests/build/arm64 tests/tracer/large \
	tests/tracer/libbpf tests/unit/valgrind \
	tests/fuzz/run tests/lint/names $(LAB_SUITES)

.PHONY: golden-update coverage layers test test-kernels test-fresh lint bench soak

# One boot per kernel: wrong worlds on the oldest, stacks on the newest, README's
# blocks, which have a tree and lab 02, on the default one. test-kernels has it all.
# The suites that take longest alongside come first.
test: all $(TIMED) $(UNTIMED) tests/labs/here vm-programs ## run every test
	$(Q)FUZZ_AGAIN=1 tests/run $(TIMED) $(call labs_here,$(CLOCK_LABS)) \
		--alongside $(call labs_here,$(HERE_LABS)) $(ALONGSIDE) \
		$(UNTIMED) -- \
		'tests/vm/suite bullseye demo wrong' \
		'tests/vm/suite forky demo stack' \
		'tests/vm/suite bookworm readme'

# Every kernel that Debian has: 5.10, 6.1, 6.12, 7.x; and arm64. The labs run on
# all but the oldest.
KERNELS := bullseye bookworm trixie forky
test-kernels: all arm64 vm-programs ## run every case in the lab VM, on four kernels and on arm64
	$(Q)tests/run $(foreach suite,$(KERNELS),\
		'tests/vm/suite $(suite) thorough' 'tests/vm/doctor $(suite)') \
		$(patsubst %,'tests/labs/suite %',$(filter-out bullseye,$(KERNELS))) \
		tests/vm/test_lab_vm tests/unit/coverage $(LAB_ROOT_SUITES) \
		'env ATTACK_SECONDS=60 tests/echo/attack.py' \
		$(ARM64_VM_SUITES:%='tests/build/arm64-vm %')

test-fresh: | $(DEPS) ## run README's commands on bare roots of three suites
	$(Q)tests/run $(foreach suite,bookworm trixie forky,\
		$(foreach goal,demo labs check test,\
			'tests/fresh/run $(suite) $(goal)')) \
		'tests/fresh/run trixie deb' \
		'tests/fresh/run trixie show' \
		'tests/fresh/run bullseye demo old'

lint: all ## run the linters
	$(Q)tests/run tests/lint/run

export MINUTES ?= 60
soak: all tests/soak/run ## follow a mixed load for MINUTES (60); memory must not grow
	$(Q)tests/run tests/soak/run; status=$$?; \
		sed -n '/^# .*[|+]/s/^# / /p' $(B)/tests/tests-soak-run.log; exit $$status

BENCHES := count
BENCH_LOGS = $(B)/tests/labs-vm-run-*-tests-bench-*.log
bench: all ## measure the tracer against others, in one boot per kernel
	$(Q)rm -f $(BENCH_LOGS)
	$(Q)tests/run $(foreach kernel,bookworm trixie,$(patsubst %,\
		'labs/vm/run -k $(kernel) --idle-poll -- tests/bench/%',\
		$(BENCHES))); status=$$?; \
		sed -n 's/^# / /p' $(BENCH_LOGS); exit $$status
