/* edit_emacs.c - the keys of emacs mode, and what each does. */
#include "shell/edit_command.h"

struct binding {
    uint32_t key;
    edit_function *run;
};

static const struct binding keys[] = {
    {'\r', edit_accept},
    {'\n', edit_accept},
    {'\t', edit_complete_word},
    {KEY_CONTROL('A'), edit_home},
    {KEY_CONTROL('B'), edit_left},
    {KEY_CONTROL('D'), edit_end_of_file},
    {KEY_CONTROL('E'), edit_end},
    {KEY_CONTROL('F'), edit_right},
    {KEY_CONTROL('G'), edit_abort},
    {KEY_CONTROL('H'), edit_delete_back},
    {KEY_CONTROL('K'), edit_kill_end},
    {KEY_CONTROL('L'), edit_clear},
    {KEY_CONTROL('N'), edit_down},
    {KEY_CONTROL('O'), edit_accept_and_next},
    {KEY_CONTROL('P'), edit_up},
    {KEY_CONTROL('Q'), edit_quoted_insert},
    {KEY_CONTROL('R'), edit_search_older},
    {KEY_CONTROL('S'), edit_search_newer},
    {KEY_CONTROL('T'), edit_transpose},
    {KEY_CONTROL('U'), edit_kill_start},
    {KEY_CONTROL('V'), edit_quoted_insert},
    {KEY_CONTROL('W'), edit_kill_blank_back},
    {KEY_CONTROL('Y'), edit_yank},
    {KEY_CONTROL(']'), edit_find_key},
    {KEY_CONTROL('_'), edit_undo},
    {KEY_WITH_CONTROL, edit_set_mark}, /* ^@ */
    {KEY_DELETE_BACK, edit_delete_back},
    {KEY_UP, edit_up},
    {KEY_DOWN, edit_down},
    {KEY_RIGHT, edit_right},
    {KEY_LEFT, edit_left},
    {KEY_HOME, edit_home},
    {KEY_END, edit_end},
    {KEY_DELETE, edit_delete},
    {KEY_PAGE_UP, edit_older},
    {KEY_PAGE_DOWN, edit_newer},
    {KEY_PASTE, edit_insert_paste},
    {KEY_RIGHT | KEY_WITH_CONTROL, edit_next_word},
    {KEY_LEFT | KEY_WITH_CONTROL, edit_previous_word},
    {KEY_UP | KEY_WITH_CONTROL, edit_older},
    {KEY_DOWN | KEY_WITH_CONTROL, edit_newer},
    {KEY_DELETE | KEY_WITH_CONTROL, edit_kill_word},
    {KEY_META | KEY_RIGHT, edit_take_word},
    {KEY_META | KEY_LEFT, edit_previous_word},
    {KEY_META | KEY_DELETE_BACK, edit_kill_word_back},
    {KEY_META | KEY_CONTROL('H'), edit_kill_word_back},
    {KEY_META | KEY_DELETE, edit_kill_word},
    {KEY_META | KEY_CONTROL(']'), edit_find_key_back},
    {KEY_META | '\r', edit_insert_newline},
    {KEY_META | '\n', edit_insert_newline},
    {KEY_META | '<', edit_first},
    {KEY_META | '>', edit_newest},
    {KEY_META | '.', edit_last_argument},
    {KEY_META | '_', edit_last_argument},
    {KEY_META | '?', edit_list_word},
    {KEY_META | '=', edit_list_word},
    {KEY_META | '*', edit_insert_all},
    {KEY_META | '#', edit_comment},
    {KEY_META | '\\', edit_delete_blanks},
    {KEY_META | 'b', edit_previous_word},
    {KEY_META | 'c', edit_capital_word},
    {KEY_META | 'd', edit_kill_word},
    {KEY_META | 'f', edit_next_word},
    {KEY_META | 'l', edit_lower_word},
    {KEY_META | 'n', edit_newer},
    {KEY_META | 'p', edit_older},
    {KEY_META | 'r', edit_revert},
    {KEY_META | 't', edit_transpose_words},
    {KEY_META | 'u', edit_upper_word},
    {KEY_META | 'y', edit_yank_older},
    {0, NULL},
};

/* Behind ^X. */
static const struct binding more_keys[] = {
    {KEY_CONTROL('E'), edit_external},
    {KEY_CONTROL('U'), edit_undo},
    {KEY_CONTROL('X'), edit_exchange_mark},
    {KEY_CONTROL('K'), edit_kill_all},
    {KEY_CONTROL('W'), edit_kill_region},
    {KEY_DELETE_BACK, edit_kill_start},
    {'u', edit_undo},
    {0, NULL},
};

static edit_function *find(const struct binding *table, uint32_t key)
{
    for (; table->run; table++)
        if (table->key == key)
            return table->run;
    return NULL;
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

    if (key == KEY_CONTROL('X'))
        run = find(more_keys, key = edit_key(edit));
    else
        run = find(keys, key);
    if (edit->stopped)
        return;
    edit->key = key;
    if (!run && key != KEY_ESCAPE && (key >= ' ' || key == KEY_NONE))
        run = edit_insert_key;
    edit->now = run;
    /* Words that are typed are taken back one by one. */
    if (run != edit_insert_key || edit->last != edit_insert_key || key == ' ')
        edit_text_new_group(&edit->text);
    if (!run || !run(edit, count))
        edit_bell(edit);
    edit->last = run;
}
