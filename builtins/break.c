/* break [n], continue [n] - XCU break, continue: special built-in utilities. */
#include "builtins/builtins.h"
#include "builtins/number.h"
#include "shell/error.h"
#include "shell/shell.h"

/* Outside of loops both do nothing: the standard leaves it open, and so do scripts rely on it. */
static int leave_loops(struct shell *sh, int argc, char **argv, enum unwind unwind)
{
    const char *operand = number_operand(argc, argv);
    long count = 1;

    if (operand && (!number_parse(operand, &count) || count < 1)) {
        error_unwind(sh, 2, "%s: %s: not a positive number", argv[0], operand);
        return 2;
    }
    if (sh->loop_depth == 0)
        return 0;
    sh->unwind = unwind;
    sh->unwind_count = (unsigned long)count < sh->loop_depth ? (unsigned)count : sh->loop_depth;
    return 0;
}

int builtin_break(struct shell *sh, int argc, char **argv)
{
    return leave_loops(sh, argc, argv, UNWIND_BREAK);
}

int builtin_continue(struct shell *sh, int argc, char **argv)
{
    return leave_loops(sh, argc, argv, UNWIND_CONTINUE);
}
