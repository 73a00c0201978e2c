# libFuzzer targets: make -f scripts/fuzz.mk BUILD=build, then tests/fuzz/run TARGET, or the program itself:
# $BUILD/fuzz/TARGET CORPUS_DIRECTORY, as a user who owns nothing (the shim's servers work on real files).
BUILD ?= build
CC    := clang
SAN   := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FLAGS := -std=c11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Wno-unused-parameter -I. \
         -DFLEETSH_LIBEXEC='"/nonexistent"' -DFLEETSH_VERSION='"fuzz"'

objects = $(patsubst %.c,$(BUILD)/fuzz/obj/%.o,$(filter-out %/main.c,$(wildcard $(addsuffix /*.c,$(1)))))
SHELL_OBJECTS := $(call objects,shell builtins completion vmproc/client)
SHIM_OBJECTS  := $(call objects,vmproc/shim vmproc/client)
DAEMON_OBJECTS := $(call objects,vmproc/daemon vmproc/client)
GATE_OBJECTS := $(call objects,vmproc/gate)
GATE_PKGS := libvirt-admin libvirt libxml-2.0 nettle
include vmproc/daemon/packages.mk
TARGETS       := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*.c))
SHIM_TARGETS  := $(filter $(BUILD)/fuzz/shim_%,$(TARGETS))
DAEMON_TARGETS := $(filter $(BUILD)/fuzz/daemon_%,$(TARGETS))
GUEST_TARGETS := $(filter $(BUILD)/fuzz/guest_%,$(TARGETS))
GATE_TARGETS  := $(filter $(BUILD)/fuzz/gate_%,$(TARGETS))
SHELL_TARGETS := $(filter-out $(GATE_TARGETS) $(SHIM_TARGETS) $(DAEMON_TARGETS) $(GUEST_TARGETS),$(TARGETS))

.PHONY: all
all: $(TARGETS)

$(BUILD)/fuzz/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(SAN) -MMD -MP -c -o $@ $<

# A target that defines __wrap_NAME takes NAME's place.
wrapped = $(shell grep -o '__wrap_[a-z_]*' $(1) | sort -u | sed 's/__wrap_/-Wl,--wrap=/')
$(SHELL_TARGETS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(SHELL_OBJECTS)
	$(CC) $(FLAGS) -MMD -MP -fsanitize=fuzzer $(SAN) $(call wrapped,$<) -o $@ $< $(SHELL_OBJECTS)
$(SHIM_TARGETS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(SHIM_OBJECTS)
	$(CC) $(FLAGS) -MMD -MP -fsanitize=fuzzer $(SAN) $(call wrapped,$<) -o $@ $< $(SHIM_OBJECTS) -lpthread
$(GATE_OBJECTS): FLAGS += $(shell pkg-config --cflags $(GATE_PKGS))
$(GATE_TARGETS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(GATE_OBJECTS)
	$(CC) $(FLAGS) -MMD -MP -fsanitize=fuzzer $(SAN) -o $@ $< $(GATE_OBJECTS) $(shell pkg-config --libs $(GATE_PKGS))
# They include the guest's own code, and are its machine.
$(GUEST_TARGETS): $(BUILD)/fuzz/%: tests/fuzz/%.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP -fsanitize=fuzzer $(SAN) -o $@ $<
$(DAEMON_OBJECTS): FLAGS += $(shell pkg-config --cflags $(DAEMON_PKGS))
$(DAEMON_TARGETS): $(BUILD)/fuzz/%: tests/fuzz/%.c $(DAEMON_OBJECTS)
	$(CC) $(FLAGS) $(shell pkg-config --cflags $(DAEMON_PKGS)) -MMD -MP -fsanitize=fuzzer $(SAN) $(call wrapped,$<) -o $@ $< \
	    $(DAEMON_OBJECTS) $(shell pkg-config --libs $(DAEMON_PKGS)) -lpthread

-include $(shell find $(BUILD)/fuzz -name '*.d' 2>/dev/null)
