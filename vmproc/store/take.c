/* take.c - what an operand names becomes an image: a program and a spec that says which bytes it has. */
#include "image_store.h"
#include "vmproc/vmproc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What every shell takes for one word and no tool for an option; NAME.vm is the name of a spec. */
bool image_name_ok(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len <= IMAGE_NAME_MAX && name[0] != '.' && name[0] != '-' &&
           name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+.,@%-")] ==
               '\0' &&
           !(len > 3 && strcmp(name + len - 3, ".vm") == 0);
}

static bool complain_in_spec(const struct spec *spec)
{
    if (spec->error.line)
        return complain("%s:%u:%u: %s", spec->file, spec->error.line, spec->error.column, spec->error.text);
    if (strncmp(spec->error.text, spec->file, strlen(spec->file)) == 0)
        return complain("%s", spec->error.text); /* it is the file itself that cannot be run */
    return complain("%s: %s", spec->file, spec->error.text);
}

static bool is_spec(const char *file)
{
    size_t len = strlen(file);
    return len > 3 && strcmp(file + len - 3, ".vm") == 0;
}

/* The base name, without ".vm". */
static bool put_name(struct image *image, const char *file, const char *name)
{
    const char *slash = strrchr(file, '/'), *base = name ? name : slash ? slash + 1 : file;
    size_t len = strlen(base);
    if (!name && is_spec(base))
        len -= 3;
    if (len > IMAGE_NAME_MAX)
        return complain("%.60s...: a name has at most %d bytes", base, IMAGE_NAME_MAX);
    memcpy(image->name, base, len);
    image->name[len] = '\0';
    return image_name_ok(image->name) || complain("%s: a name has letters, digits and _+.,@%%- only, begins "
                                                  "with no . or -, and does not end in .vm",
                                                  image->name[0] ? image->name : "(empty)");
}

/* Without a spec of its own a program has one that says nothing. */
static bool find_spec(const char *file, struct spec *spec)
{
    char beside[PATH_MAX];
    bool ok;
    if (is_spec(file))
        ok = spec_read(spec, file);
    else if (vmproc_spec_beside(file, beside))
        ok = spec_read(spec, strdup(beside));
    else
        ok = spec_read_text(spec, file, "{\"version\":1}", 13);
    if (ok && !is_spec(file)) {
        if (spec->program_at) {
            spec_error(spec, spec->program_at, "the program's own spec names another; add the spec instead");
            return complain_in_spec(spec);
        }
        spec->program = strdup(file);
    }
    return (ok && spec_check(spec)) || complain_in_spec(spec);
}

static bool has_digest(const struct taking *t, const struct spec *spec, const char *wanted)
{
    if (wanted && strcmp(t->program.hex, wanted) != 0)
        return complain("%s: has digest sha256:%s, not sha256:%s", spec->program, t->program.hex, wanted);
    return true;
}

bool taking_begin(const struct store *store, const char *file, const char *name, const char *digest,
                  struct taking *t)
{
    struct spec spec;
    char *text;
    size_t len;
    *t = (struct taking){.program.fd = -1, .spec.fd = -1};
    if (!put_name(&t->image, file, name) || !find_spec(file, &spec) ||
        !blob_take_file(store, spec.program, &t->program))
        return false;
    text = has_digest(t, &spec, digest) && has_digest(t, &spec, spec.digest)
               ? spec_text(&spec, t->program.hex, &len)
               : NULL;
    if (!text || !blob_take_text(store, text, len, &t->spec)) {
        free(text);
        taking_undo(store, t);
        return false;
    }
    free(text);
    strcpy(t->image.program, t->program.hex);
    strcpy(t->image.spec, t->spec.hex);
    return true;
}

void taking_undo(const struct store *store, struct taking *t)
{
    blob_undo(store, &t->program);
    blob_undo(store, &t->spec);
}

bool taking_commit(const struct store *store, struct profile *profile, struct taking *taking, size_t count)
{
    bool ok = true;
    hold_signals(true);
    for (size_t i = 0; i < count && ok; i++)
        ok = blob_link(store, &taking[i].program) && blob_link(store, &taking[i].spec);
    ok = ok && (!profile || profile_commit(store, profile));
    for (size_t i = 0; i < count && !ok; i++)
        taking_undo(store, &taking[i]);
    hold_signals(false);
    return ok;
}
