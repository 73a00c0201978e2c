/* edit_draw.c - the line, what is suggested behind it and what is told below it, as a frame of the screen. */
#include "shell/edit_state.h"
#include "shell/edit_suggest.h"
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define MISSING_MAX 16 /* names that are coloured */

/* What parts of the text look like. */
struct look {
    struct edit_missing missing[MISSING_MAX];
    size_t count;
};

/* How the text looks at this byte, and up to which it does (*end is lowered). */
static enum edit_style style_at(const struct edit *edit, const struct look *look, size_t at, size_t *end)
{
    const struct edit_missing match = {edit->match_at, edit->match_at + edit->match_len};

    for (size_t i = 0; i <= look->count; i++) {
        const struct edit_missing *part = i == 0 ? &match : &look->missing[i - 1];
        if (part->from <= at && at < part->to) {
            *end = part->to < *end ? part->to : *end;
            return i == 0 ? EDIT_MARKED : EDIT_WRONG;
        }
        if (at < part->from && part->from < *end && part->from < part->to)
            *end = part->from;
    }
    return EDIT_PLAIN;
}

/* Text of one line. */
static void put_styled(struct edit *edit, const struct look *look, size_t from, size_t to)
{
    for (size_t end; from < to; from = end) {
        end = to;
        enum edit_style style = style_at(edit, look, from, &end);
        edit_screen_put(&edit->screen, edit->text.bytes + from, end - from, style);
    }
}

static void put_text(struct edit *edit, const struct look *look)
{
    const struct edit_text *text = &edit->text;

    for (size_t at = 0;;) {
        size_t end = edit_text_line_end(text, at);
        bool has_cursor = at <= text->cursor && text->cursor <= end;
        put_styled(edit, look, at, has_cursor ? text->cursor : end);
        if (has_cursor) {
            edit_screen_cursor(&edit->screen);
            put_styled(edit, look, text->cursor, end);
        }
        if (end == text->len)
            break;
        edit_screen_newline(&edit->screen, edit->more.bytes, edit->more.columns);
        at = end + 1;
    }
    edit_screen_end(&edit->screen);
}

/* Dim, on what is left of the row; the last column stays free, or else the cursor's row could wrap. */
static void put_suggestion(struct edit *edit)
{
    const char *rest = edit->suggest ? edit_suggest_rest(edit) : NULL,
               *end = rest ? rest + strlen(rest) : NULL;
    unsigned room = edit_screen_room(&edit->screen);

    if (rest && edit->screen.next.row_count == 1 && edit->right.columns > 0)
        room -= edit->right.columns + 1 < room ? edit->right.columns + 1 : room;
    for (size_t len; rest && rest < end; rest += len) {
        int columns;
        len = edit_cluster(rest, end, &columns);
        if (columns < 0 || (unsigned)columns + 1 > room)
            break;
        edit_screen_put(&edit->screen, rest, len, EDIT_DIM);
        room -= (unsigned)columns;
    }
}

static void put_message(struct edit *edit)
{
    const char *message = edit->message;

    while (message) {
        const char *end = strchrnul(message, '\n');
        edit_screen_newline(&edit->screen, "", 0);
        edit_screen_put(&edit->screen, message, (size_t)(end - message), EDIT_PLAIN);
        message = *end ? end + 1 : NULL;
    }
}

static void draw(struct edit *edit, bool helps)
{
    struct look look = {.count = 0};

    look.count = edit_judge_missing(edit, look.missing, MISSING_MAX);
    edit_screen_begin(&edit->screen, edit->lead.bytes, edit->lead.columns);
    put_text(edit, &look);
    if (helps) {
        put_suggestion(edit);
        put_message(edit);
        edit_menu_put(edit);
    }
    edit_screen_tail(&edit->screen, edit->right.bytes, edit->right.columns);
    edit_screen_show(&edit->screen);
}

void edit_show(struct edit *edit)
{
    draw(edit, true);
}

bool edit_show_unless_typed_ahead(struct edit *edit)
{
    struct pollfd keyboard = {.fd = STDIN_FILENO, .events = POLLIN};

    if (poll(&keyboard, 1, 0) == 1)
        return false;
    draw(edit, true);
    return true;
}

void edit_show_prompt_above(struct edit *edit)
{
    fputs(edit->above, edit->out);
}

void edit_show_final(struct edit *edit, const char *behind)
{
    edit->message = NULL;
    edit->match_len = 0;
    draw(edit, false);
    if (*behind) {
        edit_screen_to_end(&edit->screen);
        fputs(behind, edit->out);
    }
    edit_screen_rest(&edit->screen);
}

void edit_step_aside(struct edit *edit)
{
    draw(edit, false);
    edit_screen_leave(&edit->screen);
    fflush(edit->out);
}
