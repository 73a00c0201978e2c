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
 * Runs a command in this shell. One operand is text for the shell, as for eval; several are the words of a simple
 * command. Its status is sh->status.
 */
void vm_run_operands(struct shell *sh, int argc, char **argv);

/*
 * vm strace [-tT] [-o FILE] COMMAND... | -p VM|%job: the system calls of a command's programs, or of what runs. The
 * command's status, or 0; 1: it cannot be; 2: usage error.
 */
int vm_strace(struct shell *sh, int argc, char **argv);

/*
 * vm debug [--socket PATH] VM|%job, vm debug -d VM|%job: has a running VM's QEMU listen for gdb, and says so in gdb's
 * words; or no longer. 0; 1: it cannot be; 2: usage error.
 */
int vm_debug(struct shell *sh, int argc, char **argv);

/*
 * vm trace [-o FILE] COMMAND...: runs a command as vm_run_operands() and records what its VMs do. The command's status;
 * 2: usage error.
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

/*
 * vm policy test FILE [WHO... IMAGE [GRANT...]]: whether a router's policy is right, or what it says of a VM. 0: right,
 * allowed; 1: denied; 2: the policy or the words are in error.
 */
int vm_policy(struct shell *sh, int argc, char **argv);

#endif
