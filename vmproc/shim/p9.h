/*
 * p9.h - the 9P2000.L server through which the program reaches the files it was given.
 *
 * The guest is the client. Attach names "" for the tree of grants (tree.h) and "fd/N" for inherited
 * descriptor N. Walks stop at symbolic links, which the guest reads and follows itself. Requests that would
 * wait are answered out of order; Tflush ends them. docs/PROTOCOL.md tells the rest.
 *
 * Invariants: the server's loop never waits for a file. Every host object behind a fid was reached by opening
 * one name at a time with O_NOFOLLOW from a granted one, so it is or was below a grant. Memory is bounded:
 * P9_MAX_* and msize.
 */
#ifndef SHIM_P9_H
#define SHIM_P9_H

#include "bounce.h"
#include "inherit.h"
#include "op.h"
#include "p9_wire.h"
#include "tree.h"

#define P9_MAX_MSIZE    (512u << 10)
#define P9_MIN_MSIZE    4096u
#define P9_MAX_FIDS     8192
#define P9_MAX_REQUESTS 32 /* that wait at once */
#define P9_FID_BUCKETS  256
#define P9_MAX_DEVICES  64

/* Returned by a request's function when its answer comes later. */
#define P9_LATER 1

struct fid {
    uint32_t number;
    struct fid *next;
    unsigned refs;               /* the table's and those of waiting requests */
    struct inherited *inherited; /* "fd/N"; the rest is then unused but file */
    struct node *node;           /* the virtual directory, or the grant that a real object is below */
    bool real;
    char *below;       /* real: path from node, "" for node's own object */
    int path_fd;       /* real: O_PATH */
    struct file *file; /* when open; inherited: &inherited->file */
    bool opened;       /* also of a virtual directory */
};

struct request; /* p9_async.h */

struct p9 {
    int (*send)(void *sink, const void *bytes, size_t len); /* 0 or -errno */
    void *sink;
    struct ops *ops;
    struct inherit *inherit;
    struct network *network;                         /* for sockets; NULL: they are files like others */
    int (*make_tree)(struct tree *tree, void *sink); /* fills the tree at Tversion: 0 or -errno */
    /* NULL, or told of each name that exists and was not given (-EACCES) or not for this (-EROFS); sink is
     * its first. */
    void (*refused)(void *sink, const struct node *node, const char *below, const char *name, int err);
    /*
     * NULL, or what the first file that is opened has to be: the program, which a guest loads before it runs
     * anything. Another file, or one that has been written to, is ESTALE.
     */
    const struct stat *first_opened;
    struct bounce bounce; /* the caller sets fd */
    struct tree tree;
    bool has_tree;
    bool raw_terminal; /* a terminal that is opened gets what is written as it is */
    uint32_t msize;
    uint8_t *in; /* P9_MAX_MSIZE; the part of a message that has come */
    size_t in_len;
    uint8_t *reply; /* msize */
    struct fid *fid[P9_FID_BUCKETS];
    unsigned nfids;
    struct request *waiting;
    unsigned nwaiting;
    uint64_t device[P9_MAX_DEVICES]; /* st_dev of files seen: the index goes into the qid */
    unsigned ndevices;
    uint64_t requests;            /* answered or begun, for the trace */
    uint64_t in_bytes, out_bytes; /* that the program has read and written, for the curious */
};

/* One request being answered: what its function gets. */
struct p9_call {
    struct p9 *p9;
    uint8_t type;
    uint16_t tag;
    struct p9_in in;
    struct p9_out out;
};

/* Makes the tree of grants unless there is one; Tversion does so, too. 0 or -errno. */
int p9_make_tree(struct p9 *p9);

/* Allocates the buffers; the caller has set send, sink, ops, inherit, make_tree. 0 or -errno. */
int p9_init(struct p9 *p9);
void p9_free(struct p9 *p9);

/* Bytes that came on the port. 0, or -errno when the framing is broken or the answer cannot be sent. */
int p9_receive(struct p9 *p9, const uint8_t *bytes, size_t len);

/* One whole message. As p9_receive. */
int p9_message(struct p9 *p9, const uint8_t *message, size_t len);

/* A duplicate, close-on-exec, of the descriptor that an open fid reads and writes; or -errno. */
int p9_open_fd(const struct p9 *p9, uint32_t fid);

/* A read from a terminal is waiting. */
bool p9_reads_terminal(const struct p9 *p9);

/* Answers with Rlerror. */
int p9_send_error(struct p9 *p9, uint16_t tag, int err);

#endif
