/*
 * vm_programs.h - subcommands of the vm utility that run something in the foreground.
 */
#ifndef BUILTINS_VM_PROGRAMS_H
#define BUILTINS_VM_PROGRAMS_H

struct shell;

/* Runs vm-top as an ordinary process, a job of this shell as any other. arguments: NULL-terminated. Its
 * status. */
int vm_top(struct shell *sh, char **arguments);

#endif
