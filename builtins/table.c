/* table.c - every built-in utility, one row each, sorted by name as strcmp(3) does. */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/symbol.h"
#include <stddef.h>
#include <string.h>

#define S BUILTIN_SPECIAL
#define D BUILTIN_DECLARATION
#define I BUILTIN_INTRINSIC
#define P BUILTIN_PURE
#define T BUILTIN_RUNS_TEXT

const struct builtin builtin_table[] = {
    {".", builtin_dot, S | I | T},
    {":", builtin_colon, S | I | P},
    {"[", builtin_test, P},
    {"alias", builtin_alias, I | T},
    {"bg", builtin_bg, I},
    {"bind", builtin_bind, I},
    {"break", builtin_break, S | I},
    {"cd", builtin_cd, I},
    {"command", builtin_command, I | T},
    {"continue", builtin_continue, S | I},
    {"echo", builtin_echo, P},
    {"eval", builtin_eval, S | I | T},
    {"exec", builtin_exec, S | I},
    {"exit", builtin_exit, S | I},
    {"export", builtin_export, S | D | I},
    {"false", builtin_false, P},
    {"fc", builtin_fc, I | T},
    {"fg", builtin_fg, I},
    {"getopts", builtin_getopts, I},
    {"hash", builtin_hash, I},
    {"help", builtin_help, I},
    {"host", builtin_host, I},
    {"id", builtin_id, P},
    {"jobs", builtin_jobs, I},
    {"kill", builtin_kill, I},
    {"local", builtin_local, D | I},
    {"on", builtin_on, I},
    {"printf", builtin_printf, P},
    {"pwd", builtin_pwd, P},
    {"read", builtin_read, I},
    {"readonly", builtin_readonly, S | D | I},
    {"return", builtin_return, S | I},
    {"set", builtin_set, S | I},
    {"shift", builtin_shift, S | I},
    {"test", builtin_test, P},
    {"times", builtin_times, S | I},
    {"trap", builtin_trap, S | I | T},
    {"true", builtin_true, P},
    {"type", builtin_type, I},
    {"ulimit", builtin_ulimit, I},
    {"umask", builtin_umask, I},
    {"unalias", builtin_unalias, I},
    {"unset", builtin_unset, S | I},
    {"vm", builtin_vm, I},
    {"wait", builtin_wait, I},
    {"with", builtin_with, I},
    {NULL, NULL, 0},
};

void builtin_register(void)
{
    for (const struct builtin *row = builtin_table; row->name; row++)
        symbol_intern(row->name, strlen(row->name))->builtin = row;
}
