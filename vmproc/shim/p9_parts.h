/*
 * p9_parts.h - what requests are made of that walk, open or tell attributes: each of it is done in one place, whichever
 * request asks for it.
 */
#ifndef SHIM_P9_PARTS_H
#define SHIM_P9_PARTS_H

#include "p9_fid.h"

/* ---- p9_walk.c ---- */

/* Where a walk has ended. */
struct walked {
    unsigned count;             /* of names that were walked */
    int err;                    /* why the next one was not, or 0 */
    struct stat st;             /* of the last one; of the place itself when count is 0 */
    char name[P9_NAME_MAX + 1]; /* the last one that was read */
};

/*
 * before: NULL, or gets a copy of the last name's directory, if the walk came so far: else its fd is -1.
 * Reads count names and walks from place as far as it can. A symbolic link is a step, but nothing is found below it, as
 * below nothing that is no directory: -ENOTDIR. qids: of each step, or NULL.
 */
void walk_names(struct p9_call *call, struct place *place, unsigned count, struct p9_qid qids[],
                struct place *before, struct walked *walked);

/* The attributes of the place. 0 or -errno. */
int stat_place(const struct place *place, struct stat *st);

/* The place, which is used up, becomes the new fid number. 0 or -errno. */
int place_to_number(struct p9 *p9, struct place *place, uint32_t number, struct fid **fid);

/* ---- p9_open.c ---- */

/* Returned by those below: the open may have to wait, and is for Tlopen. */
#define OPEN_WAITS 1

/* Opens what fid stands for. 0, OPEN_WAITS or -errno; *st is then that of what it stands for. */
int fid_open(struct p9 *p9, struct fid *fid, uint32_t flags, struct stat *st);

/* Creates name in the directory that fid stands for, and has it stand for the open file; what is there is opened unless
 * O_EXCL. As fid_open. */
int fid_create(struct p9 *p9, struct fid *fid, const char *name, uint32_t flags, uint32_t mode,
               struct stat *st);

/* ---- p9_attr.c ---- */

/* Rgetattr's body. */
void put_attributes(struct p9_call *call, const struct stat *st);

#endif
