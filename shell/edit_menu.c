/* edit_menu.c - what the keys do while the menu is shown. */
#include "shell/edit_menu.h"
#include "shell/arena.h"
#include "shell/edit_state.h"
#include <stdlib.h>
#include <string.h>

enum after { STAY, LEAVE, LEAVE_WITH_KEY /* which then does what it does */ };

bool edit_menu_has_room(const struct edit *edit)
{
    return edit->screen.known && edit->screen.shown.end_row + 1 < edit->screen.height;
}

/* ---- the word ---- */

static char *copy(const char *bytes, size_t len)
{
    char *text = xmalloc(len + 1);

    memcpy(text, bytes, len);
    text[len] = '\0';
    return text;
}

static void set_word(struct edit *edit, const struct edit_menu *menu, const char *word)
{
    edit_text_replace(&edit->text, menu->from, edit->text.cursor, word, strlen(word));
}

/* What stands in the line is what was typed. */
static void take_typed(struct edit *edit, struct edit_menu *menu)
{
    free(menu->typed);
    menu->typed = copy(edit->text.bytes + menu->from, edit->text.cursor - menu->from);
    menu->chosen = false;
}

static const struct completion *item_at(const struct edit_menu *menu, size_t at)
{
    return &menu->answer->found.items[menu->fitting[at]];
}

static void find_fitting(struct edit_menu *menu)
{
    const struct completions *found = &menu->answer->found;
    size_t len = strlen(menu->typed);

    menu->fitting = xrealloc(menu->fitting, (found->count + 1) * sizeof *menu->fitting);
    menu->count = menu->top = menu->rows = 0;
    for (size_t i = 0; i < found->count; i++)
        if (strncmp(found->items[i].text, menu->typed, len) == 0)
            menu->fitting[menu->count++] = i;
}

static bool ends_with_slash(const char *text)
{
    return *text && text[strlen(text) - 1] == '/';
}

static void choose(struct edit *edit, struct edit_menu *menu, size_t at)
{
    menu->chosen = true;
    menu->at = at;
    set_word(edit, menu, item_at(menu, at)->text);
}

/* The one that is chosen is what was meant. */
static enum after finish(struct edit *edit, const struct edit_menu *menu)
{
    const char *ending = menu->answer->ending;

    if (!ends_with_slash(item_at(menu, menu->at)->text))
        edit_text_insert(&edit->text, ending, strlen(ending));
    return LEAVE;
}

/* ---- the keys ---- */

/* Not all that there are were told of: it must be asked for again. */
static bool ask_again(struct edit *edit, struct edit_menu *menu)
{
    struct edit_answer answer = {0};

    if (menu->answer->found.left_out == 0)
        return true;
    if (!edit_ask_line(edit, edit->text.bytes, edit->text.cursor, EDIT_ANSWERS_MAX, &answer)) {
        edit_answer_free(&answer);
        return false;
    }
    edit_answer_free(menu->answer);
    *menu->answer = answer;
    return answer.found.start == menu->from;
}

static enum after narrow(struct edit *edit, struct edit_menu *menu, const char *bytes, size_t len)
{
    edit_text_insert(&edit->text, bytes, len);
    take_typed(edit, menu);
    if (!ask_again(edit, menu))
        return LEAVE;
    find_fitting(menu);
    return menu->count > 0 ? STAY : LEAVE;
}

/* Bytes that all that fit have in common. */
static size_t common_len(const struct edit_menu *menu)
{
    const char *first = item_at(menu, 0)->text;
    size_t len = strlen(first);

    if (menu->answer->found.left_out > 0)
        return strlen(menu->answer->found.common);
    for (size_t i = 1; i < menu->count; i++) { /* quoted, they are not quite in the order of their bytes */
        const char *text = item_at(menu, i)->text;
        size_t same = 0;
        while (same < len && first[same] == text[same])
            same++;
        len = same;
    }
    while (len > 0 && ((unsigned char)first[len] & 0xc0) == 0x80)
        len--;
    return len;
}

/* TAB while nothing is chosen. */
static enum after advance(struct edit *edit, struct edit_menu *menu)
{
    size_t common = common_len(menu);

    if (menu->count == 1 && menu->answer->found.left_out == 0) {
        choose(edit, menu, 0);
        return finish(edit, menu);
    }
    if (common > strlen(menu->typed)) {
        char *word = copy(item_at(menu, 0)->text, common);
        set_word(edit, menu, word);
        free(word);
        take_typed(edit, menu);
    } else {
        choose(edit, menu, 0);
    }
    return STAY;
}

/* Where a key leads from the one that is chosen. */
static size_t move(const struct edit_menu *menu, uint32_t key)
{
    size_t at = menu->at, count = menu->count, row = at % menu->rows, page = menu->visible;

    switch (key) {
    case KEY_UP:
    case KEY_BACK_TAB:
    case KEY_CONTROL('P'):
        return at > 0 ? at - 1 : count - 1;
    case KEY_RIGHT:
        return at + menu->rows < count ? at + menu->rows : at;
    case KEY_LEFT:
        return at >= menu->rows ? at - menu->rows : at;
    case KEY_PAGE_DOWN:
        at += row + page < menu->rows ? page : menu->rows - 1 - row;
        return at < count ? at : count - 1;
    case KEY_PAGE_UP:
        return at - (row > page ? page : row);
    case KEY_HOME:
        return 0;
    case KEY_END:
        return count - 1;
    default:
        return at + 1 < count ? at + 1 : 0;
    }
}

static bool is_movement(uint32_t key)
{
    return key == '\t' || key == KEY_BACK_TAB || key == KEY_UP || key == KEY_DOWN ||
           key == KEY_CONTROL('N') || key == KEY_CONTROL('P');
}

static enum after take_unchosen(struct edit *edit, struct edit_menu *menu, uint32_t key)
{
    char bytes[4];
    size_t len = key > ' ' && key != KEY_DELETE_BACK ? edit_key_bytes(key, bytes) : 0;

    if (key == '\t')
        return advance(edit, menu);
    if (key == KEY_ESCAPE || key == KEY_CONTROL('G'))
        return LEAVE;
    if (len > 0)
        return narrow(edit, menu, bytes, len);
    if (!is_movement(key))
        return LEAVE_WITH_KEY;
    choose(edit, menu, key == KEY_DOWN || key == KEY_CONTROL('N') ? 0 : menu->count - 1);
    return STAY;
}

static enum after take_chosen(struct edit *edit, struct edit_menu *menu, uint32_t key)
{
    switch (key) {
    case '\r':
    case '\n':
        return finish(edit, menu);
    case KEY_ESCAPE:
    case KEY_CONTROL('G'):
    case KEY_CONTROL('H'):
    case KEY_DELETE_BACK:
        set_word(edit, menu, menu->typed);
        return LEAVE;
    case '/':
        return ends_with_slash(item_at(menu, menu->at)->text) ? LEAVE : LEAVE_WITH_KEY;
    case KEY_LEFT:
    case KEY_RIGHT:
    case KEY_PAGE_UP:
    case KEY_PAGE_DOWN:
    case KEY_HOME:
    case KEY_END:
        break;
    default:
        if (!is_movement(key))
            return LEAVE_WITH_KEY;
    }
    if (menu->rows == 0)
        edit_menu_arrange(edit, menu);
    choose(edit, menu, move(menu, key));
    return STAY;
}

void edit_menu(struct edit *edit, struct edit_answer *answer, size_t from)
{
    struct edit_menu menu = {.answer = answer, .from = from};
    bool suggest = edit->suggest;
    enum after after;
    uint32_t key;

    take_typed(edit, &menu);
    find_fitting(&menu);
    edit->suggest = false;
    edit->menu = &menu;
    edit_text_new_group(&edit->text);
    do {
        key = edit_key(edit);
        after = edit->stopped ? LEAVE : (menu.chosen ? take_chosen : take_unchosen)(edit, &menu, key);
    } while (after == STAY);
    edit->menu = NULL;
    edit->suggest = suggest;
    if (after == LEAVE_WITH_KEY)
        edit_keys_queue(&edit->keyboard, &key, 1);
    free(menu.typed);
    free(menu.fitting);
}
