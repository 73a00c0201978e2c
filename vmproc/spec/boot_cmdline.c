/* boot_cmdline.c - a plan of a spec: the command's words become a kernel's command line. */
#include "spec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\n\v\f\r"

struct line {
    char *text; /* BOOT_CMDLINE_MAX + 1 */
    size_t len;
    bool full;
};

static void put(struct line *line, const char *bytes, size_t n)
{
    if (n > BOOT_CMDLINE_MAX - line->len) {
        line->full = true;
        return;
    }
    memcpy(line->text + line->len, bytes, n);
    line->len += n;
    line->text[line->len] = '\0';
}

static void put_quoted(struct line *line, const char *word, char quote)
{
    put(line, &quote, 1);
    put(line, word, strlen(word));
    put(line, &quote, 1);
}

/* ---- a word; each returns false when it has no way to write this one ---- */

static bool needs_quotes(const char *word, const char *special)
{
    return !word[0] || word[strcspn(word, special)];
}

static bool put_plain(struct line *line, const char *word)
{
    if (needs_quotes(word, BLANKS))
        return false;
    put(line, word, strlen(word));
    return true;
}

static bool put_for_linux(struct line *line, const char *word)
{
    if (strchr(word, '"'))
        return false;
    if (needs_quotes(word, BLANKS))
        put_quoted(line, word, '"');
    else
        put(line, word, strlen(word));
    return true;
}

static bool put_either(struct line *line, const char *word)
{
    if (!needs_quotes(word, BLANKS "\"'"))
        put(line, word, strlen(word));
    else if (!strchr(word, '"'))
        put_quoted(line, word, '"');
    else if (!strchr(word, '\''))
        put_quoted(line, word, '\'');
    else
        return false;
    return true;
}

static bool put_escaped(struct line *line, const char *word)
{
    if (!needs_quotes(word, BLANKS "\"'\\")) {
        put(line, word, strlen(word));
        return true;
    }
    put(line, "\"", 1);
    for (; *word; word++) {
        if (*word == '"' || *word == '\\')
            put(line, "\\", 1);
        put(line, word, 1);
    }
    put(line, "\"", 1);
    return true;
}

static bool (*const quotings[BOOT_NQUOTINGS])(struct line *line, const char *word) = {
    [BOOT_QUOTE_NONE] = put_plain,
    [BOOT_QUOTE_LINUX] = put_for_linux,
    [BOOT_QUOTE_EITHER] = put_either,
    [BOOT_QUOTE_ESCAPE] = put_escaped,
};

/* ---- the line ---- */

const char *boot_template_of(const struct spec_boot *boot)
{
    if (boot->template)
        return boot->template;
    if (boot->kind == BOOT_KIND_DISK)
        return "";
    if (boot->kind == BOOT_KIND_BZIMAGE)
        return boot->console == BOOT_VIRTIO ? "console=hvc0 quiet panic=-1 -- {args}"
                                            : "console=ttyS0 quiet panic=-1 -- {args}";
    return boot->kind == BOOT_KIND_PVH ? "{args}" : "{name} {args}";
}

static bool put_words(struct line *line, const struct spec *spec, char *const argv[], char why[160])
{
    const char *between = "";
    for (char *const *lists[] = {spec->arguments, argv + 1, NULL}, *const **list = lists; list < lists + 2;
         list++) {
        for (char *const *word = *list; word && *word; word++) {
            put(line, between, strlen(between));
            between = " ";
            if (!quotings[spec->boot.quoting](line, *word)) {
                snprintf(why, 160, "its command line has no way to write the argument: %.80s", *word);
                return false;
            }
        }
    }
    return true;
}

static bool has_words(const struct spec *spec, char *const argv[])
{
    return argv[1] || (spec->arguments && spec->arguments[0]);
}

static bool expand(struct line *line, const struct spec *spec, char *const argv[], char why[160])
{
    const char *template = boot_template_of(&spec->boot), *slash = strrchr(argv[0], '/');
    char name[64];
    snprintf(name, sizeof name, "%s", slash ? slash + 1 : argv[0]);
    for (char *c = name; *c; c++)
        if (strchr(BLANKS "\"'\\", *c))
            *c = '_';
    if (has_words(spec, argv) && !strstr(template, "{args}")) {
        snprintf(why, 160, "it takes no arguments: %s",
                 spec->boot.kind == BOOT_KIND_DISK ? "a disk gets no command line"
                                                   : "its \"command-line\" has no {args}");
        return false;
    }
    while (*template) {
        size_t n = strcspn(template, "{");
        put(line, template, n);
        template += n;
        if (!*template)
            break;
        if (strncmp(template, "{name}", 6) == 0)
            put(line, name, strlen(name));
        else if (!put_words(line, spec, argv, why))
            return false;
        template += 6;
    }
    while (line->len && line->text[line->len - 1] == ' ')
        line->text[--line->len] = '\0';
    return true;
}

/* libvirt's XML carries nothing else: UTF-8, and of the control characters only three. */
static bool can_be_carried(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    while (*at) {
        unsigned more = *at < 0x80                  ? 0
                        : *at >= 0xc2 && *at < 0xe0 ? 1
                        : *at >= 0xe0 && *at < 0xf0 ? 2
                        : *at >= 0xf0 && *at < 0xf5 ? 3
                                                    : 9;
        if (more == 9 || (*at < ' ' && !strchr("\t\n\r", *at)) || *at == 0x7f)
            return false;
        if ((at[0] == 0xe0 && at[1] < 0xa0) || (at[0] == 0xed && at[1] >= 0xa0) ||
            (at[0] == 0xf0 && at[1] < 0x90) || (at[0] == 0xf4 && at[1] >= 0x90) ||
            (at[0] == 0xef && at[1] == 0xbf && at[2] >= 0xbe))
            return false;
        for (at++; more; more--, at++)
            if ((*at & 0xc0) != 0x80)
                return false;
    }
    return true;
}

static bool make_line(const struct spec *spec, char *const argv[], struct boot_plan *plan, char why[160])
{
    struct line line = {.text = plan->cmdline};
    uint32_t max = spec->boot.probe.cmdline_max && spec->boot.probe.cmdline_max < BOOT_CMDLINE_MAX
                       ? spec->boot.probe.cmdline_max
                       : BOOT_CMDLINE_MAX;
    if (!expand(&line, spec, argv, why))
        return false;
    if (line.full || line.len > max) {
        snprintf(why, 160, "its command line would be longer than the %u bytes that it takes", max);
        return false;
    }
    if (!can_be_carried(line.text)) {
        snprintf(why, 160, "an argument has a byte that no command line can carry");
        return false;
    }
    plan->cmdline_len = (uint32_t)line.len;
    return true;
}

bool boot_plan_of(const struct spec *spec, char *const argv[], struct boot_plan *plan, char why[160])
{
    const struct spec_boot *boot = &spec->boot;
    *plan = (struct boot_plan){
        .version = BOOT_PLAN_VERSION,
        .load = boot->kind == BOOT_KIND_DISK ? BOOT_LOAD_DISK
                : boot->kind == BOOT_KIND_MULTIBOOT || boot->kind == BOOT_KIND_MULTIBOOT2
                    ? BOOT_LOAD_MULTIBOOT
                    : BOOT_LOAD_KERNEL,
        .machine = boot->machine,
        .console = boot->console,
        .input = boot->input,
        .disk = boot->disk,
        .bus = boot->bus,
        .qcow2 = boot->disk_qcow2,
        .unix_lines = boot->unix_lines,
        .exit_port = boot->exit_port,
        .memory_bytes = spec->memory_bytes,
        .disk_bytes = boot->disk_bytes,
        .kernel_fd = boot->image_fd,
        .initrd_fd = boot->initrd_fd,
        .disk_fd = boot->disk_fd,
        .power_off = boot->power_off,
        .reset = boot->reset,
        .panic = boot->panic,
        .halt = boot->halt,
        .watch_halt = boot->watch_halt,
    };
    if (boot->input_after)
        snprintf(plan->input_after, sizeof plan->input_after, "%s", boot->input_after);
    memcpy(plan->port_status, boot->port_status, sizeof plan->port_status);
    return make_line(spec, argv, plan, why);
}
