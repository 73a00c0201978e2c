/* spec_placement.c - the key "placement": on which routers it may run. */
#include "spec_keys.h"
#include "vmproc/vmproc.h"
#include "vmproc/vmprocd_proto.h"

#include <string.h>

static bool take_routers(struct spec *spec, const struct json *value)
{
    size_t room = sizeof((struct vmp_place *)0)->routers;
    for (const struct json *item = value->first; item; item = item->next) {
        size_t len;
        if (item->kind != JSON_STRING)
            return spec_error(spec, item, "must be a string, not %s", json_kind_name(item->kind));
        len = strlen(item->text);
        if (len == 0 || len >= VMPROC_ROUTER_MAX || strchr(item->text, '\n'))
            return spec_error(spec, item, "not the name of a router");
        if (len + 2 > room)
            return spec_error(spec, item, "too many routers are named; a * in a name stands for anything");
        room -= len + 1;
    }
    spec->routers = value;
    return value->first || spec_error(spec, value, "\"routers\" must name at least one");
}

static bool take_architecture(struct spec *spec, const struct json *value)
{
    size_t len = strspn(value->text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (len == 0 || value->text[len] || len >= sizeof((struct vmp_place *)0)->architecture)
        return spec_error(spec, value, "\"architecture\" must be a name such as \"x86_64\" or \"aarch64\"");
    spec->architecture = value->text;
    return true;
}

/* They stand in a router's record with commas between them. */
static bool is_label(const char *text)
{
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.=");
    return len > 0 && text[len] == '\0';
}

static bool take_labels(struct spec *spec, const struct json *value)
{
    size_t room = sizeof((struct vmp_place *)0)->labels - 1;
    for (const struct json *item = value->first; item; item = item->next) {
        if (item->kind != JSON_STRING)
            return spec_error(spec, item, "must be a string, not %s", json_kind_name(item->kind));
        if (!is_label(item->text))
            return spec_error(spec, item, "a label is of letters, digits, and any of -_.=");
        if (strlen(item->text) + 1 > room)
            return spec_error(spec, item, "too many labels");
        room -= strlen(item->text) + 1;
    }
    spec->labels = value;
    return value->first || spec_error(spec, value, "\"labels\" must name at least one");
}

bool spec_take_placement(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"architecture", JSON_STRING, take_architecture},
        {"labels", JSON_ARRAY, take_labels},
        {"routers", JSON_ARRAY, take_routers},
        {NULL, JSON_NULL, NULL},
    };
    return spec_take_object(spec, value, keys) &&
           (value->first ||
            spec_error(spec, value, "\"placement\" must say \"routers\", \"labels\" or \"architecture\""));
}
