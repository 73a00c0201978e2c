# What the tests need beside fleetsh's own programs; part of `units`.
$(BUILD)/failnth.so: tests/fault/failnth.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(OPT) $(WARN) -fPIC -shared $(CFLAGS) -o $@ $< -ldl
units: $(BUILD)/failnth.so

# The shim is static, and nothing can be preloaded into it: this one is for failnth.so.
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
