/* Patterns: whole matches, trimming, in the C locale and in UTF-8. */
#include "shell/locale.h"
#include "shell/pattern.h"
#include "shell/shell.h"
#include "shell/var.h"
#include "tests/unit/tap.h"
#include <stdlib.h>

struct row {
    const char *pattern, *text;
    bool matches;
};

static const struct row rows[] = {
    {"", "", true},
    {"", "a", false},
    {"a", "", false},
    {"abc", "abc", true},
    {"abc", "abcd", false},
    {"*", "", true},
    {"*", "abc", true},
    {"**", "abc", true},
    {"a*", "abc", true},
    {"*c", "abc", true},
    {"a*c", "abc", true},
    {"a*c", "ac", true},
    {"a*c", "acb", false},
    {"a*b*c", "aXbYc", true},
    {"a*b*c", "acb", false},
    {"*ab*ab*", "ab", false},
    {"*ab*ab*", "abab", true},
    {"a*a", "a", false},
    {"?", "a", true},
    {"?", "", false},
    {"?", "ab", false},
    {"a?c", "abc", true},
    {"*?", "", false},
    {"*?", "a", true},
    {"[abc]", "b", true},
    {"[abc]", "d", false},
    {"[!abc]", "d", true},
    {"[^abc]", "d", true},
    {"[!abc]", "a", false},
    {"[a-c]", "b", true},
    {"[a-c]", "d", false},
    {"[c-a]", "b", false},
    {"[]a]", "]", true},
    {"[!]a]", "]", false},
    {"[!]a]", "b", true},
    {"[a-]", "-", true},
    {"[-a]", "-", true},
    {"[a\\-c]", "b", false},
    {"[a\\-c]", "-", true},
    {"[\\]]", "]", true},
    {"[\\!a]", "!", true},
    {"[", "[", true},
    {"[a", "[a", true},
    {"[a*", "[abc", true},
    {"[!", "[!", true},
    {"[[:digit:]]", "5", true},
    {"[[:digit:]]", "a", false},
    {"[![:digit:]]", "a", true},
    {"[[:alpha:]_]", "_", true},
    {"[[:nothing:]]", "n", false},
    {"[[.a.]]", "a", true},
    {"[[.-.]a]", "-", true},
    {"[[=a=]b]", "a", true},
    {"[[.a.]-c]", "b", true},
    {"[[:digit:]", "[", false},
    {"[[:digit:]", "[d", true},
    {"\\*", "*", true},
    {"\\*", "a", false},
    {"a\\bc", "abc", true},
    {"\\[a]", "[a]", true},
    {"a\\", "a\\", true},
    {"*\\**", "a*b", true},
    {"*\\**", "ab", false},
    {"[x[[.]*[.]*", "[x[..", true},
    {"*.[ch]", "x.c", true},
    {"*.[ch]", "x.d", false},
};

static const struct row utf8_rows[] = {
    {"?", "\xc3\xa9", true},
    {"??", "\xc3\xa9", false},
    {"[\xc3\xa9]", "\xc3\xa9", true},
    {"[\xc3\xa0-\xc3\xaf]", "\xc3\xa9", true},
    {"[!\xc3\xa9]", "\xc3\xaa", true},
    {"*\xc3\xa9", "caf\xc3\xa9", true},
    {"[[:alpha:]]", "\xc3\xa9", true},
    {"[[.\xc3\xa9.]]", "\xc3\xa9", true},
    {"?", "\xff", true},
    {"\xff", "\xff", true},
    {"\xfe", "\xff", false},
    {"*\xa9", "\xc3\xa9", false},
    {"?", "\xf0\x9f\x98\x80", true},
};

static const struct {
    const char *pattern, *text;
    long prefix_short, prefix_long, suffix_short, suffix_long;
} trims[] = {
    {"", "abc", 0, 0, 0, 0},         {"a", "abc", 1, 1, -1, -1},       {"c", "abc", -1, -1, 1, 1},
    {"?", "abc", 1, 1, 1, 1},        {"*", "abc", 0, 3, 0, 3},         {"*/", "a/b/c", 2, 4, -1, -1},
    {"/*", "a/b/c", -1, -1, 2, 4},   {".*", "x.tar.gz", -1, -1, 3, 7}, {"*b", "abab", 2, 4, 1, 4},
    {"a*b", "abab", 2, 4, 2, 4},     {"?*", "abc", 1, 3, 1, 3},        {"*?", "abc", 1, 3, 1, 3},
    {"a*b*c", "abcabc", 3, 6, 3, 6}, {"*aa*", "aaa", 2, 3, 2, 3},      {"abcd", "abc", -1, -1, -1, -1},
    {"*", "", 0, 0, 0, 0},           {"x*", "", -1, -1, -1, -1},
};

/* What trimming means, the slow way. */
static long slow_trim(const char *pattern, const char *text, enum pattern_end side, bool longest)
{
    char part[64];
    long len = (long)strlen(text), best = -1;
    for (long n = 0; n <= len; n++) {
        memcpy(part, side == PATTERN_PREFIX ? text : text + len - n, (size_t)n);
        part[n] = '\0';
        if (pattern_match(pattern, part) && (longest || best < 0))
            best = n;
    }
    return best;
}

static void agree_on_random_strings(void)
{
    static const char pattern_bytes[] = "ab*?[a]!\\-", text_bytes[] = "ab]-";
    bool good = true;
    srand(1);
    for (int round = 0; round < 200000 && good; round++) {
        char pattern[12] = "", text[12] = "";
        for (int i = rand() % 9; i-- > 0;)
            pattern[i] = pattern_bytes[rand() % 10];
        for (int i = rand() % 9; i-- > 0;)
            text[i] = text_bytes[rand() % 4];
        for (int how = 0; how < 4 && good; how++)
            good = pattern_trim(pattern, text, strlen(text), how & 1, how & 2) ==
                   slow_trim(pattern, text, how & 1, how & 2);
        if (!good)
            printf("# pattern %s text %s\n", pattern, text);
    }
    check(good, "trimming agrees with trying every length");
}

static void match_rows(const struct row *row, size_t count)
{
    char sentence[100];
    for (size_t i = 0; i < count; i++, row++) {
        snprintf(sentence, sizeof sentence, "'%s' %s '%s'", row->pattern,
                 row->matches ? "matches" : "does not match", row->text);
        check(pattern_match(row->pattern, row->text) == row->matches, sentence);
    }
}

static void trim_rows(void)
{
    char sentence[100];
    for (size_t i = 0; i < sizeof trims / sizeof *trims; i++) {
        size_t len = strlen(trims[i].text);
        const char *p = trims[i].pattern, *t = trims[i].text;
        snprintf(sentence, sizeof sentence, "'%s' is trimmed from '%s' at both ends", p, t);
        check(pattern_trim(p, t, len, PATTERN_PREFIX, false) == trims[i].prefix_short &&
                  pattern_trim(p, t, len, PATTERN_PREFIX, true) == trims[i].prefix_long &&
                  pattern_trim(p, t, len, PATTERN_SUFFIX, false) == trims[i].suffix_short &&
                  pattern_trim(p, t, len, PATTERN_SUFFIX, true) == trims[i].suffix_long,
              sentence);
    }
}

int main(void)
{
    match_rows(rows, sizeof rows / sizeof *rows);
    trim_rows();
    agree_on_random_strings();
    check(pattern_has_special("a*") && pattern_has_special("[a]") && !pattern_has_special("a\\*[b"),
          "special characters are seen unless escaped");
    char text[] = "a\\*\\\\b\\";
    check_text(pattern_unescape(text), "a*\\b\\", "escapes are removed once");
    struct shell sh = {0};
    char *environment[] = {"LC_ALL=C.UTF-8", NULL};
    var_import(&sh, environment);
    locale_settle();
    if (locale_is_utf8()) {
        match_rows(rows, sizeof rows / sizeof *rows);
        match_rows(utf8_rows, sizeof utf8_rows / sizeof *utf8_rows);
        agree_on_random_strings();
        check(pattern_trim("?", "\xc3\xa9x", 3, PATTERN_PREFIX, false) == 2,
              "${x#?} takes a whole character");
        check(pattern_trim("?", "x\xc3\xa9", 3, PATTERN_SUFFIX, false) == 2,
              "${x%?} takes a whole character");
    }
    return tap_done();
}
