# vmproc-net, the other end of a bootable image's network. A build without libslirp leaves it out. Not found by pkg-config,
# which wants the header files of its glib as well.
ifneq ($(wildcard /usr/include/slirp/libslirp.h),)
NET_OBJS := $(call objs,vmproc/net/*.c)
NET_LIB  := $(BUILD)/libnet.a
$(NET_LIB): $(filter-out %/main.o,$(NET_OBJS))
	@rm -f $@
	$(AR) rcs $@ $^
$(BUILD)/vmproc-net: $(BUILD)/obj/vmproc/net/main.o $(NET_LIB) $(CLIENT_LIB)
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^ -lslirp
all: $(BUILD)/vmproc-net
endif

# Of what needs no libslirp.
$(BUILD)/unit/net_filter: tests/unit/net_filter.c $(BUILD)/obj/vmproc/net/filter.o $(BUILD)/obj/vmproc/net/frame.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $^
