/*
 * builtins.h - the run functions of all built-in utilities, for table.c and the files that define them.
 *
 * builtin_NAME is in builtins/NAME.c or in the file of its family. Contract of each: builtin.h.
 */
#ifndef BUILTINS_BUILTINS_H
#define BUILTINS_BUILTINS_H

struct shell;

#define BUILTIN(name) int builtin_##name(struct shell *sh, int argc, char **argv)

/* special built-in utilities (XCU 2.15) */
BUILTIN(break);
BUILTIN(colon);
BUILTIN(continue);
BUILTIN(dot);
BUILTIN(eval);
BUILTIN(exec);
BUILTIN(exit);
BUILTIN(export);
BUILTIN(readonly);
BUILTIN(return );
BUILTIN(set);
BUILTIN(shift);
BUILTIN(times);
BUILTIN(trap);
BUILTIN(unset);

BUILTIN(alias);
BUILTIN(bg);
BUILTIN(bind);
BUILTIN(cd);
BUILTIN(command);
BUILTIN(echo);
BUILTIN(false);
BUILTIN(fc);
BUILTIN(fg);
BUILTIN(getopts);
BUILTIN(hash);
BUILTIN(help);
BUILTIN(host);
BUILTIN(id);
BUILTIN(jobs);
BUILTIN(kill);
BUILTIN(local);
BUILTIN(on);
BUILTIN(printf);
BUILTIN(pwd);
BUILTIN(read);
BUILTIN(test); /* and [ */
BUILTIN(true);
BUILTIN(type);
BUILTIN(ulimit);
BUILTIN(umask);
BUILTIN(unalias);
BUILTIN(vm);
BUILTIN(wait);
BUILTIN(with);

#endif
