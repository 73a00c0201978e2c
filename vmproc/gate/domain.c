/* domain.c - what a domain XML asks for. What is not known here is a device of the router's own. */
#include "gate.h"
#include "vmproc/net_link.h"

#include <fcntl.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MEMORY_BESIDE (64ull << 20) /* ROM and rings */
/* Of a bootable image that has a network (vmproc/net_link.h). */
#define LINK            "stream,id=net,server=off,addr.type=unix,addr.path="
#define LIBVIRT_SOCKETS "/var/lib/libvirt/qemu/channel/" /* where it makes those that nobody has named */

static bool is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static const xmlNode *child(const xmlNode *node, const char *name)
{
    for (const xmlNode *at = node ? node->children : NULL; at; at = at->next)
        if (is(at, name))
            return at;
    return NULL;
}

static const char *attribute(const xmlNode *node, const char *name)
{
    return node ? (const char *)xmlGetProp((xmlNode *)node, (const xmlChar *)name) : NULL;
}

static const char *text_of(const xmlNode *node)
{
    return node ? (const char *)xmlNodeGetContent((xmlNode *)node) : NULL;
}

static void add(struct gate_words *words, const char *word)
{
    if (word && words->count < GATE_LIST)
        words->word[words->count++] = word;
}

static void need_device(struct gate_ask *ask, const char *what)
{
    if (!ask->device)
        ask->device = strdup(what);
}

/* More than can be looked at is what nobody has given. */
static void add_file(struct gate_ask *ask, const char *file)
{
    if (ask->files.count == GATE_LIST)
        need_device(ask, "more files than a policy is asked about");
    add(&ask->files, file);
}

static void add_boot(struct gate_ask *ask, const char *file, bool is_image)
{
    if (ask->nboots == GATE_LIST) {
        ask->boots[GATE_LIST - 1].digest = ""; /* more than can be looked at is like nothing known */
        return;
    }
    if (is_image && ask->image == GATE_LIST)
        ask->image = ask->nboots;
    ask->boots[ask->nboots++].file = file;
}

/* ---- parts ---- */

static uint64_t take_memory(const xmlNode *node)
{
    static const struct {
        const char *name;
        unsigned shift;
    } units[] = {{"b", 0},    {"bytes", 0}, {"KiB", 10}, {"k", 10},
                 {"MiB", 20}, {"M", 20},    {"GiB", 30}, {"G", 30}};
    const char *unit = attribute(node, "unit"), *text = text_of(node);
    uint64_t value = text ? strtoull(text, NULL, 10) : 0;
    for (unsigned i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit ? unit : "KiB", units[i].name) == 0)
            return value << units[i].shift;
    return UINT64_MAX;
}

static void take_metadata(const xmlNode *metadata, struct gate_ask *ask, struct gate_claim *claim)
{
    for (const xmlNode *at = metadata ? metadata->children : NULL; at; at = at->next) {
        if (!is(at, "vm") || !at->ns || strcmp((const char *)at->ns->href, DOMAIN_METADATA_URI) != 0)
            continue;
        const char *boots = attribute(at, "boots");
        ask->kind = boots && strcmp(boots, "image") == 0 ? GATE_BOOT : GATE_GUEST;
        ask->user = attribute(at, "user");
        claim->cert = attribute(at, "cert");
        claim->uid = attribute(at, "uid");
    }
}

static void take_os(const xmlNode *os, struct gate_ask *ask)
{
    for (const xmlNode *at = os ? os->children : NULL; at; at = at->next)
        if (is(at, "kernel") || is(at, "initrd") || is(at, "loader") || is(at, "nvram") || is(at, "dtb")) {
            add_file(ask, text_of(at));
            add_boot(ask, text_of(at), is(at, "kernel"));
        }
}

/* A device's own firmware runs before all else. */
static void take_rom(const xmlNode *device, struct gate_ask *ask)
{
    const char *file = attribute(child(device, "rom"), "file");
    if (!file)
        return;
    add_file(ask, file);
    add_boot(ask, file, false);
}

/* A disk may be made of further files: those that the XML names, and those that its own header does. */
static bool is_whole(const xmlNode *disk, const char *file)
{
    const xmlNode *backing = child(disk, "backingStore");
    const char *format = attribute(child(disk, "driver"), "type");
    if ((backing && (attribute(backing, "type") || child(backing, "source"))) || child(disk, "mirror"))
        return false;
    if (!format || strcmp(format, "raw") == 0)
        return true;
    return strcmp(format, "qcow2") == 0 && !gate_has_backing(file);
}

static void take_disk(const xmlNode *disk, struct gate_ask *ask)
{
    const xmlNode *source = child(disk, "source");
    const char *type = attribute(disk, "type"), *group = attribute(source, "fdgroup");
    const char *file = attribute(source, "file");
    if (group) /* descriptors that the client has opened itself */
        file = "descriptor";
    take_rom(disk, ask);
    if (!source)
        return;
    if (!type || strcmp(type, "file") != 0 || !file)
        need_device(ask, "disk that is no file");
    else if (!group && !is_whole(disk, file))
        need_device(ask, "disk that is made of several files");
    else
        add_file(ask, file);
    add_boot(ask, group ? NULL : file, true);
}

static void take_interface(const xmlNode *interface, struct gate_ask *ask)
{
    const char *network = attribute(child(interface, "source"), "network");
    const char *type = attribute(interface, "type");
    take_rom(interface, ask);
    if (type && strcmp(type, "network") == 0 && network && ask->networks.count < GATE_LIST)
        add(&ask->networks, network);
    else
        need_device(ask, "network interface of another type than network");
}

/* Sockets are files of libvirt's, or of the client's own; all else that a character device can be is the router's. */
static void take_character(const xmlNode *node, struct gate_ask *ask)
{
    const char *type = attribute(node, "type"), *path = attribute(child(node, "source"), "path");
    if (!type || (strcmp(type, "unix") != 0 && strcmp(type, "pty") != 0))
        need_device(ask, (const char *)node->name);
    else if (path &&
             (strncmp(path, LIBVIRT_SOCKETS, sizeof LIBVIRT_SOCKETS - 1) != 0 || strstr(path, "/../")))
        add_file(ask, path);
}

static void take_devices(const xmlNode *devices, struct gate_ask *ask)
{
    static const char *const harmless[] = {"controller", "memballoon", "input", "audio", "panic",
                                           "rng",        "watchdog",   "alias", NULL};
    for (const xmlNode *at = devices ? devices->children : NULL; at; at = at->next) {
        bool known = at->type != XML_ELEMENT_NODE;
        for (unsigned i = 0; harmless[i] && !known; i++)
            known = is(at, harmless[i]);
        if (known)
            continue;
        if (is(at, "disk"))
            take_disk(at, ask);
        else if (is(at, "interface"))
            take_interface(at, ask);
        else if (is(at, "channel") || is(at, "serial") || is(at, "console"))
            take_character(at, ask);
        else if (!is(at, "emulator") ||
                 strncmp(text_of(at), "/usr/bin/qemu-system-", sizeof "/usr/bin/qemu-system-" - 1) != 0)
            need_device(ask, (const char *)at->name);
    }
}

/* What QEMU is told the machine has: with ROM and rings a little more than libvirt is. */
static void take_size(const char *size, struct gate_ask *ask)
{
    char *end;
    uint64_t bytes = strtoull(size, &end, 10) << 10;
    if (strcmp(end, "k") != 0)
        need_device(ask, "memory in other words than vmprocd's");
    else if (bytes > ask->memory_bytes && bytes - ask->memory_bytes > MEMORY_BESIDE)
        ask->memory_bytes = bytes;
}

/* The value of the one option of that name; NULL: it is not there, or there is another, or a comma within it. */
static const char *option(const char *argument, const char *name)
{
    const char *at = strstr(argument, name), *value = at ? at + strlen(name) : NULL;
    size_t len = value ? strcspn(value, ",") : 0;
    if (!value || strstr(value, name) || (value[len] && value[len + 1] == ','))
        return NULL;
    return strndup(value, len);
}

/* Frames for its user's machine, by a socket at that path: nothing may follow it. NULL: it is something else. */
static const char *take_link(const char *path, struct gate_ask *ask)
{
    if (strchr(path, ',') || ask->networks.count == GATE_LIST)
        return NULL;
    add(&ask->networks, GATE_USER_NETWORK);
    return path;
}

/* Words for QEMU itself: those that vmprocd uses, and no others. */
static void take_argument(const char *argument, struct gate_ask *ask)
{
    static const char *const ours[] = {"-global",
                                       "-device",
                                       "-m",
                                       "-object",
                                       "-numa",
                                       "-chardev",
                                       "-netdev",
                                       "virtio-mmio.force-legacy=false",
                                       "virtio-serial-device,id=fsh,max_ports=8",
                                       "pvpanic",
                                       "virtio-net-pci,romfile=,netdev=net,mac=" NET_LINK_MAC,
                                       "virtio-net-device,netdev=net,mac=" NET_LINK_MAC,
                                       NULL};
    static const char *const ours_begin[] = {"isa-debug-exit,", "isa-debugcon,",   "isa-serial,",
                                             "node,nodeid=",    "virtserialport,", NULL};
    const char *path = NULL;
    for (unsigned i = 0; ours[i]; i++)
        if (strcmp(argument, ours[i]) == 0)
            return;
    for (unsigned i = 0; ours_begin[i]; i++)
        if (strncmp(argument, ours_begin[i], strlen(ours_begin[i])) == 0)
            return;
    if (strncmp(argument, "size=", 5) == 0) {
        take_size(argument + 5, ask);
        return;
    }
    if (strncmp(argument, "memory-backend-file,", 20) == 0)
        path = option(argument, ",mem-path=");
    else if (strncmp(argument, "socket,", 7) == 0)
        path = option(argument, ",path=");
    else if (strncmp(argument, LINK, sizeof LINK - 1) == 0)
        path = take_link(argument + sizeof LINK - 1, ask);
    if (!path) {
        need_device(ask, argument);
        return;
    }
    add_file(ask, path);
    if (argument[0] == 'm' && strstr(argument, ",readonly=on,"))
        add_boot(ask, path, true); /* the guest, in ROM */
}

static void take_command_line(const xmlNode *line, struct gate_ask *ask)
{
    for (const xmlNode *at = line ? line->children : NULL; at; at = at->next)
        if (is(at, "arg"))
            take_argument(attribute(at, "value"), ask);
}

bool gate_read_domain(const char *xml, size_t len, struct gate_ask *ask, struct gate_claim *claim)
{
    xmlDoc *doc = xmlReadMemory(xml, (int)len, "domain", NULL,
                                XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    const char *cpus;
    *ask = (struct gate_ask){.hash = gate_hash, .image = GATE_LIST};
    *claim = (struct gate_claim){0};
    if (!root || !is(root, "domain"))
        return false;
    ask->memory_bytes = take_memory(child(root, "memory"));
    cpus = text_of(child(root, "vcpu"));
    ask->cpus = cpus ? strtoull(cpus, NULL, 10) : 1;
    take_metadata(child(root, "metadata"), ask, claim);
    take_os(child(root, "os"), ask);
    take_devices(child(root, "devices"), ask);
    take_command_line(child(root, "commandline"), ask);
    return true;
}

bool gate_has_backing(const char *file)
{
    /* magic, version, offset and size of the backing file's name, ... 72: features, the third is a data file of its own */
    uint8_t header[80];
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool whole = fd >= 0 && read(fd, header, sizeof header) == (ssize_t)sizeof header &&
                 memcmp(header, "QFI\xfb\0\0\0", 7) == 0;
    for (unsigned i = 8; i < 16; i++)
        whole = whole && header[i] == 0;
    if (fd >= 0)
        close(fd);
    return !whole || (header[7] >= 3 && header[79] & 4);
}

bool gate_hash(const char *file, char hex[GATE_HEX])
{
    struct sha256_ctx ctx;
    uint8_t digest[SHA256_DIGEST_SIZE], bytes[65536];
    ssize_t got;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return false;
    sha256_init(&ctx);
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        sha256_update(&ctx, (size_t)got, bytes);
    close(fd);
    sha256_digest(&ctx, sizeof digest, digest);
    for (unsigned i = 0; i < sizeof digest; i++)
        snprintf(hex + 2 * i, 3, "%02x", digest[i]);
    return got == 0;
}
