/*
 * edit_command.h - what keys do, in emacs mode and, some of it, in vi's modes. Each is an edit_function
 * (edit_state.h); count is 1 where none was typed.
 */
#ifndef SHELL_EDIT_COMMAND_H
#define SHELL_EDIT_COMMAND_H

#include "shell/edit_state.h"

/* edit_command.c */
edit_function edit_insert_key, edit_insert_paste, edit_quoted_insert, edit_insert_newline, edit_accept,
    edit_accept_and_next, edit_end_of_file, edit_clear, edit_undo, edit_revert, edit_complete_word,
    edit_list_word, edit_insert_all, edit_up, edit_down, edit_first, edit_newest, edit_external, edit_comment,
    edit_last_argument, edit_abort, edit_search_older, edit_search_newer, edit_older, edit_newer;

/* edit_motion.c */
edit_function edit_left, edit_right, edit_home, edit_end, edit_next_word, edit_previous_word, edit_find_key,
    edit_find_key_back, edit_set_mark, edit_exchange_mark, edit_take_word;

/* edit_cut.c */
edit_function edit_delete, edit_delete_back, edit_kill_end, edit_kill_start, edit_kill_all, edit_kill_word,
    edit_kill_word_back, edit_kill_blank_back, edit_kill_region, edit_yank, edit_yank_older, edit_transpose,
    edit_transpose_words, edit_upper_word, edit_lower_word, edit_capital_word, edit_delete_blanks;

/* The line goes to an editor ($VISUAL, $EDITOR, vi) and, when that succeeds, what it has left is accepted. */
bool edit_in_editor(struct edit *edit, const char *text, size_t len);

#endif
