/* Patterns: pattern, NUL, text. Trimming must find what trying each length by pattern_match() finds. */
#include "shell/pattern.h"
#include "shell/utf8.h"
#include "tests/fuzz/shell.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static char *copy(const uint8_t *data, size_t len)
{
    char *text = malloc(len + 1);
    memcpy(text, data, len);
    text[len] = '\0';
    text[strlen(text)] = '\0';
    return text;
}

static bool is_ascii(const char *text)
{
    for (; *text; text++)
        if (*text & 0x80)
            return false;
    return true;
}

static void check_trim(const char *pattern, const char *text, enum pattern_end side, bool longest)
{
    size_t len = strlen(text);
    long have = pattern_trim(pattern, text, len, side, longest), want = -1;
    assert(have >= -1 && have <= (long)len);
    if (len > 64 || !is_ascii(text)) /* else a length could cut a character */
        return;
    for (size_t n = 0; n <= len; n++) {
        char *part = copy((const uint8_t *)(side == PATTERN_PREFIX ? text : text + len - n), n);
        if (pattern_match(pattern, part) && (longest || want < 0))
            want = (long)n;
        free(part);
    }
    assert(have == want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_shell();
    const uint8_t *nul = memchr(data, '\0', size);
    size_t pattern_len = nul ? (size_t)(nul - data) : size;
    if (pattern_len > 256)
        return 0;
    char *pattern = copy(data, pattern_len);
    char *text = nul ? copy(nul + 1, size - pattern_len - 1) : copy(data, 0);
    for (int how = 0; how < 4; how++)
        check_trim(pattern, text, how & 1 ? PATTERN_SUFFIX : PATTERN_PREFIX, how & 2);
    pattern_has_special(pattern);
    assert(strlen(pattern_unescape(pattern)) <= pattern_len);
    free(pattern);
    free(text);
    return 0;
}
