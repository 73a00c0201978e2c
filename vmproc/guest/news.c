/* news.c - see news.h. */
#include "news.h"

#include "timer.h"

#define PIPE_HOLDS (64u << 10)

static uint64_t count;
static size_t sent; /* since the last news */
static uint64_t attributes_kept = UINT64_MAX;

void news_came(void)
{
    count++;
    sent = 0;
}

uint64_t news_count(void)
{
    return count;
}

bool news_none_since(uint64_t then, uint64_t since)
{
    return then == count && clock_monotonic() - since < NEWS_AGE_NS;
}

void news_keep_attributes(void)
{
    attributes_kept = count;
}

bool news_attributes_are_kept(void)
{
    return attributes_kept == count;
}

void news_sent(size_t n)
{
    sent += n;
    if (sent > PIPE_HOLDS)
        news_came();
}
