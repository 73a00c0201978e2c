/*
 * policy.h - what one command is given beyond, or instead of, the ordinary: docs/ARCHITECTURE.md, Authority.
 *
 * The shell makes a policy of its options and of `with`, an image spec narrows and widens it, the shim keeps
 * to it. It travels as text in a sealed memfd(2) whose number is in the shim's options: strings, each ended
 * by NUL, whose first byte says what the rest is (enum policy_kind). A command without a policy is given the
 * ordinary.
 */
#ifndef VMPROC_POLICY_H
#define VMPROC_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum policy_access { POLICY_NONE, POLICY_READ, POLICY_WRITE };

enum policy_kind {
    /* single settings: a number, or an enum policy_access */
    POLICY_ARGUMENTS = 'a',
    POLICY_CWD = 'c',
    POLICY_TMPDIR = 't',
    POLICY_REST = '/',         /* all files of the machine */
    POLICY_EXPLAIN = 'x',      /* 1: what is refused is told on standard error */
    POLICY_MEMORY = 'm',       /* bytes, 0: as any command */
    POLICY_CPU = 's',          /* seconds of CPU time (RLIMIT_CPU), 0: the shell's limit */
    POLICY_FILE_SIZE = 'f',    /* bytes of a file that is written (RLIMIT_FSIZE), 0: the shell's limit */
    POLICY_TERMINAL = 'T',     /* 1: what it writes to a terminal is not filtered */
    POLICY_ENV_LISTED = 'l',   /* 1: of the environment only what PASS and SET name */
    POLICY_NETWORK_OPEN = 'N', /* 1: all of the network */
    /* any number of each */
    POLICY_PATH_READ = 'r', /* path, absolute or relative to the command's directory */
    POLICY_PATH_WRITE = 'w',
    POLICY_ENV_PASS = '+',     /* name; a * at its end stands for anything */
    POLICY_ENV_DROP = '-',     /* name */
    POLICY_ENV_SET = '=',      /* name=value */
    POLICY_NETWORK = 'n',      /* what network.h has */
    POLICY_ON = 'o',           /* pattern of the routers it is to run on: the user's word */
    POLICY_ROUTER = 'R',       /* likewise, the spec's: on one that any of these fits */
    POLICY_LABEL = 'L',        /* that such a router has */
    POLICY_IMAGE = 'I',        /* what the command is called, where it is not its zeroth argument */
    POLICY_ARCHITECTURE = 'A', /* of such a router, once */
};

struct policy_item {
    enum policy_kind kind; /* one of the latter */
    const char *text;
};

struct policy {
    enum policy_access arguments, cwd, tmpdir, rest;
    bool explain, env_listed, raw_terminal, network_open;
    uint64_t memory_bytes, cpu_seconds, file_bytes;
    struct policy_item *items;
    unsigned count, room;
    char *bytes; /* of policy_read(), which the items' texts are in */
};

/* The ordinary: arguments, directory and TMPDIR to read and write, the whole environment. */
#define POLICY_ORDINARY                                                                                      \
    (struct policy)                                                                                          \
    {                                                                                                        \
        .arguments = POLICY_WRITE, .cwd = POLICY_WRITE, .tmpdir = POLICY_WRITE                               \
    }

/* text stays the caller's, and must live as long as the policy. 0 or -ENOMEM. */
int policy_add(struct policy *policy, enum policy_kind kind, const char *text);

bool policy_is_ordinary(const struct policy *policy);

/* A sealed memfd that holds the policy, close-on-exec, the caller's; or -errno. */
int policy_write(const struct policy *policy);

/* Reads what policy_write() wrote; fd stays open. 0; -EINVAL: malformed; -errno. */
int policy_read(struct policy *policy, int fd);

/* The environment that the command gets of envp: an array of pointers into it and the policy, or NULL: no
 * memory. */
char **policy_environment(const struct policy *policy, char *const *envp);

void policy_free(struct policy *policy);

#endif
