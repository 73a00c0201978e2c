/*
 * locale.h - LANG, LC_ALL, LC_CTYPE and LC_COLLATE take effect when they are assigned (XCU 2.5.3).
 *
 * LC_CTYPE and LC_COLLATE alone are set: numbers that the shell itself prints keep their point. Only
 * single-byte character sets and UTF-8 are known.
 *
 * setlocale(3) opens and maps files, as long as all the rest of a shell's start takes. What a UTF-8 locale's name tells
 * is believed, and libc is told only when its tables are needed.
 */
#ifndef SHELL_LOCALE_H
#define SHELL_LOCALE_H

#include <stdbool.h>

struct shell;
struct symbol;

extern const char *const locale_variables[]; /* ends with NULL */
void locale_init(struct shell *sh); /* nothing to do when none of them asks for more than C or POSIX */
void locale_changed(struct shell *sh, struct symbol *symbol); /* their var.h hook */

bool locale_is_utf8(void);
bool locale_collates_bytes(void); /* collation is strcmp(3)'s */
int locale_compare(const char *a, const char *b); /* strcoll(3) */
/* Before mbrtowc(3), iswctype(3), strxfrm(3)...: libc follows the variables from here on. */
void locale_settle(void);

#endif
