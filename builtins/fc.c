/*
 * fc [-r] [-e editor] [first [last]], fc -l [-nrt] [first [last]], fc -s [old=new] [first] - XCU fc; -t is
 * ours.
 */
#include "builtins/builtins.h"
#include "shell/arena.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/file_text.h"
#include "shell/history.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/var.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct fc {
    bool list, bare, reverse, again, times; /* -l -n -r -s -t */
    const char *editor;                     /* -e */
};

/* Commands first..last of the history, shown backwards when first > last. */
struct range {
    unsigned first, last;
};

static const char usage[] = "fc: usage: fc [-r] [-e editor] [first [last]], fc -l [-nrt] [first [last]], "
                            "fc -s [old=new] [first]";

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The first operand like -5: an option to builtin_option(), a command to us. argc if there is none. */
static int first_negative(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0; i++) {
        if (is_digit(argv[i][1]))
            return i;
        if (argv[i][strlen(argv[i]) - 1] == 'e')
            i++; /* the editor's name */
    }
    return argc;
}

/* Newest command that begins with text; 0: none. */
static unsigned find_prefix(const struct history *history, const char *text)
{
    for (unsigned n = history_newest(history); n > 0 && n >= history_oldest(history); n--)
        if (strncmp(history_get(history, n), text, strlen(text)) == 0)
            return n;
    return 0;
}

/*
 * A first or last operand: a number, an offset back from now, or the beginning of a command. Numbers beyond
 * the ends mean the ends in a range. 0 after a message.
 */
static unsigned find_command(struct shell *sh, const char *operand, bool in_range)
{
    const struct history *history = sh->history;
    unsigned oldest = history_oldest(history), newest = history_newest(history);
    const char *digits = operand + (*operand == '-' || *operand == '+');
    char *end;

    if (!is_digit(*digits)) {
        unsigned found = find_prefix(history, operand);
        if (found == 0)
            error_print(sh, "fc: %s: no command in the history begins so", operand);
        return found;
    }
    unsigned long number = strtoul(digits, &end, 10);
    if (*end == '\0') {
        if (*operand == '-' && number > 0)
            number = number > newest ? 0 : newest - number + 1;
        else if (*operand == '-')
            number = newest;
        if (number >= oldest && number <= newest)
            return (unsigned)number;
        if (in_range)
            return number < oldest ? oldest : newest;
    }
    error_print(sh, "fc: %s: not in the history", operand);
    return 0;
}

/* Defaults: -l the last sixteen, else the last one. */
static bool find_range(struct shell *sh, const struct fc *fc, int count, char **operands, struct range *range)
{
    unsigned oldest = history_oldest(sh->history), newest = history_newest(sh->history);
    bool is_range = count == 2 || fc->list;

    range->last = newest;
    range->first = !fc->list ? newest : newest >= oldest + 15 ? newest - 15 : oldest;
    if (count > 0)
        range->first = find_command(sh, operands[0], is_range);
    if (count > 1 && range->first > 0)
        range->last = find_command(sh, operands[1], true);
    else if (count == 1 && !fc->list)
        range->last = range->first;
    if (fc->reverse && range->first <= range->last) { /* already backwards stays so */
        unsigned first = range->first;
        range->first = range->last;
        range->last = first;
    }
    return range->first > 0 && range->last > 0;
}

/* -t: when, with which status, and where. */
static void list_facts(struct shell *sh, const struct history_entry *entry)
{
    char when[32] = "-", status[12] = "-";
    time_t time = (time_t)entry->time;
    struct tm local;

    if (time > 0 && localtime_r(&time, &local))
        strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", &local);
    if (entry->status >= 0)
        snprintf(status, sizeof status, "%d", entry->status);
    out_printf(sh, "\t%19s %3s ", when, status);
    for (const char *c = entry->directory; *c; c++) /* its name may hold anything */
        out_putc(sh, (unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c);
    out_putc(sh, '\n');
}

static void list_one(struct shell *sh, const struct fc *fc, unsigned number)
{
    const struct history_entry *entry = history_entry(sh->history, number);
    const char *text = entry->text;

    if (!fc->bare)
        out_printf(sh, "%u", number);
    if (fc->times)
        list_facts(sh, entry);
    while (text) {
        size_t len = strcspn(text, "\n");
        out_putc(sh, '\t');
        out_write(sh, text, len);
        out_putc(sh, '\n');
        text = text[len] ? text + len + 1 : NULL;
    }
}

/* Calls visit for each number of range in its direction. */
static void walk(struct shell *sh, const struct range *range,
                 void (*visit)(struct shell *sh, unsigned number, void *context), void *context)
{
    unsigned number = range->first;

    for (;; number += range->first <= range->last ? 1u : -1u) {
        visit(sh, number, context);
        if (number == range->last)
            break;
    }
}

static void visit_list(struct shell *sh, unsigned number, void *context)
{
    list_one(sh, context, number);
}

static void visit_write(struct shell *sh, unsigned number, void *context)
{
    fprintf(context, "%s\n", history_get(sh->history, number));
}

/* Shows and runs text, which takes fc's place in the history. */
static int run(struct shell *sh, const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == '\n')
        len--;
    history_forget_current(sh);
    if (len == 0)
        return 0;
    history_add(sh, text, len);
    dprintf(STDERR_FILENO, "%.*s\n", (int)len, text);
    return eval_string(sh, text, len, 1, 0);
}

/* -s: the command with the first old replaced by new. */
static int run_again(struct shell *sh, int count, char **operands)
{
    char *old = NULL, *new = NULL;

    if (count > 0 && (new = strchr(operands[0], '=')) != NULL) {
        old = operands[0];
        *new ++ = '\0';
        operands++;
        count--;
    }
    if (count > 1) {
        error_print(sh, "%s", usage);
        return 2;
    }
    unsigned number = find_command(sh, count > 0 ? operands[0] : "-1", false);
    if (number == 0)
        return 1;
    const char *text = history_get(sh->history, number);
    const char *at = old ? strstr(text, old) : NULL;
    if (old && !at) {
        error_print(sh, "fc: %s: not in that command", old);
        return 1;
    }
    size_t before = at ? (size_t)(at - text) : 0;
    char *command = xmalloc(strlen(text) + (new ? strlen(new) : 0) + 1);
    if (at)
        sprintf(command, "%.*s%s%s", (int)before, text, new, at + strlen(old));
    else
        strcpy(command, text);
    int status = run(sh, command, strlen(command));
    free(command);
    return status;
}

static bool write_range(struct shell *sh, int fd, const struct range *range)
{
    FILE *file = fdopen(fd, "w");

    if (!file) {
        close(fd);
        return false;
    }
    walk(sh, range, visit_write, file);
    return fclose(file) == 0;
}

/* Runs `editor path`; the editor may be a command with arguments, as FCEDIT="vi -e" of other shells. */
static int run_editor(struct shell *sh, const char *editor, const char *path)
{
    char *command = xmalloc(strlen(editor) + strlen(path) + 4);

    sprintf(command, "%s '%s'", editor, path);
    int status = eval_string(sh, command, strlen(command), 1, 0);
    free(command);
    return status;
}

static int edit(struct shell *sh, const struct fc *fc, const struct range *range)
{
    const char *directory = var_get_name(sh, "TMPDIR"), *editor = fc->editor;
    char path[PATH_MAX];
    size_t len = 0;

    if (!editor)
        editor = var_get_name(sh, "FCEDIT");
    if (!editor || !*editor)
        editor = "ed";
    if (!directory || directory[0] != '/' || strlen(directory) > PATH_MAX - 32 || strchr(directory, '\''))
        directory = "/tmp";
    snprintf(path, sizeof path, "%s/fleetsh-fc.XXXXXX", directory);
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0) {
        error_print_errno(sh, errno, "fc: %s", path);
        return 1;
    }
    int status = 1;
    char *text = NULL;
    if (!write_range(sh, fd, range))
        error_print_errno(sh, errno, "fc: %s", path);
    else if ((status = run_editor(sh, editor, path)) == 0 && !(text = file_text(path, &len)))
        error_print_errno(sh, errno, "fc: %s", path);
    unlink(path);
    if (text)
        status = run(sh, text, len);
    free(text);
    return status;
}

static bool parse_options(struct shell *sh, int argc, char **argv, struct fc *fc, int *operands)
{
    struct builtin_options options = {0};
    int limit = first_negative(argc, argv), letter;

    while ((letter = builtin_option(sh, &options, limit, argv, "e:lnrst")) != -1) {
        switch (letter) {
        case 'e':
            if (strcmp(options.argument, "-") == 0) /* ksh's way to say -s */
                fc->again = true;
            else
                fc->editor = options.argument;
            break;
        case 'l':
            fc->list = true;
            break;
        case 'n':
            fc->bare = true;
            break;
        case 'r':
            fc->reverse = true;
            break;
        case 's':
            fc->again = true;
            break;
        case 't':
            fc->times = true;
            break;
        default:
            return false;
        }
    }
    *operands = options.index;
    if ((fc->list && (fc->again || fc->editor)) || (fc->again && (fc->editor || fc->reverse)) ||
        ((fc->bare || fc->times) && !fc->list) || argc - options.index > 2) {
        error_print(sh, "%s", usage);
        return false;
    }
    return true;
}

int builtin_fc(struct shell *sh, int argc, char **argv)
{
    struct fc fc = {0};
    struct range range;
    int at;

    if (!parse_options(sh, argc, argv, &fc, &at))
        return 2;
    if (!sh->history || history_newest(sh->history) == 0) {
        if (fc.list)
            return 0;
        error_print(sh, "fc: the history is empty");
        return 1;
    }
    if (fc.again)
        return run_again(sh, argc - at, argv + at);
    if (!find_range(sh, &fc, argc - at, argv + at, &range))
        return 1;
    if (!fc.list)
        return edit(sh, &fc, &range);
    walk(sh, &range, visit_list, &fc);
    return 0;
}
