/*
 * p9.h - the 9P2000.L client over port 9p. This half moves messages; p9calls.c has one function per call.
 *
 * A request is a struct p9_msg with a tag of its own; many may be under way. Replies are taken from the port
 * by whoever waits. The server is not trusted: sizes, tags, types, counts are checked; after a reply that
 * makes no sense the session is dead, and every call is -EIO.
 *
 * An interrupted call is taken back by Tflush. If the reply comes before Rflush, the call has happened and
 * its result counts: no byte that the server has read for us is lost.
 */
#ifndef GUEST_P9_H
#define GUEST_P9_H

#include "file.h"
#include "types.h"
#include "vmproc/p9.h"

#define P9_MSIZE (256u << 10) /* asked for; the server may want less */
#define P9_BODY  8192u        /* of a message without its data part */
#define P9_ROOT  1u           /* the tree's root */

struct p9_msg {
    struct p9_msg *next;
    uint16_t tag;
    uint8_t type;  /* of the request */
    bool detached; /* nobody waits: freed when answered */
    bool silent;   /* its reply is no news (news.h) */
    bool done;
    bool unsent;                    /* p9_send() failed: there will be no reply */
    bool overflow;                  /* a put or get beyond the body */
    int error;                      /* of the reply, 0 or -errno */
    uint32_t pos;                   /* next byte to put, then to get */
    uint32_t len;                   /* of the reply's body */
    uint32_t data_len;              /* received into `data`, or sent from it */
    struct iobuf data;              /* Rread, Rreaddir: where the data goes; Twrite: where it comes from */
    uint32_t bounce_at, bounce_len; /* the part of the bounce buffer that is its own; 0 bytes: none */
    bool bounced;                   /* answered: the data lies there */
    struct mm *mm;                  /* what a user address in `data` means: others may take the reply in */
    uint32_t old_fid;               /* Tclunk: free again when answered */
    uint8_t *body;
};

/* NULL: no memory or no tag. The puts append to it. */
struct p9_msg *p9_new(enum p9_type type);
void p9_put8(struct p9_msg *m, uint8_t v);
void p9_put16(struct p9_msg *m, uint16_t v);
void p9_put32(struct p9_msg *m, uint32_t v);
void p9_put64(struct p9_msg *m, uint64_t v);
void p9_put_string(struct p9_msg *m, const char *s);

/* Hands it to the port. */
int p9_send(struct p9_msg *m);
/* Waits for the reply. 0 or -errno; -EINTR only if interruptible. NULL is -ENOMEM, so p9_new() need not be
 * checked. */
int p9_wait(struct p9_msg *m, bool interruptible);
int p9_call(struct p9_msg *m, bool interruptible); /* both */

uint8_t p9_get8(struct p9_msg *m);
uint16_t p9_get16(struct p9_msg *m);
uint32_t p9_get32(struct p9_msg *m);
uint64_t p9_get64(struct p9_msg *m);
/* A string of the reply, in its body, not NUL-terminated. */
uint16_t p9_get_string(struct p9_msg *m, const char **s);

/* Frees the message; the error of the call, or -EIO when the reply was shorter than what was got from it. */
int p9_done(struct p9_msg *m, int error);

/* The session exists (Tversion, Tattach of the root). 0 or -EIO... Waits the first time. */
int p9_session(void);
void p9_forget(void);       /* after a rehearsal: as if there had been no session */
uint32_t p9_max_data(void); /* of one Tread, Twrite or Treaddir */

uint32_t p9_fid_new(void);      /* P9_NOFID: none left */
void p9_fid_free(uint32_t fid); /* one that the server does not know */

/* ---- p9calls.c: the calls. fids are used up by p9_clunk() only. 0 or -errno. ---- */

/* Attaches aname as a new fid. */
int p9_attach(const char *aname, uint32_t *fid);

/* Another name in the directory that a walk's last one is in, and what it is itself: as Treach of it would say. */
struct p9_beside {
    const char *name;
    int error; /* 0 or -errno */
    struct kstat st;
};

/* Treach: walks from fid along names, and does there what is wanted, in one round trip. */
struct p9_reach {
    uint32_t fid;
    unsigned n;
    const char *names[P9_WALK_MAX];
    uint32_t how;         /* P9_REACH_* */
    uint32_t flags, mode; /* for OPEN and CREATE */
    bool want_fid;
    char *target;     /* P9_TARGET bytes */
    struct kstat *st; /* with ATTR */
    struct p9_beside *beside;
    unsigned nbeside; /* of them; in the answer: the first of them that were looked at */

    /* The answer. */
    bool link; /* the way goes on at target, NUL-terminated, instead of names[walked - 1]: no fid */
    unsigned walked;
    uint8_t type;     /* of the qid */
    bool opened;      /* false though OPEN was wanted: it may have to wait, p9_lopen() does it */
    uint32_t new_fid; /* if it was wanted; with an error there is none */
};
#define P9_TARGET 4096u
int p9_reach(struct p9_reach *r);
void p9_clunk(uint32_t fid);                /* does not wait */
int p9_lopen(uint32_t fid, uint32_t flags); /* interruptible */
/* In two parts; to stays until the second. Of what is longer than p9_max_data() less may come than there is. */
struct p9_msg *p9_read_send(uint32_t fid, const struct iobuf *to, uint64_t offset);
long p9_read_finish(struct p9_msg *m, bool interruptible);
long p9_read(uint32_t fid, struct iobuf *to, uint64_t offset, bool interruptible);
long p9_write(uint32_t fid, struct iobuf *from, uint64_t offset, bool interruptible);
/* The same, interruptible and silent: news is only that less than all was written, which the caller says. */
long p9_write_silently(uint32_t fid, struct iobuf *from, uint64_t offset);
long p9_readdir(uint32_t fid, uint64_t offset, char *to, uint32_t size);
int p9_getattr(uint32_t fid, struct kstat *st);

#define P9_SETATTR_MODE      0x1u
#define P9_SETATTR_UID       0x2u
#define P9_SETATTR_GID       0x4u
#define P9_SETATTR_SIZE      0x8u
#define P9_SETATTR_ATIME     0x10u
#define P9_SETATTR_MTIME     0x20u
#define P9_SETATTR_ATIME_SET 0x80u
#define P9_SETATTR_MTIME_SET 0x100u
int p9_setattr(uint32_t fid, const struct kattr *attr);
long p9_readlink(uint32_t fid, char *to, size_t size);
int p9_fsync(uint32_t fid);
int p9_statfs(uint32_t fid, struct statfs *st);
int p9_lock(uint32_t fid, const struct file_lock *lock, bool wait); /* -EAGAIN: somebody else has it */
/* What stands in its way; of type P9_LOCK_NONE: nothing. */
int p9_getlock(uint32_t fid, struct file_lock *lock);
int p9_mkdir(uint32_t dir, const char *name, uint32_t mode);
int p9_mknod(uint32_t dir, const char *name, uint32_t mode, uint64_t dev);
int p9_symlink(uint32_t dir, const char *name, const char *target);
int p9_link(uint32_t dir, uint32_t fid, const char *name);
int p9_rename(uint32_t old_dir, const char *old_name, uint32_t new_dir, const char *new_name);
int p9_unlink(uint32_t dir, const char *name, uint32_t flags);

#endif
