/*
 * news.h - whether this machine can have learned anything from outside.
 *
 * What was read ahead of a file may only be handed out as long as nobody can tell that it is not read now. A program
 * could tell by something that has reached it since: a message, bytes, an answer, a signal, the time. Whoever lets
 * such a thing in says so here; what has been kept since before is then worth nothing. What leaves the machine tells
 * nobody anything of what the program has not read yet.
 *
 *   said by                                  for
 *   p9.c, when a reply is complete           all of them but Rclunk, and those whose request says `silent`
 *   path.c, file.c                           attributes that this machine makes up itself, which tell the time
 *   ctl.c, when a message is complete        answers of calls, signals, children, clocks
 *   hostfd.c, wire_ring.c, port.c            bytes of a wire; room that had to be waited for
 *   syscall.c, when a call returns           all calls but those in `tells_nothing`: times, waiting, ...
 *   signal.c, before a handler               time has passed
 */
#ifndef GUEST_NEWS_H
#define GUEST_NEWS_H

#include "types.h"

#define NEWS_AGE_NS 5000000u

void news_came(void);
/* How often: the same as before, and there was none. */
uint64_t news_count(void);
/*
 * Whether what was learned at that count, and asked for at `since` on the clock, may still be handed out: there were no news,
 * and NEWS_AGE_NS have not passed.
 */
bool news_none_since(uint64_t count, uint64_t since);

/*
 * Attributes of files are kept as of now. Until there are news, who writes to a file without any, which every write
 * changes, has to make some.
 */
void news_keep_attributes(void);
bool news_attributes_are_kept(void);

/*
 * n bytes have left for somebody who reads them. That they found room without waiting says that those before them
 * were read, when there are more than a pipe holds: news, too.
 */
void news_sent(size_t n);

#endif
