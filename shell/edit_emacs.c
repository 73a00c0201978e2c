/* edit_emacs.c - the keys of emacs mode, and what each does. */
#include "shell/arena.h"
#include "shell/edit_command.h"
#include <stdlib.h>
#include <string.h>

const struct edit_binding edit_emacs_keys[] = {
    {'\r', edit_accept, NULL},
    {'\n', edit_accept, NULL},
    {'\t', edit_complete_word, NULL},
    {KEY_CONTROL('A'), edit_home, NULL},
    {KEY_CONTROL('B'), edit_left, NULL},
    {KEY_CONTROL('D'), edit_end_of_file, NULL},
    {KEY_CONTROL('E'), edit_end, NULL},
    {KEY_CONTROL('F'), edit_right, NULL},
    {KEY_CONTROL('G'), edit_abort, NULL},
    {KEY_CONTROL('H'), edit_delete_back, NULL},
    {KEY_CONTROL('K'), edit_kill_end, NULL},
    {KEY_CONTROL('L'), edit_clear, NULL},
    {KEY_CONTROL('N'), edit_down, NULL},
    {KEY_CONTROL('O'), edit_accept_and_next, NULL},
    {KEY_CONTROL('P'), edit_up, NULL},
    {KEY_CONTROL('Q'), edit_quoted_insert, NULL},
    {KEY_CONTROL('R'), edit_search_older, NULL},
    {KEY_CONTROL('S'), edit_search_newer, NULL},
    {KEY_CONTROL('T'), edit_transpose, NULL},
    {KEY_CONTROL('U'), edit_kill_start, NULL},
    {KEY_CONTROL('V'), edit_quoted_insert, NULL},
    {KEY_CONTROL('W'), edit_kill_blank_back, NULL},
    {KEY_CONTROL('Y'), edit_yank, NULL},
    {KEY_CONTROL(']'), edit_find_key, NULL},
    {KEY_CONTROL('_'), edit_undo, NULL},
    {KEY_WITH_CONTROL, edit_set_mark, NULL}, /* ^@ */
    {KEY_DELETE_BACK, edit_delete_back, NULL},
    {KEY_UP, edit_up, NULL},
    {KEY_DOWN, edit_down, NULL},
    {KEY_RIGHT, edit_right, NULL},
    {KEY_LEFT, edit_left, NULL},
    {KEY_HOME, edit_home, NULL},
    {KEY_END, edit_end, NULL},
    {KEY_DELETE, edit_delete, NULL},
    {KEY_PAGE_UP, edit_older, NULL},
    {KEY_PAGE_DOWN, edit_newer, NULL},
    {KEY_PASTE, edit_insert_paste, NULL},
    {KEY_RIGHT | KEY_WITH_CONTROL, edit_next_word, NULL},
    {KEY_LEFT | KEY_WITH_CONTROL, edit_previous_word, NULL},
    {KEY_UP | KEY_WITH_CONTROL, edit_older, NULL},
    {KEY_DOWN | KEY_WITH_CONTROL, edit_newer, NULL},
    {KEY_DELETE | KEY_WITH_CONTROL, edit_kill_word, NULL},
    {KEY_META | KEY_RIGHT, edit_take_word, NULL},
    {KEY_META | KEY_LEFT, edit_previous_word, NULL},
    {KEY_META | KEY_DELETE_BACK, edit_kill_word_back, NULL},
    {KEY_META | KEY_CONTROL('H'), edit_kill_word_back, NULL},
    {KEY_META | KEY_DELETE, edit_kill_word, NULL},
    {KEY_META | KEY_CONTROL(']'), edit_find_key_back, NULL},
    {KEY_META | '\r', edit_insert_newline, NULL},
    {KEY_META | '\n', edit_insert_newline, NULL},
    {KEY_META | '<', edit_first, NULL},
    {KEY_META | '>', edit_newest, NULL},
    {KEY_META | '.', edit_last_argument, NULL},
    {KEY_META | '_', edit_last_argument, NULL},
    {KEY_META | '?', edit_list_word, NULL},
    {KEY_META | '=', edit_list_word, NULL},
    {KEY_META | '*', edit_insert_all, NULL},
    {KEY_META | '#', edit_comment, NULL},
    {KEY_META | '\\', edit_delete_blanks, NULL},
    {KEY_META | 'b', edit_previous_word, NULL},
    {KEY_META | 'c', edit_capital_word, NULL},
    {KEY_META | 'd', edit_kill_word, NULL},
    {KEY_META | 'f', edit_next_word, NULL},
    {KEY_META | 'l', edit_lower_word, NULL},
    {KEY_META | 'n', edit_newer, NULL},
    {KEY_META | 'p', edit_older, NULL},
    {KEY_META | 'r', edit_revert, NULL},
    {KEY_META | 't', edit_transpose_words, NULL},
    {KEY_META | 'u', edit_upper_word, NULL},
    {KEY_META | 'y', edit_yank_older, NULL},
    {KEY_BEHIND_X | KEY_CONTROL('E'), edit_external, NULL},
    {KEY_BEHIND_X | KEY_CONTROL('U'), edit_undo, NULL},
    {KEY_BEHIND_X | KEY_CONTROL('X'), edit_exchange_mark, NULL},
    {KEY_BEHIND_X | KEY_CONTROL('K'), edit_kill_all, NULL},
    {KEY_BEHIND_X | KEY_CONTROL('W'), edit_kill_region, NULL},
    {KEY_BEHIND_X | KEY_DELETE_BACK, edit_kill_start, NULL},
    {KEY_BEHIND_X | 'u', edit_undo, NULL},
    {0, NULL, NULL},
};

static edit_function *find(uint32_t key)
{
    for (const struct edit_binding *binding = edit_emacs_keys; binding->run; binding++)
        if (binding->key == key)
            return binding->run;
    return NULL;
}

/* What is typed instead of the key. */
static bool run_macro(struct edit *edit, int count)
{
    const struct edit_binding *binding = edit_binding_find(edit->sh, edit->key);
    size_t len = binding && binding->macro ? strlen(binding->macro) : 0, taken, keys = 0;
    uint32_t *queue = xmalloc((len + 1) * sizeof *queue);

    (void)count;
    for (size_t at = 0; at < len; at += taken)
        queue[keys++] = edit_binding_next_key(binding->macro + at, len - at, &taken);
    edit_keys_queue(&edit->keyboard, queue, keys);
    edit->macro_keys = (unsigned)keys;
    free(queue);
    return true;
}

bool edit_bound_key(struct edit *edit, uint32_t key, edit_function **run)
{
    const struct edit_binding *binding = edit_binding_find(edit->sh, key);
    bool in_macro = edit->macro_keys > 0;

    edit->macro_keys -= in_macro;
    if (!binding || (binding->macro && in_macro))
        return false;
    *run = binding->macro ? run_macro : binding->run;
    return true;
}

/* Alt and digits: how often. */
static int read_count(struct edit *edit, uint32_t *key)
{
    int count = 0;

    while ((*key & KEY_META) && (*key & 0xff) >= '0' && (*key & 0xff) <= '9' && *key < (KEY_META | 0x80)) {
        count = count < 10000 ? count * 10 + (int)(*key & 0xff) - '0' : count;
        *key = edit_key(edit);
        if (*key >= '0' && *key <= '9') /* the first digit's Alt does for all */
            *key |= KEY_META;
    }
    return count > 0 ? count : 1;
}

void edit_emacs_key(struct edit *edit, uint32_t key)
{
    int count = read_count(edit, &key);
    edit_function *run;

    if (key == KEY_CONTROL('X') && !edit_binding_find(edit->sh, key))
        key = KEY_BEHIND_X | edit_key(edit);
    if (edit->stopped)
        return;
    edit->key = key;
    bool bound = edit_bound_key(edit, key, &run);
    if (!bound)
        run = find(key);
    if (!bound && !run && key != KEY_ESCAPE && key >= ' ' && !(key & KEY_BEHIND_X))
        run = edit_insert_key;
    edit->now = run;
    /* Words that are typed are taken back one by one. */
    if (run != edit_insert_key || edit->last != edit_insert_key || key == ' ')
        edit_text_new_group(&edit->text);
    if (!run || !run(edit, count))
        edit_bell(edit);
    edit->last = run;
}
