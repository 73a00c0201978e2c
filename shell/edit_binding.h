/*
 * edit_binding.h - which key does what: emacs mode's table, and what the user has bound instead (the bind utility).
 *
 * Functions have the names that readline has for them, where it has them. A key of two strokes, the first of which is
 * ^X, is one key with KEY_BEHIND_X. What the user binds counts in vi's insert mode, too.
 */
#ifndef SHELL_EDIT_BINDING_H
#define SHELL_EDIT_BINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct edit;
struct shell;

#define KEY_BEHIND_X  0x04000000u
#define EDIT_KEY_TEXT 40 /* bytes that a key takes, as the user writes it */

typedef bool edit_function(struct edit *edit, int count); /* false: not possible, which rings the bell */

struct edit_binding {
    uint32_t key;
    edit_function *run; /* NULL: macro's, or nothing */
    char *macro;        /* text that is typed instead, or NULL; malloc'ed */
};

/* The user's; struct shell has them, NULL: there are none. */
struct edit_bindings {
    struct edit_binding *items;
    size_t count;
};

/* What the user has bound to the key; NULL: nothing, so that it does what it always does. */
const struct edit_binding *edit_binding_find(const struct shell *sh, uint32_t key);
/* macro is copied. With neither, the key does nothing. */
void edit_binding_set(struct shell *sh, uint32_t key, edit_function *run, const char *macro);
/* All that is bound, the user's instead of emacs mode's. */
void edit_binding_each(const struct shell *sh,
                       void (*visit)(const struct edit_binding *binding, void *context), void *context);

edit_function *edit_function_named(const char *name);    /* NULL: there is none */
const char *edit_function_name(edit_function *function); /* NULL: it has none */
const char *edit_function_at(size_t i);                  /* names, sorted; NULL at the end */

/* edit_binding_key.c */

/*
 * A key as it is written between double-quotes: \C-x, \M-x, \e, \\, \", \a \b \d \f \n \r \t \v, \OCTAL, \xHEX, what a
 * terminal sends for a key that has a name (\e[A), \C-x and another one behind it. false: it is none, or several.
 */
bool edit_binding_read_key(const char *text, size_t len, uint32_t *key);
void edit_binding_write_key(uint32_t key, char text[EDIT_KEY_TEXT]);
char edit_binding_letter(uint32_t control); /* \C-LETTER is this control character */
/* The same escapes as bytes, malloc'ed; NULL: an escape is wrong. */
char *edit_binding_unescape(const char *text, size_t len, size_t *bytes);
/* Keys of a macro's text: the first one, and how many bytes it takes. */
uint32_t edit_binding_next_key(const char *bytes, size_t len, size_t *taken);

/* edit_emacs.c: emacs mode's own, ends with run NULL */
extern const struct edit_binding edit_emacs_keys[];

#endif
