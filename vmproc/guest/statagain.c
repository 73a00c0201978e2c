/* statagain.c - see statagain.h. */
#include "statagain.h"

#include "lib.h"
#include "news.h"

#define NAME_ROOM 128u

static struct {
    char name[NAME_ROOM]; /* empty: none */
    unsigned flags;
    struct kstat st;
    uint64_t news, since;
} kept;

bool statagain_knows(const char *name, unsigned flags, struct kstat *st)
{
    if (!kept.name[0] || kept.flags != flags || strcmp(kept.name, name) != 0 ||
        !news_none_since(kept.news, kept.since))
        return false;
    *st = kept.st;
    return true;
}

void statagain_keep(const char *name, unsigned flags, const struct kstat *st, uint64_t since)
{
    size_t len = strlen(name);
    if (name[0] != '/' || len >= NAME_ROOM)
        return;
    memcpy(kept.name, name, len + 1);
    kept.flags = flags;
    kept.st = *st;
    kept.news = news_count();
    kept.since = since;
    news_keep_attributes();
}

void statagain_forget(void)
{
    kept.name[0] = '\0';
}
