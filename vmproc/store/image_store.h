/*
 * image_store.h - vmproc-store, the program behind `vm image add` and its like: what its parts share. The layout is
 * in vmproc/store.h.
 *
 *   blob     a file's bytes: taken in without a name, hashed while they are copied, then linked under their digest
 *   profile  one generation: names, each with the digests of its program and of its spec
 *   taking   what an operand names (a program, a spec) becomes blobs and a row of a profile
 *
 *        take: bytes without a name ---> blob_link(): in store/ ---> profile_commit(): profile-N, then the link
 *        killed here: nothing is there    here: gc finds them         here: as before, or as after
 *
 * One program changes the store at a time (store_begin() takes the lock); who reads needs none, since what profile
 * leads to is never changed. Messages go to standard error as "vm: image: WHAT: WHY".
 */
#ifndef VMPROC_STORE_IMAGE_STORE_H
#define VMPROC_STORE_IMAGE_STORE_H

#include "vmproc/spec/spec.h"
#include "vmproc/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_NAME_MAX 100 /* bytes */

/* Prints the message; errno's text is added to the second's. Both return false. */
bool complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
bool complain_errno(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- the store ---- */

struct store {
    char path[PATH_MAX];
    int root; /* -1: there is none yet */
    int lock; /* -1: not taken */
};

/* Opens what is there to be read. false after a message; that there is no store is no error: root is -1. */
bool store_look(struct store *store);

/* Opens it to be changed, makes it when there is none, waits for the lock, removes what killed ones have left. */
bool store_begin(struct store *store);

/* ---- blobs ---- */

struct blob {
    char hex[STORE_HEX];
    uint64_t size;
    int fd;        /* the bytes, before they are linked; -1 */
    char name[64]; /* where no file without a name can be made: its name; empty */
    bool is_new;   /* blob_link() has put it there */
};

/* Copies the regular file at path into the store's file system. false after a message. */
bool blob_take_file(const struct store *store, const char *path, struct blob *blob);
bool blob_take_text(const struct store *store, const char *text, size_t len, struct blob *blob);

/* Gives it its name. What stands there already with other bytes is replaced: they are not what the name says. */
bool blob_link(const struct store *store, struct blob *blob);

/* Forgets bytes that have no name; removes what blob_link() has newly put there. */
void blob_undo(const struct store *store, struct blob *blob);

/* What is wrong with the blob of that name: NULL, or a static text. A right one is recorded as verified. */
const char *blob_verify(const struct store *store, const char *hex);

/* Opens a blob to be read. -1: errno. */
int blob_open(const struct store *store, const char *hex);

/* ---- profiles ---- */

struct image {
    char name[IMAGE_NAME_MAX + 1];
    char program[STORE_HEX], spec[STORE_HEX];
};

struct profile {
    unsigned number; /* of the generation; 0: the empty one before the first */
    struct image *images;
    size_t count; /* sorted by name */
};

struct generations {
    unsigned *numbers; /* ascending */
    size_t count;
};

/* All generations. false after a message. */
bool generations_list(const struct store *store, struct generations *list);

/* The generation that counts; 0: none. */
bool profile_current(const struct store *store, unsigned *number);
bool profile_read(const struct store *store, unsigned number, struct profile *profile);
struct image *profile_find(const struct profile *profile, const char *name);

/* Replaces the image of that name, or adds one. */
void profile_put(struct profile *profile, const struct image *image);
void profile_drop(struct profile *profile, const char *name);

/* Makes the next generation of it, and lets it count. */
bool profile_commit(const struct store *store, struct profile *profile);

/* Lets an existing generation count. */
bool profile_switch(const struct store *store, unsigned number);
bool profile_remove(const struct store *store, unsigned number);

/* Removes what a killed one was about to make. Needs the lock. */
void profile_sweep(const struct store *store);

/* When it was made. 0: unknown. */
int64_t profile_made(const struct store *store, unsigned number);

/* ---- taking images in ---- */

struct taking {
    struct image image;
    struct blob program, spec;
};

/* Whether a command may be called so. */
bool image_name_ok(const char *name);

/*
 * Takes in FILE, with the spec beside it if there is one, or what SPEC.vm names. name: NULL for the file's own. digest:
 * NULL, or the hexadecimal digits that its program must have. false after a message; nothing is left then.
 */
bool taking_begin(const struct store *store, const char *file, const char *name, const char *digest,
                  struct taking *taking);
void taking_undo(const struct store *store, struct taking *taking);

/* The text of a spec as it is stored: its keys sorted, without "program" and "digest", with these. */
char *spec_text(const struct spec *spec, const char *hex, size_t *len);

/*
 * Links what was taken and makes profile, in which it was put already, the generation that counts; NULL: there is
 * nothing new in it, but bytes that were changed in the store are mended. When one of them fails, all is as it was.
 * The taking is over either way.
 */
bool taking_commit(const struct store *store, struct profile *profile, struct taking *taking, size_t count);

/* While they are held, no signal that can be caught ends the program. */
void hold_signals(bool hold);

/* ---- subcommands: arguments after the name; the exit status ---- */

int run_add(int argc, char **argv);
int run_apply(int argc, char **argv);
int run_gc(int argc, char **argv);
int run_ls(int argc, char **argv);
int run_path(int argc, char **argv);
int run_rm(int argc, char **argv);
int run_rollback(int argc, char **argv);
int run_show(int argc, char **argv);
int run_verify(int argc, char **argv);

/* Prints how the running subcommand is called. 2. */
int usage(void);

#endif
