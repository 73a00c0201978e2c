/*
 * spec.h - an image spec (fleetsh-image(5)), read and checked.
 *
 *   text --json_read()--> tree --spec_read()--> struct spec --spec_check()--> can be kept to, here and now
 *
 * Each step ends at the first error, which has a line and a column. Nothing is freed: the process becomes the
 * shim.
 */
#ifndef VMPROC_SPEC_SPEC_H
#define VMPROC_SPEC_SPEC_H

#include "boot.h"
#include "json.h"
#include "vmproc/policy.h"
#include "vmproc/store.h"
#include "vmproc/trigger.h"

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

struct spec_path {
    struct spec_path *next;
    char *path; /* absolute */
    enum policy_access access;
    const struct json *at;
};

struct spec {
    const char *file;        /* its own path */
    const struct json *root; /* all of it */
    char own_digest[STORE_HEX];
    char *program; /* NULL: not said */
    const struct json *program_at;
    const char *digest; /* of the program: hexadecimal digits of its SHA-256; NULL: any */
    const struct json *digest_at;
    const char *argument_zero; /* NULL: not said */
    char **arguments;          /* that come before the user's; NULL-terminated */
    bool says_files; /* else args, cwd and tmp are all, and what the session has beside them stays */
    enum policy_access args, cwd, tmp;
    struct spec_path *paths;
    const struct json *env_pass, *env_set; /* NULL: not said */
    bool says_network;                     /* else that of the session stays */
    const struct json *network;            /* list of grants; NULL: none */
    const struct json *trigger;            /* NULL: it is a command like others */
    const struct json *trigger_at;         /* where what triggers stands */
    struct trigger trigger_is;
    const struct json *options, *operands; /* what the command takes, for completion; NULL: not said */
    const struct json *routers;            /* placement: list of patterns; NULL: any router */
    const struct json *labels;             /* that its router has: list of words; NULL: none */
    const char *architecture;              /* of its machine; NULL: any */
    const struct json *raw_terminal;       /* where it is asked for; NULL: not */
    uint64_t memory_bytes;                 /* 0: not said */
    uint64_t cpu_seconds, file_bytes;      /* 0: no limit */
    struct spec_boot boot;                 /* boot.kind is NONE: a program for our guest */
    struct json_error error;
};

/* Fills spec from the file. false: spec->error says why; its line is 0 when the file cannot be read. */
bool spec_read(struct spec *spec, const char *file);

/* The same from a text that stands for that file. */
bool spec_read_text(struct spec *spec, const char *file, const char *text, size_t len);

/* Whether what it gives is there to be given, and its program can be run. false: spec->error. */
bool spec_check(struct spec *spec);

/* What it says of the command's arguments, as completion/specs.c reads it, on standard output. */
void spec_print_completion(const struct spec *spec);

/* Notes an error at a node's value, or at its key. Returns false. */
bool spec_error(struct spec *spec, const struct json *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool spec_key_error(struct spec *spec, const struct json *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
