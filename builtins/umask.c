/*
 * umask [-S] [mask] - XCU umask. The mask is octal, or a symbolic_mode of chmod that speaks of what stays
 * allowed.
 */
#include "builtins/builtins.h"
#include "shell/builtin.h"
#include "shell/error.h"
#include "shell/out.h"
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

static const struct {
    char letter;
    mode_t bits; /* this class's three bits */
    int shift;
} classes[] = {{'u', 0700, 6}, {'g', 0070, 3}, {'o', 0007, 0}, {'a', 0777, 0}};

#define CLASSES 4

static mode_t bits_of_class(char letter)
{
    for (int i = 0; i < CLASSES; i++)
        if (classes[i].letter == letter)
            return classes[i].bits;
    return 0;
}

static void print_symbolic(struct shell *sh, mode_t allowed)
{
    for (int i = 0; i < CLASSES - 1; i++) {
        mode_t bits = allowed >> classes[i].shift;
        out_printf(sh, "%s%c=%s%s%s", i ? "," : "", classes[i].letter, bits & 4 ? "r" : "",
                   bits & 2 ? "w" : "", bits & 1 ? "x" : "");
    }
    out_putc(sh, '\n');
}

static bool parse_octal(const char *text, mode_t *mask)
{
    mode_t value = 0;

    for (; *text >= '0' && *text <= '7' && value <= 07777; text++)
        value = value * 8 + (mode_t)(*text - '0');
    *mask = value & 0777;
    return *text == '\0' && value <= 07777;
}

/* permcopy: the present bits of one class, for all classes. */
static mode_t copy_class(char letter, mode_t allowed)
{
    for (int i = 0; i < CLASSES - 1; i++)
        if (classes[i].letter == letter)
            return ((allowed >> classes[i].shift) & 7) * 0111;
    return 0;
}

/* perm letters or one permcopy letter, behind an operator; for all classes. */
static const char *parse_permissions(const char *text, mode_t allowed, mode_t *bits)
{
    *bits = 0;
    if (*text && strchr("ugo", *text)) {
        *bits = copy_class(*text, allowed);
        return text + 1;
    }
    for (; *text && strchr("rwxXst", *text); text++) {
        switch (*text) {
        case 'r':
            *bits |= 0444;
            break;
        case 'w':
            *bits |= 0222;
            break;
        case 'x':
            *bits |= 0111;
            break;
        case 'X': /* execution if anybody may */
            *bits |= allowed & 0111 ? 0111 : 0;
            break;
        default: /* s and t are no part of the mask */
            break;
        }
    }
    return text;
}

/* clause[,clause...], clause: [who...] op [permissions] [op [permissions]]... (XCU chmod). */
static bool parse_symbolic(const char *text, mode_t *mask)
{
    mode_t allowed = ~*mask & 0777;

    for (;;) {
        mode_t who = 0, bits;
        for (; *text && strchr("ugoa", *text); text++)
            who |= bits_of_class(*text);
        if (who == 0)
            who = 0777;
        if (!*text || !strchr("+-=", *text))
            return false;
        while (*text && strchr("+-=", *text)) {
            char operation = *text;
            text = parse_permissions(text + 1, allowed, &bits);
            if (operation == '=')
                allowed &= ~who;
            allowed = operation == '-' ? allowed & ~(bits & who) : allowed | (bits & who);
        }
        if (*text == '\0')
            break;
        if (*text++ != ',')
            return false;
    }
    *mask = ~allowed & 0777;
    return true;
}

int builtin_umask(struct shell *sh, int argc, char **argv)
{
    struct builtin_options options = {0};
    bool symbolic = false;
    int letter;

    while ((letter = builtin_option(sh, &options, argc, argv, "S")) != -1) {
        if (letter == '?')
            return 2;
        symbolic = true;
    }
    mode_t mask = umask(0);
    umask(mask);
    if (options.index >= argc) {
        if (symbolic)
            print_symbolic(sh, ~mask & 0777);
        else
            out_printf(sh, "%04o\n", (unsigned)mask);
        return 0;
    }
    const char *operand = argv[options.index];
    bool valid =
        *operand >= '0' && *operand <= '9' ? parse_octal(operand, &mask) : parse_symbolic(operand, &mask);
    if (!valid || options.index + 1 < argc) {
        error_print(sh, "umask: %s: %s", operand, valid ? "one operand at most" : "not a valid mask");
        return valid ? 2 : 1;
    }
    umask(mask);
    return 0;
}
