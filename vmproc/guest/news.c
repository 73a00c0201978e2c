/* news.c - see news.h. */
#include "news.h"

#define PIPE_HOLDS (64u << 10)

static uint64_t count;
static size_t sent; /* since the last news */

void news_came(void)
{
    count++;
    sent = 0;
}

uint64_t news_count(void)
{
    return count;
}

void news_sent(size_t n)
{
    sent += n;
    if (sent > PIPE_HOLDS)
        news_came();
}
