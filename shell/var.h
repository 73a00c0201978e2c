/*
 * var.h - variables (XCU 2.5.3, 8), their attributes, `local` scopes and the environment handed to commands.
 */
#ifndef SHELL_VAR_H
#define SHELL_VAR_H

#include <stdbool.h>
#include <stddef.h>

struct shell;
struct symbol;

#define VAR_SET      0x01u
#define VAR_EXPORT   0x02u
#define VAR_READONLY 0x04u
#define VAR_LOCAL    0x08u /* made by `local` in the running function */
#define VAR_DYNAMIC  0x10u /* reading it does something: LINENO is computed, TMPDIR made (tmpdir.h) */
#define VAR_WITHHELD 0x20u /* an inherited secret: not for VMs until somebody exports it by name */

struct var {
    char *value; /* owned, NUL-terminated, room for cap bytes; meaningless unless VAR_SET */
    size_t len, cap;
    unsigned flags;
    void (*changed)(struct shell *sh,
                    struct symbol *symbol); /* after set and unset; NULL for most (PATH, IFS, ...) */
};

/* Value or NULL when unset. Valid until the variable changes. */
const char *var_get(struct shell *sh, const struct symbol *symbol);
const char *var_get_name(struct shell *sh, const char *name);

/*
 * Assigns. Readonly: error message and false; the caller decides whether that unwinds (XCU 2.8.1). add_flags
 * are added to the attributes; set -a (allexport) adds VAR_EXPORT. value may be NULL: attributes only.
 */
bool var_set(struct shell *sh, struct symbol *symbol, const char *value, size_t len, unsigned add_flags);
bool var_set_name(struct shell *sh, const char *name, const char *value, unsigned add_flags);
/* Appends in place. false, and nothing done: unset, readonly or computed; assign then. */
bool var_append(struct shell *sh, struct symbol *symbol, const char *text, size_t len);
bool var_unset(struct shell *sh, struct symbol *symbol);

/* Scopes: one per function call that uses `local`, and one per assignment prefix that must be undone. */
struct var_scope;
void var_scope_push(struct shell *sh);
void var_scope_pop(struct shell *sh); /* restores values and attributes saved since the push */
bool var_save_in_scope(struct shell *sh,
                       struct symbol *symbol); /* remembers the present value, once a scope */

/* Imports environ at start (XCU 2.5.3): valid names become exported variables, others are passed on
 * untouched. Makes sh->vars and sh->expansion, sets IFS, OPTIND, PPID and LINENO, hangs the hooks of IFS,
 * OPTIND, LANG and LC_* and sets the locale. PATH's and the prompts' defaults and hooks are main's. Call it
 * once, before anything is expanded. */
void var_import(struct shell *sh, char **environment);
/* The environment for a command: NULL-terminated, owned here, valid until something exported changes; rebuilt
 * only then: call it before a fork and every child shares the work. */
char **var_environment(struct shell *sh);

/* Visits set (or attribute-bearing) variables sorted by name in the current collation (set, export -p,
 * readonly -p). */
void var_each_sorted(struct shell *sh, unsigned any_of_flags, void (*visit)(struct symbol *, void *),
                     void *context);

bool var_is_name(const char *text, size_t len); /* XBD 3.216 */

/* Prints name='value' quoted so that the shell can read it again (export -p, set, alias, trap). */
void var_print_quoted(struct shell *sh, const char *value);

#endif
