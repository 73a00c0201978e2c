#include "domxml.h"
#include "store.h"
#include "vmproc/bounce_abi.h"
#include "vmproc/guest_abi.h"
#include "vmproc/ring_abi.h"
#include "vmproc/rom_abi.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * In the order of making: libvirt or QEMU makes the sockets one after the other, so that when one exists those before
 * it listen (itself maybe not yet). domxml.h names the one whose appearance tells that next and ctl do.
 */
static const char *const listening[] = {GUEST_PORT_NEXT, GUEST_PORT_CTL, DOMAIN_LISTENING_SIGN,
                                        GUEST_PORT_OUT, GUEST_PORT_ERR};

/* A path may come from the user's environment. */
void domxml_put_escaped(FILE *out, const char *text)
{
    for (; *text; text++) {
        if (strchr("<>&'\"", *text))
            fprintf(out, "&#%d;", *text);
        else
            putc(*text, out);
    }
}

void domxml_put_element(FILE *out, const char *name, const char *text)
{
    fprintf(out, "<%s>", name);
    domxml_put_escaped(out, text);
    fprintf(out, "</%s>", name);
}

/* Where port prev leads: the next socket of the VM before, or one of its own that nobody connects to. */
static void prev_socket(const struct domain_spec *spec, char path[108])
{
    if (spec->linked_to)
        workdir_socket(spec->work, spec->linked_to, GUEST_PORT_NEXT, path);
    else
        workdir_socket(spec->work, spec->vm, GUEST_PORT_PREV, path);
}

static void put_channel(FILE *out, const char *port, const char *path, bool connect)
{
    fprintf(out, "<channel type='unix'><source mode='%s' path='", connect ? "connect" : "bind");
    domxml_put_escaped(out, path);
    fprintf(out, "'/><target type='virtio' name='%s'/></channel>", port);
}

/*
 * On another machine libvirt chooses where the sockets stand that it opens for us, and makes the directory. Those
 * between VMs need a place of which the next VM knows.
 */
static void put_far_channels(FILE *out, const struct domain_spec *spec)
{
    static const char *const ours[] = {GUEST_PORT_CTL, GUEST_PORT_9P, GUEST_PORT_OUT, GUEST_PORT_ERR};

    fprintf(out, "<channel type='unix'><source mode='%s' path='" STORE_DIR "/%s.%s'/>",
            spec->before ? "connect" : "bind", spec->before ? spec->before : spec->name,
            spec->before ? GUEST_PORT_NEXT : GUEST_PORT_PREV);
    fprintf(out, "<target type='virtio' name='" GUEST_PORT_PREV "'/></channel>");
    fprintf(out,
            "<channel type='unix'><source mode='bind' path='" STORE_DIR "/%s." GUEST_PORT_NEXT "'/>"
            "<target type='virtio' name='" GUEST_PORT_NEXT "'/></channel>",
            spec->name);
    for (unsigned i = 0; i < sizeof ours / sizeof *ours; i++)
        fprintf(out, "<channel type='unix'><target type='virtio' name='%s'/></channel>", ours[i]);
}

void domxml_put_channels(FILE *out, const struct domain_spec *spec)
{
    char path[108];

    fprintf(
        out,
        "<controller type='virtio-serial' index='0' ports='8'><address type='virtio-mmio'/></controller>");
    if (spec->router->far) {
        put_far_channels(out, spec);
        return;
    }
    prev_socket(spec, path);
    put_channel(out, GUEST_PORT_PREV, path, spec->linked_to);
    for (unsigned i = 0; i < sizeof listening / sizeof *listening; i++) {
        workdir_socket(spec->work, spec->vm, listening[i], path);
        put_channel(out, listening[i], path, false);
    }
}

void domxml_put_security(FILE *out, const struct router_facts *router)
{
    if (!router->dac_label[0] || router->far)
        return;
    /*
     * Nothing is to be relabelled: workdir.h arranges what QEMU may reach. A user other than root who uses
     * the system's libvirtd has QEMU run as himself, else he could not reach his VM's ports.
     */
    if (geteuid() == 0)
        fprintf(out, "<seclabel type='static' model='dac' relabel='no'><label>%s</label></seclabel>",
                router->dac_label);
    else
        fprintf(out, "<seclabel type='static' model='dac' relabel='no'><label>+%u:+%u</label></seclabel>",
                geteuid(), getegid());
}

static void put_argument(FILE *out, const char *text)
{
    fprintf(out, "<qemu:arg value='%s'/>", text);
}

void domxml_put_option(FILE *out, const char *value)
{
    char c[2] = "";

    for (; *value; value++) {
        c[0] = *value;
        domxml_put_escaped(out, c);
        if (*value == ',')
            putc(',', out);
    }
}

static void put_port(FILE *out, unsigned number, const char *port, const char *path, bool connect)
{
    put_argument(out, "-chardev");
    fprintf(out, "<qemu:arg value='socket,id=fsh-%s%s,path=", port, connect ? "" : ",server=on,wait=off");
    domxml_put_option(out, path);
    fprintf(out, "'/>");
    put_argument(out, "-device");
    fprintf(out, "<qemu:arg value='virtserialport,bus=fsh.0,nr=%u,chardev=fsh-%s,name=%s'/>", number, port,
            port);
}

/*
 * The same without libvirt's knowing of it. QEMU tells whenever a guest opens or closes a port that has an
 * id, and libvirt's ports have one; libvirtd writes down the whole domain each time: half of what a command
 * cost it.
 */
static void put_ports(FILE *out, const struct domain_spec *spec)
{
    char path[108];

    put_argument(out, "-device");
    put_argument(out, "virtio-serial-device,id=fsh,max_ports=8");
    prev_socket(spec, path);
    put_port(out, 1, GUEST_PORT_PREV, path, spec->linked_to);
    for (unsigned i = 0; i < sizeof listening / sizeof *listening; i++) {
        workdir_socket(spec->work, spec->vm, listening[i], path);
        put_port(out, i + 2, listening[i], path, false);
    }
}

/*
 * One more piece at the end of the machine's memory: a file that is mapped shared. libvirt knows memory of
 * files, but not of a file that somebody names.
 */
static void put_memory(FILE *out, unsigned node, const char *path, uint64_t bytes, bool readonly)
{
    put_argument(out, "-object");
    fprintf(out,
            "<qemu:arg value='memory-backend-file,id=fsh%u,share=on,readonly=%s,size=%llu,mem-path=", node,
            readonly ? "on" : "off", (unsigned long long)bytes);
    domxml_put_option(out, path);
    fprintf(out, "'/><qemu:arg value='-numa'/><qemu:arg value='node,nodeid=%u,memdev=fsh%u'/>", node, node);
}

_Static_assert(BOUNCE_BYTES + 2 * RING_FILE_BYTES < ROM_ALIGN,
               "the firmware does not look for the ROM in what is shared");

/* RAM is what libvirt makes; QEMU wants to be told the sum. */
static void put_rom(FILE *out, const struct domain_spec *spec)
{
    uint64_t sum = spec->memory_bytes + spec->work->rom_bytes + (uint64_t)BOUNCE_BYTES * spec->bounce +
                   (uint64_t)RING_FILE_BYTES * (spec->ring_next + spec->ring_prev);
    char path[108];

    put_argument(out, "-m");
    fprintf(out, "<qemu:arg value='size=%lluk'/>", (unsigned long long)sum >> 10);
    put_memory(out, 1, spec->work->rom, spec->work->rom_bytes, true);
    workdir_bounce(spec->work, spec->vm, path);
    if (spec->bounce)
        put_memory(out, 2, path, BOUNCE_BYTES, true);
    workdir_ring(spec->work, spec->vm, path);
    if (spec->ring_next)
        put_memory(out, 3, path, RING_FILE_BYTES, false);
    workdir_ring(spec->work, spec->linked_to, path);
    if (spec->ring_prev)
        put_memory(out, 4, path, RING_FILE_BYTES, false);
}

static void put_boot(FILE *out, const struct domain_spec *spec)
{
    fprintf(out, "<os><type arch='x86_64' machine='microvm'>hvm</type>");
    if (spec->rom) {
        fprintf(out, "<loader type='rom'>");
        domxml_put_escaped(out, spec->work->reset);
        fprintf(out, "</loader>");
    } else {
        bool far = spec->router->far;
        const char *resident = far ? spec->router->resident : spec->work->resident;

        domxml_put_element(out, "kernel", far ? spec->router->guest : spec->work->guest);
        if (resident[0])
            domxml_put_element(out, "initrd", resident);
    }
    fprintf(out, "</os>");
}

/* With pieces of memory to name, QEMU wants them all as those of NUMA nodes. */
static void put_cpu(FILE *out, const struct domain_spec *spec)
{
    fprintf(out,
            spec->kvm
                ? "<cpu mode='host-passthrough'>"
                : "<cpu mode='custom' match='exact' check='none'><model fallback='forbid'>qemu64</model>");
    if (spec->rom)
        fprintf(out, "<numa><cell id='0' cpus='0' memory='%llu' unit='b'/></numa>",
                (unsigned long long)spec->memory_bytes);
    /* Translations of what has been written over stay until the cache is full: a GiB, if not told. */
    fprintf(out, "</cpu>%s",
            spec->kvm ? "" : "<features><tcg><tb-cache unit='MiB'>8</tb-cache></tcg></features>");
}

void domxml_put_head(FILE *out, const struct domain_spec *spec)
{
    fprintf(out,
            "<domain type='%s' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'><name>%s</name>"
            "<metadata><fleetsh:vm xmlns:fleetsh='" DOMAIN_METADATA_URI
            "' uid='%u' instance='%s' host='%s' user='",
            spec->kvm ? "kvm" : "qemu", spec->name, geteuid(), spec->work->instance, spec->work->host);
    domxml_put_escaped(out, spec->work->user);
    if (spec->router->certificate[0]) {
        fprintf(out, "' cert='");
        domxml_put_escaped(out, spec->router->certificate);
    }
    fprintf(out, "' boots='%s'/></metadata><memory unit='b'>%llu</memory><vcpu>1</vcpu>",
            spec->boots_image ? "image" : "guest", (unsigned long long)spec->memory_bytes);
}

static void put_domain(FILE *out, const struct domain_spec *spec)
{
    domxml_put_head(out, spec);
    put_boot(out, spec);
    put_cpu(out, spec);
    fprintf(out,
            "<on_poweroff>destroy</on_poweroff><on_reboot>restart</on_reboot><on_crash>destroy</on_crash>"
            "<devices><controller type='usb' model='none'/><memballoon model='none'/>");
    if (!spec->rom)
        domxml_put_channels(out, spec);
    fprintf(out, "</devices>");
    domxml_put_security(out, spec->router);
    /*
     * Without that capability libvirt does not ask QEMU about 400 CPU properties one by one: 300 ms. QEMU's threads
     * allocate little and rarely at once: one malloc arena for all saves 2 MiB of memory in each VM.
     */
    fprintf(out,
            "<qemu:commandline>"
            "<qemu:arg value='-global'/><qemu:arg value='virtio-mmio.force-legacy=false'/>"
            "<qemu:arg value='-device'/><qemu:arg value='isa-debug-exit,iobase=%#x,iosize=4'/>",
            GUEST_EXIT_PORT);
    if (spec->rom) {
        put_ports(out, spec);
        put_rom(out, spec);
    }
    fprintf(
        out,
        "<qemu:env name='MALLOC_ARENA_MAX' value='1'/></qemu:commandline>"
        "<qemu:capabilities><qemu:del capability='cpu-unavailable-features'/></qemu:capabilities></domain>");
}

char *domain_xml(const struct domain_spec *spec)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    if (!out)
        return NULL;
    if (spec->aarch64)
        domxml_put_virt(out, spec);
    else
        put_domain(out, spec);
    if (fclose(out) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

bool domain_owner(const char *metadata, struct domain_owner *owner)
{
    const char *u = strstr(metadata, "uid="), *i = strstr(metadata, "instance="),
               *h = strstr(metadata, "host=");

    return u && i && h && sscanf(u + 5, "%u", &owner->uid) == 1 &&
           sscanf(i + 10, "%8[0-9a-f]", owner->instance) == 1 && strlen(owner->instance) == INSTANCE_LEN &&
           sscanf(h + 6, "%16[0-9a-f]", owner->host) == 1;
}
