/*
 * main.c - vmproc-spec: what stands between the shell and the shim when a command has an image spec.
 *
 *   vmproc-spec OPTIONS SPEC ARGV0 ARG...   executed by vmproc_exec(); becomes the shim
 *   vmproc-spec --check FILE...             behind `vm image check`
 *   vmproc-spec --probe FILE                behind `vm image probe`
 *   vmproc-spec --completion FILE           what the shell's completion asks
 *
 * SPEC may also be a bootable image itself, which is then run by what probing says.
 *
 * A program of its own, because it links a JSON library: the shell and the shim start too often for that.
 *
 * OPTIONS is the shim's, with the policy that the shell has made. The spec narrows it, and widens it only
 * when the command was found in PATH, where somebody has put it to be used: what lies beside a program that
 * was named by its path came with that program.
 */
#include "spec.h"
#include "verify.h"
#include "vmproc/net_link.h"
#include "vmproc/parts.h"
#include "vmproc/shim_args.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_NOT_RUN 126

struct command {
    const char *name; /* argv[0] */
    bool may_widen;
    struct shim_args args;
    struct policy policy;
    struct spec spec;
};

_Noreturn __attribute__((format(printf, 2, 3))) static void fail(const struct command *c, const char *format,
                                                                 ...)
{
    const char *slash = strrchr(c->name, '/');
    va_list args;
    fprintf(stderr, "fleetsh: %s: ", slash ? slash + 1 : c->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(STATUS_NOT_RUN);
}

static void print_error(const struct spec *spec)
{
    if (spec->error.line)
        fprintf(stderr, "%s:%u:%u: %s", spec->file, spec->error.line, spec->error.column, spec->error.text);
    else
        fprintf(stderr, "%s: %s", spec->file, spec->error.text);
}

_Noreturn static void fail_in_spec(const struct command *c)
{
    const char *slash = strrchr(c->name, '/');
    fprintf(stderr, "fleetsh: %s: ", slash ? slash + 1 : c->name);
    print_error(&c->spec);
    fputc('\n', stderr);
    exit(STATUS_NOT_RUN);
}

/* ---- the policy ---- */

static enum policy_access less(enum policy_access a, enum policy_access b)
{
    return a < b ? a : b;
}

static void add(struct command *c, enum policy_kind kind, const char *text)
{
    if (policy_add(&c->policy, kind, text))
        fail(c, "%s", strerror(ENOMEM));
}

/* What the spec names whole is no longer withheld. */
static void hand_on(struct policy *policy, const char *name)
{
    for (unsigned i = 0; i < policy->count; i++)
        if (policy->items[i].kind == POLICY_ENV_DROP && strcmp(policy->items[i].text, name) == 0)
            policy->items[i--] = policy->items[--policy->count];
}

static void merge_environment(struct command *c)
{
    const struct spec *spec = &c->spec;
    c->policy.env_listed |= spec->env_pass != NULL;
    for (const struct json *item = spec->env_pass ? spec->env_pass->first : NULL; item; item = item->next) {
        add(c, POLICY_ENV_PASS, item->text);
        if (c->may_widen)
            hand_on(&c->policy, item->text);
    }
    for (const struct json *item = spec->env_set ? spec->env_set->first : NULL; item; item = item->next) {
        char *text;
        if (asprintf(&text, "%s=%s", item->key, item->text) < 0)
            fail(c, "%s", strerror(ENOMEM));
        add(c, POLICY_ENV_SET, text);
    }
}

/* As it was found, by its spec or its program. */
static const char *image_name(const struct command *c)
{
    const char *slash = strrchr(c->name, '/');
    char *name = strdup(slash ? slash + 1 : c->name);
    size_t len = name ? strlen(name) : 0;
    if (!name)
        fail(c, "%s", strerror(ENOMEM));
    if (len > 3 && strcmp(name + len - 3, ".vm") == 0)
        name[len - 3] = '\0';
    return name;
}

static void merge(struct command *c)
{
    struct policy *p = &c->policy;
    const struct spec *spec = &c->spec;
    p->arguments = less(p->arguments, spec->args);
    p->cwd = less(p->cwd, spec->cwd);
    p->tmpdir = less(p->tmpdir, spec->tmp);
    if (spec->says_files)
        p->rest = POLICY_NONE;
    p->memory_bytes = spec->memory_bytes;
    p->cpu_seconds = spec->cpu_seconds;
    p->file_bytes = spec->file_bytes;
    for (const struct spec_path *path = spec->paths; path; path = path->next) {
        if (!c->may_widen) {
            spec_key_error(&c->spec, path->at,
                           "only the spec of a command found in PATH can give more; use `with`");
            fail_in_spec(c);
        }
        add(c, path->access == POLICY_WRITE ? POLICY_PATH_WRITE : POLICY_PATH_READ, path->path);
    }
    if (spec->says_network)
        p->network_open = false;
    for (const struct json *item = spec->network ? spec->network->first : NULL; item; item = item->next) {
        if (!c->may_widen) {
            spec_error(&c->spec, item, "only the spec of a command found in PATH can give more; use `with`");
            fail_in_spec(c);
        }
        add(c, POLICY_NETWORK, item->text);
    }
    if (spec->raw_terminal && !c->may_widen) {
        spec_key_error(&c->spec, spec->raw_terminal,
                       "only the spec of a command found in PATH can give the terminal unfiltered");
        fail_in_spec(c);
    }
    p->raw_terminal = spec->raw_terminal != NULL;
    for (const struct json *item = spec->routers ? spec->routers->first : NULL; item; item = item->next)
        add(c, POLICY_ROUTER, item->text);
    add(c, POLICY_IMAGE, image_name(c));
    for (const struct json *item = spec->labels ? spec->labels->first : NULL; item; item = item->next)
        add(c, POLICY_LABEL, item->text);
    if (spec->architecture)
        add(c, POLICY_ARCHITECTURE, spec->architecture);
    merge_environment(c);
}

/* ---- going on as the shim ---- */

static void take_options(struct command *c, const char *options)
{
    if (shim_args_parse(&c->args, options))
        fail(c, "vmproc-spec is of another version than the shell");
    c->policy = POLICY_ORDINARY;
    if (c->args.policy_fd >= 0 && policy_read(&c->policy, c->args.policy_fd))
        fail(c, "cannot read what it is given");
    if (c->args.policy_fd >= 0)
        close(c->args.policy_fd);
}

/* busybox and its like go by it. */
static char *argument_zero(const struct command *c, char *name)
{
    if (c->spec.argument_zero)
        return (char *)c->spec.argument_zero;
    return c->spec.program_at && !c->spec.boot.kind ? c->spec.program : name;
}

static void keep_over_exec(const struct command *c, int fd)
{
    if (fd >= 0 && fcntl(fd, F_SETFD, 0) < 0)
        fail(c, "%s", strerror(errno));
}

/* What `with` has given, as far as a bootable image can be given it. Its spec's own grants were looked at by boot_check(). */
static bool has_network(struct command *c)
{
    unsigned ports = 0;
    bool has = c->policy.network_open;
    for (unsigned i = 0; i < c->policy.count; i++) {
        struct network_grant grant;
        const char *why;
        if (c->policy.items[i].kind != POLICY_NETWORK)
            continue;
        has = true;
        if (network_parse(c->policy.items[i].text, &grant, &why))
            why = net_link_cannot(&grant, &ports);
        if (why)
            fail(c, "%.300s: %s", c->policy.items[i].text, why);
    }
    return has;
}

/* A bootable image: the shim gets a plan, and the files that were looked at. */
static void plan_boot(struct command *c, char **argv)
{
    static struct boot_plan plan;
    char why[160];
    int files[3];
    unsigned n;
    if (!c->spec.boot.kind)
        return;
    if (!boot_plan_of(&c->spec, argv, &plan, why))
        fail(c, "%s", why);
    plan.network = has_network(c);
    c->args.boot_fd = boot_plan_write(&plan);
    if (c->args.boot_fd < 0)
        fail(c, "cannot pass on what it boots: %s", strerror(-c->args.boot_fd));
    keep_over_exec(c, c->args.boot_fd);
    n = boot_plan_files(&plan, files);
    while (n)
        keep_over_exec(c, files[--n]);
}

/* To listen somewhere is to be given that. */
static void merge_trigger(struct command *c)
{
    static const char *const told[] = {"PROTO",         "TCPLOCALIP",  "TCPLOCALPORT", "TCPREMOTEIP",
                                       "TCPREMOTEPORT", "REMOTE_ADDR", "REMOTE_PORT",  "RECORD_NUMBER"};
    char text[TRIGGER_ADDRESS_MAX + 8];
    const char *why;
    struct network_grant wanted, given;
    bool may = c->may_widen || c->spec.trigger_is.kind != TRIGGER_CONNECTION || c->policy.network_open;
    snprintf(text, sizeof text, "listen:%s", c->spec.trigger_is.address);
    network_parse(text, &wanted, &why);
    for (unsigned i = 0; i < c->policy.count && !may; i++)
        may = c->policy.items[i].kind == POLICY_NETWORK &&
              network_parse(c->policy.items[i].text, &given, &why) && given.listen &&
              network_has_port(&given, wanted.port_low) && given.prefix <= wanted.prefix &&
              network_covers(&given, &wanted.address);
    if (!may) {
        spec_error(&c->spec, c->spec.trigger_at,
                   "only the spec of a command found in PATH can listen; use `with -n %.60s`", text);
        fail_in_spec(c);
    }
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        add(c, POLICY_ENV_PASS, told[i]);
}

/* Each handler has a VM of its own, and none of them the one that was meant for the command. */
static void forget_lease(struct shim_args *args)
{
    if (args->lease_fd >= 0)
        close(args->lease_fd);
    args->lease_fd = -1;
    args->wire_in = args->wire_out = args->last = false;
    args->own_files = 0; /* a listener's handlers share what it was given */
}

_Noreturn static void become_shim(struct command *c, char **argv, int argc)
{
    char shim[PATH_MAX], options[SHIM_ARGS_MAX], trigger[TRIGGER_TEXT_MAX];
    size_t extra = 0, n = 0;
    char **words;
    plan_boot(c, argv);
    while (c->spec.arguments && c->spec.arguments[extra])
        extra++;
    words = calloc((size_t)argc + extra + 5, sizeof *words);
    if (c->spec.trigger) {
        merge_trigger(c);
        forget_lease(&c->args);
    }
    c->args.policy_fd = words ? policy_write(&c->policy) : -ENOMEM;
    if (c->args.policy_fd < 0 || fcntl(c->args.policy_fd, F_SETFD, 0) < 0 ||
        (c->args.program_fd >= 0 && fcntl(c->args.program_fd, F_SETFD, 0) < 0))
        fail(c, "cannot pass on what it is given");
    if (part_find(c->spec.trigger ? PART_LISTEN : PART_SHIM, shim))
        fail(c, "%s is missing", c->spec.trigger ? "vmproc-listen" : "vmproc-run");
    shim_args_format(&c->args, options);
    words[n++] = c->spec.trigger ? (char *)c->name : "vmproc-run"; /* the listener calls itself so */
    trigger_format(&c->spec.trigger_is, trigger);
    if (c->spec.trigger)
        words[n++] = trigger;
    words[n++] = options;
    words[n++] = c->spec.program;
    words[n++] = argument_zero(c, argv[0]);
    for (size_t i = 0; i < extra; i++)
        words[n++] = c->spec.arguments[i];
    memcpy(words + n, argv + 1, (size_t)argc * sizeof *words); /* the NULL as well */
    execv(shim, words);
    fail(c, "%s", strerror(errno));
}

static int check_files(char **files)
{
    int status = 0;
    for (; *files; files++) {
        struct spec spec;
        int fd;
        if (spec_read(&spec, *files) && spec_check(&spec) && verify_spec(&spec, &fd))
            continue;
        print_error(&spec);
        fputc('\n', stderr);
        status = 1;
    }
    return status;
}

static bool read_spec(struct spec *spec, const char *file)
{
    const char *reason;
    if (vmproc_kind(file, &reason) == VMPROC_IMAGE)
        return boot_spec_of_image(spec, file);
    return spec_read(spec, file) && spec_check(spec);
}

int main(int argc, char **argv)
{
    static struct command c;
    if (argc > 2 && strcmp(argv[1], "--probe") == 0) {
        if (argc == 3)
            return boot_print_probe(argv[2]);
        fprintf(stderr, "usage: vm image probe FILE\n");
        return 2;
    }
    if (argc == 3 && strcmp(argv[1], "--completion") == 0) {
        if (!spec_read(&c.spec, argv[2]))
            return 1;
        spec_print_completion(&c.spec);
        return 0;
    }
    if (argc > 2 && strcmp(argv[1], "--check") == 0)
        return check_files(argv + 2);
    if (argc < 4) {
        fprintf(stderr, "vmproc-spec: is started by fleetsh; use `vm image check FILE`\n");
        return STATUS_NOT_RUN;
    }
    c.name = argv[3];
    c.may_widen = !strchr(c.name, '/') && argv[2][0] == '/';
    take_options(&c, argv[1]);
    if (!read_spec(&c.spec, argv[2]) || !verify_spec(&c.spec, &c.args.program_fd))
        fail_in_spec(&c);
    merge(&c);
    become_shim(&c, argv + 3, argc - 3);
}
