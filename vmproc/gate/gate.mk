# vmproc-gate, a router's policy: libvirt's hook for QEMU there, and `vm policy test`.
GATE_OBJS := $(call objs,vmproc/gate/*.c)
GATE_PKGS := libvirt-admin libvirt libxml-2.0 nettle
GATE_LIB  := $(BUILD)/libgate.a
$(GATE_OBJS): CFLAGS += $(shell pkg-config --cflags $(GATE_PKGS))
$(GATE_LIB): $(filter-out %/main.o,$(GATE_OBJS))
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/vmproc-gate: $(BUILD)/obj/vmproc/gate/main.o $(GATE_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(GATE_PKGS))
all: $(BUILD)/vmproc-gate

$(BUILD)/unit/gate_%: tests/unit/gate_%.c $(GATE_LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $< $(GATE_LIB) $(shell pkg-config --cflags --libs $(GATE_PKGS))
