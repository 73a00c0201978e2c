# The guest: freestanding, its own flags. One ELF, booted by PVH; and the same in pieces, for a machine that has it in
# ROM (vmproc/rom_abi.h). See layout.h for where things lie.
GUEST_SRC  := $(sort $(wildcard vmproc/guest/*.c)) $(filter-out %/reset.S,$(sort $(wildcard vmproc/guest/*.S)))
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
	printf '#include <asm/unistd_64.h>\n' | $(CC) -E -dM - | \
	    sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9][0-9]*\)$$/    [\2] = "\1",/p' | sort -t'[' -k2n >$@

$(BUILD)/guest.elf: $(GUEST_OBJS) vmproc/guest/guest.ld
	$(CC) -nostdlib -static -Wl,--build-id=none -Wl,-z,max-page-size=4096 -Wl,-z,noexecstack \
	    -Wl,--gc-sections -Wl,--no-warn-rwx-segments -T vmproc/guest/guest.ld -o $@ $(GUEST_OBJS)

# Whole pages of head, text and constants; behind them, data.
$(BUILD)/guest.rom: $(BUILD)/guest.elf
	objcopy -O binary -j .head -j .text -j .note.Xen -j .note.fleetsh -j .rodata $< $@.text
	objcopy -O binary -j .data $< $@.data
	cat $@.text $@.data >$@
	rm $@.text $@.data

$(BUILD)/reset.rom: vmproc/guest/reset.S vmproc/guest/reset.ld vmproc/rom_abi.h
	@mkdir -p $(@D)
	$(CC) -m32 -ffreestanding -nostdlib -static -Wl,--build-id=none -Wl,-T,vmproc/guest/reset.ld -I. -o $@.elf $<
	objcopy -O binary -j .rom $@.elf $@
	rm $@.elf

-include $(wildcard $(BUILD)/guest/*.d)
