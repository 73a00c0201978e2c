/*
 * ast.h - the syntax tree (XCU 2.10): what the parser makes and eval runs. Read-only once made.
 *
 * Lists are flattened: a pipeline of one command is that command, an and-or list of one pipeline that pipeline.
 * Words are parsed into parts once, so that expansion never scans text again; a word whose result is known when it
 * is parsed (WORD_STATIC) carries it.
 */
#ifndef SHELL_AST_H
#define SHELL_AST_H

#include "shell/arena.h"
#include "shell/symbol.h"
#include <stdbool.h>

/* ---- words (XCU 2.2, 2.6) ---- */

enum part_kind {
    PART_LITERAL, /* text after quote removal */
    PART_TILDE,   /* ~user: text is the login name, empty for ~ (XCU 2.6.1) */
    PART_PARAM,   /* $x ${x...} */
    PART_COMMAND, /* $(...) or `...` */
    PART_ARITH,   /* $((...)): word is its text, expanded as if in double-quotes */
};

enum param_op {
    PARAM_PLAIN,
    PARAM_DEFAULT,       /* ${x-w} ${x:-w} */
    PARAM_ASSIGN,        /* ${x=w} */
    PARAM_ERROR,         /* ${x?w} */
    PARAM_ALTERNATIVE,   /* ${x+w} */
    PARAM_LENGTH,        /* ${#x} */
    PARAM_PREFIX_SHORT,  /* ${x#w} */
    PARAM_PREFIX_LONG,   /* ${x##w} */
    PARAM_SUFFIX_SHORT,  /* ${x%w} */
    PARAM_SUFFIX_LONG,   /* ${x%%w} */
    PARAM_BAD,           /* ${...} that is no expansion: an error when expanded, not when parsed */
};

struct param {
    struct symbol *symbol;  /* a variable, or NULL */
    char special;           /* one of @*#?-$!0, or 0 */
    unsigned positional;    /* $1... when symbol is NULL and special is 0 */
    enum param_op op;
    bool colon;             /* the :- := :? :+ forms: null counts as unset */
    struct word *word;      /* operand of op, NULL when absent; for # % ops: parsed as a pattern */
    const char *text;       /* for messages: the parameter as written (x, 1, @); PARAM_BAD: all of ${...} */
};

/*
 * The commands of a command substitution as they were written. They are parsed without alias substitution, which
 * takes place when they are run, with the aliases of that time (XCU 2.2.3, 2.6.3): then they are read once more, if
 * an alias could make a difference.
 */
struct command_text {
    const char *text;
    size_t len;
    int line;
    bool lines;   /* several, so that the first ones may define aliases for the others */
    bool unknown; /* the name of one of its commands comes from an expansion */
    unsigned count;
    struct symbol *names[]; /* of its commands, not of those in substitutions within */
};

struct ast_command {
    struct node *body;         /* NULL: $( ) */
    struct command_text *text; /* NULL: body is what it means whatever the aliases are */
};

struct part {
    struct part *next;
    enum part_kind kind;
    bool quoted; /* within '' "" $'' or after a backslash: no splitting, no pathname expansion, no empty removal */
    union {
        struct {
            const char *text;
            size_t len;
        } literal; /* PART_LITERAL, PART_TILDE */
        struct param *param;
        struct ast_command *command;
        struct {
            struct word *word;  /* the expression's text */
            struct arith *code; /* compiled when the text is constant, else NULL (arith.h) */
        } arith;
    } u;
};

#define WORD_STATIC   0x01u /* expansion yields exactly the one field `text`; its parts are one literal, none in `x=` */
#define WORD_GLOB     0x02u /* has an unquoted * ? or [ in a literal part */
#define WORD_QUOTED   0x04u /* something in it was quoted: a here-document delimiter, an alias never */
#define WORD_ASSIGN   0x08u /* operand of a declaration utility in form name=value: no splitting (XCU 2.9.1.1) */

struct word {
    struct word *next;
    struct part *parts; /* NULL only for an empty word such as ${x-} */
    const char *text;   /* WORD_STATIC: the field */
    size_t len;
    struct symbol *symbol; /* WORD_STATIC and first of a simple command: its symbol, so that eval need not look */
    unsigned flags;
    int line;
};

struct assignment {
    struct assignment *next;
    struct symbol *symbol;
    struct word *value; /* tilde parts after each unquoted : as well */
};

/* ---- redirections (XCU 2.7) ---- */

enum redir_op {
    REDIR_READ,      /* < */
    REDIR_WRITE,     /* > */
    REDIR_CLOBBER,   /* >| */
    REDIR_APPEND,    /* >> */
    REDIR_READWRITE, /* <> */
    REDIR_DUP_IN,    /* <& */
    REDIR_DUP_OUT,   /* >& */
    REDIR_HERE,      /* << and <<-, body is in word (static when the delimiter was quoted) */
};

struct redir {
    struct redir *next;
    enum redir_op op;
    int fd;                 /* -1 never: the default is filled in */
    struct symbol *fd_name; /* {name}> form, or NULL */
    struct word *word;
    bool strip_tabs;        /* for printing: it was <<- */
    int line;
};

/* ---- commands (XCU 2.9) ---- */

enum node_kind {
    NODE_SIMPLE,
    NODE_SEQUENCE, /* a ; b */
    NODE_ASYNC,    /* a & */
    NODE_AND,      /* a && b */
    NODE_OR,       /* a || b */
    NODE_NOT,      /* ! pipeline */
    NODE_PIPELINE, /* a | b | c */
    NODE_SUBSHELL, /* ( list ) */
    NODE_BRACE,    /* { list; } : only kept where it has redirections */
    NODE_IF,
    NODE_WHILE,
    NODE_UNTIL,
    NODE_FOR,
    NODE_CASE,
    NODE_FUNCTION,
    NODE_TIME, /* time [-p] pipeline, a reserved word here as in other shells' practice (XCU 2.4, time) */
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body;  /* may be NULL */
    bool fall_through;  /* ;& */
};

struct node {
    enum node_kind kind;
    int line;
    struct redir *redirs; /* of a simple or compound command */
    union {
        struct {
            struct assignment *assignments;
            struct word *words; /* NULL: assignments and redirections only */
        } simple;
        struct {
            struct node **items;
            unsigned count;
        } list; /* SEQUENCE, PIPELINE */
        /*
         * AND, OR. Left-associative: of `a && b || c` the root is the OR and its left the AND. A list may have
         * thousands of operators, so it can be run without recursion: from root->first (whose left is no part of
         * this list) run left once, then, following up to the root, each right whose operator asks for it.
         */
        struct {
            struct node *left, *right;
            struct node *first; /* of the root: the leftmost AND or OR of the list, maybe itself */
            struct node *up;    /* the AND or OR of the list whose left this is; NULL for the root */
        } binary;
        struct node *child; /* ASYNC, NOT, SUBSHELL, BRACE */
        struct {
            struct node *condition, *then_part, *else_part; /* elif is an IF in else_part */
        } if_;
        struct {
            struct node *condition, *body;
        } loop; /* WHILE, UNTIL */
        struct {
            struct symbol *variable;
            struct word *words;
            bool over_positional; /* no `in` */
            struct node *body;
        } for_;
        struct {
            struct word *subject;
            struct case_item *items;
        } case_;
        struct {
            struct symbol *name;
            struct node *body; /* with its redirections */
        } function;
        struct {
            struct node *child; /* may be NULL */
            bool posix_format;
        } time;
    } u;
};

/* One complete command (XCU 2.10: complete_command) and the memory it lives in. */
struct ast {
    struct arena arena;
    struct node *root; /* NULL: nothing but blanks, comments, newlines */
    unsigned references;
};

struct ast *ast_hold(struct ast *ast);
void ast_drop(struct ast *ast); /* NULL is fine */

/* Whether the expansion of this word (not of those behind it) can run commands: a substitution is in it. NULL: no. */
bool word_runs(const struct word *word);

#endif
