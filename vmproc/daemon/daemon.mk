# Beside vmprocd: the supervisor of the embedded router (scripts/router).
all: $(BUILD)/subreaper
$(BUILD)/subreaper: $(BUILD)/obj/vmproc/daemon/router/subreaper.o
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^

# Unit tests of vmprocd's parts link all of them but main().
$(BUILD)/unit/daemon_%: tests/unit/daemon_%.c $(DAEMON_OBJS) $(CLIENT_LIB)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(SANLINK) -o $@ $< $(filter-out %/main.o,$(DAEMON_OBJS)) $(CLIENT_LIB) \
	    $(shell pkg-config --cflags --libs $(DAEMON_PKGS))
