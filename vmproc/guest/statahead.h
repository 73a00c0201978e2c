/*
 * statahead.h - who reads a directory and then asks for the attributes of its entries, one after the other, gets those of
 * the following ones with the same answer.
 *
 * The names are those that getdents64(2) has told last. What came along counts as what is read ahead of a file does
 * (news.h): until there are news, until a task of this machine has written to any file, and NEWS_AGE_NS at
 * most; so nobody can tell that it was not asked for when the program did. Of what came along only attributes and
 * "there is none" are kept: a link that is to be followed, or what was refused, is asked for when it is wanted. Where
 * it was in vain, fewer are asked for, and more seldom.
 */
#ifndef GUEST_STATAHEAD_H
#define GUEST_STATAHEAD_H

#include "file.h"
#include "p9.h"

#define STATAHEAD_MAX 48u /* names in one request, whose answer fits a message without its data part */

/* getdents64(2) tells of an entry. serial: the directory's file; first: it begins from the start. */
void statahead_listed(uint64_t serial, bool first, uint8_t type, const char *name, size_t n);

/* The step is the last one of a path whose attributes are wanted. True: they are known, or that it is not there. */
bool statahead_knows(struct p9_reach *step, int *error);

/* As p9_reach(), with entries that follow. */
int statahead_reach(struct p9_reach *step);

void statahead_forget(void); /* after a rehearsal */

#endif
