# Sourced by router and its parts: where things are. Needs $state, $private, $here (the scripts directory).
if [ "$private" ]; then
    bus=unix:path=$state/bus
    socket=$state/libvirt/libvirt-sock
    uri="qemu+unix:///system?socket=$socket"
    pki=${FLEETSH_PKI_DIR:-$state.pki}
else
    bus=${DBUS_SYSTEM_BUS_ADDRESS:-unix:path=/run/dbus/system_bus_socket}
    socket=/run/libvirt/libvirt-sock
    uri=qemu:///system
    pki=${FLEETSH_PKI_DIR:-/etc/fleetsh/pki}
fi

# The router's policy, and where its administrator finds what it has refused.
if [ "$private" ]; then
    policy=$state.policy policy_log=$state/policy.log hooks=$state/etc/hooks/qemu.d
else
    policy=/etc/fleetsh/policy policy_log=/var/log/fleetsh-policy.log hooks=/etc/libvirt/hooks/qemu.d
    [ ! -d "$state/etc" ] || hooks=$state/etc/hooks/qemu.d
fi

# find_part NAME: named by the variable that the programs honour too, or built here, or installed.
find_part() {
    for dir in "${FLEETSH_LIBEXEC_DIR:-${BUILD:-$here/../build}}" "$here"; do
        if [ -f "$dir/$1" ]; then
            readlink -f "$dir/$1"
            return
        fi
    done
    return 1
}

# By which user libvirtd starts QEMU.
qemu_user=libvirt-qemu

mountpoints="/run/libvirt /var/lib/libvirt /var/log/libvirt /var/cache/libvirt /etc/libvirt /run/avahi-daemon"
