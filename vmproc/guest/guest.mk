# The guest: freestanding, its own flags. One ELF, booted by PVH; and the same in pieces, for a machine that has it in
# ROM (vmproc/rom_abi.h). See layout.h for where things lie.
GUEST_COMMON = -std=gnu11 -O2 -g $(WARN) -mgeneral-regs-only -ffreestanding -fno-pic -fno-pie -fno-stack-protector \
               -fno-asynchronous-unwind-tables -fno-strict-aliasing -fno-common -ffunction-sections \
               -I. -Ivmproc/guest -MMD -MP
GUEST_LINK   = -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack -Wl,--gc-sections \
               -Wl,--no-warn-rwx-segments

GUEST_FLAGS_x86_64  = -m64 -march=x86-64 -mcmodel=kernel -mno-red-zone -fcf-protection=none
GUEST_FLAGS_aarch64 = -march=armv8-a -mno-outline-atomics -mbranch-protection=none -mstrict-align
GUEST_CC_x86_64     = $(CC)

# The other architecture's is made where its compiler is, and is not missed where it is not.
GUEST_CC_aarch64   := $(shell command -v aarch64-linux-gnu-gcc 2>/dev/null)

guest: $(BUILD)/guest.elf $(BUILD)/guest.rom $(BUILD)/reset.rom
ifneq ($(GUEST_CC_aarch64),)
guest: $(BUILD)/guest-aarch64.image
endif

# ARCH, objects' directory
define guest_of
GUEST_OBJS_$(1) := $$(patsubst vmproc/guest/%,$$(BUILD)/$(2)/%.o,$$(sort $$(wildcard vmproc/guest/*.c \
                   vmproc/guest/$(1)/*.c)) $$(filter-out %/reset.S,$$(sort $$(wildcard vmproc/guest/$(1)/*.S))))

$$(BUILD)/$(2)/%.c.o: vmproc/guest/%.c $$(BUILD)/$(2)/syscall_names.h
	@mkdir -p $$(@D)
	$$(GUEST_CC_$(1)) $$(GUEST_COMMON) $$(GUEST_FLAGS_$(1)) -I$$(BUILD)/$(2) -c -o $$@ $$<

$$(BUILD)/$(2)/%.S.o: vmproc/guest/%.S
	@mkdir -p $$(@D)
	$$(GUEST_CC_$(1)) $$(GUEST_COMMON) $$(GUEST_FLAGS_$(1)) -c -o $$@ $$<

# The names of all system calls, so that one the guest lacks is logged by its name.
$$(BUILD)/$(2)/syscall_names.h: vmproc/guest/guest.mk
	@mkdir -p $$(@D)
	printf '#include <asm/unistd.h>\n' | $$(GUEST_CC_$(1)) -E -dM - | \
	    sed -n 's/^#define __NR_\([a-z][a-z0-9_]*\) .*/    [__NR_\1] = "\1",/p' | \
	    grep -v '"syscalls"\|"arch_specific_syscall"' | sort >$$@

$$(BUILD)/$(2).elf: $$(GUEST_OBJS_$(1)) vmproc/guest/$(1)/guest.ld
	$$(GUEST_CC_$(1)) $$(GUEST_LINK) -T vmproc/guest/$(1)/guest.ld -o $$@ $$(GUEST_OBJS_$(1))

-include $$(wildcard $$(BUILD)/$(2)/*.d $$(BUILD)/$(2)/*/*.d)
endef
$(eval $(call guest_of,x86_64,guest))
$(eval $(call guest_of,aarch64,guest-aarch64))

# As Linux's boot protocol has it: what lies in memory, from its first byte.
$(BUILD)/guest-aarch64.image: $(BUILD)/guest-aarch64.elf
	$(GUEST_CC_aarch64:gcc=objcopy) -O binary $< $@

# Whole pages of head, text and constants; behind them, data.
$(BUILD)/guest.rom: $(BUILD)/guest.elf
	objcopy -O binary -j .head -j .text -j .note.Xen -j .note.fleetsh -j .rodata $< $@.text
	objcopy -O binary -j .data $< $@.data
	cat $@.text $@.data >$@
	rm $@.text $@.data

$(BUILD)/reset.rom: vmproc/guest/x86_64/reset.S vmproc/guest/x86_64/reset.ld vmproc/rom_abi.h
	@mkdir -p $(@D)
	$(CC) -m32 -ffreestanding -nostdlib -static -Wl,--build-id=none -Wl,-T,vmproc/guest/x86_64/reset.ld -I. -o $@.elf $<
	objcopy -O binary -j .rom $@.elf $@
	rm $@.elf
