# What the tests need beside fleetsh's own programs; part of `units`.
PRELOADS := $(BUILD)/failnth.so $(BUILD)/clock.so
$(PRELOADS): $(BUILD)/%.so: tests/fault/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(OPT) $(WARN) -fPIC -shared $(CFLAGS) -o $@ $< -ldl
units: $(PRELOADS)

# The shim is static, and nothing can be preloaded into it: this one is for those.
$(BUILD)/fault/vmproc-run: $(BUILD)/obj/vmproc/shim/main.o $(SHIM_LIB) $(CLIENT_LIB)
	@mkdir -p $(@D)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ -lpthread
units: $(BUILD)/fault/vmproc-run

# Programs that tests/vm and tests/system run in VMs.
VM_PROGS := $(patsubst tests/vm/prog/%.c,$(BUILD)/prog/%,$(wildcard tests/vm/prog/*.c))
$(BUILD)/prog/%: tests/vm/prog/%.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(OPT) $(WARN) -static $(CFLAGS) -o $@ $<
units: $(VM_PROGS)

# It includes the guest's own code.
$(BUILD)/unit/wire_ring: vmproc/guest/ring.c vmproc/guest/ring.h vmproc/ring_abi.h

# Images that tests/vm/boot.tst boots: one kernel for each protocol, and a disk.
BOOT_FLAGS := -m32 -std=gnu11 -O2 $(WARN) -ffreestanding -fno-pic -fno-pie -fno-stack-protector -mgeneral-regs-only \
              -fcf-protection=none -fno-asynchronous-unwind-tables -nostdlib -static -Wl,--build-id=none \
              -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments -T tests/vm/boot/kernel.ld
BOOT_SRC   := $(addprefix tests/vm/boot/,start.S info.c kernel.c hvc.c)
BOOT_DEPS  := $(BOOT_SRC) tests/vm/boot/kernel.h tests/vm/boot/kernel.ld
boot-kernel = @mkdir -p $(@D); $(CC) $(BOOT_FLAGS) -D$(1) -o $@ $(BOOT_SRC)
$(BUILD)/boot/pvh: $(BOOT_DEPS)
	$(call boot-kernel,PVH)
$(BUILD)/boot/multiboot: $(BOOT_DEPS)
	$(call boot-kernel,MB1)
$(BUILD)/boot/multiboot2: $(BOOT_DEPS)
	$(call boot-kernel,MB2)
$(BUILD)/boot/linux.elf: $(BOOT_DEPS)
	$(call boot-kernel,LINUX)
$(BUILD)/boot/%.bin: tests/vm/boot/%.S
	@mkdir -p $(@D)
	$(CC) -m32 -c -o $@.o $<
	$(LD) -m elf_i386 -Ttext $(if $(filter sector bios,$*),0x7c00,0) --oformat binary -e entry -o $@ $@.o
$(BUILD)/boot/bzimage: $(BUILD)/boot/linux.elf $(BUILD)/boot/setup.bin
	objcopy -O binary $< $@.kernel
	cat $(BUILD)/boot/setup.bin $@.kernel >$@
	chmod +x $@
$(BUILD)/boot/disk.img: $(BUILD)/boot/sector.bin
$(BUILD)/boot/bios.img: $(BUILD)/boot/bios.bin
$(BUILD)/boot/%.img:
	cp $< $@
	truncate -s 1M $@
	chmod +x $@
units: $(addprefix $(BUILD)/boot/,pvh multiboot multiboot2 bzimage disk.img bios.img)

# A simulated fleet, with vmprocd's own placement: docs/SCALE.md.
$(BUILD)/scale/placement: tests/fleet/scale/placement.c $(BUILD)/obj/vmproc/daemon/placement.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $^
units: $(BUILD)/scale/placement
