/* boot_print.c - a spec for an image, as text: what probing says, each default in plain sight. */
#include "spec.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const machines[] = {[BOOT_MICROVM] = "microvm", [BOOT_PC] = "pc", [BOOT_Q35] = "q35"};
static const char *const inputs[] = {
    [BOOT_INPUT_NONE] = "none", [BOOT_INPUT_OPEN] = "open", [BOOT_INPUT_EOT] = "eot"};
static const char *const quotings[] = {[BOOT_QUOTE_NONE] = "none",
                                       [BOOT_QUOTE_LINUX] = "linux",
                                       [BOOT_QUOTE_EITHER] = "quotes",
                                       [BOOT_QUOTE_ESCAPE] = "escapes"};

static void put_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text < ' ')
            printf("\\u%04x", *text);
        else
            putchar(*text);
    }
    putchar('"');
}

static void put_description(const struct probe *probe)
{
    const char *between = "";
    char text[160] = "";
    for (unsigned bit = 0; bit < 6; bit++) {
        if (!(probe->formats & 1u << bit))
            continue;
        strcat(strcat(text, between), probe_format_name(1u << bit));
        between = ", ";
    }
    if (probe->system)
        snprintf(text + strlen(text), sizeof text - strlen(text), "; %s", probe_system_name(probe->system));
    printf("  \"description\": ");
    put_string(text);
}

static void put_exit(const struct spec_boot *boot)
{
    const char *between = "";
    printf(",\n  \"exit\": {\"port\": \"%#x\"", boot->exit_port);
    for (unsigned i = 0; i < 256; i++) {
        if (boot->port_status[i] == i)
            continue;
        printf("%s\"%u\": %u", *between ? between : ", \"values\": {", i, boot->port_status[i]);
        between = ", ";
    }
    printf("%s, \"power-off\": %u, \"reset\": %u, \"panic\": %u, \"halt\": %u}", *between ? "}" : "",
           boot->power_off, boot->reset, boot->panic, boot->halt);
}

static void put_spec(const struct spec *spec, const struct probe *probe, const char *path)
{
    const struct spec_boot *boot = &spec->boot;
    printf("{\n  \"version\": 1,\n");
    put_description(probe);
    printf(",\n  \"program\": ");
    put_string(path);
    printf(",\n  \"kind\": \"%s\",\n  \"machine\": \"%s\",\n  \"console\": \"serial\",\n  \"input\": \"%s\"",
           boot_kind_name(boot->kind), machines[boot->machine], inputs[boot->input]);
    if (boot->kind != BOOT_KIND_DISK) {
        printf(",\n  \"command-line\": ");
        put_string(boot_template_of(boot));
        printf(",\n  \"quoting\": \"%s\"", quotings[boot->quoting]);
    } else {
        printf(",\n  \"disk\": {\"access\": \"throw-away\", \"bus\": \"virtio\", \"format\": \"%s\"}",
               boot->disk_qcow2 ? "qcow2" : "raw");
    }
    put_exit(boot);
    printf("\n}\n");
}

int boot_print_probe(const char *path)
{
    struct spec spec;
    struct probe probe;
    char *whole = realpath(path, NULL);
    int fd;
    if (!boot_spec_of_image(&spec, path)) {
        fprintf(stderr, "%s: %s\n", path, spec.error.text);
        return 1;
    }
    fd = spec.boot.image_fd >= 0 ? spec.boot.image_fd : spec.boot.disk_fd;
    if (probe_file(fd, true, &probe) || !whole)
        return 1;
    put_spec(&spec, &probe, whole);
    return fflush(stdout) ? 1 : 0;
}
