/*
 * p9ahead.h - reads a part of a file of the shell's from its beginning to its end, with several requests under way.
 *
 * An inherited regular file is read at the description's own position, which others have, too (`{ cat; cat; } <f`): each
 * request takes its piece from there, as a read(2) does, so nobody else gets it; what the copy cannot do with is given
 * back by p9_ahead_end().
 *
 * For copies within the kernel (sendfile, copy_file_range), which read all of it whoever is quick: nothing is asked for
 * that would not be read anyway, so nothing can be stale. One request at a time would cost a round trip to the shell for
 * each piece, and those of a router on another machine are long. The number under way doubles with each whole piece, up
 * to P9_AHEAD_DEPTH: a small file costs no request more than by read(2).
 */
#ifndef GUEST_P9AHEAD_H
#define GUEST_P9AHEAD_H

#include "file.h"

#define P9_AHEAD_PIECE (128u << 10)
#define P9_AHEAD_DEPTH 8u

struct p9_ahead;

/* left bytes of f from *pos on, or (NULL) from its own position. NULL: it is no such file, or there is no memory: to be read as ever. */
struct p9_ahead *p9_ahead_begin(struct file *f, const uint64_t *pos, uint64_t left);

/* The next piece, which is the caller's until the next call. Bytes; 0: the end of the file; or -errno. */
long p9_ahead_next(struct p9_ahead *ahead, char **bytes);

/* Whether handing out a piece has moved the file's own position behind it: p9_ahead_next()'s caller has nothing to move. */
bool p9_ahead_moves(const struct p9_ahead *ahead);

/*
 * Also before the end: what is under way is waited for, or taken back when a signal is pending. Bytes by which the
 * file's own position, if p9_ahead_moves(), is behind what was handed out.
 */
uint64_t p9_ahead_end(struct p9_ahead *ahead);

#endif
