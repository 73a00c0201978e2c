/* decide.c - the rule: the first line that matches decides. */
#include "gate.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB (1ull << 20)

/* A pattern without "=" is for the common name alone. */
static bool matches_cert(const char *pattern, const char *dn)
{
    char name[256];
    const char *cn = strncmp(dn, "CN=", 3) == 0 ? dn : strstr(dn, ",CN=");
    size_t len;
    if (strchr(pattern, '=') || !cn)
        return fnmatch(pattern, dn, 0) == 0;
    cn += strcspn(cn, "=") + 1;
    len = strcspn(cn, ",");
    if (len >= sizeof name)
        return false;
    memcpy(name, cn, len);
    name[len] = '\0';
    return fnmatch(pattern, name, 0) == 0;
}

static bool matches_who(const char *who, const struct gate_ask *ask)
{
    if (strcmp(who, "*") == 0)
        return true;
    if (strncmp(who, "cert:", 5) == 0)
        return ask->cert && matches_cert(who + 5, ask->cert);
    if (strncmp(who, "uid:", 4) == 0)
        return ask->has_uid && ask->uid == strtoull(who + 4, NULL, 10);
    return ask->user && fnmatch(who + 5, ask->user, 0) == 0;
}

static const char *digest_of(struct gate_ask *ask, struct gate_boot *boot)
{
    if (boot->digest)
        return boot->digest;
    if (!boot->file || !ask->hash || !ask->hash(boot->file, boot->hex))
        boot->hex[0] = '\0';
    return boot->digest = boot->hex;
}

/* All that it boots from is listed, so nobody brings a known kernel and an initrd of his own. */
static bool is_made_of(const struct gate_image *image, struct gate_ask *ask)
{
    for (unsigned i = 0; i < ask->nboots; i++) {
        const char *digest = digest_of(ask, &ask->boots[i]);
        bool listed = false;
        for (unsigned j = 0; j < image->count && !listed; j++)
            listed = strcmp(digest, image->digest[j]) == 0;
        if (!listed)
            return false;
    }
    return ask->nboots > 0;
}

static bool is_called(const struct gate_rules *rules, const char *name, struct gate_ask *ask)
{
    for (unsigned i = 0; i < rules->nimages; i++)
        if (strcmp(rules->images[i].name, name) == 0 && is_made_of(&rules->images[i], ask))
            return true;
    return false;
}

static bool matches_image(const struct gate_rules *rules, const char *image, struct gate_ask *ask)
{
    if (strcmp(image, "*") == 0 || strcmp(image, gate_kind_name(ask->kind)) == 0)
        return true;
    if (strncmp(image, "sha256:", 7) == 0)
        return ask->image < ask->nboots && strcmp(image + 7, digest_of(ask, &ask->boots[ask->image])) == 0;
    return is_called(rules, image, ask);
}

/* The first of those asked for that none of the given ones fits; NULL: there is none. */
static const char *beyond(const struct gate_words *asked, const struct gate_words *given)
{
    for (unsigned i = 0; i < asked->count && !given->any; i++) {
        bool fits = false;
        for (unsigned j = 0; j < given->count && !fits; j++)
            fits = fnmatch(given->word[j], asked->word[i], 0) == 0 && !strstr(asked->word[i], "/../");
        if (!fits)
            return asked->word[i];
    }
    return NULL;
}

/* What is asked for and the rule does not give is the reason. */
static bool gives(const struct gate_rule *rule, const struct gate_ask *ask, char why[GATE_WHY])
{
    const char *network = beyond(&ask->networks, &rule->networks), *file = beyond(&ask->files, &rule->files);
    if (rule->memory_bytes && ask->memory_bytes > rule->memory_bytes)
        snprintf(why, GATE_WHY, "%llu MiB of memory are more than %llu",
                 (unsigned long long)(ask->memory_bytes / MIB),
                 (unsigned long long)(rule->memory_bytes / MIB));
    else if (rule->cpus && ask->cpus > rule->cpus)
        snprintf(why, GATE_WHY, "%llu processors are more than %llu", (unsigned long long)ask->cpus,
                 (unsigned long long)rule->cpus);
    else if (network)
        snprintf(why, GATE_WHY, "the network %.100s is not given", network);
    else if (file)
        snprintf(why, GATE_WHY, "the file %.180s is not given", file);
    else if (ask->device && !rule->devices)
        snprintf(why, GATE_WHY, "the device %.150s is not given", ask->device);
    else
        return true;
    return false;
}

struct gate_verdict gate_decide(const struct gate_rules *rules, struct gate_ask *ask)
{
    struct gate_verdict verdict = {0};
    for (unsigned i = 0; i < rules->count; i++) {
        const struct gate_rule *rule = &rules->rules[i];
        if (!matches_who(rule->who, ask) || !matches_image(rules, rule->image, ask))
            continue;
        verdict.line = rule->line;
        verdict.allow = rule->allow && gives(rule, ask, verdict.why);
        if (!rule->allow)
            snprintf(verdict.why, sizeof verdict.why, "it says deny");
        return verdict;
    }
    snprintf(verdict.why, sizeof verdict.why, "no line allows it");
    return verdict;
}
