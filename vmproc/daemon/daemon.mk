# Beside vmprocd: the supervisor of the embedded router (scripts/router).
all: $(BUILD)/subreaper
$(BUILD)/subreaper: $(BUILD)/obj/vmproc/daemon/router/subreaper.o
	$(CC) $(SANLINK) $(LDFLAGS) -o $@ $^
