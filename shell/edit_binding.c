/* edit_binding.c - names of functions, and what the user has bound. */
#include "shell/edit_binding.h"
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/shell.h"
#include <stdlib.h>
#include <string.h>

/* Sorted. Where a function has two names, the first is the one it is printed by. */
static const struct {
    const char *name;
    edit_function *run;
} functions[] = {
    {"abort", edit_abort},
    {"accept-line", edit_accept},
    {"accept-suggested-word", edit_take_word},
    {"backward-char", edit_left},
    {"backward-delete-char", edit_delete_back},
    {"backward-kill-line", edit_kill_start},
    {"backward-kill-word", edit_kill_word_back},
    {"backward-word", edit_previous_word},
    {"beginning-of-history", edit_first},
    {"beginning-of-line", edit_home},
    {"bracketed-paste-begin", edit_insert_paste},
    {"capitalize-word", edit_capital_word},
    {"character-search", edit_find_key},
    {"character-search-backward", edit_find_key_back},
    {"clear-screen", edit_clear},
    {"complete", edit_complete_word},
    {"delete-char", edit_delete},
    {"delete-horizontal-space", edit_delete_blanks},
    {"downcase-word", edit_lower_word},
    {"edit-and-execute-command", edit_external},
    {"end-of-file", edit_end_of_file},
    {"end-of-history", edit_newest},
    {"end-of-line", edit_end},
    {"exchange-point-and-mark", edit_exchange_mark},
    {"forward-char", edit_right},
    {"forward-search-history", edit_search_newer},
    {"forward-word", edit_next_word},
    {"history-search-backward", edit_older},
    {"history-search-forward", edit_newer},
    {"insert-comment", edit_comment},
    {"insert-completions", edit_insert_all},
    {"insert-newline", edit_insert_newline},
    {"kill-line", edit_kill_end},
    {"kill-region", edit_kill_region},
    {"kill-whole-line", edit_kill_all},
    {"kill-word", edit_kill_word},
    {"next-history", edit_down},
    {"operate-and-get-next", edit_accept_and_next},
    {"possible-completions", edit_list_word},
    {"previous-history", edit_up},
    {"quoted-insert", edit_quoted_insert},
    {"reverse-search-history", edit_search_older},
    {"revert-line", edit_revert},
    {"self-insert", edit_insert_key},
    {"set-mark", edit_set_mark},
    {"transpose-chars", edit_transpose},
    {"transpose-words", edit_transpose_words},
    {"undo", edit_undo},
    {"unix-line-discard", edit_kill_start},
    {"unix-word-rubout", edit_kill_blank_back},
    {"upcase-word", edit_upper_word},
    {"yank", edit_yank},
    {"yank-last-arg", edit_last_argument},
    {"yank-pop", edit_yank_older},
    {NULL, NULL},
};

edit_function *edit_function_named(const char *name)
{
    for (size_t i = 0; functions[i].name; i++)
        if (strcmp(functions[i].name, name) == 0)
            return functions[i].run;
    return NULL;
}

const char *edit_function_name(edit_function *function)
{
    for (size_t i = 0; functions[i].name; i++)
        if (functions[i].run == function)
            return functions[i].name;
    return NULL;
}

const char *edit_function_at(size_t i)
{
    return functions[i].name;
}

static struct edit_binding *find(const struct shell *sh, uint32_t key)
{
    for (size_t i = 0; sh->bindings && i < sh->bindings->count; i++)
        if (sh->bindings->items[i].key == key)
            return &sh->bindings->items[i];
    return NULL;
}

const struct edit_binding *edit_binding_find(const struct shell *sh, uint32_t key)
{
    return find(sh, key);
}

void edit_binding_set(struct shell *sh, uint32_t key, edit_function *run, const char *macro)
{
    struct edit_binding *binding = find(sh, key);

    if (!sh->bindings) {
        sh->bindings = xmalloc(sizeof *sh->bindings);
        *sh->bindings = (struct edit_bindings){0};
    }
    if (binding) {
        free(binding->macro);
    } else {
        struct edit_bindings *all = sh->bindings;
        all->items = xrealloc(all->items, (all->count + 1) * sizeof *all->items);
        binding = &all->items[all->count++];
    }
    *binding = (struct edit_binding){key, run, macro ? xstrdup(macro) : NULL};
}

void edit_binding_each(const struct shell *sh,
                       void (*visit)(const struct edit_binding *binding, void *context), void *context)
{
    for (const struct edit_binding *own = edit_emacs_keys; own->run; own++)
        if (!find(sh, own->key))
            visit(own, context);
    for (size_t i = 0; sh->bindings && i < sh->bindings->count; i++)
        visit(&sh->bindings->items[i], context);
}
