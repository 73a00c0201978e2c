/* policy.c - policies as text, and what they leave of an environment. */
#include "vmproc/policy.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLICY_BYTES_MAX (1 << 20)

int policy_add(struct policy *policy, enum policy_kind kind, const char *text)
{
    if (policy->count == policy->room) {
        unsigned room = policy->room ? 2 * policy->room : 8;
        struct policy_item *grown = realloc(policy->items, room * sizeof *grown);
        if (!grown)
            return -ENOMEM;
        policy->items = grown;
        policy->room = room;
    }
    policy->items[policy->count++] = (struct policy_item){kind, text};
    return 0;
}

bool policy_is_ordinary(const struct policy *p)
{
    return p->arguments == POLICY_WRITE && p->cwd == POLICY_WRITE && p->tmpdir == POLICY_WRITE &&
           p->rest == POLICY_NONE && !p->explain && !p->env_listed && !p->raw_terminal && !p->network_open &&
           !p->memory_bytes && !p->cpu_seconds && !p->file_bytes && !p->count;
}

int policy_write(const struct policy *p)
{
    int fd = memfd_create("policy", MFD_CLOEXEC | MFD_ALLOW_SEALING), copy;
    FILE *out;
    bool bad;
    if (fd < 0)
        return -errno;
    copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    out = copy < 0 ? NULL : fdopen(copy, "w");
    if (!out) {
        close(fd);
        return -errno;
    }
    fprintf(out, "a%d%cc%d%ct%d%c/%d%cx%d%cl%d%cm%" PRIu64 "%c", p->arguments, 0, p->cwd, 0, p->tmpdir, 0,
            p->rest, 0, p->explain, 0, p->env_listed, 0, p->memory_bytes, 0);
    fprintf(out, "s%" PRIu64 "%cf%" PRIu64 "%cT%d%cN%d%c", p->cpu_seconds, 0, p->file_bytes, 0,
            p->raw_terminal, 0, p->network_open, 0);
    for (unsigned i = 0; i < p->count; i++)
        fprintf(out, "%c%s%c", p->items[i].kind, p->items[i].text, 0);
    bad = ferror(out);
    if (fclose(out) || bad ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) < 0) {
        close(fd);
        return -EIO;
    }
    return fd;
}

/* ---- reading ---- */

static int read_all(struct policy *p, int fd, size_t *len)
{
    struct stat st;
    if (fstat(fd, &st))
        return -errno;
    if (st.st_size <= 0 || st.st_size > POLICY_BYTES_MAX)
        return -EINVAL;
    *len = (size_t)st.st_size;
    p->bytes = malloc(*len);
    if (!p->bytes)
        return -ENOMEM;
    if (pread(fd, p->bytes, *len, 0) != (ssize_t)*len || p->bytes[*len - 1] != '\0')
        return -EINVAL;
    return 0;
}

static int take(struct policy *p, char kind, const char *text)
{
    char *end;
    unsigned long long number;
    if (strchr("rw+-=noRLIA", kind))
        return policy_add(p, (enum policy_kind)kind, text);
    number = strtoull(text, &end, 10);
    if (!*text || *end || (!strchr("msf", kind) && number > POLICY_WRITE))
        return -EINVAL;
    switch ((enum policy_kind)kind) {
    case POLICY_ARGUMENTS:
        p->arguments = (enum policy_access)number;
        return 0;
    case POLICY_CWD:
        p->cwd = (enum policy_access)number;
        return 0;
    case POLICY_TMPDIR:
        p->tmpdir = (enum policy_access)number;
        return 0;
    case POLICY_REST:
        p->rest = (enum policy_access)number;
        return 0;
    case POLICY_EXPLAIN:
        p->explain = number;
        return 0;
    case POLICY_TERMINAL:
        p->raw_terminal = number;
        return 0;
    case POLICY_ENV_LISTED:
        p->env_listed = number;
        return 0;
    case POLICY_NETWORK_OPEN:
        p->network_open = number;
        return 0;
    case POLICY_MEMORY:
        p->memory_bytes = number;
        return 0;
    case POLICY_CPU:
        p->cpu_seconds = number;
        return 0;
    case POLICY_FILE_SIZE:
        p->file_bytes = number;
        return 0;
    default:
        return -EINVAL;
    }
}

int policy_read(struct policy *policy, int fd)
{
    size_t len = 0, at = 0;
    int err;
    *policy = (struct policy){0};
    err = read_all(policy, fd, &len);
    while (!err && at < len) {
        const char *record = policy->bytes + at;
        at += strlen(record) + 1;
        err = record[0] ? take(policy, record[0], record + 1) : -EINVAL;
    }
    if (err)
        policy_free(policy);
    return err;
}

void policy_free(struct policy *policy)
{
    free(policy->items);
    free(policy->bytes);
    *policy = (struct policy){0};
}

/* ---- the environment ---- */

static bool names(const struct policy_item *item, const char *variable, size_t len)
{
    size_t size = item->kind == POLICY_ENV_SET ? strcspn(item->text, "=") : strlen(item->text);
    if (item->kind == POLICY_ENV_PASS && size && item->text[size - 1] == '*')
        return len >= size - 1 && memcmp(item->text, variable, size - 1) == 0;
    return len == size && memcmp(item->text, variable, len) == 0;
}

static bool is_passed(const struct policy *p, const char *variable)
{
    size_t len = strcspn(variable, "=");
    bool passed = !p->env_listed;
    for (unsigned i = 0; i < p->count; i++) {
        const struct policy_item *item = &p->items[i];
        switch (item->kind) {
        case POLICY_ENV_PASS:
            passed |= names(item, variable, len);
            break;
        case POLICY_ENV_DROP:
        case POLICY_ENV_SET:
            if (names(item, variable, len))
                return false;
            break;
        default:
            break;
        }
    }
    return passed;
}

char **policy_environment(const struct policy *policy, char *const *envp)
{
    size_t n = 0, at = 0;
    char **result;
    while (envp[n])
        n++;
    result = malloc((n + policy->count + 1) * sizeof *result);
    if (!result)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (is_passed(policy, envp[i]))
            result[at++] = envp[i];
    for (unsigned i = 0; i < policy->count; i++)
        if (policy->items[i].kind == POLICY_ENV_SET)
            result[at++] = (char *)policy->items[i].text;
    result[at] = NULL;
    return result;
}
