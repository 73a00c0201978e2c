# vmproc-listen, which waits for connections or records and starts a shim for each. Static, as the shim is.
LISTEN_OBJS := $(call objs,vmproc/listen/*.c)
$(BUILD)/vmproc-listen: $(LISTEN_OBJS) $(CLIENT_LIB)
	$(CC) $(if $(SAN),$(SANLINK),-static) $(LDFLAGS) -o $@ $^
all: $(BUILD)/vmproc-listen
