/* edit_external.c - the line in an editor of the user's choice, which is a command as any other. */
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/error.h"
#include "shell/eval.h"
#include "shell/file_text.h"
#include "shell/shell.h"
#include "shell/var.h"
#include "shell/write_all.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *editor(struct shell *sh)
{
    const char *const names[] = {"VISUAL", "EDITOR"};

    for (size_t i = 0; i < 2; i++) {
        const char *value = var_get_name(sh, names[i]);
        if (value && *value)
            return value;
    }
    return "vi";
}

/* The file's text without newlines at its end, malloc'ed; NULL with errno. */
static char *read_back(const char *path, size_t *len)
{
    char *text = file_text(path, len);

    while (text && *len > 0 && text[*len - 1] == '\n')
        --*len;
    return text;
}

/* Runs the editor on path. $? stays. */
static bool run_editor(struct shell *sh, const char *path)
{
    const char *words = editor(sh);
    char *command = xmalloc(strlen(words) + strlen(path) + 4);
    int before = sh->status;

    sprintf(command, "%s '%s'", words, path);
    bool fine = eval_string(sh, command, strlen(command), 1, 0) == 0 && sh->unwind == UNWIND_NONE;
    if (sh->unwind == UNWIND_ERROR)
        sh->unwind = UNWIND_NONE;
    sh->status = before;
    free(command);
    return fine;
}

bool edit_in_editor(struct edit *edit, const char *text, size_t len)
{
    const char *directory = var_get_name(edit->sh, "TMPDIR");
    char path[PATH_MAX], *result = NULL;
    size_t result_len;

    if (!directory || directory[0] != '/' || strlen(directory) > PATH_MAX - 32 || strchr(directory, '\''))
        directory = "/tmp";
    snprintf(path, sizeof path, "%s/fleetsh-edit.XXXXXX", directory);
    edit_step_aside(edit);
    edit_give_terminal(edit);
    int fd = mkostemp(path, O_CLOEXEC);
    bool written = fd >= 0 && write_all(fd, text, len) && write_all(fd, "\n", 1);
    if (fd >= 0)
        close(fd);
    if (!written || (run_editor(edit->sh, path) && !(result = read_back(path, &result_len))))
        error_print_errno(edit->sh, errno, "%s", path);
    if (fd >= 0)
        unlink(path);
    edit_take_terminal(edit);
    if (edit->sh->unwind != UNWIND_NONE) {
        free(result);
        edit->stop = ECANCELED;
        return edit->stopped = true;
    }
    edit_show_prompt_above(edit);
    if (!result)
        return false;
    edit_set_text(edit, result, result_len);
    free(result);
    return edit_accept(edit, 1);
}
