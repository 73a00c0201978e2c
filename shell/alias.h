/*
 * alias.h - the alias table (XCU 2.3.1). An alias hangs off its symbol.
 */
#ifndef SHELL_ALIAS_H
#define SHELL_ALIAS_H

#include <stdbool.h>
#include <stddef.h>

struct symbol;

struct alias {
    char *value;
    size_t len;
};

void alias_set(struct symbol *symbol, const char *value);
bool alias_remove(struct symbol *symbol); /* false: there was none */
void alias_remove_all(void);

#endif
