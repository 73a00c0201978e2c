/*
 * edit_judge.h - commands that are not there have another colour while they are typed.
 *
 * PATH may lead to a directory whose server does not answer: a child looks, one name at a time, while the keyboard is
 * waited for. What it has found counts for this line. A name that the cursor is behind is not finished, and is
 * looked for when nothing has been typed for a while.
 */
#ifndef SHELL_EDIT_JUDGE_H
#define SHELL_EDIT_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct edit;

#define EDIT_JUDGE_NAMES 32
#define EDIT_JUDGE_MS    300 /* without a key: what stands there is what is meant */

struct edit_judge {
    bool on;
    struct edit_verdict {
        char *name;
        bool missing;
    } verdicts[EDIT_JUDGE_NAMES]; /* of this line */
    size_t count;
    char *asked; /* the name that the child looks for; NULL: there is none */
    pid_t child;
    int answer; /* the pipe from it, while asked; else -1 */
};

/* Part of a line that is the name of a command that is not there. */
struct edit_missing {
    size_t from, to;
};

void edit_judge_begin(struct edit *edit, bool on); /* a line */
void edit_judge_end(struct edit *edit);
/* The keyboard is about to be waited for; paused: it has been for EDIT_JUDGE_MS. Returns for how many
 * milliseconds to wait until it is to be called again, -1: until the next key or answer. */
int edit_judge_ask(struct edit *edit, bool paused);
void edit_judge_hear(struct edit *edit); /* judge.answer can be read */
/* The first of the line's, at most max of them. Returns how many. */
size_t edit_judge_missing(struct edit *edit, struct edit_missing *missing, size_t max);

#endif
