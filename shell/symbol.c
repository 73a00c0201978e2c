/* symbol.c - the table of interned names: open hashing, doubled when it holds as many names as buckets. */
#include "shell/symbol.h"
#include "shell/arena.h"
#include <stdlib.h>
#include <string.h>

#define FIRST_BUCKETS 512

/* Names are the same for the whole process and never freed, so the table is the process's, not a struct
 * shell's. */
static struct {
    struct symbol **buckets;
    size_t mask; /* number of buckets - 1 */
    size_t count;
} table;

/* FNV-1a: names are short, and one multiplication per byte keeps the loop free of calls. */
static uint32_t hash_of(const char *name, size_t len)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

static struct symbol *find(const char *name, size_t len, uint32_t hash)
{
    struct symbol *symbol = table.buckets[hash & table.mask];

    while (symbol && (symbol->hash != hash || symbol->len != len || memcmp(symbol->name, name, len) != 0))
        symbol = symbol->next;
    return symbol;
}

static void resize(size_t count)
{
    struct symbol **buckets = xmalloc(count * sizeof *buckets);

    memset(buckets, 0, count * sizeof *buckets);
    for (size_t i = 0; table.buckets && i <= table.mask; i++) {
        for (struct symbol *symbol = table.buckets[i], *next; symbol; symbol = next) {
            struct symbol **bucket = &buckets[symbol->hash & (count - 1)];

            next = symbol->next;
            symbol->next = *bucket;
            *bucket = symbol;
        }
    }
    free(table.buckets);
    table.buckets = buckets;
    table.mask = count - 1;
}

struct symbol *symbol_intern(const char *name, size_t len)
{
    uint32_t hash = hash_of(name, len);
    struct symbol *symbol;

    if (!table.buckets)
        resize(FIRST_BUCKETS);
    symbol = find(name, len, hash);
    if (symbol)
        return symbol;
    if (table.count++ > table.mask)
        resize((table.mask + 1) * 2);
    symbol = xmalloc(sizeof *symbol + len + 1);
    memset(symbol, 0, sizeof *symbol);
    symbol->hash = hash;
    symbol->len = (uint32_t)len;
    memcpy(symbol->name, name, len);
    symbol->name[len] = '\0';
    symbol->next = table.buckets[hash & table.mask];
    table.buckets[hash & table.mask] = symbol;
    return symbol;
}

struct symbol *symbol_find(const char *name, size_t len)
{
    return table.buckets ? find(name, len, hash_of(name, len)) : NULL;
}

void symbol_each(void (*visit)(struct symbol *symbol, void *context), void *context)
{
    for (size_t i = 0; table.buckets && i <= table.mask; i++) {
        for (struct symbol *symbol = table.buckets[i]; symbol; symbol = symbol->next)
            visit(symbol, context);
    }
}
