/*
 * main.c - vmproc-gate: a router's policy.
 *
 *   vmproc-gate --hook POLICY LOG SOCKET NAME OPERATION...  by libvirt's hook: may that domain, whose XML comes on standard
 *                                                           input, start? 0, or 1 with a line for the user
 *   vmproc-gate --test FILE [WHO... IMAGE... [GRANT...]]    behind `vm policy test`: is the file right; which line decides?
 */
#include "gate.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define XML_MAX (4u << 20)

/* ---- the hook ---- */

struct hook {
    const char *policy, *log, *socket, *domain;
};

/* For the administrator. */
__attribute__((format(printf, 2, 3))) static void note(const struct hook *hook, const char *format, ...)
{
    FILE *out = fopen(hook->log, "ae");
    time_t now = time(NULL);
    char when[32];
    va_list args;
    if (!out)
        return;
    strftime(when, sizeof when, "%FT%TZ", gmtime(&now));
    fprintf(out, "%s %.64s: ", when, hook->domain);
    va_start(args, format);
    vfprintf(out, format, args);
    va_end(args);
    fputc('\n', out);
    fclose(out);
}

__attribute__((format(printf, 1, 2))) static int refuse(const char *format, ...)
{
    va_list args;
    fputs(ROUTER_POLICY_MARK, stderr);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    return 1;
}

static char *read_input(size_t *len)
{
    char *text = malloc(XML_MAX);
    size_t got = text ? fread(text, 1, XML_MAX, stdin) : XML_MAX;
    *len = got;
    return got < XML_MAX ? text : NULL;
}

static int run_hook(const struct hook *hook)
{
    struct gate_rules rules;
    struct gate_error error;
    struct gate_ask ask;
    struct gate_claim claim;
    struct gate_verdict verdict;
    char why[GATE_WHY];
    size_t len;
    char *xml = read_input(&len);
    if (!gate_read(hook->policy, &rules, &error)) {
        note(hook, "%s:%u:%u: %s: all is refused", hook->policy, error.line, error.column, error.text);
        return refuse("it has an error, and so refuses all; the router's administrator finds where in %s",
                      hook->log);
    }
    if (!xml || !gate_read_domain(xml, len, &ask, &claim)) {
        note(hook, "its XML cannot be read: refused");
        return refuse("the VM's description cannot be read");
    }
    if (!gate_identify(hook->socket, &claim, &ask, why)) {
        note(hook, "%s: refused", why);
        return refuse("%s", why);
    }
    verdict = gate_decide(&rules, &ask);
    if (verdict.allow)
        return 0;
    note(hook, "line %u: %s; it is %s of %s, certificate %s, uid %lld", verdict.line, verdict.why,
         gate_kind_name(ask.kind), ask.user ? ask.user : "-", ask.cert ? ask.cert : "-",
         ask.has_uid ? (long long)ask.uid : -1);
    if (verdict.line)
        return refuse("line %u: %s", verdict.line, verdict.why);
    return refuse("%s", verdict.why);
}

/* ---- the test ---- */

static int usage(void)
{
    fprintf(stderr, "usage: vm policy test FILE [WHO... IMAGE... [GRANT...]]\n");
    return 2;
}

static bool take_who(struct gate_ask *ask, const char *word)
{
    if (strchr(word, '*') || !gate_is_who(word))
        return false;
    if (strncmp(word, "cert:", 5) == 0)
        ask->cert = word + 5;
    else if (strncmp(word, "user:", 5) == 0)
        ask->user = word + 5;
    else
        ask->uid = strtoull(word + 4, NULL, 10), ask->has_uid = true;
    return true;
}

static void boot(struct gate_ask *ask, const char *digest)
{
    if (ask->nboots < GATE_LIST)
        ask->boots[ask->nboots++].digest = digest;
}

/* A name stands for the files that the policy knows it by, in its first version. */
static bool take_image(const struct gate_rules *rules, struct gate_ask *ask, const char *word)
{
    if (strcmp(word, "*") == 0 || !gate_is_image(rules, word))
        return false;
    for (enum gate_kind kind = 0; kind < GATE_NKINDS; kind++)
        if (strcmp(gate_kind_name(kind), word) == 0) {
            ask->kind = kind;
            return true;
        }
    if (ask->kind == GATE_OTHER)
        ask->kind = GATE_BOOT;
    if (strncmp(word, "sha256:", 7) == 0) {
        boot(ask, word + 7);
        return true;
    }
    for (const struct gate_image *image = rules->images;; image++) {
        if (strcmp(image->name, word) != 0)
            continue;
        for (unsigned i = 0; i < image->count; i++)
            boot(ask, image->digest[i]);
        return true;
    }
}

static bool take_grants(struct gate_ask *ask, char **words)
{
    struct gate_rule asked = {0};
    for (; *words; words++) {
        const char *why;
        if (!gate_parse_grant(*words, &asked, &why)) {
            fprintf(stderr, "vm policy test: %s: %s\n", *words, why);
            return false;
        }
    }
    ask->memory_bytes = asked.memory_bytes;
    ask->cpus = asked.cpus;
    ask->networks = asked.networks;
    ask->files = asked.files;
    ask->device = asked.devices ? "any" : NULL;
    if (!asked.networks.any && !asked.files.any)
        return true;
    fprintf(stderr, "vm policy test: say which networks and files are asked for\n");
    return false;
}

/* 0: allowed, or the file is right; 1: denied; 2: neither can be told. */
static int run_test(const char *file, char **words)
{
    struct gate_rules rules;
    struct gate_error error;
    struct gate_ask ask = {0};
    struct gate_verdict verdict;
    if (!gate_read(file, &rules, &error)) {
        if (error.line)
            fprintf(stderr, "%s:%u:%u: %s\n", file, error.line, error.column, error.text);
        else
            fprintf(stderr, "%s: %s\n", file, error.text);
        return 2;
    }
    if (!*words) {
        printf("%s: no error; %u lines that decide\n", file, rules.count);
        return 0;
    }
    while (*words && take_who(&ask, *words))
        words++;
    if (!*words || !take_image(&rules, &ask, *words)) {
        if (*words)
            fprintf(stderr, "vm policy test: %s: neither who asks nor an image\n", *words);
        return usage();
    }
    while (*++words && take_image(&rules, &ask, *words))
        ;
    if (!take_grants(&ask, words))
        return 2;
    verdict = gate_decide(&rules, &ask);
    if (verdict.line)
        printf("%s:%u: ", file, verdict.line);
    else
        printf("%s: ", file);
    printf(verdict.allow ? "allow\n" : "deny: %s\n", verdict.why);
    return !verdict.allow;
}

int main(int argc, char **argv)
{
    if (argc >= 7 && strcmp(argv[1], "--hook") == 0) {
        const struct hook hook = {argv[2], argv[3], argv[4], argv[5]};
        return strcmp(argv[6], "prepare") == 0 ? run_hook(&hook) : 0;
    }
    if (argc >= 3 && strcmp(argv[1], "--test") == 0)
        return run_test(argv[2], argv + 3);
    return usage();
}
