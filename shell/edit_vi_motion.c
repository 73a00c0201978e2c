/* edit_vi_motion.c - the motions of vi's command mode. */
#include "shell/edit_move.h"
#include "shell/edit_vi.h"
#include <string.h>

typedef bool motion_function(struct edit *edit, unsigned count, struct edit_vi_motion *motion);

static bool left(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    size_t start = edit_text_line_start(&edit->text, motion->to), from = motion->to;

    for (; count > 0 && motion->to > start; count--)
        motion->to = edit_text_previous(&edit->text, motion->to);
    return motion->to < from;
}

/* Behind the last character, too: an operator takes that one. */
static bool right(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    size_t end = edit_text_line_end(&edit->text, motion->to), from = motion->to;

    for (; count > 0 && motion->to < end; count--)
        motion->to = edit_text_next(&edit->text, motion->to);
    return motion->to > from;
}

static bool repeat(struct edit *edit, unsigned count, struct edit_vi_motion *motion,
                   size_t (*step)(const struct edit_text *, size_t, bool), bool big)
{
    size_t from = motion->to;

    while (count-- > 0)
        motion->to = step(&edit->text, motion->to, big);
    return motion->to != from;
}

static bool word(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return repeat(edit, count, motion, edit_vi_word, false);
}

static bool bigword(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return repeat(edit, count, motion, edit_vi_word, true);
}

static bool word_end(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    motion->inclusive = true;
    return repeat(edit, count, motion, edit_vi_word_end, false) || motion->to < edit->text.len;
}

static bool bigword_end(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    motion->inclusive = true;
    return repeat(edit, count, motion, edit_vi_word_end, true) || motion->to < edit->text.len;
}

static bool word_back(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return repeat(edit, count, motion, edit_vi_word_back, false);
}

static bool bigword_back(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return repeat(edit, count, motion, edit_vi_word_back, true);
}

static bool line_start(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    (void)count;
    motion->to = edit_text_line_start(&edit->text, motion->to);
    return true;
}

static bool first_nonblank(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    line_start(edit, count, motion);
    motion->to += strspn(edit->text.bytes + motion->to, " \t");
    return true;
}

static bool line_end(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    size_t start = edit_text_line_start(&edit->text, motion->to);

    (void)count;
    motion->to = edit_text_line_end(&edit->text, motion->to);
    motion->inclusive = motion->to > start;
    if (motion->inclusive)
        motion->to = edit_text_previous(&edit->text, motion->to);
    return true;
}

/* [count]|: the count-th character of the line. */
static bool column(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    size_t end = edit_text_line_end(&edit->text, motion->to);

    line_start(edit, 1, motion);
    while (--count > 0 && motion->to < end)
        motion->to = edit_text_next(&edit->text, motion->to);
    return true;
}

/* ---- f F t T ; , ---- */

static bool is_here(const struct edit *edit, size_t at)
{
    size_t len = strlen(edit->vi.find_character);

    return at + len <= edit->text.len && memcmp(edit->text.bytes + at, edit->vi.find_character, len) == 0;
}

/* t and T stop one character short; repeated, they look beyond the one they stand at. */
static bool seek(struct edit *edit, uint32_t kind, unsigned count, bool again, struct edit_vi_motion *motion)
{
    const struct edit_text *text = &edit->text;
    bool back = kind == 'F' || kind == 'T', until = kind == 't' || kind == 'T';
    size_t start = edit_text_line_start(text, motion->to), end = edit_text_line_end(text, motion->to);
    size_t at = motion->to;

    if (again && until)
        at = back ? edit_text_previous(text, at) : edit_text_next(text, at);
    while (count > 0) {
        size_t next = back ? edit_text_previous(text, at) : edit_text_next(text, at);
        if (back ? at <= start : next >= end)
            return false;
        at = next;
        count -= is_here(edit, at);
    }
    motion->to = !until ? at : back ? edit_text_next(text, at) : edit_text_previous(text, at);
    motion->inclusive = !back;
    return true;
}

static bool find(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    uint32_t kind = edit->key, character = edit_key(edit);
    char bytes[4];
    size_t len = character >= ' ' || character == '\t' ? edit_key_bytes(character, bytes) : 0;

    if (len == 0)
        return false;
    edit->vi.find = kind;
    memcpy(edit->vi.find_character, bytes, len);
    edit->vi.find_character[len] = '\0';
    return seek(edit, kind, count, false, motion);
}

static bool find_again(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return edit->vi.find != 0 && seek(edit, edit->vi.find, count, true, motion);
}

/* The other case of the letter is the other direction. */
static bool find_back(struct edit *edit, unsigned count, struct edit_vi_motion *motion)
{
    return edit->vi.find != 0 && seek(edit, edit->vi.find ^ ('f' ^ 'F'), count, true, motion);
}

static const struct {
    uint32_t key;
    motion_function *run;
} motions[] = {
    {'h', left},
    {'l', right},
    {' ', right},
    {'w', word},
    {'W', bigword},
    {'e', word_end},
    {'E', bigword_end},
    {'b', word_back},
    {'B', bigword_back},
    {'0', line_start},
    {'^', first_nonblank},
    {'$', line_end},
    {'|', column},
    {'f', find},
    {'F', find},
    {'t', find},
    {'T', find},
    {';', find_again},
    {',', find_back},
    {KEY_LEFT, left},
    {KEY_RIGHT, right},
    {KEY_HOME, line_start},
    {KEY_END, line_end},
    {KEY_DELETE_BACK, left},
    {KEY_CONTROL('H'), left},
};

bool edit_vi_is_motion(uint32_t key)
{
    for (size_t i = 0; i < sizeof motions / sizeof motions[0]; i++)
        if (motions[i].key == key)
            return true;
    return false;
}

bool edit_vi_motion(struct edit *edit, uint32_t key, unsigned count, struct edit_vi_motion *motion)
{
    *motion = (struct edit_vi_motion){edit->text.cursor, false};
    edit->key = key;
    for (size_t i = 0; i < sizeof motions / sizeof motions[0]; i++)
        if (motions[i].key == key)
            return motions[i].run(edit, count > 0 ? count : 1, motion);
    return false;
}
