/*
 * vm_programs.h - subcommands of the vm utility that are more than a question to vmprocd.
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

/*
 * vm log [-n LINES] [VM]: the last lines of vmprocd's log, or those of one VM. It is a file: no vmprocd needs
 * to run. 0; 1: there is none; 2: usage error.
 */
int vm_log(struct shell *sh, int argc, char **argv);

/*
 * vm image SUBCOMMAND...: runs the program that does it, as an ordinary process. Its status; 2: usage error.
 */
int vm_image(struct shell *sh, int argc, char **argv);

#endif
