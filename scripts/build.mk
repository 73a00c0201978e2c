# The rules of the build; Makefile sets the variables a user may change.
VERSION := 0.1.0

OPT      ?= -O2 -g
WARN     := -Wall -Wextra -Wno-unused-parameter -Wshadow -Wstrict-prototypes -Wmissing-prototypes
STD      := -std=c11 -D_GNU_SOURCE
LIBEXEC  := $(PREFIX)/libexec/fleetsh
DEFS     := -DFLEETSH_VERSION='"$(VERSION)"' -DFLEETSH_LIBEXEC='"$(LIBEXEC)"'
HARDEN   := -fstack-protector-strong -D_FORTIFY_SOURCE=2
ifdef SAN
OPT      := -O1 -g -fno-omit-frame-pointer
HARDEN   := -fsanitize=address,undefined -fno-sanitize-recover=undefined
SANLINK  := -fsanitize=address,undefined
endif
CFLAGS_ALL = $(STD) $(OPT) $(WARN) $(HARDEN) $(DEFS) -I. -MMD -MP $(CFLAGS)

objs = $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard $(1))))

CLIENT_OBJS := $(call objs,vmproc/client/*.c)
SHELL_OBJS  := $(call objs,shell/*.c builtins/*.c completion/*.c)
SHIM_OBJS   := $(call objs,vmproc/shim/*.c)
DAEMON_OBJS := $(call objs,vmproc/daemon/*.c)
UNITS       := $(patsubst tests/unit/%.c,$(BUILD)/unit/%,$(wildcard tests/unit/*.c))
SHELL_LIB   := $(BUILD)/libshell.a
CLIENT_LIB  := $(BUILD)/libclient.a
SHIM_LIB    := $(BUILD)/libshim.a

.PHONY: all fleetsh vmproc-run vmprocd guest toolbox units check check-fast bench demo format clean help
all: fleetsh vmproc-run vmprocd guest toolbox

fleetsh: $(BUILD)/fleetsh
vmproc-run: $(BUILD)/vmproc-run
vmprocd: $(BUILD)/vmprocd
units: $(UNITS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(EXTRA_$(firstword $(subst /, ,$*))) -c -o $@ $<

$(SHELL_LIB): $(filter-out $(BUILD)/obj/shell/main.o,$(SHELL_OBJS))
	@rm -f $@
	$(AR) rcs $@ $^
$(SHIM_LIB): $(filter-out $(BUILD)/obj/vmproc/shim/main.o,$(SHIM_OBJS))
	@rm -f $@
	$(AR) rcs $@ $^
$(CLIENT_LIB): $(CLIENT_OBJS)
	@rm -f $@
	$(AR) rcs $@ $^

# Its start counts: each page that the loader writes to, and each segment that it maps, is 1 % of it.
QUICKSTART := -no-pie -Wl,-z,norelro -Wl,-z,noseparate-code
$(BUILD)/fleetsh: $(BUILD)/obj/shell/main.o $(SHELL_LIB) $(CLIENT_LIB)
	$(CC) $(if $(SAN),$(SANLINK),$(QUICKSTART)) $(LDFLAGS) -o $@ $^

# The shim starts once per command: linked statically it starts in half the time.
$(BUILD)/vmproc-run: $(BUILD)/obj/vmproc/shim/main.o $(SHIM_LIB) $(CLIENT_LIB)
	$(CC) $(if $(SAN),$(SANLINK),-static) $(LDFLAGS) -o $@ $^ -lpthread

include vmproc/daemon/packages.mk
$(DAEMON_OBJS): CFLAGS += $(shell pkg-config --cflags $(DAEMON_PKGS))
$(BUILD)/vmprocd: $(DAEMON_OBJS) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(DAEMON_PKGS))

# Unit tests: one C file, one program, TAP on stdout.
$(BUILD)/unit/%: tests/unit/%.c $(SHELL_LIB) $(SHIM_LIB) $(CLIENT_LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $< $(SHELL_LIB) $(SHIM_LIB) $(CLIENT_LIB) -lpthread

include vmproc/guest/guest.mk
include vmproc/daemon/daemon.mk
include vmproc/top/top.mk
include vmproc/spec/spec.mk
include vmproc/listen/listen.mk
include vmproc/keep/keep.mk
include vmproc/net/net.mk
include vmproc/store/store.mk
include vmproc/gate/gate.mk
include vmproc/loader/loader.mk
include tests/tests.mk

# A link to Debian's busybox-static for each of its applets.
BUSYBOX ?= /bin/busybox
toolbox: $(BUILD)/toolbox/.made
$(BUILD)/toolbox/.made: $(BUSYBOX) scripts/make-toolbox vmproc/toolbox.h
	scripts/make-toolbox $(BUSYBOX) $(BUILD)/toolbox

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)

# ---- what users type ----

deps:
	scripts/install-deps build run

demo: ; scripts/install-deps build run && $(MAKE) --no-print-directory demo-run
demo-run: all
	BUILD=$(abspath $(BUILD)) scripts/demo

check: ; scripts/install-deps build run test && $(MAKE) --no-print-directory check-run
check-run: all units
	BUILD=$(abspath $(BUILD)) tests/run
check-fast: all units
	BUILD=$(abspath $(BUILD)) tests/run $(BUILD)/unit tests/tree tests/posix tests/tty

bench: all units
	BUILD=$(abspath $(BUILD)) scripts/bench

format:
	clang-format -i $(shell git ls-files '*.c' '*.h')

include scripts/install.mk

help:
	@echo "make          build everything into $(BUILD)/"
	@echo "make demo     install what is missing, build, start the router, run the demonstration"
	@echo "make check    install what is missing, build, run every test"
	@echo "make check-fast  the tests that need no VM"
	@echo "make bench    one table of ratios against other shells and microVMs"
	@echo "make install  PREFIX=$(PREFIX) DESTDIR=, and make uninstall"
	@echo "make deb      the Debian package, into $(BUILD)/"
	@echo "make SAN=1 BUILD=build-san ...   with AddressSanitizer and UndefinedBehaviorSanitizer"
.PHONY: deps demo-run check-run
