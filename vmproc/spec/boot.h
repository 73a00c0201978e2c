/*
 * boot.h - the part of a spec that is about bootable images (fleetsh-image(5)), and the plan that is made of
 * it.
 *
 *   kind --boot_preset()--> what that kind, made by that system, has by convention
 *        --keys of the spec--> what the spec says instead
 *        --boot_check()--> files open, probed, and possible together
 *        --boot_plan_of()--> struct boot_plan, with the command's words in its command line
 */
#ifndef VMPROC_SPEC_BOOT_H
#define VMPROC_SPEC_BOOT_H

#include "json.h"
#include "vmproc/boot_plan.h"
#include "vmproc/probe.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct spec;

enum boot_kind {
    BOOT_KIND_NONE, /* a program for our guest */
    BOOT_KIND_PVH,
    BOOT_KIND_MULTIBOOT,
    BOOT_KIND_MULTIBOOT2,
    BOOT_KIND_BZIMAGE,
    BOOT_KIND_DISK,
    BOOT_NKINDS
};

/* How words of the command are written into the kernel's command line. */
enum boot_quoting {
    BOOT_QUOTE_NONE,   /* as they are: a word with a blank, or an empty one, is an error */
    BOOT_QUOTE_LINUX,  /* "a b"; a word with a " is an error */
    BOOT_QUOTE_EITHER, /* "a b" or 'a b' */
    BOOT_QUOTE_ESCAPE, /* "a b" with \ before " and \ */
    BOOT_NQUOTINGS
};

struct spec_boot {
    enum boot_kind kind;
    uint32_t machine, console, input, bus; /* enums of boot_plan.h */
    uint32_t disk;                         /* enum boot_disk */
    bool unix_lines;
    enum boot_quoting quoting;
    const char *template;    /* NULL: the kind's, for that console */
    const char *input_after; /* NULL: input is given from the start */
    char *initrd, *disk_file;
    const char *disk_format; /* "raw", "qcow2"; NULL: by its magic number */
    uint32_t exit_port;
    uint8_t port_status[256], power_off, reset, panic, halt;
    bool watch_halt;
    /* Where in the spec, for messages; NULL: not said. */
    const struct json *kind_at, *machine_at, *console_at, *input_at, *input_after_at, *bus_at, *template_at,
        *initrd_at, *disk_at, *disk_file_at, *format_at, *port_at;
    /* boot_check() */
    int image_fd, initrd_fd, disk_fd;
    struct probe probe; /* of the image */
    bool disk_qcow2;
    uint64_t disk_bytes;
};

/* The kind of that name, or BOOT_KIND_NONE; and back. */
enum boot_kind boot_kind_named(const char *name);
const char *boot_kind_name(enum boot_kind kind);
/* The kind that a probed file is to have. BOOT_KIND_NONE: nothing can be booted. */
enum boot_kind boot_kind_of(const struct probe *probe);

/* Whether it has what that kind needs. */
bool boot_is_of_kind(const struct probe *probe, enum boot_kind kind);

void boot_preset(struct spec_boot *boot, enum boot_kind kind, enum probe_system system);

/* Before the keys of root are taken: its kind's preset. */
void boot_begin(struct spec *spec, const struct json *root);
/* One of the keys that only images have, or of those only programs have: false with an error if it is out of
 * place or wrong. */
bool boot_take(struct spec *spec, const struct json *value);
bool boot_check_keys(struct spec *spec, const struct json *root);

/* Opens the files, and looks whether all of it is possible. */
bool boot_check(struct spec *spec);

/* spec is of no file: of the image that is named. */
bool boot_spec_of_image(struct spec *spec, const char *path);

/* Of the command line. */
const char *boot_template_of(const struct spec_boot *boot);

/*
 * The plan for a command of these words (argv[0] is its name). false with one line in why: they cannot be put
 * into a command line.
 */
bool boot_plan_of(const struct spec *spec, char *const argv[], struct boot_plan *plan, char why[160]);

/* vmproc-spec --probe FILE: writes a spec for it on standard output. The exit status. */
int boot_print_probe(const char *path);

#endif
