/* spec_trigger.c - the key "trigger": what starts handlers, and how many, and for how long. */
#include "spec_keys.h"
#include "vmproc/network.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_MOST     256
#define BACKLOG_MOST 4096
#define SECONDS_MOST 86400

static bool take_bounded(struct spec *spec, const struct json *value, unsigned most, unsigned *number)
{
    uint64_t wide;
    if (!spec_take_number(spec, value, &wide))
        return false;
    *number = (unsigned)wide;
    return wide <= most || spec_error(spec, value, "\"%s\" must be at most %u", value->key, most);
}

static bool take_max(struct spec *spec, const struct json *value)
{
    return take_bounded(spec, value, MAX_MOST, &spec->trigger_is.max);
}

static bool take_backlog(struct spec *spec, const struct json *value)
{
    return take_bounded(spec, value, BACKLOG_MOST, &spec->trigger_is.backlog);
}

static bool take_seconds(struct spec *spec, const struct json *value)
{
    return take_bounded(spec, value, SECONDS_MOST, &spec->trigger_is.seconds);
}

static bool take_drain(struct spec *spec, const struct json *value)
{
    return take_bounded(spec, value, SECONDS_MOST, &spec->trigger_is.drain);
}

static bool is_first(struct spec *spec, const struct json *value)
{
    if (spec->trigger_at)
        return spec_key_error(spec, value, "\"%s\" is given, too: it cannot be both", spec->trigger_at->key);
    spec->trigger_at = value;
    return true;
}

static bool take_listen(struct spec *spec, const struct json *value)
{
    char text[TRIGGER_ADDRESS_MAX + 8];
    struct network_grant grant;
    const char *why = "too long";
    if (!is_first(spec, value))
        return false;
    if (snprintf(text, sizeof text, "listen:%s", value->text) >= (int)sizeof text ||
        !network_parse(text, &grant, &why))
        return spec_error(spec, value, "%s", why);
    if (grant.port_low != grant.port_high || (grant.prefix && grant.prefix < 8 * NETWORK_ADDRESS))
        return spec_error(spec, value, "\"listen\" must be one port, of one address or of all");
    strcpy(spec->trigger_is.address, value->text);
    return true;
}

static bool take_records(struct spec *spec, const struct json *value)
{
    static const char *const kinds[] = {"line", "nul", "length", NULL};
    unsigned which;
    if (!is_first(spec, value) || !spec_take_one_of(spec, value, kinds, &which))
        return false;
    spec->trigger_is.kind = (enum trigger_kind)(TRIGGER_LINE + which);
    return true;
}

bool spec_take_trigger(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"backlog", JSON_NUMBER, take_backlog},
        {"drain", JSON_NUMBER, take_drain},
        {"listen", JSON_STRING, take_listen},
        {"max", JSON_NUMBER, take_max},
        {"records", JSON_STRING, take_records},
        {"time", JSON_NUMBER, take_seconds},
        {NULL, JSON_NULL, NULL},
    };
    spec->trigger = value;
    spec->trigger_is.backlog = 128;
    spec->trigger_is.drain = 10;
    if (!spec_take_object(spec, value, keys))
        return false;
    if (!spec->trigger_at)
        return spec_error(spec, value, "\"trigger\" must say \"listen\" or \"records\"");
    if (!spec->trigger_is.max) /* records are worked off in their order, unless more are asked for */
        spec->trigger_is.max = spec->trigger_is.kind == TRIGGER_CONNECTION ? 8 : 1;
    return true;
}
