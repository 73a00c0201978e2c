/* function_locate.c - set -h: the utilities that a function invokes are located when it is defined (XCU set).
 */
#include "shell/eval.h"
#include "shell/exec.h"
#include "shell/symbol.h"
#include <string.h>

static void locate_simple(struct shell *sh, const struct node *node)
{
    struct symbol *symbol = node->u.simple.words ? node->u.simple.words->symbol : NULL;
    int error;

    if (symbol && !symbol->function && !symbol->builtin && !strchr(symbol->name, '/'))
        exec_find(sh, symbol, NULL, &error); /* one that is not there now may be there when it is invoked */
}

static void locate_case(struct shell *sh, const struct node *node)
{
    for (const struct case_item *item = node->u.case_.items; item; item = item->next)
        function_locate_utilities(sh, item->body);
}

/* Every AND and OR of a list has its own right side; the first one has the leftmost command as well. */
static void locate_and_or(struct shell *sh, const struct node *root)
{
    const struct node *op = root->u.binary.first;

    function_locate_utilities(sh, op->u.binary.left);
    for (; op; op = op == root ? NULL : op->u.binary.up)
        function_locate_utilities(sh, op->u.binary.right);
}

void function_locate_utilities(struct shell *sh, const struct node *node)
{
    if (!node)
        return;
    switch (node->kind) {
    case NODE_SIMPLE:
        locate_simple(sh, node);
        break;
    case NODE_SEQUENCE:
    case NODE_PIPELINE:
        for (unsigned i = 0; i < node->u.list.count; i++)
            function_locate_utilities(sh, node->u.list.items[i]);
        break;
    case NODE_AND:
    case NODE_OR:
        locate_and_or(sh, node);
        break;
    case NODE_ASYNC:
    case NODE_NOT:
    case NODE_SUBSHELL:
    case NODE_BRACE:
        function_locate_utilities(sh, node->u.child);
        break;
    case NODE_IF:
        function_locate_utilities(sh, node->u.if_.condition);
        function_locate_utilities(sh, node->u.if_.then_part);
        function_locate_utilities(sh, node->u.if_.else_part);
        break;
    case NODE_WHILE:
    case NODE_UNTIL:
        function_locate_utilities(sh, node->u.loop.condition);
        function_locate_utilities(sh, node->u.loop.body);
        break;
    case NODE_FOR:
        function_locate_utilities(sh, node->u.for_.body);
        break;
    case NODE_CASE:
        locate_case(sh, node);
        break;
    case NODE_TIME:
        function_locate_utilities(sh, node->u.time.child);
        break;
    case NODE_FUNCTION: /* when that is defined */
        break;
    }
}
