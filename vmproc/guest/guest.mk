# The guest: freestanding, its own flags. One ELF, booted by PVH; and the same in pieces, for a machine that has it in
# ROM (vmproc/rom_abi.h). See layout.h for where things lie.
GUEST_ARCH := x86_64
GUEST_SRC  := $(sort $(wildcard vmproc/guest/*.c vmproc/guest/$(GUEST_ARCH)/*.c)) \
              $(filter-out %/reset.S,$(sort $(wildcard vmproc/guest/$(GUEST_ARCH)/*.S)))
GUEST_OBJS := $(patsubst vmproc/guest/%,$(BUILD)/guest/%.o,$(GUEST_SRC))
GUEST_FLAGS = -m64 -march=x86-64 -mcmodel=kernel -mgeneral-regs-only -mno-red-zone -fno-pic -fno-pie \
              -ffreestanding -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none \
              -fno-strict-aliasing -fno-common -ffunction-sections
GUEST_CFLAGS = -std=gnu11 -O2 -g $(WARN) $(GUEST_FLAGS) -I. -Ivmproc/guest -I$(BUILD)/guest -MMD -MP

guest: $(BUILD)/guest.elf $(BUILD)/guest.rom $(BUILD)/reset.rom

$(BUILD)/guest/%.c.o: vmproc/guest/%.c $(BUILD)/guest/syscall_names.h
	@mkdir -p $(@D)
	$(CC) $(GUEST_CFLAGS) -c -o $@ $<

$(BUILD)/guest/%.S.o: vmproc/guest/%.S
	@mkdir -p $(@D)
	$(CC) $(GUEST_CFLAGS) -c -o $@ $<

# The names of all system calls, so that one the guest lacks is logged by its name.
$(BUILD)/guest/syscall_names.h: vmproc/guest/guest.mk
	@mkdir -p $(@D)
	printf '#include <asm/unistd.h>\n' | $(CC) -E -dM - | \
	    sed -n 's/^#define __NR_\([a-z][a-z0-9_]*\) .*/    [__NR_\1] = "\1",/p' | sort >$@

$(BUILD)/guest.elf: $(GUEST_OBJS) vmproc/guest/$(GUEST_ARCH)/guest.ld
	$(CC) -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
	    -Wl,--gc-sections -Wl,--no-warn-rwx-segments -T vmproc/guest/$(GUEST_ARCH)/guest.ld -o $@ $(GUEST_OBJS)

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

-include $(wildcard $(BUILD)/guest/*.d $(BUILD)/guest/*/*.d)
