# vmproc-spec, which makes a policy of an image spec and goes on as the shim. Others read specs, too.
SPEC_OBJS := $(call objs,vmproc/spec/*.c)
SPEC_PKGS := yajl nettle
SPEC_LIB  := $(BUILD)/libspec.a
$(SPEC_OBJS): CFLAGS += $(shell pkg-config --cflags $(SPEC_PKGS))
$(SPEC_LIB): $(filter-out %/main.o,$(SPEC_OBJS))
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/vmproc-spec: $(BUILD)/obj/vmproc/spec/main.o $(SPEC_LIB) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(SPEC_PKGS))
all: $(BUILD)/vmproc-spec
