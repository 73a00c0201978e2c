/*
 * edit_vi.h - vi mode (XCU sh, vi Line Editing Command Mode): what its files share.
 *
 *             i a A I R c C S s _ * \            ESC
 *   COMMAND ----------------------------> INSERT -----> COMMAND       a new line begins in INSERT
 *
 *   edit_vi.c           modes, counts, the keys of insert mode, . and @
 *   edit_vi_motion.c    where a motion leads
 *   edit_vi_change.c    commands that change the line
 *   edit_vi_history.c   commands that show another line
 *
 * A count is 0 where none was typed. In command mode the cursor is on a character, not behind the last one.
 */
#ifndef SHELL_EDIT_VI_H
#define SHELL_EDIT_VI_H

#include "shell/edit_state.h"

/* A motion leads to a position; with an operator it stands for the text up to there, the character there
 * included or not. */
struct edit_vi_motion {
    size_t to;
    bool inclusive;
};

/* key, and what f F t T read behind it. false: key is no motion, or it leads nowhere. */
bool edit_vi_motion(struct edit *edit, uint32_t key, unsigned count, struct edit_vi_motion *motion);
bool edit_vi_is_motion(uint32_t key);

typedef bool edit_vi_function(struct edit *edit, unsigned count); /* edit->key is the key; false: bell */

struct edit_vi_command {
    uint32_t key;
    edit_vi_function *run;
    bool changes; /* . repeats it */
};
extern const struct edit_vi_command edit_vi_changes[], edit_vi_histories[]; /* end with run NULL */

void edit_vi_insert(struct edit *edit, unsigned count); /* from here on insert mode */

#endif
