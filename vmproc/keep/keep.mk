# vmproc-keep, vmprocd's parent. Static: it waits for as long as that lives, and holds hardly any memory.
KEEP_OBJS := $(call objs,vmproc/keep/*.c)
$(BUILD)/vmproc-keep: $(KEEP_OBJS) $(CLIENT_LIB)
	$(CC) $(if $(SAN),$(SANLINK),-static) $(LDFLAGS) -o $@ $^
all: $(BUILD)/vmproc-keep
