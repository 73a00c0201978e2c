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

.PHONY: all fleetsh vmproc-run vmprocd guest toolbox units check check-fast bench demo format clean help install uninstall
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
$(CLIENT_LIB): $(CLIENT_OBJS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/fleetsh: $(BUILD)/obj/shell/main.o $(SHELL_LIB) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^

# The shim starts once per command: linked statically it starts in half the time.
$(BUILD)/vmproc-run: $(SHIM_OBJS) $(CLIENT_LIB)
	$(CC) $(if $(SAN),$(SANLINK),-static) $(LDFLAGS) -o $@ $^ -lpthread

DAEMON_PKGS := libvirt libuv avahi-client
$(DAEMON_OBJS): CFLAGS += $(shell pkg-config --cflags $(DAEMON_PKGS))
$(BUILD)/vmprocd: $(DAEMON_OBJS) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(DAEMON_PKGS))

# Unit tests: one C file, one program, TAP on stdout.
$(BUILD)/unit/%: tests/unit/%.c $(SHELL_LIB) $(CLIENT_LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $< $(SHELL_LIB) $(CLIENT_LIB) $(filter-out %/main.o,$(if $(filter shim_%,$*),$(SHIM_OBJS))) -lpthread

include vmproc/guest/guest.mk

# A link to Debian's busybox-static for each of its applets.
BUSYBOX ?= /bin/busybox
toolbox: $(BUILD)/toolbox/.made
$(BUILD)/toolbox/.made: $(BUSYBOX) scripts/make-toolbox
	scripts/make-toolbox $(BUSYBOX) $(BUILD)/toolbox

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
