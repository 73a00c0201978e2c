/* tty_filter.c - the allow-list (ECMA-48, DEC's and xterm's sequences) and the machine that applies it. */
#include "tty_filter.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ESC 0x1b
#define CAN 0x18
#define SUB 0x1a

/* Longer numbers mean nothing to a screen, and have overflowed in more than one terminal. */
#define MAX_DIGITS 4

/* BEL BS TAB LF VT FF CR SO SI. Not ENQ, which a terminal answers. */
static const char control_characters[] = "\a\b\t\n\v\f\r\016\017";

/*
 * ESC and one byte: save and restore the cursor, index, next line, tabulator, reverse index, keypad, reset.
 * Not Z (answered), N O n o | } ~ (shifts), l m (locks memory), # (below).
 */
static const char escapes[] = "78DEHM=>c";

/* ESC, one intermediate byte, one final byte: character sets (line drawing), sizes of lines. */
static const struct {
    char intermediate;
    const char *finals;
} intermediate_rows[] = {{'(', "0AB12"}, {')', "0AB12"}, {'#', "34568"}, {0, NULL}};

/*
 * CSI. Not c n x (answered), i (prints), q (lights), t (moves windows and answers), h and l but those modes
 * below, and nothing with > < = (keyboards, versions).
 */
static const struct {
    char prefix, intermediate;
    const char *finals;
} csi_rows[] = {
    {0, 0, "@ABCDEFGHIJKLMPSTXZ`abdefgmrsu"},
    {'?', 0, "JK"},
    {0, ' ', "q"}, /* shape of the cursor */
    {0, '!', "p"}, /* soft reset */
    {0, 0, NULL},
};

/* CSI ... h and l: insert mode. */
static const int ansi_modes[] = {4, 0};

/*
 * CSI ? ... h and l: cursor keys, reversed video, origin, wrapping, blinking, the cursor, keypad, margins,
 * mouse and focus, the other screen, bracketed paste, synchronized output. The shell switches off at its
 * prompt what would trouble it.
 */
static const int private_modes[] = {1,    5,    6,    7,    12,   25,   45,   47,   66,   69,   1000, 1002,
                                    1003, 1004, 1006, 1007, 1015, 1047, 1048, 1049, 2004, 2026, 0};

static bool is_one_of(uint8_t byte, const char *list)
{
    return byte != 0 && strchr(list, byte);
}

/* ---- CSI: ESC [ prefix? parameters intermediate? final ---- */

struct csi {
    char prefix, intermediate, final;
    const uint8_t *parameters; /* digits ; : */
    size_t len;
};

static bool csi_parse(const struct tty_filter *filter, struct csi *csi)
{
    const uint8_t *at = filter->held + 2, *end = filter->held + filter->nheld - 1;
    unsigned digits = 0;

    *csi = (struct csi){.final = (char)*end};
    if (at < end && *at >= '<' && *at <= '?')
        csi->prefix = (char)*at++;
    for (csi->parameters = at; at < end && *at >= '0' && *at <= ';'; at++) {
        digits = *at <= '9' ? digits + 1 : 0;
        if (digits > MAX_DIGITS)
            return false;
    }
    csi->len = (size_t)(at - csi->parameters);
    if (at < end && *at >= ' ' && *at <= '/')
        csi->intermediate = (char)*at++;
    return at == end;
}

static bool is_mode(const int *modes, int number)
{
    while (*modes && *modes != number)
        modes++;
    return *modes != 0;
}

/* All of them: a list is taken or left as a whole. */
static bool modes_are_allowed(const struct csi *csi)
{
    const int *modes = csi->prefix == '?' ? private_modes : csi->prefix ? NULL : ansi_modes;
    int number = 0;

    if (!modes || csi->intermediate)
        return false;
    for (size_t i = 0; i <= csi->len; i++) {
        if (i < csi->len && csi->parameters[i] <= '9') {
            number = 10 * number + csi->parameters[i] - '0';
            continue;
        }
        if ((i < csi->len && csi->parameters[i] != ';') || !is_mode(modes, number))
            return false;
        number = 0;
    }
    return true;
}

static bool csi_is_allowed(const struct tty_filter *filter)
{
    struct csi csi;

    if (!csi_parse(filter, &csi))
        return false;
    if (csi.final == 'h' || csi.final == 'l')
        return modes_are_allowed(&csi);
    if (csi.final == 'T' &&
        memchr(csi.parameters, ';', csi.len)) /* tracks the mouse and waits for an answer */
        return false;
    for (size_t i = 0; csi_rows[i].finals; i++)
        if (csi_rows[i].prefix == csi.prefix && csi_rows[i].intermediate == csi.intermediate &&
            is_one_of((uint8_t)csi.final, csi_rows[i].finals))
            return true;
    return false;
}

static bool intermediate_is_allowed(const struct tty_filter *filter)
{
    if (filter->nheld != 3)
        return false;
    for (size_t i = 0; intermediate_rows[i].finals; i++)
        if (filter->held[1] == (uint8_t)intermediate_rows[i].intermediate)
            return is_one_of(filter->held[2], intermediate_rows[i].finals);
    return false;
}

/* ---- characters ---- */

/* Bytes of the character that begins with this one; 1: it begins none. */
static unsigned utf8_length(uint8_t first)
{
    return first >= 0xf0 && first <= 0xf4  ? 4
           : first >= 0xe0 && first < 0xf0 ? 3
           : first >= 0xc2 && first < 0xe0 ? 2
                                           : 1;
}

/* May byte follow what is held (Unicode, table 3-7)? No long forms, no surrogates, and no U+0080 to U+009F.
 */
static bool utf8_goes_on(const struct tty_filter *filter, uint8_t byte)
{
    static const struct {
        uint8_t first, low, high;
    } seconds[] = {
        {0xc2, 0xa0, 0xbf}, {0xe0, 0xa0, 0xbf}, {0xed, 0x80, 0x9f}, {0xf0, 0x90, 0xbf}, {0xf4, 0x80, 0x8f}};

    if (filter->nheld == 1)
        for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++)
            if (seconds[i].first == filter->held[0])
                return byte >= seconds[i].low && byte <= seconds[i].high;
    return byte >= 0x80 && byte <= 0xbf;
}

/* ---- the machine ---- */

static void hold(struct tty_filter *filter, uint8_t byte)
{
    if (filter->nheld < TTY_FILTER_HELD)
        filter->held[filter->nheld++] = byte;
}

static void begin(struct tty_filter *filter, enum tty_filter_state state, uint8_t byte)
{
    filter->state = state;
    filter->nheld = 0;
    hold(filter, byte);
}

static uint8_t *finish(struct tty_filter *filter, bool allowed, uint8_t *out)
{
    if (allowed && filter->nheld < TTY_FILTER_HELD) {
        memcpy(out, filter->held, filter->nheld);
        out += filter->nheld;
    }
    filter->state = TTY_GROUND;
    return out;
}

static uint8_t *take_ground(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    if (byte < 0x80) {
        if ((byte >= ' ' && byte != 0x7f) || is_one_of(byte, control_characters))
            *out++ = byte;
    } else if (utf8_length(byte) > 1) {
        begin(filter, TTY_UTF8, byte);
    } else {
        *out++ = '?';
    }
    return out;
}

static uint8_t *take_utf8(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    if (!utf8_goes_on(filter, byte)) {
        *out++ = '?';
        filter->state = TTY_GROUND;
        /* The second half of a C1 control is a part of it. Anything else begins something new. */
        return filter->held[0] == 0xc2 && byte >= 0x80 && byte < 0xa0 ? out : take_ground(filter, byte, out);
    }
    hold(filter, byte);
    return filter->nheld == utf8_length(filter->held[0]) ? finish(filter, true, out) : out;
}

static uint8_t *take_escape(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    hold(filter, byte);
    if (byte == '[')
        filter->state = TTY_CSI;
    else if (is_one_of(byte, "]PX^_k"))
        filter->state = TTY_STRING;
    else if (byte <= '/')
        filter->state = TTY_INTERMEDIATE;
    else
        return finish(filter, is_one_of(byte, escapes), out);
    return out;
}

static uint8_t *take_intermediate(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    hold(filter, byte);
    return byte <= '/' ? out : finish(filter, intermediate_is_allowed(filter), out);
}

static uint8_t *take_csi(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    hold(filter, byte);
    return byte < '@' ? out : finish(filter, csi_is_allowed(filter), out);
}

/* Its end may be BEL, or ESC \: that ESC leads to ESCAPE, where \ is dropped. */
static uint8_t *take_string(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    if (byte == '\a')
        filter->state = TTY_GROUND;
    return out;
}

static uint8_t *take(struct tty_filter *filter, uint8_t byte, uint8_t *out)
{
    static uint8_t *(*const takers[])(struct tty_filter * filter, uint8_t byte, uint8_t * out) = {
        [TTY_GROUND] = take_ground, [TTY_UTF8] = take_utf8,
        [TTY_ESCAPE] = take_escape, [TTY_INTERMEDIATE] = take_intermediate,
        [TTY_CSI] = take_csi,       [TTY_STRING] = take_string,
    };

    if (byte == ESC || byte == CAN || byte == SUB) {
        if (filter->state == TTY_UTF8)
            *out++ = '?';
        filter->state = TTY_GROUND;
        if (byte == ESC)
            begin(filter, TTY_ESCAPE, byte);
        return out;
    }
    if (filter->state >= TTY_ESCAPE && filter->state <= TTY_CSI) {
        if (byte < ' ' || byte == 0x7f) { /* a terminal obeys it and goes on with the sequence */
            if (is_one_of(byte, control_characters))
                *out++ = byte;
            return out;
        }
        if (byte >= 0x80) /* no part of any sequence */
            filter->state = TTY_GROUND;
    }
    return takers[filter->state](filter, byte, out);
}

/* As many bytes as are ordinary text: most of what is written is. */
static size_t text_length(const uint8_t *in, size_t len)
{
    size_t n = 0;

    while (n < len && ((in[n] >= ' ' && in[n] < 0x7f) || in[n] == '\n' || in[n] == '\t' || in[n] == '\r'))
        n++;
    return n;
}

size_t tty_filter_pass(struct tty_filter *filter, const uint8_t *in, size_t len, uint8_t *out)
{
    uint8_t *const begin_of_out = out;

    for (size_t i = 0; i < len; i++) {
        if (filter->state == TTY_GROUND) {
            size_t n = text_length(in + i, len - i);
            memcpy(out, in + i, n);
            out += n;
            i += n;
            if (i == len)
                break;
        }
        out = take(filter, in[i], out);
    }
    return (size_t)(out - begin_of_out);
}

int tty_filter_for(int fd, struct tty_filter **filter)
{
    *filter = NULL;
    if (!isatty(fd))
        return 0;
    *filter = calloc(1, sizeof **filter);
    return *filter ? 0 : -ENOMEM;
}
