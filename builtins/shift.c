/* shift [n] - XCU shift: special built-in utility. */
#include "builtins/builtins.h"
#include "builtins/number.h"
#include "shell/error.h"
#include "shell/shell.h"

int builtin_shift(struct shell *sh, int argc, char **argv)
{
    const char *operand = number_operand(argc, argv);
    long count = 1;

    if (operand && !number_parse(operand, &count)) {
        error_unwind(sh, 2, "shift: %s: not a number", operand);
        return 2;
    }
    if ((unsigned long)count > sh->positional.count) {
        error_unwind(sh, 1, "shift: there are only %u positional parameters", sh->positional.count);
        return 1;
    }
    positional_shift(sh, (unsigned)count);
    return 0;
}
