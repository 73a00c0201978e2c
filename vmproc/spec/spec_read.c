/* spec_read.c - what a spec may say: tables of keys, each with what its value must be. */
#include "digest.h"
#include "spec_keys.h"
#include "vmproc/network.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX (1 << 20)

static void note(struct spec *spec, unsigned line, unsigned column, const char *format, va_list args)
{
    spec->error.line = line;
    spec->error.column = column;
    vsnprintf(spec->error.text, sizeof spec->error.text, format, args);
}

bool spec_error(struct spec *spec, const struct json *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(spec, at ? at->line : 0, at ? at->column : 0, format, args);
    va_end(args);
    return false;
}

bool spec_key_error(struct spec *spec, const struct json *at, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(spec, at->key_line, at->key_column, format, args);
    va_end(args);
    return false;
}

/* ---- values ---- */

bool spec_take_object(struct spec *spec, const struct json *object, const struct spec_key *keys)
{
    for (const struct json *value = object->first; value; value = value->next) {
        const struct spec_key *key = keys;
        while (key->name && strcmp(key->name, value->key) != 0)
            key++;
        if (!key->name)
            return spec_key_error(spec, value, "unknown key \"%.60s\"", value->key);
        if (key->kind != JSON_NULL && value->kind != key->kind)
            return spec_error(spec, value, "\"%s\" must be %s, not %s", key->name, json_kind_name(key->kind),
                              json_kind_name(value->kind));
        if (!key->take(spec, value))
            return false;
    }
    return true;
}

bool spec_take_one_of(struct spec *spec, const struct json *value, const char *const *words, unsigned *which)
{
    for (*which = 0; words[*which]; ++*which)
        if (strcmp(value->text, words[*which]) == 0)
            return true;
    return spec_error(spec, value, "\"%s\" cannot be \"%.60s\"", value->key, value->text);
}

bool spec_take_number(struct spec *spec, const struct json *value, uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(value->text, &end, 10);
    if (*end || errno || value->text[0] == '-' || *number == 0)
        return spec_error(spec, value, "\"%s\" must be a whole number above 0", value->key);
    return true;
}

/* "64M", "1G" */
static bool take_size(struct spec *spec, const struct json *value, uint64_t *bytes)
{
    static const char units[] = "KMG";
    char *end;
    const char *unit;
    errno = 0;
    *bytes = strtoull(value->text, &end, 10);
    unit = *end ? strchr(units, *end) : NULL;
    if (!unit || end[1] || errno || end - value->text > 8 || value->text[0] < '1' || value->text[0] > '9')
        return spec_error(spec, value, "\"%s\" must be a size such as \"64M\" or \"1G\"", value->key);
    *bytes <<= 10 * (unit - units + 1);
    return true;
}

static bool each_is_string(struct spec *spec, const struct json *list)
{
    for (const struct json *item = list->first; item; item = item->next)
        if (item->kind != JSON_STRING)
            return spec_error(spec, item, "must be a string, not %s", json_kind_name(item->kind));
    return true;
}

/* ---- files ---- */

/* Absolute, or below the user's home; a spec is found in other directories than it is written in. */
static char *absolute(const char *path)
{
    const char *home = getenv("HOME");
    char *result;
    if (path[0] == '/')
        return (char *)path;
    if (path[0] != '~' || path[1] != '/' || !home || home[0] != '/')
        return NULL;
    return asprintf(&result, "%s%s", home, path + 1) < 0 ? NULL : result;
}

static bool take_access(struct spec *spec, const struct json *value, enum policy_access *access)
{
    static const char *const words[] = {
        [POLICY_NONE] = "none", [POLICY_READ] = "ro", [POLICY_WRITE] = "rw", NULL};
    unsigned which;
    if (!spec_take_one_of(spec, value, words, &which))
        return false;
    *access = (enum policy_access)which;
    return true;
}

static bool take_args(struct spec *spec, const struct json *value)
{
    return take_access(spec, value, &spec->args);
}

static bool take_cwd(struct spec *spec, const struct json *value)
{
    return take_access(spec, value, &spec->cwd);
}

static bool take_tmp(struct spec *spec, const struct json *value)
{
    return take_access(spec, value, &spec->tmp);
}

static bool take_paths(struct spec *spec, const struct json *value)
{
    for (const struct json *item = value->first; item; item = item->next) {
        struct spec_path *path = calloc(1, sizeof *path);
        if (!path)
            return spec_error(spec, item, "out of memory");
        if (item->kind != JSON_STRING)
            return spec_error(spec, item, "must be a string, not %s", json_kind_name(item->kind));
        if (!take_access(spec, item, &path->access))
            return false;
        if (path->access == POLICY_NONE)
            return spec_error(spec, item, "a path that is not given is not named");
        path->path = absolute(item->key);
        if (!path->path)
            return spec_key_error(spec, item, "a path must begin with / or ~/");
        path->at = item;
        path->next = spec->paths;
        spec->paths = path;
    }
    return true;
}

static bool take_files(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"args", JSON_STRING, take_args}, {"cwd", JSON_STRING, take_cwd}, {"paths", JSON_OBJECT, take_paths},
        {"tmp", JSON_STRING, take_tmp},   {NULL, JSON_NULL, NULL},
    };
    spec->says_files = true;
    return spec_take_object(spec, value, keys);
}

/* ---- environment ---- */

static bool is_name(const char *text, bool star)
{
    size_t len = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");
    return (len > 0 || star) && (text[0] < '0' || text[0] > '9') &&
           (!text[len] || (star && strcmp(text + len, "*") == 0));
}

static bool take_pass(struct spec *spec, const struct json *value)
{
    spec->env_pass = value;
    if (!each_is_string(spec, value))
        return false;
    for (const struct json *item = value->first; item; item = item->next)
        if (!is_name(item->text, true))
            return spec_error(spec, item, "not a variable's name, with or without a * at its end");
    return true;
}

static bool take_set(struct spec *spec, const struct json *value)
{
    spec->env_set = value;
    for (const struct json *item = value->first; item; item = item->next) {
        if (!is_name(item->key, false))
            return spec_key_error(spec, item, "not a variable's name");
        if (item->kind != JSON_STRING)
            return spec_error(spec, item, "must be a string, not %s", json_kind_name(item->kind));
    }
    return true;
}

static bool take_environment(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"pass", JSON_ARRAY, take_pass},
        {"set", JSON_OBJECT, take_set},
        {NULL, JSON_NULL, NULL},
    };
    if (!spec_take_object(spec, value, keys))
        return false;
    for (const struct json *p = spec->env_pass ? spec->env_pass->first : NULL; p; p = p->next)
        for (const struct json *s = spec->env_set ? spec->env_set->first : NULL; s; s = s->next)
            if (strcmp(p->text, s->key) == 0)
                return spec_error(spec, p, "\"%.60s\" is set, too: it cannot be both", p->text);
    return true;
}

/* ---- limits ---- */

static bool take_cpu(struct spec *spec, const struct json *value)
{
    return spec_take_number(spec, value, &spec->cpu_seconds);
}

static bool take_file_size(struct spec *spec, const struct json *value)
{
    return take_size(spec, value, &spec->file_bytes);
}

static bool take_limits(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"cpu", JSON_NUMBER, take_cpu},
        {"file-size", JSON_STRING, take_file_size},
        {NULL, JSON_NULL, NULL},
    };
    return spec_take_object(spec, value, keys);
}

/* ---- the whole ---- */

static bool take_version(struct spec *spec, const struct json *value)
{
    return strcmp(value->text, "1") == 0 || spec_error(spec, value, "\"version\" must be 1");
}

static bool take_description(struct spec *spec, const struct json *value)
{
    return true;
}

static bool take_kind(struct spec *spec, const struct json *value)
{
    static const char *const kinds[] = {"linux", NULL};
    unsigned which;
    return boot_kind_named(value->text) || spec_take_one_of(spec, value, kinds, &which);
}

/* "none", or a list of grants. */
static bool take_network(struct spec *spec, const struct json *value)
{
    static const char *const networks[] = {"none", NULL};
    struct network_grant grant;
    const char *why;
    unsigned which;
    spec->says_network = true;
    if (value->kind == JSON_STRING)
        return spec_take_one_of(spec, value, networks, &which);
    if (value->kind != JSON_ARRAY)
        return spec_error(spec, value, "\"network\" must be \"none\" or an array, not %s",
                          json_kind_name(value->kind));
    if (!each_is_string(spec, value))
        return false;
    for (const struct json *item = value->first; item; item = item->next)
        if (!network_parse(item->text, &grant, &why))
            return spec_error(spec, item, "%s", why);
    spec->network = value;
    return true;
}

static bool take_terminal(struct spec *spec, const struct json *value)
{
    static const char *const kinds[] = {"filtered", "raw", NULL};
    unsigned which;
    if (!spec_take_one_of(spec, value, kinds, &which))
        return false;
    spec->raw_terminal = which == 1 ? value : NULL;
    return true;
}

bool spec_take_path(struct spec *spec, const struct json *value, char **path)
{
    const char *slash = strrchr(spec->file, '/');
    if (strncmp(value->text, "./", 2) == 0 || strncmp(value->text, "../", 3) == 0) {
        int dir = slash ? (int)(slash - spec->file) + 1 : 0;
        if (asprintf(path, "%.*s%s", dir, spec->file, value->text) < 0)
            return spec_error(spec, value, "out of memory");
        return true;
    }
    *path = absolute(value->text);
    return *path || spec_error(spec, value, "\"%s\" must begin with /, ./, ../ or ~/", value->key);
}

static bool take_program(struct spec *spec, const struct json *value)
{
    spec->program_at = value;
    return spec_take_path(spec, value, &spec->program);
}

static bool take_digest(struct spec *spec, const struct json *value)
{
    size_t prefix = strlen(DIGEST_PREFIX);
    if (strncmp(value->text, DIGEST_PREFIX, prefix) != 0 || !store_is_hex(value->text + prefix))
        return spec_error(spec, value, "\"digest\" must be sha256: and 64 hexadecimal digits");
    spec->digest = value->text + prefix;
    spec->digest_at = value;
    return true;
}

static bool take_argument_zero(struct spec *spec, const struct json *value)
{
    spec->argument_zero = value->text;
    return true;
}

static bool take_arguments(struct spec *spec, const struct json *value)
{
    size_t count = 0;
    if (!each_is_string(spec, value))
        return false;
    for (const struct json *item = value->first; item; item = item->next)
        count++;
    spec->arguments = calloc(count + 1, sizeof *spec->arguments);
    if (!spec->arguments)
        return spec_error(spec, value, "out of memory");
    count = 0;
    for (const struct json *item = value->first; item; item = item->next)
        spec->arguments[count++] = item->text;
    return true;
}

static bool take_memory(struct spec *spec, const struct json *value)
{
    if (!take_size(spec, value, &spec->memory_bytes))
        return false;
    return spec->memory_bytes >= 16u << 20 || spec_error(spec, value, "\"memory\" must be at least \"16M\"");
}

static bool take_spec(struct spec *spec, const struct json *root)
{
    static const struct spec_key keys[] = {
        {"argument-zero", JSON_STRING, take_argument_zero},
        {"arguments", JSON_ARRAY, take_arguments},
        {"command-line", JSON_STRING, boot_take},
        {"completion", JSON_OBJECT, spec_take_completion},
        {"console", JSON_STRING, boot_take},
        {"description", JSON_STRING, take_description},
        {"digest", JSON_STRING, take_digest},
        {"disk", JSON_OBJECT, boot_take},
        {"environment", JSON_OBJECT, take_environment},
        {"exit", JSON_OBJECT, boot_take},
        {"files", JSON_OBJECT, take_files},
        {"initrd", JSON_STRING, boot_take},
        {"input", JSON_STRING, boot_take},
        {"input-after", JSON_STRING, boot_take},
        {"kind", JSON_STRING, take_kind},
        {"limits", JSON_OBJECT, take_limits},
        {"lines", JSON_STRING, boot_take},
        {"machine", JSON_STRING, boot_take},
        {"memory", JSON_STRING, take_memory},
        {"network", JSON_NULL, take_network},
        {"placement", JSON_OBJECT, spec_take_placement},
        {"program", JSON_STRING, take_program},
        {"quoting", JSON_STRING, boot_take},
        {"terminal", JSON_STRING, take_terminal},
        {"trigger", JSON_OBJECT, spec_take_trigger},
        {"version", JSON_NUMBER, take_version},
        {NULL, JSON_NULL, NULL},
    };
    const struct json *version = NULL;
    if (root->kind != JSON_OBJECT)
        return spec_error(spec, root, "a spec must be an object, not %s", json_kind_name(root->kind));
    for (const struct json *value = root->first; value; value = value->next)
        if (strcmp(value->key, "version") == 0)
            version = value;
    if (!version)
        return spec_error(spec, root, "\"version\" is missing");
    boot_begin(spec, root);
    return spec_take_object(spec, root, keys) && boot_check_keys(spec, root);
}

static char *slurp(const char *file, size_t *len)
{
    struct stat st;
    char *text = NULL;
    ssize_t got = -1;
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX)
        text = malloc((size_t)st.st_size + 1);
    else
        errno = EFBIG;
    if (text)
        got = pread(fd, text, (size_t)st.st_size, 0);
    close(fd);
    if (got < 0)
        return NULL;
    *len = (size_t)got;
    return text;
}

bool spec_read_text(struct spec *spec, const char *file, const char *text, size_t len)
{
    struct json *root;
    *spec = (struct spec){.file = file, .args = POLICY_WRITE, .cwd = POLICY_WRITE, .tmp = POLICY_WRITE};
    digest_bytes(text, len, spec->own_digest);
    root = json_read(text, len, &spec->error);
    spec->root = root;
    return root && take_spec(spec, root);
}

bool spec_read(struct spec *spec, const char *file)
{
    size_t len;
    char *text = slurp(file, &len);
    if (text)
        return spec_read_text(spec, file, text, len);
    *spec = (struct spec){.file = file};
    return spec_error(spec, NULL, "%s", strerror(errno));
}
