/* spec_keys.h - what the files that read a spec share: values, and tables of keys. Each false has noted an error. */
#ifndef VMPROC_SPEC_KEYS_H
#define VMPROC_SPEC_KEYS_H

#include "spec.h"

typedef bool spec_take(struct spec *spec, const struct json *value);

struct spec_key {
    const char *name;
    enum json_kind kind; /* JSON_NULL: take() looks at it */
    spec_take *take;
};

/* Each key of an object by its row; the table ends with a name of NULL. */
bool spec_take_object(struct spec *spec, const struct json *object, const struct spec_key *keys);
/* One of the words, which end with NULL. */
bool spec_take_one_of(struct spec *spec, const struct json *value, const char *const *words, unsigned *which);
/* A whole number, from 1. */
bool spec_take_number(struct spec *spec, const struct json *value, uint64_t *number);

/* A file: relative to the spec when it begins with a dot, absolute, or below the user's home. */
bool spec_take_path(struct spec *spec, const struct json *value, char **path);

/* ---- spec_completion.c ---- */

spec_take spec_take_completion;

/* ---- spec_placement.c ---- */

spec_take spec_take_placement;

/* ---- spec_trigger.c ---- */

spec_take spec_take_trigger;

#endif
