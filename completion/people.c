/* people.c - users of this machine, and hosts that the user knows. */
#include "completion/sources.h"
#include "shell/arena.h"
#include "shell/var.h"
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void complete_users(const char *prefix, const char *before, const char *after, struct completions *out)
{
    const struct passwd *entry;
    char text[256];

    setpwent();
    while ((entry = getpwent()) != NULL) {
        if (strncmp(entry->pw_name, prefix, strlen(prefix)) != 0 ||
            snprintf(text, sizeof text, "%s%s%s", before, entry->pw_name, after) >= (int)sizeof text)
            continue;
        char *about = xstrdup(entry->pw_gecos);
        about[strcspn(about, ",")] = '\0';
        completions_add(out, text, *about ? about : entry->pw_dir);
        free(about);
    }
    endpwent();
}

struct search {
    const char *host; /* the beginning that is looked for */
    const char *user; /* what stands before it, @ included */
    size_t user_len;
    struct completions *out;
};

static void add_host(const struct search *search, const char *name, const char *file)
{
    char text[512];

    if (strncmp(name, search->host, strlen(search->host)) == 0 && !strpbrk(name, "*?!|[") &&
        snprintf(text, sizeof text, "%.*s%s", (int)search->user_len, search->user, name) < (int)sizeof text)
        completions_add(search->out, text, file);
}

/* /etc/hosts: address name...; config: Host name...; known_hosts: name,name key. */
enum host_file { HOSTS_FILE, SSH_CONFIG, KNOWN_HOSTS };

static void read_line(const struct search *search, char *line, enum host_file kind, const char *file)
{
    const char *blanks = kind == KNOWN_HOSTS ? "," : " \t\n";
    char *next = line + strspn(line, " \t"), *word;

    if (*next == '#' || *next == '\n')
        return;
    if (kind == KNOWN_HOSTS) {
        next[strcspn(next, " \t\n")] = '\0';
    } else {
        word = strsep(&next, " \t\n");
        if (!next || (kind == SSH_CONFIG && strcasecmp(word, "Host") != 0))
            return;
    }
    while ((word = strsep(&next, blanks)) != NULL) {
        if (*word == '#')
            break;
        if (*word)
            add_host(search, word, file);
    }
}

static void read_file(const struct search *search, const char *home, const char *name, enum host_file kind)
{
    char path[4096], *line = NULL;
    size_t size = 0;

    if (snprintf(path, sizeof path, "%s%s", home, name) >= (int)sizeof path)
        return;
    FILE *file = fopen(path, "re");
    while (file && getline(&line, &size, file) > 0)
        read_line(search, line, kind, *home ? "known to ssh" : name);
    free(line);
    if (file)
        fclose(file);
}

void complete_hosts(struct shell *sh, const char *prefix, struct completions *out)
{
    const char *home = var_get_name(sh, "HOME"), *at = strchr(prefix, '@');
    const struct search search = {at ? at + 1 : prefix, prefix, at ? (size_t)(at + 1 - prefix) : 0, out};

    read_file(&search, "", "/etc/hosts", HOSTS_FILE);
    if (home && *home) {
        read_file(&search, home, "/.ssh/config", SSH_CONFIG);
        read_file(&search, home, "/.ssh/known_hosts", KNOWN_HOSTS);
    }
}
