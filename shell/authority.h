/*
 * authority.h - what an external command is given (docs/ARCHITECTURE.md, Authority): by the options pola,
 * ambient and explain, by the utility `with`, and by not handing on secrets that the shell has only
 * inherited.
 */
#ifndef SHELL_AUTHORITY_H
#define SHELL_AUTHORITY_H

#include "vmproc/policy.h"

#include <stdbool.h>
#include <stddef.h>

struct external;
struct shell;

/* Whether a variable of that name is a secret, or leads to a service that acts for the user (VAR_WITHHELD).
 */
bool authority_is_secret(const char *name, size_t len);

/* Options of set -o that a shell in a new process image must have, too; each name but the last NULL. At most
 * three. */
void authority_options(const struct shell *sh, const char *names[4]);

/*
 * Fills policy for a command that is run as how says. Its texts are how's and the shell's; its array is
 * allocated, by a process that is about to become the command. false: out of memory.
 */
bool authority_policy(const struct shell *sh, const struct external *how, struct policy *policy);

#endif
