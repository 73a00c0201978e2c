/* columns.c - one table: what is shown of a VM, how wide, and in which order. */
#include "top.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ---- */

static void format_vm(const struct row *row, char cell[TOP_CELL])
{
    snprintf(cell, TOP_CELL, "%" PRIu64, row->vm.vm);
}

static void format_job(const struct row *row, char cell[TOP_CELL])
{
    if (row->job)
        snprintf(cell, TOP_CELL, "%%%u", row->job);
    else
        snprintf(cell, TOP_CELL, "-");
}

static void format_state(const struct row *row, char cell[TOP_CELL])
{
    snprintf(cell, TOP_CELL, "%s", state_name(row->vm.state));
}

static void format_cpu(const struct row *row, char cell[TOP_CELL])
{
    if (row->cpu_percent < 0)
        snprintf(cell, TOP_CELL, "-");
    else
        snprintf(cell, TOP_CELL, "%.*f", row->cpu_percent < 99.95, row->cpu_percent);
}

/* Five columns at most: 0 to 9999, then 10K to 9999K and so on. */
static void format_bytes(uint64_t bytes, char cell[TOP_CELL])
{
    static const char units[] = "\0KMGTPE";
    unsigned unit = 0;

    while (bytes > 9999) {
        bytes = (bytes + 512) >> 10;
        unit++;
    }
    snprintf(cell, TOP_CELL, "%" PRIu64 "%.1s", bytes, units + unit);
}

static void format_memory(const struct row *row, char cell[TOP_CELL])
{
    format_bytes(row->vm.resident_bytes, cell);
}

static void format_in(const struct row *row, char cell[TOP_CELL])
{
    format_bytes(row->vm.in_bytes, cell);
}

static void format_out(const struct row *row, char cell[TOP_CELL])
{
    format_bytes(row->vm.out_bytes, cell);
}

/* Of the command; of a VM that has none, its own. */
static uint64_t age_ms(const struct row *row)
{
    return row->vm.run_ms ? row->vm.run_ms : row->vm.age_ms;
}

static void format_age(const struct row *row, char cell[TOP_CELL])
{
    uint64_t s = age_ms(row) / 1000;

    if (s < 60)
        snprintf(cell, TOP_CELL, "%" PRIu64 ".%" PRIu64 "s", s, age_ms(row) % 1000 / 100);
    else if (s < 3600)
        snprintf(cell, TOP_CELL, "%" PRIu64 "m%02us", s / 60, (unsigned)(s % 60));
    else
        snprintf(cell, TOP_CELL, "%" PRIu64 "h%02um", s / 3600, (unsigned)(s / 60 % 60));
}

static void format_image(const struct row *row, char cell[TOP_CELL])
{
    const char *slash = strrchr(row->vm.image, '/'), *name = slash ? slash + 1 : row->vm.image;

    snprintf(cell, TOP_CELL, "%s", *name ? name : "-");
}

static void format_command(const struct row *row, char cell[TOP_CELL])
{
    snprintf(cell, TOP_CELL, "%s", row->vm.command[0] ? row->vm.command : "-");
}

/* ---- order ---- */

#define DESCENDING(name, value)                                                                              \
    static int name(const struct row *a, const struct row *b)                                                \
    {                                                                                                        \
        return (value(b) > value(a)) - (value(b) < value(a));                                                \
    }

static double cpu(const struct row *row)
{
    return row->cpu_percent;
}

static uint64_t memory(const struct row *row)
{
    return row->vm.resident_bytes;
}

static uint64_t in(const struct row *row)
{
    return row->vm.in_bytes;
}

static uint64_t out(const struct row *row)
{
    return row->vm.out_bytes;
}

DESCENDING(by_cpu, cpu)
DESCENDING(by_memory, memory)
DESCENDING(by_in, in)
DESCENDING(by_out, out)
DESCENDING(by_age, age_ms)

static int by_number(const struct row *a, const struct row *b)
{
    return (a->vm.vm > b->vm.vm) - (a->vm.vm < b->vm.vm);
}

/* Jobs first. */
static int by_job(const struct row *a, const struct row *b)
{
    return (a->job - 1 > b->job - 1) - (a->job - 1 < b->job - 1);
}

/* What runs, what is stopped, what ends, what waits, what starts. */
static int by_state(const struct row *a, const struct row *b)
{
    static const unsigned char rank[] = {
        [VM_LEASED] = 0, [VM_SUSPENDED] = 1, [VM_ENDING] = 2, [VM_WARM] = 3, [VM_STARTING] = 4};
    unsigned x = a->vm.state % sizeof rank, y = b->vm.state % sizeof rank;

    return rank[x] - rank[y];
}

static int by_command(const struct row *a, const struct row *b)
{
    return strcmp(a->vm.command, b->vm.command);
}

static int by_image(const struct row *a, const struct row *b)
{
    return strcmp(a->vm.image, b->vm.image);
}

/* All fit into 80 columns, the command cut to what is left. */
const struct column columns[] = {
    {"VM", 5, 0, 'V', format_vm, by_number},        {"JOB", -4, 4, 'J', format_job, by_job},
    {"STATE", -8, 1, 'S', format_state, by_state},  {"CPU%", 5, 2, 'C', format_cpu, by_cpu},
    {"MEM", 5, 3, 'M', format_memory, by_memory},   {"IN", 5, 6, 'I', format_in, by_in},
    {"OUT", 5, 5, 'O', format_out, by_out},         {"AGE", 6, 7, 'A', format_age, by_age},
    {"IMAGE", -10, 8, 'F', format_image, by_image}, {"COMMAND", -1, 0, 'N', format_command, by_command},
};

const size_t column_count = sizeof columns / sizeof columns[0];

struct order {
    size_t column;
    bool reversed;
};

static int compare(const void *x, const void *y, void *context)
{
    const struct order *order = context;
    int result = columns[order->column].compare(x, y);

    if (order->reversed)
        result = -result;
    return result ? result : by_number(x, y);
}

void rows_sort(struct fleet *fleet, size_t column, bool reversed)
{
    struct order order = {column, reversed};

    if (fleet->count > 1)
        qsort_r(fleet->rows, fleet->count, sizeof *fleet->rows, compare, &order);
}

/* ---- lines ---- */

#define COMMAND_MIN 10 /* columns that are left to COMMAND before others go */

/* The lowest `dispensable` that does not fit; 100 when all do. */
static int first_left_out(int width)
{
    int keep_below = 100;

    for (int total; width > 0; keep_below--) {
        total = COMMAND_MIN;
        for (size_t i = 0; i + 1 < column_count; i++)
            if (columns[i].dispensable < keep_below)
                total += abs(columns[i].width) + 1;
        if (total <= width || keep_below == 1)
            break;
    }
    return keep_below;
}

/* Appends the text, padded to that many terminal columns; < 0: on the right. */
static void put_cell(FILE *out, const char *text, int width)
{
    int pad = abs(width) - text_width(text, strlen(text));

    fprintf(out, "%*s%s%*s ", width > 0 ? pad : 0, "", text, width < 0 ? pad : 0, "");
}

size_t line_format(const struct row *row, int width, char *line, size_t size)
{
    int limit = first_left_out(width);
    FILE *out = fmemopen(line, size, "w");
    char cell[TOP_CELL];

    line[0] = '\0';
    for (size_t i = 0; out && i < column_count; i++) {
        const struct column *column = &columns[i];
        bool last = i + 1 == column_count;

        if (column->dispensable >= limit)
            continue;
        if (row)
            column->format(row, cell);
        else
            snprintf(cell, sizeof cell, "%s", column->title);
        if (!last)
            cell[text_fit(cell, abs(column->width))] = '\0';
        if (last)
            fputs(cell, out);
        else
            put_cell(out, cell, column->width);
    }
    if (out)
        fclose(out);
    line[size - 1] = '\0';
    return strlen(line);
}
