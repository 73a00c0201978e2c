/* history.c - the list. The file is history_file.c's. */
#include "shell/history.h"
#include "shell/arena.h"
#include "shell/history_file.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEFAULT_SIZE 1000u
#define MAX_SIZE     1000000u

struct history {
    struct history_entry *items; /* items[begin + i] has number first + i; text NULL: it is a line of past */
    size_t begin, count, cap;
    unsigned first;
    struct history_lines past; /* numbers 1... are its lines: taken apart when they are asked for */
    unsigned current;          /* number of the running command, 0: none */
    struct history_record current_record;
    struct history_place place; /* how far the file has been read */
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

static struct history_entry *item(const struct history *history, unsigned number)
{
    return &history->items[history->begin + (number - history->first)];
}

static void drop_oldest(struct history *history, size_t n)
{
    for (; n > 0; n--, history->begin++, history->count--, history->first++)
        if (history->first > history->past.count) /* text and directory are one block */
            free((char *)item(history, history->first)->text);
    if (history->first > history->past.count)
        history_lines_free(&history->past);
}

/* Room for one more: what was dropped is given up when it is as much as what is there. */
static void make_room(struct history *history)
{
    if (history->begin + history->count < history->cap)
        return;
    if (history->begin > history->count) {
        memmove(history->items, history->items + history->begin, history->count * sizeof *history->items);
        history->begin = 0;
        return;
    }
    history->cap = history->cap ? 2 * history->cap : 128;
    history->items = xrealloc(history->items, history->cap * sizeof *history->items);
}

static void append(struct history *history, const struct history_entry *entry, unsigned limit)
{
    size_t len = strlen(entry->text), directory_len = strlen(entry->directory);
    char *copy = xmalloc(len + directory_len + 2);

    memcpy(copy, entry->text, len + 1);
    memcpy(copy + len + 1, entry->directory, directory_len + 1);
    make_room(history);
    struct history_entry *new = &history->items[history->begin + history->count++];
    *new = *entry;
    new->text = copy;
    new->directory = copy + len + 1;
    if (history->count > limit)
        drop_oldest(history, history->count - limit);
}

struct load {
    struct history *history;
    unsigned limit;
};

static void load_one(const struct history_entry *entry, void *context)
{
    struct load *load = context;

    append(load->history, entry, load->limit);
}

void history_open(struct shell *sh)
{
    if (sh->history)
        return;
    struct history *history = xmalloc(sizeof *history);
    *history = (struct history){.first = 1};
    history_file_load(sh, history_limit(sh), &history->place, &history->past);
    history->count = history->past.count;
    history->cap = 2 * history->count + 128;
    history->items =
        xcalloc(history->cap, sizeof *history->items); /* pages that nobody touches cost nothing */
    sh->history = history;
}

/* A word of HISTCONTROL, or what stands for it. */
static bool controls(struct shell *sh, const char *word)
{
    const char *list = var_get_name(sh, "HISTCONTROL");

    for (list = list ? list : "ignorespace"; *list;) {
        size_t len = strcspn(list, ": ");
        if ((len == strlen(word) && strncmp(list, word, len) == 0) ||
            (len == 10 && strncmp(list, "ignoreboth", len) == 0))
            return true;
        list += len + (list[len] != '\0');
    }
    return false;
}

static bool is_private(struct shell *sh, const char *text)
{
    const char *newest = history_get(sh->history, history_newest(sh->history));

    if ((*text == ' ' || *text == '\t') && controls(sh, "ignorespace"))
        return true;
    return newest && strcmp(newest, text) == 0 && controls(sh, "ignoredups");
}

void history_add(struct shell *sh, const char *text, size_t len)
{
    struct history *history = sh->history;
    struct load load = {history, history_limit(sh)};
    struct arena_mark mark = arena_mark(&sh->scratch);
    const char *pwd = var_get_name(sh, "PWD");
    const struct history_entry entry = {.text = arena_strndup(&sh->scratch, text, len),
                                        .directory = pwd ? pwd : "",
                                        .time = time(NULL),
                                        .status = -1};

    history_catch_up(sh);
    if (!is_private(sh, entry.text)) {
        history->current_record = history_file_append(sh, &history->place, &entry, load_one, &load);
        append(history, &entry, load.limit);
        history->current = history->first + (unsigned)history->count - 1;
    }
    arena_release(&sh->scratch, mark);
}

void history_catch_up(struct shell *sh)
{
    struct history *history = sh->history;

    if (!history)
        return;
    struct load load = {history, history_limit(sh)};
    if (history->current >= history->first && history->current - history->first < history->count)
        item(history, history->current)->status = sh->status;
    history->current = 0;
    history_file_follow(sh, &history->place, &history->current_record, sh->status, load_one, &load);
    history->current_record = (struct history_record){0};
}

void history_forget_current(struct shell *sh)
{
    struct history *history = sh->history;

    if (!history || history->current == 0)
        return;
    if (history->count > 0 && history->current == history->first + history->count - 1)
        free((char *)item(history, history->first + (unsigned)--history->count)->text);
    history_file_take_back(sh, &history->place, &history->current_record);
    history->current_record = (struct history_record){0};
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

const struct history_entry *history_entry(const struct history *history, unsigned number)
{
    if (number < history->first || number - history->first >= history->count)
        return NULL;
    struct history_entry *entry = item(history, number);
    if (!entry->text)
        history_lines_take_apart(&history->past, number - 1, entry);
    return entry;
}

const char *history_get(const struct history *history, unsigned number)
{
    const struct history_entry *entry = history_entry(history, number);

    return entry ? entry->text : NULL;
}
