#include "bootxml.h"
#include "vmproc/net_link.h"

#include <stdio.h>
#include <stdlib.h>

#define DEBUGCON_PORT 0xe9u

static const struct {
    const char *type;       /* libvirt's name of it */
    const char *on_virtio;  /* what a virtio device's element needs there */
    const char *ide;        /* its bus for disks that are not virtio */
    const char *ide_target; /* and the name of the first disk on that */
    const char *net;        /* QEMU's name of a virtio network device there, and what that needs */
    bool panic;             /* libvirt knows of its pvpanic device; else QEMU is told */
} machines[BOOT_NMACHINES] = {
    [BOOT_MICROVM] = {"microvm", "<address type='virtio-mmio'/>", NULL, NULL, "virtio-net-device", false},
    [BOOT_PC] = {"pc", "", "ide", "hda", "virtio-net-pci,romfile=", true},
    [BOOT_Q35] = {"q35", "", "sata", "sda", "virtio-net-pci,romfile=", true},
};

static void put_os(FILE *out, const struct boot *boot)
{
    fprintf(out, "<os><type arch='x86_64' machine='%s'>hvm</type>", machines[boot->plan.machine].type);
    if (boot->plan.console == BOOT_FIRMWARE)
        fprintf(out, "<bios useserial='yes'/>");
    if (boot->plan.load == BOOT_LOAD_DISK) {
        fprintf(out, "<boot dev='hd'/></os>");
        return;
    }
    domxml_put_element(out, "kernel", boot->kernel);
    if (boot->initrd[0])
        domxml_put_element(out, "initrd", boot->initrd);
    if (boot->plan.cmdline_len)
        domxml_put_element(out, "cmdline", boot->plan.cmdline);
    fprintf(out, "</os>");
}

static void put_console(FILE *out, const struct domain_spec *spec, const struct boot *boot)
{
    char path[108];

    if (boot->plan.console == BOOT_DEBUGCON)
        return;
    workdir_socket(spec->work, spec->vm, "con", path);
    if (boot->plan.console == BOOT_VIRTIO)
        fprintf(out, "<controller type='virtio-serial' index='0'>%s</controller>",
                machines[boot->plan.machine].on_virtio);
    fprintf(out, boot->plan.console == BOOT_VIRTIO ? "<console type='unix'>" : "<serial type='unix'>");
    fprintf(out, "<source mode='connect' path='");
    domxml_put_escaped(out, path);
    fprintf(out, boot->plan.console == BOOT_VIRTIO ? "'/><target type='virtio' port='0'/></console>"
                                                   : "'/><target port='0'/></serial>");
}

/* What a chain of backing files may name is never looked for: it ends where it is said to end here. */
static void put_disk(FILE *out, const struct boot *boot)
{
    const char *format = boot->plan.qcow2 ? "qcow2" : "raw";
    bool ide = boot->plan.bus == BOOT_BUS_IDE;

    if (boot->plan.disk == BOOT_NO_DISK)
        return;
    fprintf(out, "<disk type='file' device='disk'>");
    if (boot->plan.disk == BOOT_DISK_OVERLAY) {
        fprintf(out, "<driver name='qemu' type='qcow2' cache='unsafe'/><source file='");
        domxml_put_escaped(out, boot->overlay);
        fprintf(out,
                "'/><backingStore type='file'><format type='%s'/><source file='/dev/null' fdgroup='%s'/>"
                "<backingStore/></backingStore>",
                format, BOOT_DISK_FD_NAME);
    } else {
        fprintf(out, "<driver name='qemu' type='%s'/><source file='/dev/null' fdgroup='%s'/><backingStore/>",
                format, BOOT_DISK_FD_NAME);
    }
    fprintf(out, "<target dev='%s' bus='%s'/>", ide ? machines[boot->plan.machine].ide_target : "vda",
            ide ? machines[boot->plan.machine].ide : "virtio");
    if (boot->plan.disk == BOOT_DISK_READ_ONLY)
        fprintf(out, "<readonly/>");
    fprintf(out, "%s</disk>", ide ? "" : machines[boot->plan.machine].on_virtio);
}

static void put_chardev(FILE *out, const struct domain_spec *spec, const char *name)
{
    char path[108];

    workdir_socket(spec->work, spec->vm, name, path);
    fprintf(out, "<qemu:arg value='-chardev'/><qemu:arg value='socket,id=%s,path=", name);
    domxml_put_option(out, path);
    fprintf(out, "'/><qemu:arg value='-device'/>");
}

/* Frames go to vmprocd's socket, and from there to the shim: no interface of this machine is touched. */
static void put_net(FILE *out, const struct domain_spec *spec, const struct boot *boot)
{
    char path[108];

    workdir_socket(spec->work, spec->vm, "net", path);
    fprintf(out,
            "<qemu:arg value='-netdev'/><qemu:arg value='stream,id=net,server=off,addr.type=unix,addr.path=");
    domxml_put_option(out, path);
    fprintf(out, "'/><qemu:arg value='-device'/><qemu:arg value='%s,netdev=net,mac=" NET_LINK_MAC "'/>",
            machines[boot->plan.machine].net);
}

/*
 * The exit port is not QEMU's isa-debug-exit: with that QEMU ends with a status, which libvirt does not tell.
 * It is a serial port that nobody sets up: the lowest byte of what is written there, by 8, 16 or 32 bits, is
 * sent at once. The rest of such a write goes to its other registers, where it does nothing.
 */
static void put_qemu(FILE *out, const struct domain_spec *spec, const struct boot *boot)
{
    fprintf(out, "<qemu:commandline>");
    if (boot->plan.console == BOOT_DEBUGCON) {
        put_chardev(out, spec, "con");
        fprintf(out, "<qemu:arg value='isa-debugcon,iobase=%#x,chardev=con'/>", DEBUGCON_PORT);
    }
    if (boot->plan.exit_port) {
        put_chardev(out, spec, "exit");
        fprintf(out, "<qemu:arg value='isa-serial,iobase=%#x,irq=7,index=3,chardev=exit'/>",
                boot->plan.exit_port);
    }
    if (boot->plan.network)
        put_net(out, spec, boot);
    if (boot_has_panic_port(&boot->plan) && !machines[boot->plan.machine].panic)
        fprintf(out, "<qemu:arg value='-device'/><qemu:arg value='pvpanic'/>");
    fprintf(out, "<qemu:env name='MALLOC_ARENA_MAX' value='1'/></qemu:commandline>"
                 "<qemu:capabilities><qemu:del capability='cpu-unavailable-features'/></qemu:capabilities>");
}

static void put_domain(FILE *out, const struct domain_spec *spec, const struct boot *boot)
{
    domxml_put_head(out, spec);
    put_os(out, boot);
    /* Each way in which a guest ends its machine ends the VM: a command does not start twice. */
    fprintf(out,
            "<features><acpi/></features>%s<on_poweroff>destroy</on_poweroff><on_reboot>destroy</on_reboot>"
            "<on_crash>destroy</on_crash>",
            spec->kvm ? "<cpu mode='host-passthrough'/>" : "<cpu mode='maximum' check='none'/>");
    fprintf(out, "<devices><controller type='usb' model='none'/><memballoon model='none'/>");
    put_console(out, spec, boot);
    put_disk(out, boot);
    if (boot_has_panic_port(&boot->plan) && machines[boot->plan.machine].panic)
        fprintf(out, "<panic model='isa'/>");
    fprintf(out, "</devices>");
    domxml_put_security(out, spec->router);
    put_qemu(out, spec, boot);
    fprintf(out, "</domain>");
}

char *boot_xml(const struct boot *boot)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    put_domain(out, &boot->spec, boot);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
