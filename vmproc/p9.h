/*
 * p9.h - the numbers of 9P2000.L, which the guest (client) and the shim (server) speak on port 9p.
 *
 * A message is size[4] type[1] tag[2] body, little endian; a reply's type is its request's plus one. Which of
 * them are served, and how, is in docs/PROTOCOL.md.
 */
#ifndef VMPROC_P9_H
#define VMPROC_P9_H

enum p9_type {
    P9_RLERROR = 7,
    P9_TSTATFS = 8,
    P9_TLOPEN = 12,
    P9_TLCREATE = 14,
    P9_TSYMLINK = 16,
    P9_TMKNOD = 18,
    P9_TRENAME = 20,
    P9_TREADLINK = 22,
    P9_TGETATTR = 24,
    P9_TSETATTR = 26,
    P9_TXATTRWALK = 30,
    P9_TXATTRCREATE = 32,
    P9_TREADDIR = 40,
    P9_TFSYNC = 50,
    P9_TLOCK = 52,
    P9_TGETLOCK = 54,
    P9_TLINK = 70,
    P9_TMKDIR = 72,
    P9_TRENAMEAT = 74,
    P9_TUNLINKAT = 76,
    P9_TVERSION = 100,
    P9_TATTACH = 104,
    P9_TFLUSH = 108,
    P9_TWALK = 110,
    P9_TREAD = 116,
    P9_TWRITE = 118,
    P9_TCLUNK = 120,
    P9_TREMOVE = 122,
    /* Ours. */
    P9_TREACH = 128,
    P9_TBREAD = 130, /* as Tread, into the bounce buffer (bounce_abi.h) */
};

enum p9_qid_type { P9_QTDIR = 0x80, P9_QTSYMLINK = 0x02, P9_QTFILE = 0x00 };

/* Treach: what is wanted of what the names lead to. */
#define P9_REACH_FOLLOW                                                                                      \
    0x1u /* the last one is to be no symbolic link, either: else its target is the answer */
#define P9_REACH_ATTR   0x2u  /* the attributes */
#define P9_REACH_OPEN   0x4u  /* the new fid opened, as by Tlopen */
#define P9_REACH_BESIDE 0x10u /* further names in the directory of the last one: what they are themselves */
#define P9_REACH_CREATE 0x8u  /* with OPEN: and created when it is not there, as by Tlcreate */

/* Tlock, Tgetlock */
enum p9_lock_type { P9_LOCK_READ, P9_LOCK_WRITE, P9_LOCK_NONE };
enum p9_lock_status { P9_LOCK_SUCCESS, P9_LOCK_BLOCKED };
#define P9_LOCK_WAIT  1u          /* P9_LOCK_FLAGS_BLOCK */
#define P9_LOCK_FLOCK 0x80000000u /* ours: flock(2), of the description; the range is not looked at */
#define P9_LOCK_OFD   0x80u       /* ours, in the type: F_OFD_SETLK, of the description */

#define P9_HEAD      7u /* bytes: size, type, tag */
#define P9_NOTAG     0xffffu
#define P9_NOFID     0xffffffffu
#define P9_WALK_MAX  16u  /* names of one Twalk */
#define P9_NAME_MAX  255u /* bytes of one name */
#define P9_QID_BYTES 13u

#endif
