# libFuzzer targets of the shim: make -f scripts/fuzz.mk BUILD=build-fuzz, then build-fuzz/fuzz/NAME CORPUS_DIRECTORY
# Run them as a user who owns nothing: the servers under test work on real files, in a scratch directory.
BUILD ?= build-fuzz
CC    := clang
SAN   := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
FLAGS := -std=c11 -D_GNU_SOURCE -O1 -g -fno-omit-frame-pointer -Wall -Wextra -Wno-unused-parameter -I. \
         -DFLEETSH_LIBEXEC='"/nonexistent"'

SOURCES := $(filter-out vmproc/shim/main.c,$(wildcard vmproc/shim/*.c)) $(wildcard vmproc/client/*.c)
OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(SOURCES))
TARGETS := $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/shim_*.c))

.PHONY: all
.SECONDARY:
all: $(TARGETS)

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(SAN) -MMD -MP -c -o $@ $<

$(BUILD)/fuzz/%: tests/fuzz/%.c $(OBJECTS)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(SAN) -fsanitize=fuzzer -o $@ $^ -lpthread

-include $(OBJECTS:.o=.d)
