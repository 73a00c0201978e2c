/*
 * vm_programs.h - subcommands of the vm utility that run something in the foreground.
 */
#ifndef BUILTINS_VM_PROGRAMS_H
#define BUILTINS_VM_PROGRAMS_H

struct shell;

/* Runs vm-top as an ordinary process, a job of this shell as any other. arguments: NULL-terminated. Its
 * status. */
int vm_top(struct shell *sh, char **arguments);

/*
 * vm trace [-o FILE] COMMAND...: runs a command in this shell and records what its VMs do. One operand is
 * text for the shell, as for eval; several are the words of a simple command. The command's status; 2: usage
 * error.
 */
int vm_trace(struct shell *sh, int argc, char **argv);

#endif
