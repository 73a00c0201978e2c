/* Arithmetic: no text may crash it, and compiled code gives what direct evaluation gives. */
#include "shell/arith_code.h"
#include "tests/fuzz/shell.h"
#include <assert.h>
#include <string.h>

/* Both evaluations start with the same variables. */
static void forget(struct shell *sh)
{
    fuzz_forget(sh);
    var_set_name(sh, "a", "1", 0);
    var_set_name(sh, "b", "-7", 0);
    var_set_name(sh, "c", "x y", 0);
    var_set_name(sh, "e", "", 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct shell *sh = fuzz_shell();
    struct arena arena = ARENA_INIT;
    intmax_t direct, compiled;
    if (memmem(data, size, "LC_ALL", 6))
        return 0;
    forget(sh);
    bool good = arith_eval(sh, (const char *)data, size, &direct);
    struct arith *code = arith_compile((const char *)data, size, &arena);
    forget(sh);
    assert(!good || code);
    if (code && arith_run_with(sh, code, NULL, &compiled) && good)
        assert(direct == compiled);
    arena_free(&arena);
    return 0;
}
