/*
 * readahead.h - small reads of a regular file, one behind the other, served from one larger one.
 *
 * A read costs a round trip to the shell however little it asks for. So who reads on where the last read ended is
 * given from a piece that was asked for at once: four times as much with each such piece, up to READAHEAD_MAX. The piece
 * counts only as long as nothing has reached this machine from outside (news.h), no task of it has written to that file,
 * and NEWS_AGE_NS have not passed: then nobody can tell that it was not read at the moment the program asked.
 * The end of the file, too: when a read came short there, the next one is told so without asking, once.
 *
 * Only for files whose position is this machine's alone, since more is asked for than the program has read.
 */
#ifndef GUEST_READAHEAD_H
#define GUEST_READAHEAD_H

#include "file.h"

#define READAHEAD_MAX (64u << 10)

struct readahead;

/*
 * read(2) at pos of f, whose fid this is. *ahead is f's, NULL at first. Bytes; 0: the end; or -errno.
 */
long readahead_read(struct readahead **ahead, struct file *f, uint32_t fid, struct iobuf *to, uint64_t pos);

/* A task begins to write to f. True: to no file of which something is held, so that its reply is no news. */
bool readahead_spares(struct file *f);

void readahead_free(struct readahead *ahead); /* NULL is fine */
void readahead_forget(void);                  /* after a rehearsal, whose tasks are gone wherever they were */

#endif
