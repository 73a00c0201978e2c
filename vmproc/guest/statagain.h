/*
 * statagain.h - who asks for the attributes of one path again and again gets them without a message.
 *
 * localtime(3) looks whether /etc/localtime has changed each time that it is called: ls -l does for each line. What was told
 * of a path counts until there are news, as what came along of a directory's entries does (statahead.h): nobody can tell
 * that it was not asked for now. One path is kept, an absolute one.
 */
#ifndef GUEST_STATAGAIN_H
#define GUEST_STATAGAIN_H

#include "file.h"

/* flags: of path_walk(), the same as were kept. False: it has to be asked for. */
bool statagain_knows(const char *name, unsigned flags, struct kstat *st);

/* It has been asked for, since then, and after that no news have come but its own replies. */
void statagain_keep(const char *name, unsigned flags, const struct kstat *st, uint64_t since);

void statagain_forget(void); /* after a rehearsal */

#endif
