/* An applet stands in for the program of its name where it is given what both understand (vmproc/toolbox.h). */
#include "tests/unit/tap.h"
#include "vmproc/toolbox.h"

#include <stdlib.h>

#define MAX_WORDS 16

/* command: words with single blanks between them. */
static bool fits(const char *command)
{
    char text[256], *argv[MAX_WORDS + 1];
    size_t n = 0;
    snprintf(text, sizeof text, "%s", command);
    for (char *word = strtok(text, " "); word && n < MAX_WORDS; word = strtok(NULL, " "))
        argv[n++] = word;
    argv[n] = NULL;
    return toolbox_fits(argv);
}

static void yes(const char *command)
{
    check(fits(command), command);
}

static void no(const char *command)
{
    check(!fits(command), command);
}

int main(void)
{
    yes("ls -la --color=auto /");
    no("ls --time-style=+%Y");
    yes("sort -t, -k2,2n -r f");
    yes("sort -nk 2 -o out");
    no("sort -h f");
    no("sort -k2,2h");
    no("sort -k 2,2V");
    yes("sort -k 1.2b,3.4nr");
    no("sort --parallel=4");
    yes("head -5");
    yes("head -n -1 f");
    yes("tail -n +2 f");
    yes("cut -d: -f1 -s");
    no("cut --complement -f1");
    yes("cat - -n");
    yes("cat -- -z");
    no("cat -z");
    yes("sed -n -e s/a/b/p -i.bak f");
    no("sed s/.*/\\U&/ f");
    no("sed -z s/a/b/");
    yes("date +%Y-%m-%d");
    no("date +%s%N");
    no("date -d yesterday");
    yes("find . -name x -exec grep -P y {} ; -print");
    no("find . -exec grep -P y {} + -printf %p");
    yes("find . -mtime -7 -type f");
    no("find . -newermt yesterday");
    yes("xargs -n 1 ls -Z");
    no("xargs -d x ls");
    yes("env -u A B=1 ls -Z");
    yes("timeout -s KILL 5 ls -Z");
    yes("awk -F : -v a=b {print}");
    no("awk {print(gensub(/a/,b,1))}");
    yes("chmod -x f");
    yes("grep -c -e -P f");
    no("grep -P x");
    no("grep -: x");
    no("grep -~ x");
    no("sort -; x");
    yes("dd if=a of=b conv=notrunc");
    no("dd conv=ucase");
    yes("expr -1 + 2");
    yes("test -n --x");
    no("diff a b");
    no("vi");
    no("nothing -of -that -name");
    check(toolbox_leaves_out("xz") && toolbox_leaves_out("dpkg"), "those that only read are left out");
    check(!toolbox_leaves_out("dpk") && !toolbox_leaves_out("dpkg-") && !toolbox_leaves_out(""),
          "names are compared whole");
    return tap_done();
}
