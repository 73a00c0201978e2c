/*
 * trigger.h - what starts handlers of an image: its spec's "trigger" (fleetsh-image(5)), as vmproc-spec hands it to
 * vmproc-listen: one string, "v=1,k=0,m=8,b=64,t=30,d=10,a=127.0.0.1:8080".
 */
#ifndef VMPROC_TRIGGER_H
#define VMPROC_TRIGGER_H

#include <stdbool.h>

#define TRIGGER_VERSION     1
#define TRIGGER_ADDRESS_MAX 64
#define TRIGGER_TEXT_MAX    160

enum trigger_kind {
    TRIGGER_CONNECTION, /* each connection to a port: the handler's input and output */
    TRIGGER_LINE,       /* each line of standard input, its newline included */
    TRIGGER_NUL,        /* each piece of it that ends with a NUL, without that */
    TRIGGER_LENGTH,     /* each piece that has its length, four bytes, the highest first, before it */
};

struct trigger {
    enum trigger_kind kind;            /* k */
    unsigned max;                      /* m: handlers at once */
    unsigned backlog;                  /* b: connections that wait for one */
    unsigned seconds;                  /* t: a handler may run, 0: for ever */
    unsigned drain;                    /* d: seconds that handlers may go on after SIGTERM */
    char address[TRIGGER_ADDRESS_MAX]; /* a: PORT, ADDRESS:PORT; of connections alone */
};

void trigger_format(const struct trigger *trigger, char text[TRIGGER_TEXT_MAX]);
/* false: malformed, or of another version. */
bool trigger_parse(struct trigger *trigger, const char *text);

#endif
