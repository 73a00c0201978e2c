/*
 * parts.h - where the other programs and files of fleetsh are.
 *
 * Looked for in $FLEETSH_LIBEXEC_DIR, else beside the running executable (the build tree), else in
 * ../libexec/fleetsh from there (installed, wherever the prefix was moved), else in FLEETSH_LIBEXEC (fixed
 * when compiled). $FLEETSH_TOOLBOX names the toolbox by itself.
 */
#ifndef VMPROC_PARTS_H
#define VMPROC_PARTS_H

#include <limits.h>
#include <stdbool.h>

enum part {
    PART_SHIM,    /* vmproc-run */
    PART_DAEMON,  /* vmprocd */
    PART_KEEP,    /* vmproc-keep */
    PART_GUEST,   /* guest.elf */
    PART_ROM,     /* guest.rom */
    PART_RESET,   /* reset.rom */
    PART_AARCH64, /* guest-aarch64.image */
    PART_LOADER,  /* multiboot.elf */
    PART_TOOLBOX, /* toolbox/, links named as the applets */
    PART_TOP,     /* vm-top */
    PART_SPEC,    /* vmproc-spec */
    PART_STORE,   /* vmproc-store */
    PART_LISTEN,  /* vmproc-listen */
    PART_GATE,    /* vmproc-gate */
    PART_NET,     /* vmproc-net */
};

/* Fills path. Returns 0, or -ENOENT with the last place looked at in path. */
int part_find(enum part part, char path[PATH_MAX]);

/* Whether the file at path is the program that the toolbox's links lead to. */
bool part_is_toolbox_program(const char *path);

#endif
