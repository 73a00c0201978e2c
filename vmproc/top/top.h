/*
 * top.h - vm-top, the program behind `vm top`: what its parts share.
 *
 *   fleet   asks vmprocd; rows with rates made of two samples    columns  what is shown of a row, and sorted
 * by plain   --once and --json                                    screen   the live view (ncurses) text how
 * wide text is
 *
 * A program of its own, because a shell that only starts has no use for ncurses.
 */
#ifndef VMPROC_TOP_TOP_H
#define VMPROC_TOP_TOP_H

#include "vmproc/vmprocd_proto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TOP_CELL 300 /* bytes of a cell's text: longer than any field of struct vmp_vm */

struct row {
    struct vmp_vm vm;   /* strings are NUL-terminated and free of control characters */
    unsigned job;       /* of the shell that asked; 0: none of its jobs */
    bool group;         /* and the job is a process group */
    double cpu_percent; /* of one processor, since the sample before; < 0: not known yet */
};

/* A job of the shell that started us: by its process group, without job control by its first process. */
struct top_job {
    unsigned number;
    pid_t pgid;
};

struct fleet {
    int fd; /* connection to vmprocd, -1: none */
    const struct top_job *jobs;
    size_t njobs;
    struct row *rows;
    size_t count, room;
    uint64_t sampled_ns; /* when rows were; 0: never */
    char problem[120];   /* why there is nothing to show; "" when there is */
};

/* ---- fleet.c ---- */

/* Takes a new sample into rows, in no order. 0, or -1 with problem set and no rows. Takes 10 s at most. */
int fleet_sample(struct fleet *fleet);

/* Destroys a VM. 0, or -1 with why in problem. */
int fleet_kill(struct fleet *fleet, uint64_t vm);

/* Sends a signal to the VM's command, or to its whole job. Whether it still is what the row says is asked
 * anew. 0, or -1 with why in problem. */
int fleet_signal(struct fleet *fleet, const struct row *row, int signo);

const char *state_name(uint32_t state);
unsigned fleet_count(const struct fleet *fleet, enum vmp_vm_state state);

/* ---- columns.c ---- */

struct column {
    const char *title;
    int width;       /* of the cell; < 0: left-aligned */
    int dispensable; /* columns with the highest number are left out first on a narrow screen; 0: never */
    int key;         /* that sorts by it; 0: none */
    void (*format)(const struct row *row, char cell[TOP_CELL]);
    int (*compare)(const struct row *a, const struct row *b); /* in the order that shows first what matters */
};

extern const struct column columns[];
extern const size_t column_count;

/* Sorts by that column, then by number. */
void rows_sort(struct fleet *fleet, size_t column, bool reversed);

/* One line of text, cells of the columns that fit into width (0: all); row NULL: the heading. Returns its
 * length in bytes; the last column is not cut to width. */
size_t line_format(const struct row *row, int width, char *line, size_t size);

/* ---- plain.c ---- */

int plain_table(struct fleet *fleet); /* each returns the exit status */
int plain_json(struct fleet *fleet);

/* ---- text.c: text in the locale's encoding on a terminal; a byte that is no character takes one column ----
 */

size_t text_fit(const char *text, int width);    /* bytes of text that fit into so many columns */
int text_width(const char *text, size_t length); /* columns that so many bytes take */

/* ---- screen.c ---- */

int screen_run(struct fleet *fleet, int interval_ms);

#endif
