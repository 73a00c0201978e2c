/*
 * gate.h - a router's policy: who may start which VM there, with what. docs/ARCHITECTURE.md, The router's policy.
 *
 *   text --gate_parse()--> struct gate_rules ---.
 *   domain XML --gate_read_domain()--> struct gate_ask --gate_decide()--> struct gate_verdict
 *   libvirtd's clients --gate_identify()---^
 *
 * The program behind libvirt's hook and `vm policy test` are the same, so they cannot disagree.
 */
#ifndef VMPROC_GATE_GATE_H
#define VMPROC_GATE_GATE_H

#include "vmproc/router_policy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GATE_HEX  65 /* of a SHA-256, with NUL */
#define GATE_LIST 16 /* words of a grant, networks and files of a VM */
#define GATE_WHY  256

/* Given where a line does not say files=: where vmprocd puts what its VMs on another machine need. */
#define GATE_OWN_FILES STORE_DIR "/*"

/* What network= calls the network of an image whose frames go to its user's machine (vmproc/net_link.h). */
#define GATE_USER_NETWORK "user"

enum gate_kind { GATE_OTHER, GATE_GUEST, GATE_BOOT, GATE_NKINDS }; /* gate_kind_name() */

const char *gate_kind_name(enum gate_kind kind);

struct gate_words {
    const char *word[GATE_LIST];
    unsigned count;
    bool any;
};

/* A name that the policy gives: what boots from these files, and from no others, is that image. A line of it. */
struct gate_image {
    const char *name;
    const char *digest[GATE_LIST]; /* hexadecimal */
    unsigned count;
};

/* One line. */
struct gate_rule {
    unsigned line;
    const char *who, *image; /* as written */
    bool allow;
    uint64_t memory_bytes; /* at most; 0: any */
    uint64_t cpus;         /* likewise */
    struct gate_words networks, files;
    bool devices; /* also of the router itself, and QEMU's own words */
};

struct gate_rules {
    struct gate_rule *rules;
    unsigned count;
    struct gate_image *images; /* in their order; of one name several: it has several versions */
    unsigned nimages;
    char *text; /* that the words are in */
};

struct gate_error {
    unsigned line, column; /* from 1 */
    char text[160];
};

/* One of the files that decide what a VM runs: kernel, initrd, firmware, ROM, disks. */
struct gate_boot {
    const char *file;   /* NULL: it has no name that could be looked at */
    const char *digest; /* hexadecimal; NULL: not looked at yet; "": it is like no digest */
    char hex[GATE_HEX];
};

/* A VM that is about to be started, and who asks. Texts are the caller's; NULL: not known. */
struct gate_ask {
    const char *user; /* NAME@HOST, as vmprocd says; nobody has checked that */
    const char *cert; /* distinguished name of a TLS client that is connected */
    bool has_uid;
    uint64_t uid; /* of a client on this machine that is connected */
    enum gate_kind kind;
    struct gate_boot boots[GATE_LIST];
    unsigned nboots;
    unsigned image; /* which of boots is the kernel, the ROM, or the first disk; not below nboots: none */
    uint64_t memory_bytes, cpus;
    struct gate_words networks, files;
    const char *device; /* the first that only `devices=any` gives; NULL: none */
    /* Fills hex with the digest of a file of boots. Called at most once for each, and only if a line asks for it. */
    bool (*hash)(const char *file, char hex[GATE_HEX]);
};

struct gate_verdict {
    bool allow;
    unsigned line; /* that decides; 0: none matches */
    char why[GATE_WHY];
};

/* ---- rules.c ---- */

/* Copies text. false: error says where the first error is; nothing is to be freed. */
bool gate_parse(const char *text, size_t len, struct gate_rules *rules, struct gate_error *error);

/* Reads a file of rules. false: error, whose line is 0 when it cannot be read. */
bool gate_read(const char *file, struct gate_rules *rules, struct gate_error *error);

void gate_free(struct gate_rules *rules);

/* One grant, as in a rule: memory=, cpus=, network=, files=, devices=. text is changed and kept. */
bool gate_parse_grant(char *text, struct gate_rule *rule, const char **why);

bool gate_is_who(const char *word);

/* Whether the word may stand for an image in a line of these rules; one of its names that were given before does. */
bool gate_is_image(const struct gate_rules *rules, const char *word);

/* ---- decide.c ---- */

/* The first line whose who and image match decides; where none does, or it gives less than is asked for, it is denied. */
struct gate_verdict gate_decide(const struct gate_rules *rules, struct gate_ask *ask);

/* ---- domain.c ---- */

/* Fills ask from libvirt's domain XML, and claim with who vmprocd says to be. false: it is none. Nothing is freed. */
struct gate_claim {
    const char *cert, *uid; /* NULL: it says nothing of that */
};
bool gate_read_domain(const char *xml, size_t len, struct gate_ask *ask, struct gate_claim *claim);

bool gate_hash(const char *file, char hex[GATE_HEX]);

/* Whether that qcow2 image is made of further files; true when it cannot be told. */
bool gate_has_backing(const char *file);

/* ---- clients.c ---- */

/*
 * Asks libvirtd's administration socket who is connected, and notes in ask what of the claim is so. A claim that nobody
 * who is connected bears out is an error, as is one of several to be told apart. false: why.
 */
bool gate_identify(const char *socket, const struct gate_claim *claim, struct gate_ask *ask,
                   char why[GATE_WHY]);

#endif
