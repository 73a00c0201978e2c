/* edit_complete.c - between complete.h, which knows what is possible, and the line. */
#include "shell/edit_complete.h"
#include "shell/arena.h"
#include "shell/edit_ask.h"
#include "shell/edit_list.h"
#include "shell/edit_menu.h"
#include "shell/edit_state.h"
#include <stdlib.h>
#include <string.h>

/* A single possibility is finished, unless it is a directory. */
static void insert_only(struct edit *edit, size_t from, size_t to, const struct edit_answer *answer)
{
    const char *text = answer->found.items[0].text;
    size_t len = strlen(text);

    edit_text_replace(&edit->text, from, to, text, len);
    if (len == 0 || text[len - 1] != '/')
        edit_text_insert(&edit->text, answer->ending, strlen(answer->ending));
}

static void insert_all(struct edit *edit, size_t from, size_t to, const struct edit_answer *answer)
{
    edit_text_replace(&edit->text, from, to, "", 0);
    for (size_t i = 0; i < answer->found.count; i++) {
        edit_text_insert(&edit->text, answer->found.items[i].text, strlen(answer->found.items[i].text));
        edit_text_insert(&edit->text, " ", 1);
    }
}

/* What is sure goes into the line in place of from..to. */
static bool use(struct edit *edit, struct edit_answer *answer, size_t from, size_t to,
                enum edit_complete_how how)
{
    const struct completions *found = &answer->found;
    size_t common = strlen(found->common);

    if (found->count == 0)
        return false;
    if (how == EDIT_COMPLETE_ALL)
        insert_all(edit, from, to, answer);
    else if (how == EDIT_COMPLETE && found->count == 1)
        insert_only(edit, from, to, answer);
    else if (how == EDIT_COMPLETE &&
             (common > to - from || strncmp(edit->text.bytes + from, found->common, to - from) != 0))
        edit_text_replace(&edit->text, from, to, found->common, common);
    else if (how == EDIT_COMPLETE && edit_menu_has_room(edit))
        edit_menu(edit, answer, from);
    else
        edit_list_below(edit, found);
    return true;
}

static size_t limit_of(enum edit_complete_how how)
{
    return how == EDIT_COMPLETE_ALL ? EDIT_ANSWERS_ALL : EDIT_ANSWERS_MAX;
}

bool edit_complete(struct edit *edit, enum edit_complete_how how)
{
    struct edit_answer answer = {0};
    size_t cursor = edit->text.cursor;
    bool done = edit_ask_line(edit, edit->text.bytes, cursor, limit_of(how), &answer) &&
                use(edit, &answer, answer.found.start, cursor, how);

    edit_answer_free(&answer);
    return done;
}

bool edit_complete_pathname(struct edit *edit, size_t from, size_t to, enum edit_complete_how how)
{
    struct edit_answer answer = {0};
    char *word = strndup(edit->text.bytes + from, to - from);
    bool done =
        word && edit_ask_pathnames(edit, word, limit_of(how), &answer) && use(edit, &answer, from, to, how);

    edit_answer_free(&answer);
    free(word);
    return done;
}
