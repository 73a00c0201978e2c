/* glob.c - pathname expansion (XCU 2.14.3). */
#include "shell/byte_sort.h"
#include "shell/error.h"
#include "shell/expansion.h"
#include "shell/locale.h"
#include "shell/pattern_code.h"
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct glob {
    struct shell *sh;
    struct fields *out;
    char *path; /* pathname so far */
    size_t len, cap;
};

static void path_put(struct glob *glob, const char *text, size_t len)
{
    if (glob->len + len + 1 > glob->cap) {
        glob->cap = 2 * glob->cap + len + 64;
        glob->path = xrealloc(glob->path, glob->cap);
    }
    memcpy(glob->path + glob->len, text, len);
    glob->len += len;
    glob->path[glob->len] = '\0';
}

static void found(struct glob *glob)
{
    fields_push(glob->sh, glob->out, arena_strndup(&glob->sh->scratch, glob->path, glob->len));
}

static void expand_from(struct glob *glob, const char *pattern);

/* End of the component at pattern: a slash, a backslash before one, or the NUL. Slashes bound brackets, too.
 */
static const char *component_end(const char *p)
{
    for (; *p && *p != '/'; p++)
        if (*p == '\\' && p[1] && *++p == '/')
            return p - 1;
    return p;
}

static bool is_special(const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '*' || *p == '?' || (*p == '[' && bracket_end(p, end)))
            return true;
        if (*p == '\\' && p + 1 < end)
            p++;
    }
    return false;
}

/* `.` and `..` are found by their names alone; a leading period wants a literal one (2.14.3). */
static bool may_match(const char *name, const char *pattern)
{
    if (name[0] != '.')
        return true;
    if (!name[1] || (name[1] == '.' && !name[2]))
        return false;
    return pattern[0] == '.' || (pattern[0] == '\\' && pattern[1] == '.');
}

/* An entry of this type can be gone into: a directory, or perhaps one. */
static bool may_be_directory(unsigned char type)
{
    return type == DT_DIR || type == DT_LNK || type == DT_UNKNOWN;
}

/* The names in the directory glob->path that match; rest follows them in the pattern. */
static void expand_directory(struct glob *glob, const char *pattern, const char *end, const char *rest)
{
    DIR *directory = opendir(glob->len ? glob->path : ".");
    if (!directory) {
        /* What may not be read matches nothing; what could be read another time must not seem to. */
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
            error_unwind(glob->sh, 2, "%s: %s", glob->len ? glob->path : ".", strerror(errno));
        return;
    }
    struct pattern_code code;
    pattern_compile(&code, pattern, (size_t)(end - pattern));
    size_t base = glob->len;
    struct fields names = {
        0}; /* gone into once the directory is closed, so that depth costs no descriptors */
    for (struct dirent *entry; (entry = readdir(directory));) {
        size_t len = strlen(entry->d_name);
        if (!may_match(entry->d_name, pattern) ||
            !pattern_code_match(&code, entry->d_name, entry->d_name + len))
            continue;
        if (*rest && may_be_directory(entry->d_type)) {
            fields_push(glob->sh, &names, arena_strndup(&glob->sh->scratch, entry->d_name, len));
        } else if (!*rest) {
            path_put(glob, entry->d_name, len);
            found(glob);
            glob->len = base;
        }
    }
    closedir(directory);
    pattern_code_free(&code);
    for (size_t i = 0; i < names.count; i++) {
        path_put(glob, names.items[i], strlen(names.items[i]));
        expand_from(glob, rest);
        glob->len = base;
    }
}

static void put_unescaped(struct glob *glob, const char *p, const char *end)
{
    for (; p < end; p++) {
        if (*p == '\\' && p + 1 < end)
            p++;
        path_put(glob, p, 1);
    }
}

/* Matches of pattern behind glob->path, which stays as it was. */
static void expand_from(struct glob *glob, const char *pattern)
{
    size_t base = glob->len;
    struct stat status;
    for (;;) {
        for (; *pattern == '/' || (*pattern == '\\' && pattern[1] == '/'); pattern++)
            if (*pattern == '/')
                path_put(glob, "/", 1);
        const char *end = component_end(pattern);
        if (!*pattern) {
            if (glob->path[glob->len - 1] == '/' ? !stat(glob->path, &status) : !lstat(glob->path, &status))
                found(glob);
            break;
        }
        if (is_special(pattern, end)) {
            expand_directory(glob, pattern, end, end);
            break;
        }
        put_unescaped(glob, pattern, end);
        pattern = end;
    }
    glob->len = base;
}

/* ---- order ---- */

static int by_collation(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    int order = locale_compare(x, y);
    return order ? order : strcmp(x, y);
}

static void sort_by_bytes(char **items, size_t count)
{
    struct byte_sort_item *sorted = xmalloc(count * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct byte_sort_item){.text = items[i]};
    byte_sort(sorted, count);
    for (size_t i = 0; i < count; i++)
        items[i] = sorted[i].text;
    free(sorted);
}

static void sort(char **items, size_t count)
{
    if (count < 2)
        return;
    if (locale_collates_bytes())
        sort_by_bytes(items, count);
    else
        qsort(items, count, sizeof *items, by_collation);
}

size_t pattern_glob(struct shell *sh, const char *pattern, struct fields *out)
{
    struct glob glob = {.sh = sh, .out = out};
    size_t before = out->count;
    path_put(&glob, "", 0);
    expand_from(&glob, pattern);
    free(glob.path);
    sort(out->items + before, out->count - before);
    return out->count - before;
}
