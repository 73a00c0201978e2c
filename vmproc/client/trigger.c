/* trigger.c - the string between vmproc-spec and vmproc-listen. */
#include "vmproc/trigger.h"

#include <stdio.h>
#include <string.h>

void trigger_format(const struct trigger *t, char text[TRIGGER_TEXT_MAX])
{
    snprintf(text, TRIGGER_TEXT_MAX, "v=%d,k=%d,m=%u,b=%u,t=%u,d=%u,a=%s", TRIGGER_VERSION, t->kind, t->max,
             t->backlog, t->seconds, t->drain, t->address);
}

bool trigger_parse(struct trigger *t, const char *text)
{
    unsigned version, kind;
    int end = 0;
    *t = (struct trigger){0};
    if (sscanf(text, "v=%u,k=%u,m=%u,b=%u,t=%u,d=%u,a=%n", &version, &kind, &t->max, &t->backlog, &t->seconds,
               &t->drain, &end) != 6 ||
        !end || version != TRIGGER_VERSION || kind > TRIGGER_LENGTH || t->max == 0)
        return false;
    t->kind = (enum trigger_kind)kind;
    if (strlen(text + end) >= sizeof t->address)
        return false;
    strcpy(t->address, text + end);
    return true;
}
