/*
 * Words: what parts they are parsed into. A part is written as
 *
 *     text       unquoted literal         'text'    quoted literal
 *     ~name      tilde                    $x $1 $@  parameter; "$x" quoted
 *     ${x:-w}    with operator and word   $(body)   command, $(body) cheap
 *     $((w))     arithmetic, $=((w)) compiled
 *
 * and parts are separated by a space. In front of the word stand its flags: S static, G glob, Q quoted, A
 * assignment.
 */
#include "tests/unit/parser_kit.h"

static void put_word(FILE *out, const struct word *word);

static void put_param(FILE *out, const struct param *param)
{
    static const char *const operators[] = {"", "-", "=", "?", "+", "", "#", "##", "%", "%%", "BAD"};

    fprintf(out, "${%s%s%s%s", param->op == PARAM_LENGTH ? "#" : "", param->text, param->colon ? ":" : "",
            operators[param->op]);
    if (param->word)
        put_word(out, param->word);
    fprintf(out, "}");
}

static void put_part(FILE *out, const struct part *part)
{
    struct arena arena = ARENA_INIT;

    switch (part->kind) {
    case PART_LITERAL:
        fprintf(out, part->quoted ? "'%s'" : "%s", part->u.literal.text);
        break;
    case PART_TILDE:
        fprintf(out, "~%s", part->u.literal.text);
        break;
    case PART_PARAM:
        if (part->quoted)
            fputc('"', out);
        if (part->u.param->op == PARAM_PLAIN)
            fprintf(out, "$%s", part->u.param->text);
        else
            put_param(out, part->u.param);
        if (part->quoted)
            fputc('"', out);
        break;
    case PART_COMMAND:
        fprintf(out, "$(%s)", ast_print(part->u.command->body, true, &arena));
        break;
    case PART_ARITH:
        fprintf(out, "$%s((", part->u.arith.code ? "=" : "");
        put_word(out, part->u.arith.word);
        fprintf(out, "))");
        break;
    }
    arena_free(&arena);
}

static void put_word(FILE *out, const struct word *word)
{
    static const struct {
        unsigned flag;
        char letter;
    } letters[] = {{WORD_STATIC, 'S'}, {WORD_GLOB, 'G'}, {WORD_QUOTED, 'Q'}, {WORD_ASSIGN, 'A'}};

    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (word->flags & letters[i].flag)
            fputc(letters[i].letter, out);
    }
    fputc(':', out);
    for (const struct part *part = word->parts; part; part = part->next) {
        put_part(out, part);
        if (part->next)
            fputc(' ', out);
    }
}

/* The words of the text's first command, assignments as name= value. */
static char *words_of(const char *text)
{
    struct input *input = input_from_string(text, strlen(text));
    struct parser *parser = parser_new(&kit_shell, input, 1);
    struct ast *ast;
    char *result;
    size_t size;
    FILE *out = open_memstream(&result, &size);
    const char *separator = "";

    if (parser_next(parser, &ast) == PARSE_OK) {
        for (struct assignment *a = ast->root->u.simple.assignments; a; a = a->next, separator = ", ") {
            fprintf(out, "%s%s= ", separator, a->symbol->name);
            put_word(out, a->value);
        }
        for (struct word *word = ast->root->u.simple.words; word; word = word->next, separator = ", ") {
            fputs(separator, out);
            put_word(out, word);
        }
        for (struct redir *redir = ast->root->redirs; redir; redir = redir->next, separator = ", ") {
            fprintf(out, "%s%d ", separator, redir->fd);
            put_word(out, redir->word);
        }
        ast_drop(ast);
    } else {
        fputs(kit_messages(), out);
    }
    fclose(out);
    parser_free(parser);
    input_free(input);
    return result;
}

static const struct kit_row rows[] = {
    /* quoting */
    {"a b", "S:a, S:b"},
    {"'a'b\"c\"\\d", "SQ:'abcd'"},
    {"'' \"\" a''", "SQ:'', SQ:'', SQ:'a'"},
    {"''$x\"\"", "Q:'' $x ''"},
    {"\"\"", "SQ:''"},
    {"\\\\ \\' \\a \\*", "SQ:'\\', SQ:''', SQ:'a', SQ:'*'"},
    {"a\\", "SQ:'a\\'"},
    {"\"a\\$b\\`c\\\"d\\\\e\\f'g'\"", "SQ:'a$b`c\"d\\e\\f'g''"},
    {"'a\\b\"$c`'", "SQ:'a\\b\"$c`'"},
    {"$'a\\tb\\x41\\101\\e\\cA\\'\\\"\\\\\\q'", "SQ:'a\tbAA\033\001'\"\\\\q'"},
    {"$'a\\0b'c $'\\x00'", "SQ:'ac', SQ:''"},
    {"$'\\c\\\\' $'\\c?' $'\\1011'", "SQ:'\034', SQ:'\177', SQ:'A1'"},
    {"\"$'a'\"", "SQ:'$'a''"},
    {"$\"a\"", "SQ:'$a'"},
    {"a$ $ \"$\" $% ", "S:a$, S:$, SQ:'$', S:$%"},
    {"'a\nb'", "SQ:'a\nb'"},
    {"\"a\\\nb\"", "SQ:'ab'"},
    {"'a\\\nb'", "SQ:'a\\\nb'"},
    /* glob characters */
    {"* a? [a] [ ] [a a] [!x]*", "G:*, G:a?, G:[a], S:[, S:], S:[a, S:a], G:[!x]*"},
    {"'*' \\* \"[a]\" [a'b'", "SQ:'*', SQ:'*', SQ:'[a]', SQ:'[ab'"},
    {"a*'*'", "GQ:a* '*'"},
    {"[$x a$x]", "G:[ $x, :a $x ]"},
    /* tilde */
    {"~ ~a ~/b ~a/b c~ ~a:b", ":~, :~a, :~ /b, :~a /b, S:c~, :~a:b"},
    {"x=~ y=~a:~b/c:'~':\\~ z=a~:b~", "x= :~, y= Q:~a : ~b /c: '~' : '~', z= S:a~:b~"},
    {"'~' \\~ ~'a' ~$a ~a\\b ~\"\" ~*", "SQ:'~', SQ:'~', SQ:'~a', :~ $a, SQ:'~ab', SQ:'~', G:~*"},
    {"echo x=~ -x~ a:~", "S:echo, S:x=~, S:-x~, S:a:~"},
    {"export x=~:~ y ~=~", "S:export, A:x= ~ : ~, S:y, :~=~"},
    {"command -p export x=~", "S:command, S:-p, S:export, A:x= ~"},
    {"command echo x=~", "S:command, S:echo, S:x=~"},
    {"${x-~} ${x=~a/b} ${x#~} \"${x-~}\" \"${x#~}\"",
     ":${x-:~}, :${x=:~a /b}, :${x#:~}, Q:\"${x-S:'~'}\", Q:\"${x#:~}\""},
    {"<~ >~a/b", "0 :~, 1 :~a /b"},
    /* parameters */
    {"$a$1$10${10}$0$@$*$#$?$-$$$!", ":$a $1 $1 0 $10 $0 $@ $* $# $? $- $$ $!"},
    {"$a_1b $a.b ${a}b \"$a\"b", ":$a_1b, :$a .b, :$a b, Q:\"$a\" b"},
    {"${a-b}${a:-b}${a=b}${a:=b}", ":${a-:b} ${a:-:b} ${a=:b} ${a:=:b}"},
    {"${a?b}${a:?b}${a+b}${a:+b}", ":${a?:b} ${a:?:b} ${a+:b} ${a:+:b}"},
    {"${a#b}${a##b}${a%b}${a%%b}", ":${a#S:b} ${a##S:b} ${a%S:b} ${a%%S:b}"},
    {"${#a}${#1}${#}${#@}${##}${#?}${#-}${#*}", ":${#a} ${#1} $# ${#@} ${##} ${#?} ${#-} ${#*}"},
    {"${#-x}${#:-x}${##x}${###}${#%}${#=}", ":${#-:x} ${#:-:x} ${##S:x} ${###S:} ${#%S:} ${#=:}"},
    {"${a-} ${a:=''}", ":${a-:}, :${a:=Q:''}"},
    {"${a-b c;d|e&f<g(h)#i}", ":${a-:b c;d|e&f<g(h)#i}"},
    {"${a-'}'\"}\"\\}}", ":${a-Q:'}}}'}"},
    {"\"${a-'b'}\"", "Q:\"${a-S:''b''}\""},
    {"\"${a-\"b c\"d\\}\\\"\\'}\"", "Q:\"${a-SQ:'b cd}\"\\''}\""},
    {"\"${a#'b'\\*\"c\"*}\"", "Q:\"${a#GQ:'b*c' *}\""},
    {"\"${a%\\}}\"", "Q:\"${a%SQ:'}'}\""},
    {"${a-$b${c-d}\"$e\"}", ":${a-Q:$b ${c-:d} \"$e\"}"},
    {"\"${a-$b}\"", "Q:\"${a-:\"$b\"}\""},
    {"${a-'b'c}", ":${a-Q:'b' c}"},
    {"${a\n-b}", ":${${a\n-b}BAD}"},
    {"${} ${a/b/c} ${a:1} ${!a} ${#a-b} ${a[1]} ${1a}",
     ":${${}BAD}, :${${a/b/c}BAD}, :${${a:1}BAD}, :${${!a}BAD}, :${${#a-b}BAD}, :${${a[1]}BAD}, "
     ":${${1a}BAD}"},
    {"$4294967296 ${4294967296}", ":$4 294967296, :$4294967296"},
    /* commands */
    {"$(a b) `c d`", ":$(a b), :$(c d)"},
    {"$() $( ) ``", ":$(), :$(), :$()"},
    {"$(a;b) $(a>b) $(x=1 a) $($x) $(<a)", ":$(a; b), :$(a >b), :$(x=1 a), :$($x), :$(<a)"},
    {"$(case a in b) c;; esac)", ":$(case a in (b) c; ;; esac)"},
    {"$(a # )\n)", ":$(a)"},
    {"\"$(a \"b\")\"", "Q:$(a 'b')"},
    {"`a \\`b\\``", ":$(a $(b))"},
    {"`a \\$b \\\\c \\d` ", ":$(a $b 'c' 'd')"},
    {"\"`a \\\"b\\\"`\"", "Q:$(a 'b')"},
    {"`a \\\"b`", ":$(a '\"b')"},
    /* arithmetic */
    {"$((1+2)) $(( x ))", ":$=((S:'1+2')), :$=((S:' x '))"},
    {"$((a)) $(((1)+(2)))", ":$=((S:'a')), :$=((S:'(1)+(2)'))"},
    {"$(($a+${b-1}+$(c)+`d`))", ":$((:\"$a\" '+' \"${b-S:'1'}\" '+' $(c) '+' $(d)))"},
    {"$(( \"1\" ))", ":$=((S:' 1 '))"},
    {"$((1+\\\n2))", ":$=((S:'1+2'))"},
    {"$((a); (b)) $((a) ) $((a)\n)", ":$((a); (b)), :$((a)), :$((a))"},
    {"$((echo ')' ); x)", ":$((echo ')'); x)"},
    {"\"$((1))\"", "Q:$=((S:'1'))"},
    {"\"$((a) )\"", "Q:$((a))"},
    {"$((a $((b) ) ) )", ":$((a $( (b))))"},
    /* assignments */
    {"a=1 b= c='' d=$x e", "a= S:1, b= S:, c= SQ:'', d= :$x, S:e"},
    {"a=b=c", "a= S:b=c"},
    {"\\a=1 'a'=1 1a=1 a-b=1 $a=1 =1", "SQ:'a=1', SQ:'a=1', S:1a=1, S:a-b=1, :$a =1, S:=1"},
};

int main(void)
{
    kit_init();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *have = words_of(rows[i].text), sentence[120];

        snprintf(sentence, sizeof sentence, "%s", rows[i].text);
        for (char *c = sentence; *c; c++)
            *c = *c == '\n' ? ' ' : *c == '#' ? '%' : *c;
        check_text(have, rows[i].want, sentence);
        free(have);
    }
    return tap_done();
}
