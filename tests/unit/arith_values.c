/* Arithmetic: values of expressions, errors, and that compiled and interpreted text agree. */
#include "shell/arith.h"
#include "shell/arith_code.h"
#include "shell/out.h"
#include "shell/shell.h"
#include "shell/symbol.h"
#include "tests/unit/tap.h"
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

static const struct {
    const char *text, *value; /* NULL: an error */
} rows[] = {
    {"", "0"},
    {" \t", "0"},
    {"1+2*3", "7"},
    {"(1+2)*3", "9"},
    {"7-2-1", "4"},
    {"100/7/2", "7"},
    {"-7/2", "-3"},
    {"-7%3", "-1"},
    {"010", "8"},
    {"0x1F", "31"},
    {"0XfF", "255"},
    {"08", NULL},
    {"0x", NULL},
    {"12abc", NULL},
    {"1 2", NULL},
    {"1+", NULL},
    {"*2", NULL},
    {"(1", NULL},
    {"1)", NULL},
    {"1=2", NULL},
    {"1+x=2", NULL},
    {"a b", NULL},
    {"1.5", NULL},
    {"#", NULL},
    {"9223372036854775807", "9223372036854775807"},
    {"9223372036854775807+1", "-9223372036854775808"},
    {"-9223372036854775808", "-9223372036854775808"},
    {"-9223372036854775808/-1", "-9223372036854775808"},
    {"-9223372036854775808%-1", "0"},
    {"9223372036854775807*2", "-2"},
    {"1<<63", "-9223372036854775808"},
    {"1<<64", "1"},
    {"-1>>1", "-1"},
    {"1/0", NULL},
    {"1%0", NULL},
    {"0&&1/0", "0"},
    {"2||1/0", "1"},
    {"1?2:1/0", "2"},
    {"0?1/0:3", "3"},
    {"1?2:0?3:4", "2"},
    {"0?2:0?3:4", "4"},
    {"1?2", NULL},
    {"2&&3", "1"},
    {"0||0", "0"},
    {"0||5", "1"},
    {"1||0&&0", "1"},
    {"1|2^3&2", "1"},
    {"~0", "-1"},
    {"!0", "1"},
    {"!5", "0"},
    {"!!5", "1"},
    {"- -5", "5"},
    {"--5", "5"},
    {"2--5", "7"},
    {"2++5", "7"},
    {"1<2", "1"},
    {"2<=1", "0"},
    {"1<2<3", "1"},
    {"3>2>1", "0"},
    {"1==1!=0", "1"},
    {"1+1==2", "1"},
    {"6&3==3", "0"},
    {"1,2,3", "3"},
    {"five", "5"},
    {"five+five", "10"},
    {"unset_name", "0"},
    {"blanks", "42"},
    {"minus", "-3"},
    {"hex", "16"},
    {"five-minus", "8"},
    {"expression", NULL},
    {"empty", "0"},
    {"a=5", "5"},
    {"a=b=4,a+b", "8"},
    {"a=10,a+=5", "15"},
    {"a=10,a-=5", "5"},
    {"a=10,a*=5", "50"},
    {"a=10,a/=5", "2"},
    {"a=10,a%=4", "2"},
    {"a=1,a<<=4", "16"},
    {"a=16,a>>=4", "1"},
    {"a=6,a&=3", "2"},
    {"a=6,a|=1", "7"},
    {"a=6,a^=3", "5"},
    {"a=1,a++", "1"},
    {"a=1,a++,a", "2"},
    {"a=1,++a", "2"},
    {"a=1,a--,a", "0"},
    {"a=1,--a", "0"},
    {"a=1,b=2,a+++b", "3"},
    {"a=5,a--1", "6"},
    {"a=1,0&&(a=7),a", "1"},
    {"a=1,1||(a=7),a", "1"},
    {"a=1,0?(a=7):0,a", "1"},
    {"a=0?b=1:2", "2"},
    {"1?a=3:4", "3"},
};

static void one(struct shell *sh, const char *text, const char *want)
{
    char sentence[200], value[ARITH_TEXT_SIZE], compiled[ARITH_TEXT_SIZE];
    struct arena arena = ARENA_INIT;
    intmax_t result;
    bool good = arith_eval(sh, text, strlen(text), &result);
    if (good)
        arith_format(value, result);
    snprintf(sentence, sizeof sentence, "%s is %s", text, want ? want : "an error");
    check_text(good ? value : NULL, want, sentence);
    struct arith *code = arith_compile(text, strlen(text), &arena);
    good = code && arith_run_with(sh, code, NULL, &result);
    if (good)
        arith_format(compiled, result);
    snprintf(sentence, sizeof sentence, "%s is the same compiled", text);
    check_text(good ? compiled : NULL, want, sentence);
    arena_free(&arena);
}

static void nesting(struct shell *sh)
{
    static char text[200002];
    intmax_t result;
    memset(text, '(', 100000);
    check(!arith_eval(sh, text, 100000, &result), "100000 parentheses are an error, no crash");
    memset(text, '!', 100000);
    check(!arith_eval(sh, text, 100000, &result), "100000 negations are an error, no crash");
    for (int i = 0; i < 100000; i++)
        memcpy(text + 2 * i, "1+", 2);
    check(arith_eval(sh, text, 199999, &result) && result == 100000, "a sum of 100000 terms is computed");
}

int main(void)
{
    struct shell sh = {0};
    out_init(&sh);
    char *environment[] = {"five=5", "blanks= 42 ", "minus=-3", "hex=0x10", "expression=1+2", "empty=", NULL};
    int null = open("/dev/null", O_WRONLY);
    dup2(null, STDERR_FILENO); /* the errors that are wanted */
    var_import(&sh, environment);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        one(&sh, rows[i].text, rows[i].value);
    nesting(&sh);
    sh.options.nounset = true;
    intmax_t result;
    check(!arith_eval(&sh, "unset_name", 10, &result), "set -u: an unset name is an error");
    var_set_name(&sh, "fixed", "1", VAR_READONLY);
    check(!arith_eval(&sh, "fixed=2", 7, &result), "assigning to a readonly name is an error");
    return tap_done();
}
