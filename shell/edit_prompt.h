/*
 * edit_prompt.h - a prompt in the form that libedit can show.
 *
 * Escape sequences (colours, title) must not count as columns. libedit wants them between marks,
 * and 3.1-20221030 has three faults there: bytes that are no characters of the locale crash it, two sequences
 * in a row print garbage, and one at the very end is dropped. So: such bytes become ?, neighbouring sequences
 * are joined, and one at the end goes before the last blank (or gets a blank behind it).
 */
#ifndef SHELL_EDIT_PROMPT_H
#define SHELL_EDIT_PROMPT_H

#include <stdbool.h>
#include <wchar.h>

#define EDIT_PROMPT_MARK L'\1' /* begins and ends a literal */

/* Only the text after the last newline: *line_start is where it begins in text. malloc'ed. */
wchar_t *edit_prompt_make(const char *text, const char **line_start);

/* Nothing of it is seen: only literals and blanks. */
bool edit_prompt_is_blank(const wchar_t *prompt);

#endif
