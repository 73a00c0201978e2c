/* What passes to a terminal and what does not; the attacks are those that terminals' changelogs tell of. */
#include "tests/unit/tap.h"
#include "vmproc/shim/tty_filter.h"

#include <stdlib.h>

#define PASSES NULL /* as it is */

static const struct attack {
    const char *name, *in, *out;
} corpus[] = {
    /* what programs need */
    {"text", "a b\tc\r\nd\b\f", PASSES},
    {"characters of two, three and four bytes", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x98\x80", PASSES},
    {"a character whose last byte looks like CSI", "\xe2\x9c\x9b", PASSES},
    {"the bell", "\a", PASSES},
    {"colours", "\033[1;31m\033[38;5;200m\033[38:2::1:2:3m\033[m", PASSES},
    {"cursor and erasing", "\033[H\033[2J\033[10;20H\033[K\033[3A\033[5n1",
     "\033[H\033[2J\033[10;20H\033[K\033[3A1"},
    {"lines and characters", "\033[2L\033[M\033[4P\033[3@\033[5X\033[2S\033[1T", PASSES},
    {"a scrolling region and tabulators", "\033[1;24r\033H\033[3g", PASSES},
    {"the other screen, the cursor, mouse, paste",
     "\033[?1049h\033[?25l\033[?1006;1000h\033[?2004l\033[?1049l", PASSES},
    {"shape of the cursor and soft reset", "\033[4 q\033[!p", PASSES},
    {"line drawing", "\033(0lqk\033(B\016\017", PASSES},
    {"what vi and less begin with", "\0337\033[?1h\033=\033[?12l\033[4l\033>\0338\033M", PASSES},
    {"reset", "\033c", PASSES},
    /* strings: titles, clipboard, marks, colours, files */
    {"a window's title", "a\033]0;x\ab\033]2;y\033\\c", "abc"},
    {"an icon's name", "\033]1;x\a", ""},
    {"the clipboard", "\033]52;c;cm0gLXJmIH4K\a", ""},
    {"the clipboard asked", "\033]52;c;?\033\\", ""},
    {"marks of a prompt", "\033]133;A\a$ \033]133;B\arm\033]133;D;0\033\\", "$ rm"},
    {"marks of VS Code", "\033]633;E;rm -rf ~\a", ""},
    {"the directory", "\033]7;file:///etc\a", ""},
    {"the palette", "\033]4;1;?\033\\\033]11;?\a\033]104\a", ""},
    {"a hyperlink", "\033]8;;http://x/\033\\text\033]8;;\033\\", "text"},
    {"a notification", "\033]9;x\a\033]777;notify;a;b\a\033]99;;x\033\\", ""},
    {"iTerm2's files and key strokes", "\033]1337;File=inline=1:AAAA\a\033]1337;CopyToClipboard=\a", ""},
    {"a font that is asked for", "\033]50;?\a", ""},
    {"xterm's log file", "\033]46;/home/u/.profile\a", ""},
    {"a string within a string", "\033]0;\033]52;c;eA==\a;\a", ";\a"},
    {"a string that ends with the output", "ab\033]0;x", "ab"},
    {"a string that CAN ends", "\033]0;x\030y", "y"},
    {"DCS: a terminal's settings asked", "\033P$q\"p\033\\\033P+q544e\033\\", ""},
    {"DCS: keys that type commands", "\033P1;1|17/726d0a\033\\", ""},
    {"DCS: pictures", "\033Pq#0;2;0;0;0~-\033\\", ""},
    {"tmux's passage to the terminal outside", "\033Ptmux;\033\033]0;x\a\033\\", ""},
    {"screen's title", "\033kname\033\\", ""},
    {"APC, PM and SOS", "\033_Gf=32;AAAA\033\\\033^x\033\\\033Xy\033\\", ""},
    /* questions: the answer is typed at the prompt */
    {"device attributes", "\033[c\033[>c\033[=c\033[0c\033Z", ""},
    {"status and cursor", "\033[5n\033[6n\033[?6n\033[?15n", ""},
    {"the answer back", "a\005b", "ab"},
    {"the title told", "\033]0;rm -rf ~\a\033[21t\033[20t", ""},
    {"settings told", "\033[x\033[1x\033[?2026$p\033[4$p", ""},
    {"version and keyboard", "\033[>q\033[?u\033[>0q", ""},
    {"presentation and checksums", "\033[1$w\033[1;1;1;1;1;1*y", ""},
    {"mouse tracking that waits for an answer", "\033[1;2;3;4;5T", ""},
    {"locator", "\033[1'|\033[2'z", ""},
    /* other powers */
    {"windows moved, sized, iconified", "\033[3;0;0t\033[8;1;1t\033[2t\033[9;1t", ""},
    {"printing", "\033[5i\033[?4i\033[i", ""},
    {"the keyboard locked", "\033[2h\033[?8l\033[20h", ""},
    {"132 columns", "\033[?3h\033[?40h", ""},
    {"sixel and window modes", "\033[?80h\033[?1001h\033[?9h\033[?2031h", ""},
    {"a mode that is not allowed among those that are", "\033[?25;3h\033[?25:1h\033[?h", ""},
    {"modes saved and restored", "\033[?1049s\033[?1049r", ""},
    {"keys that are reported otherwise", "\033[>4;2m\033[>1u\033[=1u\033[<u", ""},
    {"rectangles", "\033[1;1;9;9$x\033[65;1;1;9;9$x", ""},
    {"another character set of controls", "\033 G\033%@\033%G\033#9\033(", ""},
    {"locking shifts", "\033n\033o\033|\033}\033~\033N", ""},
    {"lights", "\033[1q", ""},
    {"8 bit controls",
     "\x9b"
     "31m\x9d"
     "0;x\a\x90\x85\xff",
     "?31m?0;x\a???"},
    {"the same in UTF-8",
     "\xc2\x9b"
     "31m\xc2\x9d"
     "0;x\a",
     "?31m?0;x\a"},
    {"the same in long forms",
     "\xc0\x9b"
     "A\xe0\x82\x9b"
     "B\xf0\x80\x82\x9b"
     "C",
     "??A???B????C"},
    {"surrogates and what is beyond Unicode", "\xed\xa0\x80\xf4\x90\x80\x80\xf5",
     "????"
     "????"},
    {"a character that is cut off",
     "\xe2\x82"
     "a\xc3\033[m",
     "?a?\033[m"},
    {"numbers that overflow", "\033[99999999999999b\033[65536A\033[1;00001H", ""},
    {"a sequence that never ends",
     "\033["
     "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;"
     "1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1mx",
     "x"},
    {"a control character within a sequence", "\033[3\n1m", "\n\033[31m"},
    {"a sequence within a sequence", "\033[3\033[1m", "\033[1m"},
    {"an ESC before an ESC", "\033\033]0;x\ay", "y"},
    {"parameters in the wrong place", "\033[1?25h\033[1 2q\033[ 1q\033[?25$h", ""},
    {"control characters that mean something elsewhere", "\001\002\003\004\006\020\021\023\025\032\034\177x",
     "x"},
    {NULL, NULL, NULL},
};

/* In pieces of at most that many bytes; 0: random ones. */
static size_t pass(const char *in, size_t len, size_t piece, uint8_t *out)
{
    struct tty_filter filter = {0};
    size_t done = 0, total = 0;

    while (done < len) {
        size_t n = piece ? piece : 1 + (size_t)rand() % 5;
        n = n < len - done ? n : len - done;
        total += tty_filter_pass(&filter, (const uint8_t *)in + done, n, out + total);
        done += n;
    }
    return total;
}

static bool gives(const struct attack *attack, size_t piece, char have[1024])
{
    size_t len = pass(attack->in, strlen(attack->in), piece, (uint8_t *)have);

    have[len] = '\0';
    return strcmp(have, attack->out ? attack->out : attack->in) == 0;
}

static void known_attacks(void)
{
    char have[1024];

    for (const struct attack *attack = corpus; attack->name; attack++) {
        bool good = gives(attack, 1000, have) && gives(attack, 1, have) && gives(attack, 2, have) &&
                    gives(attack, 3, have);
        check(good, attack->name);
        for (size_t i = 0; !good && have[i]; i++)
            printf("# %02x %c\n", (uint8_t)have[i], have[i] >= ' ' && have[i] < 0x7f ? have[i] : '.');
    }
}

/* Random bytes, with those that matter more often. */
static void any_bytes(void)
{
    static const char often[] = "\033\033\033[]P\\;?0123456789mhlHcnt(\a\x9b\xc2\xe2";
    static uint8_t once[4096 + TTY_FILTER_HELD], pieces[4096 + TTY_FILTER_HELD],
        again[4096 + TTY_FILTER_HELD];
    char in[4096];
    bool same = true, stable = true;

    for (unsigned round = 0; round < 300; round++) {
        for (size_t i = 0; i < sizeof in; i++)
            in[i] = rand() % 3 ? often[(size_t)rand() % (sizeof often - 1)] : (char)rand();
        size_t len = pass(in, sizeof in, sizeof in, once);
        same = same && pass(in, sizeof in, 0, pieces) == len && memcmp(once, pieces, len) == 0;
        stable = stable && pass((char *)once, len, len + 1, again) == len && memcmp(once, again, len) == 0;
    }
    check(same, "the pieces in which output comes do not matter");
    check(stable, "what has passed passes again: no two halves make a new sequence");
}

int main(void)
{
    srand(1);
    known_attacks();
    any_bytes();
    return tap_done();
}
