# What vmprocd links, by its names for pkg-config.
DAEMON_PKGS := libvirt libvirt-qemu libuv avahi-client gnutls
