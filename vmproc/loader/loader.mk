# Our multiboot loader: a 32-bit PVH kernel that runs where it has copied itself to.
LOADER_SRC   := $(sort $(wildcard vmproc/loader/*.c)) vmproc/loader/start.S
LOADER_FLAGS := -m32 -march=i686 -std=gnu11 -Os $(WARN) -ffreestanding -fpie -fvisibility=hidden -fno-stack-protector \
                -mgeneral-regs-only -fcf-protection=none -fno-asynchronous-unwind-tables -fno-jump-tables -I.
all: $(BUILD)/multiboot.elf
$(BUILD)/multiboot.elf: $(LOADER_SRC) vmproc/loader/loader.h vmproc/loader/loader.ld vmproc/multiboot_pack.h
	@mkdir -p $(@D)
	$(CC) $(LOADER_FLAGS) -nostdlib -static -Wl,--build-id=none -Wl,-z,noexecstack -Wl,--no-warn-rwx-segments \
	    -T vmproc/loader/loader.ld -o $@ $(LOADER_SRC)
