# vmproc-spec, which makes a policy of an image spec and goes on as the shim.
SPEC_OBJS := $(call objs,vmproc/spec/*.c)
SPEC_PKGS := yajl
$(SPEC_OBJS): CFLAGS += $(shell pkg-config --cflags $(SPEC_PKGS))
$(BUILD)/vmproc-spec: $(SPEC_OBJS) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(SPEC_PKGS))
all: $(BUILD)/vmproc-spec
