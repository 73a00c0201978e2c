/*
 * symbol.h - names, interned once.
 *
 * Every name that the parser meets as a variable, a literal command word or an alias candidate is a struct symbol,
 * found by hash once and pointed to from the syntax tree for ever after: looking up a variable, a function or a
 * built-in utility while running is following a pointer. Symbols are never freed.
 */
#ifndef SHELL_SYMBOL_H
#define SHELL_SYMBOL_H

#include "shell/var.h"
#include <stddef.h>
#include <stdint.h>

struct function;
struct builtin;
struct alias;
struct command_path;

struct symbol {
    struct symbol *next; /* in its hash bucket */
    uint32_t hash;
    uint32_t len;
    unsigned char reserved;        /* XCU 2.4: which reserved word this is (lexer.h), 0: none */
    struct var var;                /* XCU 2.5: the variable of this name; unset unless VAR_SET */
    struct function *function;     /* XCU 2.9.5, or NULL */
    const struct builtin *builtin; /* row of the table of built-in utilities, or NULL */
    bool builtin_found;            /* one that PATH must lead to: it does (exec_builtin()) */
    struct alias *alias;           /* XCU 2.3.1, or NULL */
    struct command_path *path;     /* remembered location (the hash utility), or NULL */
    char name[];
};

struct symbol *symbol_intern(const char *name, size_t len);
struct symbol *symbol_find(const char *name, size_t len); /* NULL when the name was never interned */
/* Calls visit for each symbol in no particular order. */
void symbol_each(void (*visit)(struct symbol *symbol, void *context), void *context);

#endif
