/*
 * prompt.h - PS1, PS2 and RPS1 as they are shown.
 *
 * First escapes, the ! of XCU 2.5.3 and nothing else; then parameter expansion, command substitution and
 * arithmetic expansion, which leave alone what escapes have put in. Text inside $(...), ${...} and `...` has
 * no escapes.
 *
 *   \w \W         the directory, ~ for HOME; its last name    \u \h \H  user; host, with its domain
 *   \$            # for root, else $                          \j \?     number of jobs; status of the last command
 *   \t \A         time: HH:MM:SS, HH:MM                       \!        number of the next command
 *   \e \n \NNN    ESC, newline, octal                         \[ \]     around what takes no columns (not needed
 *                                                                       for escape sequences)
 *   \{name}       a value or a colour
 *   \{name:text}  text, with the value for each %, and nothing at all when there is nothing to tell
 *
 * Values are shown without control characters: a directory's name cannot command the terminal.
 */
#ifndef SHELL_PROMPT_H
#define SHELL_PROMPT_H

#include <stdint.h>

struct shell;

struct prompt_facts {
    int64_t took_ms; /* by the last command */
};

/* The prompt of that template, in sh->scratch. $? stays as it is. */
const char *prompt_make(struct shell *sh, const char *template, const struct prompt_facts *facts);

/* PS1 and RPS1 of an interactive shell whose user has set none: "$ " or "# " unless the terminal has colours.
 */
void prompt_set_defaults(struct shell *sh);
/* A system's /etc/profile gives "$ " or "# " to every shell that it does not know: that is no user's wish. */
void prompt_after_profile(struct shell *sh);

#endif
