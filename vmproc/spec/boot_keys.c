/* boot_keys.c - the keys of a spec that are about bootable images. */
#include "boot.h"
#include "spec_keys.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool take_machine(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {
        [BOOT_MICROVM] = "microvm", [BOOT_PC] = "pc", [BOOT_Q35] = "q35", NULL};
    spec->boot.machine_at = value;
    return spec_take_one_of(spec, value, words, &spec->boot.machine);
}

static bool take_console(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {
        [BOOT_SERIAL] = "serial",     [BOOT_VIRTIO] = "virtio", [BOOT_DEBUGCON] = "debugcon",
        [BOOT_FIRMWARE] = "firmware", NULL};
    spec->boot.console_at = value;
    return spec_take_one_of(spec, value, words, &spec->boot.console);
}

static bool take_input(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {
        [BOOT_INPUT_NONE] = "none", [BOOT_INPUT_OPEN] = "open", [BOOT_INPUT_EOT] = "eot", NULL};
    spec->boot.input_at = value;
    return spec_take_one_of(spec, value, words, &spec->boot.input);
}

static bool take_input_after(struct spec *spec, const struct json *value)
{
    size_t len = strlen(value->text);
    spec->boot.input_after = value->text;
    spec->boot.input_after_at = value;
    return (len >= 1 && len <= BOOT_AWAITED_MAX) ||
           spec_error(spec, value, "\"input-after\" must be a text of 1 to 63 bytes");
}

static bool take_lines(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {"as-written", "unix", NULL};
    unsigned which;
    if (!spec_take_one_of(spec, value, words, &which))
        return false;
    spec->boot.unix_lines = which == 1;
    return true;
}

/* ---- the command line ---- */

static bool take_template(struct spec *spec, const struct json *value)
{
    static const char *const names[] = {"{args}", "{name}"};
    spec->boot.template_at = value;
    spec->boot.template = value->text;
    for (const char *brace = value->text; (brace = strchr(brace, '{')); brace++)
        if (strncmp(brace, names[0], 6) != 0 && strncmp(brace, names[1], 6) != 0)
            return spec_error(spec, value, "after a { only \"args}\" and \"name}\" may come");
    return true;
}

static bool take_quoting(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {[BOOT_QUOTE_NONE] = "none",
                                        [BOOT_QUOTE_LINUX] = "linux",
                                        [BOOT_QUOTE_EITHER] = "quotes",
                                        [BOOT_QUOTE_ESCAPE] = "escapes",
                                        NULL};
    unsigned which;
    if (!spec_take_one_of(spec, value, words, &which))
        return false;
    spec->boot.quoting = which;
    return true;
}

/* ---- files ---- */

static bool take_initrd(struct spec *spec, const struct json *value)
{
    spec->boot.initrd_at = value;
    return spec_take_path(spec, value, &spec->boot.initrd);
}

static bool take_disk_file(struct spec *spec, const struct json *value)
{
    spec->boot.disk_file_at = value;
    return spec_take_path(spec, value, &spec->boot.disk_file);
}

static bool take_disk_access(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {"throw-away", "ro", "rw", NULL};
    unsigned which;
    if (!spec_take_one_of(spec, value, words, &which))
        return false;
    spec->boot.disk = BOOT_DISK_OVERLAY + which;
    return true;
}

static bool take_disk_bus(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {[BOOT_BUS_VIRTIO] = "virtio", [BOOT_BUS_IDE] = "ide", NULL};
    spec->boot.bus_at = value;
    return spec_take_one_of(spec, value, words, &spec->boot.bus);
}

static bool take_disk_format(struct spec *spec, const struct json *value)
{
    static const char *const words[] = {"raw", "qcow2", NULL};
    unsigned which;
    spec->boot.format_at = value;
    spec->boot.disk_format = value->text;
    return spec_take_one_of(spec, value, words, &which);
}

static bool take_disk(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"access", JSON_STRING, take_disk_access},
        {"bus", JSON_STRING, take_disk_bus},
        {"file", JSON_STRING, take_disk_file},
        {"format", JSON_STRING, take_disk_format},
        {NULL, JSON_NULL, NULL},
    };
    spec->boot.disk_at = value;
    spec->boot.disk = BOOT_DISK_OVERLAY;
    return spec_take_object(spec, value, keys);
}

/* ---- the end ---- */

static bool take_byte(struct spec *spec, const struct json *value, uint8_t *byte)
{
    char *end;
    unsigned long number = strtoul(value->text, &end, 10);
    if (value->kind != JSON_NUMBER || *end || value->text[0] == '-' || number > 255)
        return spec_error(spec, value, "must be a whole number from 0 to 255");
    *byte = (uint8_t)number;
    return true;
}

static bool take_power_off(struct spec *spec, const struct json *value)
{
    return take_byte(spec, value, &spec->boot.power_off);
}

static bool take_reset(struct spec *spec, const struct json *value)
{
    return take_byte(spec, value, &spec->boot.reset);
}

static bool take_panic(struct spec *spec, const struct json *value)
{
    return take_byte(spec, value, &spec->boot.panic);
}

static bool take_halt(struct spec *spec, const struct json *value)
{
    return take_byte(spec, value, &spec->boot.halt);
}

static bool take_watch_halt(struct spec *spec, const struct json *value)
{
    spec->boot.watch_halt = strcmp(value->text, "true") == 0;
    return true;
}

static bool take_port(struct spec *spec, const struct json *value)
{
    char *end;
    unsigned long port = strtoul(value->text, &end, 0);
    spec->boot.port_at = value;
    if (strcmp(value->text, "none") == 0)
        port = 0;
    else if (*end || value->text[0] < '0' || value->text[0] > '9' || port == 0 || port > 0xffff)
        return spec_error(spec, value, "\"port\" must be an I/O port such as \"0xf4\", or \"none\"");
    spec->boot.exit_port = (uint32_t)port;
    return true;
}

static bool take_values(struct spec *spec, const struct json *value)
{
    for (const struct json *item = value->first; item; item = item->next) {
        char *end;
        unsigned long byte = strtoul(item->key, &end, 0);
        if (*end || item->key[0] < '0' || item->key[0] > '9' || byte > 255)
            return spec_key_error(spec, item, "a value is a number from 0 to 255");
        if (!take_byte(spec, item, &spec->boot.port_status[byte]))
            return false;
    }
    return true;
}

static bool take_exit(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"halt", JSON_NUMBER, take_halt},
        {"panic", JSON_NUMBER, take_panic},
        {"port", JSON_STRING, take_port},
        {"power-off", JSON_NUMBER, take_power_off},
        {"reset", JSON_NUMBER, take_reset},
        {"values", JSON_OBJECT, take_values},
        {"watch-halt", JSON_BOOLEAN, take_watch_halt},
        {NULL, JSON_NULL, NULL},
    };
    return spec_take_object(spec, value, keys);
}

/* ---- which keys ---- */

static const struct {
    const char *name;
    spec_take *take;
} image_keys[] = {
    {"command-line", take_template},
    {"console", take_console},
    {"disk", take_disk},
    {"exit", take_exit},
    {"initrd", take_initrd},
    {"input", take_input},
    {"input-after", take_input_after},
    {"lines", take_lines},
    {"machine", take_machine},
    {"quoting", take_quoting},
};

/* What cannot be kept to where nothing of ours is in the guest. */
static const char *const program_keys[] = {"argument-zero", "environment", "files", "limits", "trigger"};

bool boot_take(struct spec *spec, const struct json *value)
{
    for (unsigned i = 0; i < sizeof image_keys / sizeof *image_keys; i++)
        if (strcmp(image_keys[i].name, value->key) == 0)
            return image_keys[i].take(spec, value);
    return false;
}

void boot_begin(struct spec *spec, const struct json *root)
{
    enum boot_kind kind = BOOT_KIND_NONE;
    const struct json *at = NULL;
    for (const struct json *value = root->first; value; value = value->next) {
        if (strcmp(value->key, "kind") == 0 && value->kind == JSON_STRING) {
            kind = boot_kind_named(value->text);
            at = value;
        }
    }
    boot_preset(&spec->boot, kind, PROBE_UNKNOWN);
    spec->boot.kind_at = at;
}

bool boot_check_keys(struct spec *spec, const struct json *root)
{
    for (const struct json *value = root->first; value; value = value->next) {
        for (unsigned i = 0; spec->boot.kind && i < sizeof program_keys / sizeof *program_keys; i++)
            if (strcmp(program_keys[i], value->key) == 0)
                return spec_key_error(spec, value, "a bootable image has no \"%s\"", value->key);
        for (unsigned i = 0; !spec->boot.kind && i < sizeof image_keys / sizeof *image_keys; i++)
            if (strcmp(image_keys[i].name, value->key) == 0)
                return spec_key_error(spec, value, "\"%s\" is for bootable images: say their \"kind\"",
                                      value->key);
    }
    return true;
}
