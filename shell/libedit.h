/*
 * libedit.h - libedit's functions, found with dlopen(3) by the first prompt on a terminal. Scripts never load
 * it: it and what it links would cost them more than their own start.
 */
#ifndef SHELL_LIBEDIT_H
#define SHELL_LIBEDIT_H

#include <histedit.h>

struct libedit {
    EditLine *(*init)(const char *program, FILE *in, FILE *out, FILE *err);
    void (*end)(EditLine *el);
    int (*wset)(EditLine *el, int op, ...);
    int (*set)(EditLine *el, int op, ...); /* EL_BIND, EL_EDITOR, EL_TERMINAL: narrow strings */
    int (*wget)(EditLine *el, int op, ...);
    const wchar_t *(*wgets)(EditLine *el, int *count);
    const LineInfoW *(*wline)(EditLine *el);
    int (*winsertstr)(EditLine *el, const wchar_t *text);
    int (*cursor)(EditLine *el, int count);
    void (*deletestr)(EditLine *el, int count);
    void (*resize)(EditLine *el);
    int (*source)(EditLine *el, const char *file);
};

/*
 * The functions, loaded by the first call; NULL when there is no libedit, or one without a function that is
 * needed. Constant from then on: libedit's callbacks get no context but the EditLine, whose client data
 * el_wget() tells.
 */
const struct libedit *libedit(void);

#endif
