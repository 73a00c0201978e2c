# make install, uninstall, deb. What is installed finds its parts from where it is (vmproc/parts.h): the tree below
# PREFIX may be moved as a whole.
DESTDIR ?=

ROOT       = $(DESTDIR)$(PREFIX)
LIBDIR     = $(DESTDIR)$(LIBEXEC)
MANDIR     = $(ROOT)/share/man
UNITDIR    = $(ROOT)/lib/systemd
MAN1       = $(notdir $(wildcard docs/*.1))
MAN5       = $(notdir $(wildcard docs/*.5))
MAN8       = $(notdir $(wildcard docs/*.8))
USER_UNITS = fleetsh-vmprocd.socket fleetsh-vmprocd.service
UNITS_HERE = fleetsh-advertise.service
# Completions of other shells. bash looks for a file by the command's name.
BASHDIR    = $(ROOT)/share/bash-completion/completions
ZSHDIR     = $(ROOT)/share/zsh/site-functions
FISHDIR    = $(ROOT)/share/fish/vendor_completions.d

.PHONY: install uninstall deb
install: all
	install -d $(ROOT)/bin $(ROOT)/sbin $(LIBDIR)/router.d $(UNITDIR)/user $(UNITDIR)/system
	install -d $(MANDIR)/man1 $(MANDIR)/man5 $(MANDIR)/man8 $(ROOT)/share/fleetsh
	install -m 755 $(BUILD)/fleetsh $(ROOT)/bin/fleetsh
	install -m 755 $(BUILD)/vmproc-run $(BUILD)/vmprocd $(BUILD)/subreaper $(BUILD)/vm-top \
	    $(BUILD)/vmproc-keep $(BUILD)/vmproc-spec $(BUILD)/vmproc-listen $(BUILD)/vmproc-store $(BUILD)/vmproc-gate $(LIBDIR)/
	install -m 644 $(BUILD)/guest.elf $(BUILD)/guest.rom $(BUILD)/reset.rom $(BUILD)/multiboot.elf $(LIBDIR)/
	[ ! -e $(BUILD)/vmproc-net ] || install -m 755 $(BUILD)/vmproc-net $(LIBDIR)/
	[ ! -e $(BUILD)/guest-aarch64.image ] || install -m 644 $(BUILD)/guest-aarch64.image $(LIBDIR)/
	scripts/make-toolbox $(BUSYBOX) $(LIBDIR)/toolbox
	install -m 755 scripts/router scripts/install-deps scripts/mkunikernel $(LIBDIR)/
	install -m 755 $(filter-out %.sh %.conf,$(wildcard scripts/router.d/*)) $(LIBDIR)/router.d/
	install -m 644 $(wildcard scripts/router.d/*.sh scripts/router.d/*.conf) $(LIBDIR)/router.d/
	ln -sf ../libexec/fleetsh/router $(ROOT)/sbin/fleetsh-router
	install -m 644 $(MAN1:%=docs/%) $(MANDIR)/man1/
	install -m 644 $(MAN5:%=docs/%) $(MANDIR)/man5/
	install -m 644 $(MAN8:%=docs/%) $(MANDIR)/man8/
	install -m 644 docs/fleetsh-image.schema.json $(ROOT)/share/fleetsh/
	install -d $(BASHDIR) $(ZSHDIR) $(FISHDIR)
	install -m 644 scripts/completions/fleetsh.bash $(BASHDIR)/fleetsh
	ln -sf fleetsh $(BASHDIR)/fleetsh-router
	install -m 644 scripts/completions/fleetsh.zsh $(ZSHDIR)/_fleetsh
	install -m 644 scripts/completions/fleetsh.fish scripts/completions/fleetsh-router.fish $(FISHDIR)/
	for unit in $(USER_UNITS); do \
	    sed 's|@LIBEXEC@|$(LIBEXEC)|' scripts/systemd/$$unit >$(UNITDIR)/user/$$unit || exit; done
	for unit in $(UNITS_HERE); do \
	    sed 's|@LIBEXEC@|$(LIBEXEC)|' scripts/systemd/$$unit >$(UNITDIR)/system/$$unit || exit; done

# What others may have put into the directories stays, and so do the directories.
uninstall:
	rm -f $(ROOT)/bin/fleetsh $(ROOT)/sbin/fleetsh-router
	rm -f $(MAN1:%=$(MANDIR)/man1/%) $(MAN5:%=$(MANDIR)/man5/%) $(MAN8:%=$(MANDIR)/man8/%)
	rm -rf $(ROOT)/share/fleetsh
	rm -f $(BASHDIR)/fleetsh $(BASHDIR)/fleetsh-router $(ZSHDIR)/_fleetsh $(FISHDIR)/fleetsh.fish $(FISHDIR)/fleetsh-router.fish
	rm -f $(USER_UNITS:%=$(UNITDIR)/user/%) $(UNITS_HERE:%=$(UNITDIR)/system/%)
	rm -rf $(LIBDIR)

deb: all
	BUILD=$(abspath $(BUILD)) VERSION=$(VERSION) scripts/make-deb
