/*
 * arith_code.h - the compiled form of an arithmetic expression, shared by arith_compile.c and arith.c.
 *
 * Instructions for a stack machine in postfix order; && || ?: are forward jumps, so that what is not to be
 * evaluated is not. Parameters ($x in the text) are read before the first instruction runs, as XCU 2.6.4 has
 * the text expanded before it is evaluated.
 */
#ifndef SHELL_ARITH_CODE_H
#define SHELL_ARITH_CODE_H

#include "shell/arith.h"

struct symbol;
struct part;

enum arith_op {
    ARITH_CONSTANT, /* push number */
    ARITH_LOAD,     /* push the value of symbol */
    ARITH_PARAM,    /* push parameter number target */
    ARITH_STORE,    /* assign the top to symbol */
    ARITH_DROP,
    ARITH_AND,    /* top is 0: jump to target; else drop it */
    ARITH_OR,     /* top is not 0: make it 1 and jump to target; else drop it */
    ARITH_UNLESS, /* drop the top; it was 0: jump to target */
    ARITH_JUMP,
    ARITH_BOOLEAN, /* top = top != 0 */
    ARITH_NEGATE,
    ARITH_COMPLEMENT,
    ARITH_NOT,
    ARITH_MULTIPLY, /* binary ones from here on: drop the top and combine it with the next */
    ARITH_DIVIDE,
    ARITH_REMAINDER,
    ARITH_ADD,
    ARITH_SUBTRACT,
    ARITH_SHIFT_LEFT,
    ARITH_SHIFT_RIGHT,
    ARITH_LESS,
    ARITH_GREATER,
    ARITH_LESS_EQUAL,
    ARITH_GREATER_EQUAL,
    ARITH_EQUAL,
    ARITH_NOT_EQUAL,
    ARITH_BIT_AND,
    ARITH_BIT_XOR,
    ARITH_BIT_OR,
};

struct arith_instruction {
    enum arith_op op;
    unsigned target;
    union {
        intmax_t number;
        struct symbol *symbol;
    } u;
};

struct arith {
    const struct arith_instruction *code;
    unsigned count;
    unsigned depth; /* values on the stack at most */
    const struct part *const *params;
    unsigned param_count;
};

/* What arith_build() makes; free it with arith_build_free(). */
struct arith_build {
    struct arith arith;
    struct arith_instruction *code, local[48];
    unsigned cap;
    const char *error; /* NULL: fine */
    const char *where; /* in the text: what the error is about */
};

#define ARITH_MAX_PARAMS 16

/* Byte that stands for the next parameter in the text given to arith_build(). */
#define ARITH_PLACEHOLDER '\1'

bool arith_build(struct arith_build *build, const char *text, size_t len, unsigned placeholders);
void arith_build_free(struct arith_build *build);

/* An integer constant (decimal, octal, hexadecimal), wrapping. Returns its end, or NULL: none, or 08 and the
 * like. */
const char *arith_constant(const char *text, const char *end, intmax_t *value);

/* Runs code with the values of its parameters. Reports errors. */
bool arith_run_with(struct shell *sh, const struct arith *code, const intmax_t *params, intmax_t *result);

#endif
