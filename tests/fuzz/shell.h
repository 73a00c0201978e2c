/*
 * shell.h - a shell for fuzz targets: made once, silent, with a few variables to meet.
 */
#ifndef TESTS_FUZZ_SHELL_H
#define TESTS_FUZZ_SHELL_H

#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline struct shell *fuzz_shell(void)
{
    static struct shell sh;
    static char *environment[] = {"a=1", "b=-7", "c=x y", "d=*", "e=", "LC_ALL=C.UTF-8", NULL};
    static char *arguments[] = {"p q", "", "*"};
    if (!sh.vars) {
        out_init(&sh);
        var_import(&sh, environment);
        sh.name = "fuzz";
        sh.positional = (struct positional){.items = arguments, .count = 3, .borrowed = true};
    }
    sh.unwind = UNWIND_NONE;
    return &sh;
}

static inline void fuzz_forget_one(struct symbol *symbol, void *context)
{
    if (strcmp(symbol->name, "LC_ALL") != 0) /* LC_ALL's hook is slow */
        var_unset(context, symbol);
}

/* What one input has set is not the next one's: values could double from input to input. */
static inline void fuzz_forget(struct shell *sh)
{
    symbol_each(fuzz_forget_one, sh);
}

#endif
