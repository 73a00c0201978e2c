# The guest: freestanding, its own flags.
guest: $(BUILD)/guest.elf
