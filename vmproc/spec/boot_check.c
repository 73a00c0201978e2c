/* boot_check.c - can an image's spec be kept to: its files are there and what they are said to be, and what it
 * asks for goes together? */
#include "spec.h"
#include "vmproc/net_link.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEBUGCON_PORT 0xe9u
#define DISK_MAX      (4ull << 40)

/* ---- files ---- */

static bool open_file(struct spec *spec, const struct json *at, const char *path, int flags, int *fd)
{
    struct stat st;
    int low = open(path, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    *fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, 3); /* 0 to 2, where closed, are the command's to miss */
    if (low >= 0)
        close(low);
    if (*fd < 0 || fstat(*fd, &st))
        return spec_error(spec, at, "%.100s: %s", path, strerror(errno));
    if (!S_ISREG(st.st_mode))
        return spec_error(spec, at, "%.100s: not a regular file", path);
    return true;
}

static bool check_image(struct spec *spec)
{
    struct spec_boot *boot = &spec->boot;
    bool writes = boot->kind == BOOT_KIND_DISK && boot->disk == BOOT_DISK_READ_WRITE;
    int err;
    if (!open_file(spec, spec->program_at, spec->program, writes ? O_RDWR : O_RDONLY, &boot->image_fd))
        return false;
    err = probe_file(boot->image_fd, false, &boot->probe);
    if (err)
        return spec_error(spec, spec->program_at, "%.100s: %s", spec->program, strerror(-err));
    if (boot->probe.not_bootable)
        return spec_error(spec, spec->program_at, "%.60s: %s", spec->program, boot->probe.not_bootable);
    if (!boot_is_of_kind(&boot->probe, boot->kind))
        return spec_error(spec, boot->kind_at, "%.100s is no %s", spec->program, boot_kind_name(boot->kind));
    return true;
}

static bool check_initrd(struct spec *spec)
{
    struct spec_boot *boot = &spec->boot;
    if (!boot->initrd)
        return true;
    if (boot->kind == BOOT_KIND_DISK)
        return spec_key_error(spec, boot->initrd_at, "a disk has no initrd");
    return open_file(spec, boot->initrd_at, boot->initrd, O_RDONLY, &boot->initrd_fd);
}

static bool open_disk(struct spec *spec, struct probe *probe)
{
    struct spec_boot *boot = &spec->boot;
    int err;
    if (boot->kind == BOOT_KIND_DISK) {
        if (boot->disk_file)
            return spec_key_error(spec, boot->disk_file_at, "the \"program\" is the disk");
        boot->disk_fd = boot->image_fd;
        boot->image_fd = -1;
        *probe = boot->probe;
        return true;
    }
    if (!boot->disk_file)
        return spec_error(spec, boot->disk_at, "a \"file\" is missing");
    if (!open_file(spec, boot->disk_file_at, boot->disk_file,
                   boot->disk == BOOT_DISK_READ_WRITE ? O_RDWR : O_RDONLY, &boot->disk_fd))
        return false;
    err = probe_file(boot->disk_fd, false, probe);
    return !err || spec_error(spec, boot->disk_file_at, "%.100s: %s", boot->disk_file, strerror(-err));
}

/*
 * A disk that the guest may write is what the spec says it is: a guest could make the header of another
 * format on it, and name files there that are not its own.
 */
static bool check_format(struct spec *spec, const struct probe *probe)
{
    struct spec_boot *boot = &spec->boot;
    bool is_qcow2 = probe->formats & PROBE_QCOW2;
    struct stat st;
    if (!boot->disk_format && boot->disk == BOOT_DISK_READ_WRITE)
        return spec_error(spec, boot->disk_at, "a disk that is written needs its \"format\"");
    boot->disk_qcow2 = boot->disk_format ? strcmp(boot->disk_format, "qcow2") == 0 : is_qcow2;
    if (boot->disk_qcow2 && !is_qcow2)
        return spec_error(spec, boot->format_at, "the disk is no qcow2 image");
    if (boot->disk_qcow2 && probe->not_bootable)
        return spec_error(spec, boot->disk_at, "%s", probe->not_bootable);
    if (fstat(boot->disk_fd, &st))
        return spec_error(spec, boot->disk_at, "%s", strerror(errno));
    boot->disk_bytes = boot->disk_qcow2 ? probe->disk_bytes : (uint64_t)st.st_size;
    if (boot->disk_bytes == 0 || boot->disk_bytes > DISK_MAX)
        return spec_error(spec, boot->disk_at, "a disk must have 1 byte to 4 TiB");
    return true;
}

static bool check_disk(struct spec *spec)
{
    struct probe probe;
    if (spec->boot.disk == BOOT_NO_DISK)
        return true;
    return open_disk(spec, &probe) && check_format(spec, &probe);
}

/* ---- what goes together ---- */

static bool check_machine(struct spec *spec)
{
    const struct spec_boot *boot = &spec->boot;
    if (boot->machine == BOOT_MICROVM && boot->kind == BOOT_KIND_DISK)
        return spec_error(spec, boot->machine_at, "a microvm boots no disk");
    if (boot->bus == BOOT_BUS_IDE && boot->machine == BOOT_MICROVM)
        return spec_error(spec, boot->bus_at, "a microvm has no IDE");
    if (boot->bus == BOOT_BUS_IDE && boot->disk == BOOT_DISK_READ_ONLY)
        return spec_error(spec, boot->bus_at, "an IDE disk cannot be \"ro\"");
    if (boot->template_at && boot->kind == BOOT_KIND_DISK)
        return spec_key_error(spec, boot->template_at, "a disk gets no command line");
    return true;
}

static bool check_console(struct spec *spec)
{
    struct spec_boot *boot = &spec->boot;
    if (boot->input == BOOT_INPUT_NONE && boot->input_after)
        return spec_key_error(spec, boot->input_after_at, "\"input\" is \"none\"");
    if (boot->console == BOOT_FIRMWARE && boot->machine == BOOT_MICROVM)
        return spec_error(spec, boot->console_at ? boot->console_at : boot->machine_at,
                          "a microvm has no firmware with a console");
    if (boot->console != BOOT_DEBUGCON || boot->input == BOOT_INPUT_NONE)
        return true;
    if (boot->input_at)
        return spec_error(spec, boot->input_at, "a debugcon has no input");
    boot->input = BOOT_INPUT_NONE;
    return true;
}

/* Ports of every machine, by pairs: first and last. */
static const uint32_t taken_ports[][2] = {
    {0x00, 0x8f}, {0x92, 0x92}, {0xa0, 0xa1}, {0xc0, 0xdf}, {0x3f8, 0x3ff}, {0x510, 0x51b}, {0xcf8, 0xcff},
};

static bool check_port(struct spec *spec)
{
    const struct spec_boot *boot = &spec->boot;
    uint32_t first = boot->exit_port, last = first + BOOT_EXIT_PORTS - 1;
    if (!first)
        return true;
    if (last > 0xffff || (boot->console == BOOT_DEBUGCON && first <= DEBUGCON_PORT && last >= DEBUGCON_PORT))
        return spec_error(spec, boot->port_at, "this port and the seven after it are not free");
    for (unsigned i = 0; i < sizeof taken_ports / sizeof *taken_ports; i++)
        if (first <= taken_ports[i][1] && last >= taken_ports[i][0])
            return spec_error(spec, boot->port_at, "this port and the seven after it are not free");
    return true;
}

/* Its link has IPv4 alone, and listens at ports that are known before it starts. */
static bool check_network(struct spec *spec)
{
    unsigned ports = 0;
    for (const struct json *item = spec->network ? spec->network->first : NULL; item; item = item->next) {
        struct network_grant grant;
        const char *why;
        if (network_parse(item->text, &grant, &why))
            why = net_link_cannot(&grant, &ports);
        if (why)
            return spec_error(spec, item, "%s", why);
    }
    return true;
}

bool boot_check(struct spec *spec)
{
    return check_machine(spec) && check_console(spec) && check_port(spec) && check_network(spec) &&
           check_image(spec) && check_initrd(spec) && check_disk(spec);
}

bool boot_spec_of_image(struct spec *spec, const char *path)
{
    struct probe probe;
    enum boot_kind kind;
    int fd, err;
    *spec = (struct spec){.file = path, .program = (char *)path};
    if (!open_file(spec, NULL, path, O_RDONLY, &fd))
        return false;
    err = probe_file(fd, true, &probe);
    close(fd);
    kind = boot_kind_of(&probe);
    if (err)
        return spec_error(spec, NULL, "%s", strerror(-err));
    if (probe.not_bootable)
        return spec_error(spec, NULL, "%s", probe.not_bootable);
    if (!kind)
        return spec_error(spec, NULL, "nothing that can be booted");
    boot_preset(&spec->boot, kind, probe.system);
    return boot_check(spec);
}
