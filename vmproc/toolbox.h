/*
 * toolbox.h - when an applet of the toolbox, a directory of links to busybox (scripts/make-toolbox), stands in for the
 * program of its name.
 *
 * The toolbox comes first in PATH as its program is resident and starts fastest. But a script means what the program of
 * this machine does: an applet is taken for it where it was called with what both understand alike. Else the next one
 * of that name in PATH is run, and the applet where there is none. Who judges: the shell's command search and exec
 * (shell/exec.c), the shim for what a program executes (vmproc/shim/spawn.c), and the guest for busybox's sh, which takes all
 * applets' names for its own commands and executes itself for them (vmproc/guest/sys_process.c): so this is compiled
 * without the C library, too.
 */
#ifndef VMPROC_TOOLBOX_H
#define VMPROC_TOOLBOX_H

#include <stdbool.h>
#include <stddef.h>

/* The toolbox is without these: they only read what the programs of these names write as well. */
#define TOOLBOX_LEFT_OUT "ar dpkg dpkg-deb lzma rpm xz"

/*
 * What an applet was compared for with the program of its name (POSIX's description, and Debian's program). An applet that
 * has no row is taken where PATH has nothing else: diff and patch know one of four formats, ed few commands, less and
 * vi are what their user has installed.
 */
struct toolbox_applet {
    const char *name;
    /*
     * NULL: whatever it is given. Else its option letters, behind which ":" says that a value follows, "~" that the rest
     * of the word may be one; ";" a sort key; "#": digits are options; "+" in front: options end at the first operand.
     */
    const char *letters;
    const char *words; /* options that are whole words, or begin "--name="; NULL: none */
    const char
        *otherwise; /* in any word: what the program understands, and the applet does not; NULL: nothing */
};

static const struct toolbox_applet toolbox_applets[] = {
    {"[", NULL, NULL, NULL},
    {"[[", NULL, NULL, NULL},
    {"ash", NULL, NULL, NULL},
    {"awk", "+F:v:f:", NULL,
     "gensub asort PROCINFO IGNORECASE FPAT FIELDWIDTHS BEGINFILE ENDFILE @include @load patsplit strtonum"},
    {"base64", "dw:", NULL, NULL},
    {"basename", "as:", NULL, NULL},
    {"bunzip2", "cfkt", NULL, NULL},
    {"busybox", NULL, NULL, NULL},
    {"bzcat", "", NULL, NULL},
    {"bzip2", "cdfkt#", NULL, NULL},
    {"cat", "Abentuv", NULL, NULL},
    {"chgrp", "RhLHPcvf", NULL, NULL},
    {"chmod", "RcvfrwxXstugoa", NULL, NULL},
    {"chown", "RhLHPcvf", NULL, NULL},
    {"clear", "", NULL, NULL},
    {"cmp", "ls", NULL, NULL},
    {"cp", "aRrPLHpdfinlsTut:", NULL, NULL},
    {"cut", "b:c:f:d:sn", NULL, NULL},
    {"date", "uRr:", NULL, "N :z %q"},
    {"dd", "", NULL, "case cbs= block swab status=progress flag="},
    {"df", "PkhTi", NULL, NULL},
    {"dirname", "", NULL, NULL},
    {"du", "aHLcd:lsxhmk", NULL, NULL},
    {"echo", NULL, NULL, NULL},
    {"egrep", "HhnlLoqvsriwcxm:A:B:C:e:f:", NULL, NULL},
    {"env", "+iu:0", NULL, NULL},
    {"expand", "it:", NULL, NULL},
    {"expr", NULL, NULL, NULL},
    {"factor", "", NULL, NULL},
    {"false", NULL, NULL, NULL},
    {"fgrep", "HhnlLoqvsriwcxm:A:B:C:e:f:", NULL, NULL},
    {"find", "HL#", /* digits: -mtime -7 */
     "-name -iname -path -type -mtime -mmin -newer -perm -user -group -size -links -inum -empty -depth "
     "-maxdepth -mindepth"
     " -xdev -follow -prune -print -print0 -delete -exec -a -o -not",
     NULL},
    {"fold", "bsw:", NULL, NULL},
    {"free", NULL, NULL, NULL},
    {"grep", "HhnlLoqvsriwFEcxm:A:B:C:e:f:", NULL, NULL},
    {"groups", "", NULL, NULL},
    {"gunzip", "cfkt", NULL, NULL},
    {"gzip", "cdfkt#", NULL, NULL},
    {"head", "c:n:qv#", NULL, NULL},
    {"hostname", NULL, NULL, NULL},
    {"id", "ugGnr", NULL, NULL},
    {"kill", NULL, NULL, NULL},
    {"ln", "sfnTv", NULL, NULL},
    {"logname", "", NULL, NULL},
    {"ls", "1AaCxdLHRFplinshrSXvctuw:", "--color --full-time --group-directories-first", NULL},
    {"md5sum", "cw", NULL, NULL},
    {"mkdir", "m:p", NULL, NULL},
    {"mkfifo", "m:", NULL, NULL},
    {"mknod", "m:", NULL, NULL},
    {"mktemp", "dqtup:", NULL, NULL},
    {"mv", "finTt:", NULL, NULL},
    {"nproc", "", NULL, NULL},
    {"od", "abcdfhilovxsA:t:N:j:", NULL, NULL},
    {"paste", "d:s", NULL, NULL},
    {"printenv", "", NULL, NULL},
    {"printf", NULL, NULL, "%q"},
    {"ps", NULL, NULL, NULL},
    {"pwd", "LP", NULL, NULL},
    {"readlink", "fnv", NULL, NULL},
    {"realpath", "", NULL, NULL},
    {"reset", "", NULL, NULL},
    {"rev", "", NULL, NULL},
    {"rm", "rRif", NULL, NULL},
    {"rmdir", "p", NULL, NULL},
    {"sed", "nrEse:f:i~", NULL, "\\U \\L \\u \\l"},
    {"seq", "ws:#", NULL, NULL},
    {"sh", NULL, NULL, NULL},
    {"sha1sum", "cw", NULL, NULL},
    {"sha256sum", "cw", NULL, NULL},
    {"sha512sum", "cw", NULL, NULL},
    {"shuf", "ei:n:o:z", NULL, NULL},
    {"sleep", NULL, NULL, NULL},
    {"sort", "nrugMcszbdfimk;t:o:", NULL, NULL},
    {"stat", "c:L", NULL, NULL},
    {"stty", NULL, NULL, NULL},
    {"sync", "", NULL, NULL},
    {"tac", "", NULL, NULL},
    {"tail", "c:n:fFqvs:#", NULL, NULL},
    {"tee", "ai", NULL, NULL},
    {"test", NULL, NULL, NULL},
    {"timeout", "+s:k:", NULL, NULL},
    {"top", NULL, NULL, NULL},
    {"touch", "cahmr:t:", NULL, NULL},
    {"tr", "Ccds", NULL, NULL},
    {"true", NULL, NULL, NULL},
    {"truncate", "cs:", NULL, NULL},
    {"tty", "s", NULL, NULL},
    {"uname", "amnrspvio", NULL, NULL},
    {"uncompress", "cf", NULL, NULL},
    {"unexpand", "fat:", NULL, NULL},
    {"uniq", "cduif:s:w:z", NULL, NULL},
    {"unlink", "", NULL, NULL},
    {"unxz", "cfkt", NULL, NULL},
    {"uptime", "", NULL, NULL},
    {"usleep", NULL, NULL, NULL},
    {"wc", "clwLm", NULL, NULL},
    {"which", "a", NULL, NULL},
    {"whoami", "", NULL, NULL},
    {"xargs", "+0rtxn:s:I:L:E:P:", NULL, NULL},
    {"xzcat", "", NULL, NULL},
    {"yes", NULL, NULL, NULL},
    {"zcat", "", NULL, NULL},
};

/* Of the word's beginning, up to that character. */
static inline size_t toolbox_span(const char *word, char end)
{
    size_t len = 0;
    while (word[len] && word[len] != end)
        len++;
    return len;
}

/* Whether the len characters at word are one of list's words. */
static inline bool toolbox_lists(const char *list, const char *word, size_t len)
{
    while (*list) {
        size_t n = 0, common = 0;
        while (list[n] && list[n] != ' ') {
            common += common == n && n < len && list[n] == word[n];
            n++;
        }
        if (n == len && common == len)
            return true;
        list += n + (list[n] == ' ');
    }
    return false;
}

static inline bool toolbox_leaves_out(const char *name)
{
    return toolbox_lists(TOOLBOX_LEFT_OUT, name, toolbox_span(name, '\0'));
}

/* Whether one of list's words is somewhere in text. */
static inline bool toolbox_contains(const char *text, const char *list)
{
    for (; *text; text++) {
        for (const char *word = list; *word;) {
            size_t n = 0, common = 0;
            while (word[n] && word[n] != ' ') {
                common += common == n && text[n] == word[n];
                n++;
            }
            if (common == n)
                return true;
            word += n + (word[n] == ' ');
        }
    }
    return false;
}

/* A command's words, looked at one after the other: toolbox_judge(), toolbox_word() for each argument, .fits. */
struct toolbox_judgement {
    const struct toolbox_applet *applet;
    bool fits;
    char follows; /* ":" or ";" as in letters: the next word is such a value; NUL: it is not */
    bool ended, in_exec;
};

/* name: argv[0], the applet's own. */
static inline struct toolbox_judgement toolbox_judge(const char *name)
{
    struct toolbox_judgement j = {NULL, false, '\0', false, false};
    size_t len = toolbox_span(name, '\0');
    for (size_t i = 0; i < sizeof toolbox_applets / sizeof *toolbox_applets && !j.fits; i++)
        if (toolbox_lists(toolbox_applets[i].name, name, len)) {
            j.applet = &toolbox_applets[i];
            j.fits = true;
        }
    return j;
}

/* kind: as in letters. A sort key's letters are options, other values may be anything. */
static inline bool toolbox_value(char kind, const char *key)
{
    if (kind != ';')
        return true;
    while ((*key >= '0' && *key <= '9') ||
           toolbox_contains((const char[]){*key, '\0'}, ". , b d f i n r g M"))
        key++;
    return !*key;
}

/* A word of option letters, without its "-". */
static inline void toolbox_letters(struct toolbox_judgement *j, const char *word)
{
    for (; *word && j->fits; word++) {
        const char *known = j->applet->letters;
        bool digit = *word >= '0' && *word <= '9';
        while (*known && (digit ? *known != '#' : *known != *word))
            known++;
        if (!*known || toolbox_contains((const char[]){*word, '\0'}, ": ; ~ + #"))
            j->fits = false;
        else if (known[1] == ':' || known[1] == ';' || known[1] == '~') {
            if (word[1])
                j->fits = toolbox_value(known[1], word + 1);
            else if (known[1] != '~')
                j->follows = known[1];
            return;
        }
    }
}

static inline void toolbox_word(struct toolbox_judgement *j, const char *word)
{
    if (!j->fits)
        return;
    if (j->applet->otherwise && toolbox_contains(word, j->applet->otherwise))
        j->fits = false;
    if (!j->fits || !j->applet->letters || j->ended)
        return;
    if (j->follows) {
        j->fits = toolbox_value(j->follows, word);
        j->follows = '\0';
        return;
    }
    if (j->in_exec) { /* of find: another command's words */
        j->in_exec = !((word[0] == ';' || word[0] == '+') && !word[1]);
        return;
    }
    if (word[0] != '-' || !word[1]) {
        j->ended = j->applet->letters[0] == '+';
        return;
    }
    if (word[1] == '-' && !word[2]) {
        j->ended = true;
        return;
    }
    size_t len = toolbox_span(word, '=');
    if (j->applet->words && toolbox_lists(j->applet->words, word, len))
        j->in_exec = toolbox_lists("-exec", word, len);
    else
        toolbox_letters(j, word + 1);
}

/* argv: NULL-terminated. */
static inline bool toolbox_fits(char *const *argv)
{
    struct toolbox_judgement j = toolbox_judge(*argv);
    while (*argv && *++argv)
        toolbox_word(&j, *argv);
    return j.fits;
}

#endif
