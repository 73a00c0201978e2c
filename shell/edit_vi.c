/* edit_vi.c - insert mode, command mode, and the way between them. */
#include "shell/edit_vi.h"
#include "shell/alias.h"
#include "shell/arena.h"
#include "shell/edit_command.h"
#include "shell/edit_move.h"
#include "shell/locale.h"
#include "shell/symbol.h"
#include "shell/utf8.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_MAX 10000

void edit_vi_free(struct edit_vi *vi)
{
    free(vi->pattern);
    free(vi->last);
    free(vi->original);
}

/* ---- the last change, for . ---- */

/* The keys that made it become what . repeats. */
static void keep_record(struct edit *edit)
{
    struct edit_keyboard *keyboard = &edit->keyboard;
    struct edit_vi *vi = &edit->vi;

    free(vi->last);
    vi->last = xmalloc((keyboard->record_len + 1) * sizeof *vi->last);
    memcpy(vi->last, keyboard->record, keyboard->record_len * sizeof *vi->last);
    vi->last_len = keyboard->record_len;
    vi->last_count = vi->count;
    keyboard->recording = false;
}

static void begin_record(struct edit *edit, uint32_t key)
{
    edit->keyboard.record_len = 0;
    edit->keyboard.recording = true;
    edit_keys_note(&edit->keyboard, key);
}

/* [count].: the keys come again; a count replaces theirs. */
static bool repeat_change(struct edit *edit, unsigned count)
{
    struct edit_vi *vi = &edit->vi;

    if (vi->last_len == 0)
        return false;
    vi->next_count = count > 0 ? count : vi->last_count;
    edit_keys_queue(&edit->keyboard, vi->last, vi->last_len);
    return true;
}

/* @letter: the value of the alias _letter, as if it were typed. */
static bool run_alias(struct edit *edit, unsigned count)
{
    uint32_t key = edit_key(edit);
    char name[6] = "_";
    size_t len = key < 0x80 ? edit_key_bytes(key, name + 1) : 0;
    const struct symbol *symbol = len > 0 ? symbol_intern(name, len + 1) : NULL;

    (void)count;
    if (!symbol || !symbol->alias)
        return false;
    const char *value = symbol->alias->value, *end = value + symbol->alias->len;
    uint32_t *keys = xmalloc((symbol->alias->len + 1) * sizeof *keys);
    size_t n = 0;
    while (value < end) {
        value += utf8_decode(value, end, locale_is_utf8(), &keys[n]);
        if (keys[n] & UTF8_INVALID)
            keys[n] = KEY_BYTE | (keys[n] & 0xff);
        else if (keys[n] == '\n')
            keys[n] = '\r';
        n++;
    }
    edit_keys_queue(&edit->keyboard, keys, n);
    free(keys);
    return true;
}

/* ---- insert mode ---- */

void edit_vi_insert(struct edit *edit, unsigned count)
{
    struct edit_vi *vi = &edit->vi;

    vi->command = vi->replacing = false;
    vi->insert_count = count;
    vi->insert_start = edit->text.cursor;
}

void edit_vi_begin(struct edit *edit)
{
    struct edit_vi *vi = &edit->vi;

    if (edit->keyboard.recording && edit->keyboard.record_len > 0) { /* Enter ended the insertion */
        edit->keyboard.record[edit->keyboard.record_len - 1] = KEY_ESCAPE;
        keep_record(edit);
    }
    edit->keyboard.recording = false;
    vi->next_count = 0;
    free(vi->original);
    vi->original = xstrdup(edit->text.bytes);
    edit_vi_insert(edit, 1);
}

static void leave_insert(struct edit *edit)
{
    struct edit_vi *vi = &edit->vi;
    struct edit_text *text = &edit->text;

    if (vi->insert_count > 1 && !vi->replacing && text->cursor > vi->insert_start) {
        char *typed = strndup(text->bytes + vi->insert_start, text->cursor - vi->insert_start);
        for (; typed && vi->insert_count > 1; vi->insert_count--)
            edit_text_insert(text, typed, strlen(typed));
        free(typed);
    }
    vi->command = true;
    if (text->cursor > edit_text_line_start(text, text->cursor))
        text->cursor = edit_text_previous(text, text->cursor);
    if (edit->keyboard.recording)
        keep_record(edit);
}

static bool overwrite(struct edit *edit)
{
    struct edit_text *text = &edit->text;
    char bytes[4];
    size_t len = edit_key_bytes(edit->key, bytes), at = text->cursor;

    if (len == 0)
        return false;
    edit_text_replace(text, at, at < edit_text_line_end(text, at) ? edit_text_next(text, at) : at, bytes,
                      len);
    return true;
}

static bool erase_word(struct edit *edit)
{
    size_t cursor = edit->text.cursor, start = edit_vi_word_back(&edit->text, cursor, false);

    edit_text_remove(&edit->text, start, cursor);
    return start < cursor;
}

/* A backslash before an erase or kill character makes it an ordinary one. */
static bool is_escaped(struct edit *edit)
{
    size_t cursor = edit->text.cursor;

    if (edit->vi.typed_before != '\\' || cursor == 0 || edit->text.bytes[cursor - 1] != '\\')
        return false;
    edit_text_remove(&edit->text, cursor - 1, cursor);
    return true;
}

static bool is_special(const struct edit *edit, uint32_t key, int which)
{
    return key == edit->modes.c_cc[which] && key != _POSIX_VDISABLE;
}

static const struct {
    uint32_t key;
    edit_function *run;
} insert_keys[] = {
    {'\r', edit_accept},
    {'\n', edit_accept},
    {'\t', edit_complete_word},
    {KEY_PASTE, edit_insert_paste},
    {KEY_CONTROL('V'), edit_quoted_insert},
    {KEY_CONTROL('Q'), edit_quoted_insert},
    {KEY_CONTROL('L'), edit_clear},
    {KEY_CONTROL('R'), edit_search_older},
    {KEY_CONTROL('S'), edit_search_newer},
    {KEY_CONTROL('P'), edit_up},
    {KEY_CONTROL('N'), edit_down},
    {KEY_CONTROL('Y'), edit_yank},
    {KEY_UP, edit_up},
    {KEY_DOWN, edit_down},
    {KEY_LEFT, edit_left},
    {KEY_RIGHT, edit_right},
    {KEY_HOME, edit_home},
    {KEY_END, edit_end},
    {KEY_DELETE, edit_delete},
    {0, NULL},
};

static bool insert_key(struct edit *edit, uint32_t key)
{
    bool erase = key == KEY_DELETE_BACK || key == KEY_CONTROL('H') || is_special(edit, key, VERASE);
    bool kill = key == KEY_CONTROL('U') || is_special(edit, key, VKILL);
    edit_function *run;

    if (edit_bound_key(edit, key, &run))
        return run && run(edit, 1);
    if ((erase || kill) && is_escaped(edit))
        return edit_insert_key(edit, 1);
    if (erase && edit->vi.replacing)
        return edit_left(edit, 1);
    if (erase)
        return edit_delete_back(edit, 1);
    if (kill)
        return edit_kill_all(edit, 1);
    if (key == KEY_CONTROL('W'))
        return erase_word(edit);
    if (is_special(edit, key, VEOF) || key == KEY_CONTROL('D'))
        return edit->text.len == 0 && edit_end_of_file(edit, 1);
    for (size_t i = 0; insert_keys[i].run; i++)
        if (insert_keys[i].key == key)
            return insert_keys[i].run(edit, 1);
    if (key < ' ')
        return false;
    return edit->vi.replacing ? overwrite(edit) : edit_insert_key(edit, 1);
}

/* ---- command mode ---- */

static bool accept(struct edit *edit, unsigned count)
{
    (void)count;
    return edit_accept(edit, 1);
}

static bool clear(struct edit *edit, unsigned count)
{
    (void)count;
    return edit_clear(edit, 1);
}

static bool end_of_file(struct edit *edit, unsigned count)
{
    (void)count;
    return edit->text.len == 0 && edit_end_of_file(edit, 1);
}

static bool paste(struct edit *edit, unsigned count)
{
    (void)count;
    if (edit->text.cursor < edit->text.len)
        edit->text.cursor = edit_text_next(&edit->text, edit->text.cursor);
    edit_vi_insert(edit, 1);
    return edit_insert_paste(edit, 1);
}

static bool search_older(struct edit *edit, unsigned count)
{
    (void)count;
    return edit_search(edit, true);
}

static const struct edit_vi_command own[] = {
    {'\r', accept, false},
    {'\n', accept, false},
    {'.', repeat_change, false},
    {'@', run_alias, false},
    {KEY_CONTROL('D'), end_of_file, false},
    {KEY_CONTROL('L'), clear, false},
    {KEY_CONTROL('R'), search_older, false},
    {KEY_PASTE, paste, false},
    {0, NULL, false},
};

static const struct edit_vi_command *find(const struct edit_vi_command *table, uint32_t key)
{
    while (table->run && table->key != key)
        table++;
    return table->run ? table : NULL;
}

static bool move(struct edit *edit, uint32_t key, unsigned count)
{
    struct edit_vi_motion motion;
    bool found = edit_vi_motion(edit, key, count, &motion);

    if (found)
        edit->text.cursor = motion.to;
    return found;
}

/* The cursor is on a character. */
static void stay_on_line(struct edit *edit)
{
    struct edit_text *text = &edit->text;
    size_t cursor = text->cursor;

    if (cursor > edit_text_line_start(text, cursor) && cursor == edit_text_line_end(text, cursor))
        text->cursor = edit_text_previous(text, cursor);
}

/* What was typed before the command; of one that . repeats, what that gave it. */
static unsigned read_count(struct edit *edit, uint32_t *key)
{
    unsigned count = 0;

    while (*key >= (count ? '0' : '1') && *key <= '9') {
        count = count < COUNT_MAX ? count * 10 + (*key - '0') : count;
        *key = edit_key(edit);
    }
    if (edit->vi.next_count > 0)
        count = edit->vi.next_count;
    edit->vi.next_count = 0;
    return count;
}

static bool command_key(struct edit *edit, uint32_t key)
{
    unsigned count = read_count(edit, &key);
    const struct edit_vi_command *command = find(edit_vi_changes, key);
    bool done;

    edit->vi.count = count;
    edit->key = key;
    if (!command)
        command = find(edit_vi_histories, key);
    if (!command)
        command = find(own, key);
    if (!command)
        return edit_vi_is_motion(key) && move(edit, key, count);
    if (command->changes)
        begin_record(edit, key);
    done = command->run(edit, count);
    if (command->changes && !done)
        edit->keyboard.recording = false;
    else if (command->changes && edit->vi.command)
        keep_record(edit);
    return done;
}

void edit_vi_key(struct edit *edit, uint32_t key)
{
    struct edit_vi *vi = &edit->vi;
    bool done;

    if (!vi->command && key == KEY_ESCAPE) {
        leave_insert(edit);
        vi->typed_before = 0;
        return;
    }
    if (vi->command) {
        edit_text_new_group(&edit->text);
        done = command_key(edit, key);
    } else {
        done = insert_key(edit, key);
    }
    vi->typed_before = key;
    if (vi->command && !edit->accepted)
        stay_on_line(edit);
    if (!done && !edit->stopped)
        edit_bell(edit);
}
