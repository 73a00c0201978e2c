/* The grammar: each text parses to a tree that prints as expected, or to a message. */
#include "tests/unit/parser_kit.h"

static const struct kit_row rows[] = {
    /* lists */
    {"a b c", NULL},
    {"a;b", "a; b"},
    {"a&b", "a & b"},
    {"a & b &", NULL},
    {"a&&b||c", "a && b || c"},
    {"a && { b || c; }", NULL},
    {"{ a && b; } || c", "a && b || c"},
    {"{ a; b; } && c", NULL},
    {"a && { b & }", NULL},
    {"a &&\n\n b ||\n c", "a && b || c"},
    {"a | b |\nc", "a | b | c"},
    {"{ a | b; } | c", NULL},
    {"! a | b", NULL},
    {"! { a && b; }", NULL},
    {"{ ! a; } | b", NULL},
    {"{ ! a; } && b", "! a && b"},
    {"! { ! a; }", NULL},
    {"{ a & } &", NULL},
    {"a; b; c &", NULL},
    {"{ a; b; } &", NULL},
    {"a\n\n# c\nb # c\n#", "a\nb"},
    {"a#b #c", "a#b"},
    {"", ""},
    {"\n \n# only\n", ""},
    /* compound commands */
    {"(a;b)", "(a; b)"},
    {"(a)&&(b)", "(a) && (b)"},
    {"{ a; }", "a"},
    {"{ a; } >f", NULL},
    {"{ a\n}", "a"},
    {"{ { a; } }", "a"},
    {"{ (a) }", "(a)"},
    {"if a; then b; fi", NULL},
    {"if a\nthen b\nelif c; then d; else e; fi", "if a; then b; elif c; then d; else e; fi"},
    {"if a; then b; else if c; then d; fi; fi", "if a; then b; elif c; then d; fi"},
    {"if a; then b; else if c; then d; fi >f; fi", NULL},
    {"if a & then b & fi", NULL},
    {"while a; do b; done", NULL},
    {"until a\ndo\nb\ndone <f", "until a; do b; done <f"},
    {"for i in a b; do c; done", NULL},
    {"for i\ndo c; done", "for i; do c; done"},
    {"for i; do c; done", NULL},
    {"for i do c; done", "for i; do c; done"},
    {"for i in; do c; done", NULL},
    {"for i\n\nin a b\n\ndo c\ndone", "for i in a b; do c; done"},
    {"for in in in do; do c; done", NULL},
    {"for do in do; do do=1; done", NULL},
    {"case a in b) c;; esac", "case a in (b) c; ;; esac"},
    {"case a in (b|c) d;; (e) f;& g) esac", "case a in (b | c) d; ;; (e) f; ;& (g) ;; esac"},
    {"case a in esac", NULL},
    {"case in in in) in=1; esac", "case in in (in) in=1; ;; esac"},
    {"case a\nin\n\nb)\n\nc\n\n;;\n\nesac", "case a in (b) c; ;; esac"},
    {"case a in (esac) b;; esac", "case a in (esac) b; ;; esac"},
    {"case a in if|then) b;; esac", "case a in (if | then) b; ;; esac"},
    {"case a in b) c& esac", "case a in (b) c & ;; esac"},
    {"f() { a; }", NULL},
    {"f ( )\n\n{ a; } >g", "f() { a; } >g"},
    {"f() (a)", "f() (a)"},
    {"f() if a; then b; fi", "f() { if a; then b; fi; }"},
    {"f-g.h() { a; }", NULL},
    {"export() { a; }", NULL}, /* in vain, but no error */
    {"time a | b", NULL},
    {"time -p a", NULL},
    {"time -p|a", "'time' -p | a"},
    {"a | time -'p' b", "a | 'time' '-p' b"},
    {"! time a", NULL},
    {"time -f x a", NULL},
    {"time", NULL},
    {"time; a", NULL},
    {"time | a", NULL},
    {"time() { a; }", NULL},
    {"time (a)", "time (a)"},
    {"command time a", NULL},
    {"time <f -x", "time { -x <f; }"},
    {"time '-x'", NULL},
    /* what would mean something else when printed as it was read */
    {"a $`b`", "a '$'$(b)"},
    {"a $'b'$c $\"b\"$c", "a 'b'$c $\"b\"$c"},
    {"$( (a))", NULL},
    {"$( (a); b)", NULL},
    {">f a() { b; }", "line 1: syntax error: unexpected \"(\""},
    /* reserved words only where they are */
    {"echo if then else fi do done case esac for in while until { } ! time", NULL},
    {"x=1 if", NULL},
    {">f if", "'if' >f"},
    {"\\if a", "'if' a"},
    {"'if' a", NULL},
    {"i\\\nf a; then b; f\\\ni", "if a; then b; fi"},
    {"{a; }b", NULL},
    {"}a", NULL},
    {"!a", NULL},
    /* redirections */
    {"a <b >c >>d <>e >|f <&3 >&4 2>g 0<h", "a <b >c >>d <>e >|f <&3 >&4 2>g <h"},
    {"a 10>b 2147483647>c 99999999999>d", "a 10>b 2147483647>c 2147483647>d"},
    {"a {fd}>b {fd}<&-", NULL},
    {"a {fd} >b {1}>c {}>d", "a {fd} {1} {} >b >c >d"},
    {"a 2 >b", NULL},
    {"a2>b", "a2 >b"},
    {"a '2'>b \\2>c", "a '2' '2' >b >c"},
    {">a", NULL},
    {">a b <c d", "b d >a <c"},
    {"x=1 y= >a", NULL},
    {"(a) >b 2>&1", "(a) >b 2>&1"},
    {"a &>b", "a & >b"},
    /* line continuation */
    {"a\\\nb c\\\n d", "ab c d"},
    {"a &\\\n& b |\\\n| c", "a && b || c"},
    {"a <\\\n<\\\n-E\n\tx\n\tE", "a <<\\EOF"},
    {"x\\\n=\\\n1 a", "x=1 a"},
    {"a $\\\nb ${\\\nc\\\n} $\\\n(d) $(\\\n(1))", "a $b $c $(d) $((1))"},
    {"1\\\n2\\\n>a", "12>a"},
};

static const struct kit_row errors[] = {
    {"done", "line 1: syntax error: unexpected \"done\""},
    {"a\nif b; then c\n", "line 3: syntax error: unexpected end of file (looking for \"fi\" of line 2)"},
    {"(a", "line 1: syntax error: unexpected end of file (looking for \")\" of line 1)"},
    {"while a; do b; }", "line 1: syntax error: unexpected \"}\""},
    {"a | | b", "line 1: syntax error: unexpected \"|\""},
    {"a && ; b", "line 1: syntax error: unexpected \";\""},
    {"; a", "line 1: syntax error: unexpected \";\""},
    {"a ;; b", "line 1: syntax error: unexpected \";;\""},
    {"a ;& b", "line 1: syntax error: unexpected \";&\""},
    {"& a", "line 1: syntax error: unexpected \"&\""},
    {"a >\nb", "line 1: syntax error: unexpected newline"},
    {"a > ; b", "line 1: syntax error: unexpected \";\""},
    {"( )", "line 1: syntax error: unexpected \")\""},
    {"{ }", "line 1: syntax error: unexpected \"}\""},
    {"if ; then a; fi", "line 1: syntax error: unexpected \";\""},
    {"if a; then fi", "line 1: syntax error: unexpected \"fi\""},
    {"for 1x in a; do b; done", "line 1: syntax error: not a name for a loop's variable"},
    {"for 'x' in a; do b; done", "line 1: syntax error: not a name for a loop's variable"},
    {"for x in a | b; do c; done", "line 1: syntax error: unexpected \"|\""},
    {"for x\n; do c; done", "line 2: syntax error: unexpected \";\""},
    {"case a in b c) d;; esac", "line 1: syntax error: unexpected \"c\""},
    {"case a b", "line 1: syntax error: unexpected \"b\""},
    {"case a in b) c;;", "line 1: syntax error: unexpected end of file (looking for \"esac\" of line 1)"},
    {"! ! a", "line 1: syntax error: unexpected \"!\""},
    {"!", "line 1: syntax error: unexpected end of file"},
    {"in", "line 1: syntax error: unexpected \"in\""},
    {"a (b)", "line 1: syntax error: unexpected \"b\""},
    {"a b (c)", "line 1: syntax error: unexpected \"(\""},
    {"x=1 a() { b; }", "line 1: syntax error: unexpected \"(\""},
    {"a() b", "line 1: syntax error: unexpected \"b\""},
    {"a() ", "line 1: syntax error: unexpected end of file"},
    {"'a'() { b; }", "line 1: syntax error: no name for a function"},
    {"$a() { b; }", "line 1: syntax error: no name for a function"},
    {"{ a; } b", "line 1: syntax error: unexpected \"b\""},
    {"{ a; } >f }", "line 1: syntax error: unexpected \"}\""},
    {"${!$(a <<E)}\nb\nE\n", "line 1: syntax error: bad substitution with a here-document"},
    {"echo 'a\nb", "line 2: syntax error: unexpected end of file (looking for \"'\" of line 1)"},
    {"echo \"a", "line 1: syntax error: unexpected end of file (looking for \"\"\" of line 1)"},
    {"echo \n `a", "line 2: syntax error: unexpected end of file (looking for \"`\" of line 2)"},
    {"echo ${a", "line 1: syntax error: unexpected end of file (looking for \"}\" of line 1)"},
    {"echo $(a", "line 1: syntax error: unexpected end of file (looking for \")\" of line 1)"},
    {"echo $((1+", "line 1: syntax error: unexpected end of file (looking for \"))\" of line 1)"},
    {"echo `a;;`", "line 1: syntax error: unexpected \";;\""},
    {"echo $(a;;)", "line 1: syntax error: unexpected \";;\""},
    {"a <<", "line 1: syntax error: unexpected end of file"},
    {"a <<E\n${x\nE\n", "line 3: syntax error: unexpected end of file (looking for \"}\" of line 2)"},
};

static void deep(const char *open, const char *text)
{
    size_t unit = strlen(open), len = 100000 * unit;
    char *source = malloc(len + 1), *have, sentence[80];

    for (size_t i = 0; i < 100000; i++)
        memcpy(source + i * unit, open, unit);
    source[len] = '\0';
    have = kit_print(source, len, true);
    snprintf(sentence, sizeof sentence, "100000 times %s are an error", open);
    check(strstr(have, text) != NULL, sentence);
    free(have);
    free(source);
}

static void long_list(const char *separator)
{
    size_t unit = strlen(separator) + 1, len = 100000 * unit + 1;
    char *source = malloc(len + 1), *have, sentence[80];

    for (size_t i = 0; i < 100000; i++) {
        source[i * unit] = 'a';
        memcpy(source + i * unit + 1, separator, unit - 1);
    }
    strcpy(source + len - 1, "a");
    have = kit_print(source, len, true);
    snprintf(sentence, sizeof sentence, "100000 times %s are a list", separator);
    check_text(have, source, sentence);
    free(have);
    free(source);
}

int main(void)
{
    kit_init();
    kit_check_rows(rows, sizeof rows / sizeof *rows, true);
    kit_check_rows(errors, sizeof errors / sizeof *errors, true);
    deep("(", "nested more than 2000 deep");
    deep("{ ", "nested more than 2000 deep");
    deep("$(", "nested more than 2000 deep");
    deep("$((", "nested more than 2000 deep");
    deep("${a-", "nested more than 2000 deep");
    deep("\"${a-", "nested more than 2000 deep");
    deep("time ", "nested more than 2000 deep");
    deep("! time ", "nested more than 2000 deep");
    deep("if ", "nested more than 2000 deep");
    deep("while a; do ", "nested more than 2000 deep");
    deep("case a in a) ", "nested more than 2000 deep");
    deep("f() { ", "nested more than 2000 deep");
    long_list(" && ");
    long_list(" || ");
    long_list(" | ");
    long_list("; ");
    long_list(" & ");
    return tap_done();
}
