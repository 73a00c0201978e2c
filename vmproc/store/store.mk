# vmproc-store, the program behind `vm image add` and its like.
STORE_OBJS := $(call objs,vmproc/store/*.c)
$(STORE_OBJS): CFLAGS += $(shell pkg-config --cflags $(SPEC_PKGS))
$(BUILD)/vmproc-store: $(STORE_OBJS) $(SPEC_LIB) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(SPEC_PKGS))
all: $(BUILD)/vmproc-store
