/*
 * terminal.h - what the shell tells its terminal beside text, so that the terminal can find prompts, commands
 * and their statuses, open a new window in the same directory, and name the window.
 *
 *              prompt: D cwd title A          command: C title
 *   IDLE/RUNNING ----------------> TYPING ----------------> RUNNING
 *                                   |  ^
 *                                   +--+ prompt again (empty or discarded line): D without a status
 *
 *   marks   OSC 133 A, B, C with the command's text, D with its status (FinalTerm's, as kitty, foot, VTE,
 *           WezTerm, iTerm2, tmux and Windows Terminal know them); OSC 633 with E and Cwd instead when
 *           TERM_PROGRAM is vscode
 *   cwd     OSC 7
 *   title   OSC 2: the directory while a line is typed, the command's first line while it runs
 *   modes   what a full-screen program may have left switched on is off again after each command
 *   newline the prompt begins on a row of its own, behind a dim sign where output had no newline at its end
 *   paste   bracketed paste (edit.c)
 *   suggest the rest of an earlier command, dim, behind what is typed (edit_suggest.h)
 *   missing commands that are not there are red while they are typed (edit_judge.h)
 *
 * FLEETSH_TERMINAL lists what is wanted, all of it when it is not set. Nothing is written unless descriptor 2
 * is a terminal whose TERM is known to take such sequences for what they are.
 */
#ifndef SHELL_TERMINAL_H
#define SHELL_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

struct shell;

enum terminal_feature {
    TERMINAL_MARKS = 1,
    TERMINAL_CWD = 2,
    TERMINAL_TITLE = 4,
    TERMINAL_MODES = 8,
    TERMINAL_PASTE = 16,
    TERMINAL_SUGGEST = 32,
    TERMINAL_MISSING = 64,
    TERMINAL_NEWLINE = 128
};

enum terminal_state { TERMINAL_IDLE, TERMINAL_TYPING, TERMINAL_RUNNING };

struct terminal {
    enum terminal_state state;
    unsigned features; /* enum terminal_feature, as found by the last prompt */
    bool vscode;
};

/* Before a primary prompt is written. */
void terminal_prompt(struct shell *sh, struct terminal *terminal);
/* To be written between the prompt and what the user types; static, "" when there is nothing to say. */
const char *terminal_prompt_end(const struct terminal *terminal);
/* Before a command runs that the user has typed; len bytes, of one or several lines. */
void terminal_command(struct shell *sh, struct terminal *terminal, const char *text, size_t len);

/* Of this TERM and FLEETSH_TERMINAL: enum terminal_feature. */
unsigned terminal_features(struct shell *sh);
/* Does TERM name a terminal that understands colours and cursor movements? */
bool terminal_has_screen(struct shell *sh);

#endif
