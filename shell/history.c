/* history.c - the list. The file is history_file.c's. */
#include "shell/history.h"
#include "shell/arena.h"
#include "shell/history_file.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <stdlib.h>
#include <string.h>

#define DEFAULT_SIZE 1000u
#define MAX_SIZE     1000000u

struct history {
    char **items; /* items[i] has number first + i */
    size_t count, cap;
    unsigned first;
    unsigned current; /* number of the running command, 0: none */
    struct history_record current_record;
};

static unsigned history_limit(struct shell *sh)
{
    const char *text = var_get_name(sh, "HISTSIZE");
    char *end;

    if (!text || *text < '0' || *text > '9')
        return DEFAULT_SIZE;
    unsigned long size = strtoul(text, &end, 10);
    return *end ? DEFAULT_SIZE : size > MAX_SIZE ? MAX_SIZE : (unsigned)size;
}

static void drop_oldest(struct history *history, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(history->items[i]);
    memmove(history->items, history->items + n, (history->count - n) * sizeof *history->items);
    history->count -= n;
    history->first += (unsigned)n;
}

static void append(struct history *history, const char *text, size_t len, unsigned limit)
{
    char *copy = xmalloc(len + 1);

    memcpy(copy, text, len);
    copy[len] = '\0';
    if (history->count == history->cap) {
        history->cap = history->cap ? 2 * history->cap : 128;
        history->items = xrealloc(history->items, history->cap * sizeof *history->items);
    }
    history->items[history->count++] = copy;
    if (history->count > limit)
        drop_oldest(history, history->count - limit);
}

struct load {
    struct history *history;
    unsigned limit;
};

static void load_one(const char *text, size_t len, void *context)
{
    struct load *load = context;

    append(load->history, text, len, load->limit);
}

void history_open(struct shell *sh)
{
    if (sh->history)
        return;
    struct history *history = xmalloc(sizeof *history);
    *history = (struct history){.first = 1};
    struct load load = {history, history_limit(sh)};
    history_file_load(sh, load.limit, load_one, &load);
    history->first = 1;
    sh->history = history;
}

void history_add(struct shell *sh, const char *text, size_t len)
{
    struct history *history = sh->history;

    append(history, text, len, history_limit(sh));
    history->current = history->first + (unsigned)history->count - 1;
    history->current_record = history_file_append(sh, text, len);
}

void history_no_current(struct shell *sh)
{
    if (sh->history)
        sh->history->current = 0;
}

void history_forget_current(struct shell *sh)
{
    struct history *history = sh->history;

    if (!history || history->current == 0)
        return;
    if (history->count > 0 && history->current == history->first + history->count - 1)
        free(history->items[--history->count]);
    history_file_take_back(sh, &history->current_record);
    history->current = 0;
}

unsigned history_oldest(const struct history *history)
{
    return history_newest(history) == 0 ? 0 : history->first;
}

unsigned history_newest(const struct history *history)
{
    if (history->count == 0)
        return 0;
    unsigned last = history->first + (unsigned)history->count - 1;
    if (last != history->current)
        return last;
    return history->count > 1 ? last - 1 : 0;
}

const char *history_get(const struct history *history, unsigned number)
{
    if (number < history->first || number - history->first >= history->count)
        return NULL;
    return history->items[number - history->first];
}
