# vm-top, the live view behind `vm top`.
TOP_OBJS := $(call objs,vmproc/top/*.c)
TOP_PKGS := ncursesw
$(TOP_OBJS): CFLAGS += $(shell pkg-config --cflags $(TOP_PKGS))
$(BUILD)/vm-top: $(TOP_OBJS) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs $(TOP_PKGS))
all: $(BUILD)/vm-top
