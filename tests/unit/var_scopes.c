/* Variables: attributes, in-place growth, scopes, the environment. */
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "shell/var.h"
#include "tests/unit/tap.h"
#include <fcntl.h>
#include <unistd.h>

static const char *find(char **environment, const char *name)
{
    for (size_t len = strlen(name); *environment; environment++)
        if (!strncmp(*environment, name, len) && (*environment)[len] == '=')
            return *environment + len + 1;
    return NULL;
}

static void scopes(struct shell *sh)
{
    struct symbol *x = symbol_intern("x", 1), *y = symbol_intern("y", 1);
    var_set(sh, x, "outer", 5, VAR_EXPORT);
    var_scope_push(sh);
    check(var_save_in_scope(sh, x) && var_save_in_scope(sh, x), "saving twice in a scope is once");
    check_text(var_get(sh, x), "outer", "a saved variable keeps its value");
    var_set(sh, x, "inner", 5, 0);
    var_save_in_scope(sh, y);
    var_set(sh, y, "new", 3, 0);
    check_text(find(var_environment(sh), "x"), "inner", "the environment follows");
    var_scope_pop(sh);
    check_text(var_get(sh, x), "outer", "the scope's end restores the value");
    check(!var_get(sh, y), "and what was unset is unset again");
    check_text(find(var_environment(sh), "x"), "outer", "and the environment");
    check(!var_save_in_scope(sh, x), "outside of scopes nothing is saved");
}

int main(void)
{
    struct shell sh = {0};
    out_init(&sh);
    char *environment[] = {"HOME=/h", "not-a-name=1", "noequals", "IFS=x", "EMPTY=", NULL};
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    var_import(&sh, environment);
    check_text(var_get_name(&sh, "HOME"), "/h", "the environment is imported");
    check_text(var_get_name(&sh, "IFS"), " \t\n", "IFS is not");
    check_text(find(var_environment(&sh), "not-a-name"), "1", "an invalid name is passed on");
    check(var_environment(&sh) == var_environment(&sh), "the environment is built once");
    struct symbol *x = symbol_intern("x", 1);
    char **before = var_environment(&sh);
    var_set(&sh, x, "abc", 3, 0);
    check(before == var_environment(&sh), "a variable that is not exported does not change it");
    var_set(&sh, x, x->var.value + 1, 2, 0);
    check_text(var_get(&sh, x), "bc", "a value may be a piece of the old one");
    for (int i = 0; i < 100000; i++)
        var_append(&sh, x, "z", 1);
    check(x->var.len == 100002 && x->var.value[100001] == 'z', "appending grows a value");
    scopes(&sh);
    var_set(&sh, x, "fixed", 5, VAR_READONLY);
    check(!var_set(&sh, x, "other", 5, 0) && !var_unset(&sh, x), "readonly variables stay");
    check(!var_append(&sh, x, "z", 1), "also when appended to");
    sh.line = 42;
    check_text(var_get_name(&sh, "LINENO"), "42", "LINENO is the line");
    var_set_name(&sh, "LINENO", "7", 0);
    check_text(var_get_name(&sh, "LINENO"), "7", "until it is assigned");
    sh.options.allexport = true;
    var_set_name(&sh, "auto", "1", 0);
    check_text(find(var_environment(&sh), "auto"), "1", "set -a exports");
    var_unset(&sh, symbol_intern("auto", 4));
    check(!find(var_environment(&sh), "auto"), "unset takes it from the environment");
    check(var_is_name("_a1", 3) && !var_is_name("1a", 2) && !var_is_name("", 0) && !var_is_name("a-b", 3),
          "names are letters, digits and underscores");
    return tap_done();
}
