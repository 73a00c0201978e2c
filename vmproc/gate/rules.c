/* rules.c - the text of a policy: a line a rule, blanks between words, # to the end of the line. */
#include "gate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_MAX   (1 << 20)
#define RULES_MAX  10000u
#define WORDS_MAX  16
#define DIGEST_LEN 64
#define DIGEST     "sha256:"

static bool is_digest(const char *text)
{
    return strlen(text) == DIGEST_LEN && strspn(text, "0123456789abcdef") == DIGEST_LEN;
}

static bool is_number(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len < 11 && strspn(text, "0123456789") == len;
}

/* What follows prefix in word; NULL: it does not begin so. */
static const char *after(const char *word, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(word, prefix, len) == 0 ? word + len : NULL;
}

bool gate_is_who(const char *word)
{
    const char *rest;
    if (strcmp(word, "*") == 0)
        return true;
    if ((rest = after(word, "uid:")))
        return is_number(rest);
    return ((rest = after(word, "cert:")) || (rest = after(word, "user:"))) && *rest;
}

const char *gate_kind_name(enum gate_kind kind)
{
    static const char *const names[] = {[GATE_OTHER] = "other", [GATE_GUEST] = "guest", [GATE_BOOT] = "boot"};
    return names[kind];
}

static bool is_kind(const char *word)
{
    for (enum gate_kind kind = 0; kind < GATE_NKINDS; kind++)
        if (strcmp(word, gate_kind_name(kind)) == 0)
            return true;
    return false;
}

bool gate_is_image(const struct gate_rules *rules, const char *word)
{
    const char *rest = after(word, DIGEST);
    for (unsigned i = 0; i < rules->nimages; i++)
        if (strcmp(rules->images[i].name, word) == 0)
            return true;
    return strcmp(word, "*") == 0 || is_kind(word) || (rest && is_digest(rest));
}

/* A name that cannot be taken for another word of a policy. */
static bool is_name(const char *word)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+";
    return *word && word[strspn(word, letters)] == '\0' && !is_kind(word);
}

/* ---- grants ---- */

/* "512M", "2G" */
static bool take_size(const char *text, uint64_t *bytes)
{
    static const char units[] = "KMG";
    char *end;
    const char *unit;
    *bytes = strtoull(text, &end, 10);
    unit = *end ? strchr(units, *end) : NULL;
    if (text[0] < '1' || text[0] > '9' || !unit || end[1] || end - text > 9)
        return false;
    *bytes <<= 10 * (unit - units + 1);
    return true;
}

static bool take_words(char *text, struct gate_words *words)
{
    *words = (struct gate_words){.any = strcmp(text, "any") == 0};
    if (words->any || strcmp(text, "none") == 0)
        return true;
    for (char *at = text; at;) {
        char *word = at, *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        at = comma ? comma + 1 : NULL;
        if (!*word || words->count == GATE_LIST)
            return false;
        words->word[words->count++] = word;
    }
    return true;
}

bool gate_parse_grant(char *text, struct gate_rule *rule, const char **why)
{
    char *value = strchr(text, '=');
    size_t len = value ? (size_t)(value - text) : 0;
    *why = "must be memory=, cpus=, network=, files= or devices=";
    if (!value)
        return false;
    value++;
    if (len == 6 && memcmp(text, "memory", len) == 0) {
        *why = "memory= must be a size such as 512M or 2G";
        return take_size(value, &rule->memory_bytes);
    }
    if (len == 4 && memcmp(text, "cpus", len) == 0) {
        *why = "cpus= must be a number above 0";
        rule->cpus = is_number(value) ? strtoull(value, NULL, 10) : 0;
        return rule->cpus > 0;
    }
    if (len == 7 && memcmp(text, "network", len) == 0) {
        *why = "network= must be none, any, or names with commas between them, 16 at most";
        return take_words(value, &rule->networks);
    }
    if (len == 5 && memcmp(text, "files", len) == 0) {
        *why = "files= must be none, any, or patterns of paths with commas between them, 16 at most";
        return take_words(value, &rule->files);
    }
    if (len == 7 && memcmp(text, "devices", len) == 0) {
        *why = "devices= must be none or any";
        rule->devices = strcmp(value, "any") == 0;
        return rule->devices || strcmp(value, "none") == 0;
    }
    return false;
}

/* ---- lines ---- */

struct word {
    char *text;
    unsigned column;
};

struct parser {
    struct gate_rules *rules;
    struct gate_error *error;
    unsigned line, room, image_room;
};

static bool fail(struct parser *p, unsigned column, const char *text)
{
    p->error->line = p->line;
    p->error->column = column;
    snprintf(p->error->text, sizeof p->error->text, "%s", text);
    return false;
}

/* Quotes keep blanks together; what follows them is moved to where they stood. */
static bool take_word(struct parser *p, const char *line, char **at, struct word *word)
{
    char *from = *at, *to = *at;
    bool quoted = false;
    *word = (struct word){.text = to, .column = (unsigned)(from - line) + 1};
    for (; *from && (quoted || (*from != ' ' && *from != '\t')); from++) {
        if (*from == '"')
            quoted = !quoted;
        else
            *to++ = *from;
    }
    if (quoted)
        return fail(p, word->column, "a \" without its end");
    *at = *from ? from + 1 : from;
    *to = '\0';
    return true;
}

static bool split(struct parser *p, char *line, struct word words[WORDS_MAX], unsigned *count)
{
    char *at = line;
    for (*count = 0;;) {
        at += strspn(at, " \t");
        if (!*at || *at == '#')
            return true;
        if (*count == WORDS_MAX)
            return fail(p, (unsigned)(at - line) + 1, "too many words");
        if (!take_word(p, line, &at, &words[(*count)++]))
            return false;
    }
}

/* Room for one more of count items; NULL: no memory. */
static void *grow(void *items, unsigned count, unsigned *room, size_t size)
{
    if (count < *room)
        return items;
    items = realloc(items, 2 * (*room + 8) * size);
    if (items)
        *room = 2 * (*room + 8);
    return items;
}

static struct gate_rule *new_rule(struct parser *p)
{
    struct gate_rules *rules = p->rules;
    struct gate_rule *grown = grow(rules->rules, rules->count, &p->room, sizeof *grown);
    if (!grown)
        return NULL;
    rules->rules = grown;
    rules->rules[rules->count] =
        (struct gate_rule){.line = p->line, .files = {.word = {GATE_OWN_FILES}, .count = 1}};
    return &rules->rules[rules->count++];
}

/* "image NAME sha256:DIGITS..." */
static bool take_image(struct parser *p, const struct word *words, unsigned count)
{
    struct gate_rules *rules = p->rules;
    struct gate_image *grown, *image;
    if (count < 3)
        return fail(p, words[0].column,
                    "an image has a name, and the digests of the files that it boots from");
    if (!is_name(words[1].text))
        return fail(p, words[1].column, "a name is of letters, digits, and any of -_.+");
    grown = rules->nimages < RULES_MAX ? grow(rules->images, rules->nimages, &p->image_room, sizeof *grown)
                                       : NULL;
    if (!grown)
        return fail(p, 1, "too many lines");
    rules->images = grown;
    image = &rules->images[rules->nimages++];
    *image = (struct gate_image){.name = words[1].text};
    for (unsigned i = 2; i < count; i++) {
        const char *digest = after(words[i].text, DIGEST);
        if (!digest || !is_digest(digest))
            return fail(p, words[i].column, "must be sha256: and 64 hexadecimal digits");
        image->digest[image->count++] = digest;
    }
    return true;
}

static bool take_rule(struct parser *p, const char *line, struct word *words, unsigned count)
{
    struct gate_rule *rule;
    const char *why;
    if (!gate_is_who(words[0].text))
        return fail(p, words[0].column, "who must be *, cert:PATTERN, uid:NUMBER or user:PATTERN");
    if (count == 1)
        return fail(p, (unsigned)strlen(line) + words[0].column, "the image is missing");
    if (!gate_is_image(p->rules, words[1].text))
        return fail(p, words[1].column,
                    "the image must be *, guest, boot, other, sha256:DIGITS or a name of a line before");
    if (count == 2)
        return fail(p, words[1].column + (unsigned)strlen(words[1].text), "allow or deny is missing");
    if (strcmp(words[2].text, "allow") != 0 && strcmp(words[2].text, "deny") != 0)
        return fail(p, words[2].column, "must be allow or deny");
    if (p->rules->count == RULES_MAX || !(rule = new_rule(p)))
        return fail(p, 1, "too many lines");
    rule->who = words[0].text;
    rule->image = words[1].text;
    rule->allow = words[2].text[0] == 'a';
    for (unsigned i = 3; i < count; i++) {
        if (!rule->allow)
            return fail(p, words[i].column, "deny gives nothing");
        for (unsigned j = 3; j < i; j++)
            if (strncmp(words[i].text, words[j].text, strcspn(words[i].text, "=") + 1) == 0)
                return fail(p, words[i].column, "this was given before");
        if (!gate_parse_grant(words[i].text, rule, &why))
            return fail(p, words[i].column, why);
    }
    return true;
}

static bool take_line(struct parser *p, char *line)
{
    struct word words[WORDS_MAX];
    unsigned count;
    if (!split(p, line, words, &count))
        return false;
    if (count == 0)
        return true;
    return strcmp(words[0].text, "image") == 0 ? take_image(p, words, count)
                                               : take_rule(p, line, words, count);
}

bool gate_parse(const char *text, size_t len, struct gate_rules *rules, struct gate_error *error)
{
    struct parser p = {.rules = rules, .error = error, .line = 1};
    const char *nul = memchr(text, '\0', len);
    bool good = true;
    *rules = (struct gate_rules){.text = malloc(len + 1)};
    *error = (struct gate_error){0};
    if (!rules->text)
        return fail(&p, 1, "out of memory");
    memcpy(rules->text, text, len);
    rules->text[len] = '\0';
    for (char *line = rules->text; good && *line; p.line++) {
        char *end = strchr(line, '\n');
        if (end)
            *end = '\0';
        good = take_line(&p, line);
        if (!end)
            break;
        line = end + 1;
    }
    if (good && nul)
        good = fail(&p, 1, "a NUL is no text");
    if (!good)
        gate_free(rules);
    return good;
}

bool gate_read(const char *file, struct gate_rules *rules, struct gate_error *error)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY), err = 0;
    struct stat st;
    char *text = NULL;
    bool good = false;
    *error = (struct gate_error){0};
    if (fd < 0 || fstat(fd, &st) < 0)
        err = errno;
    else if (!S_ISREG(st.st_mode))
        err = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
    else if (st.st_size > FILE_MAX)
        err = EFBIG;
    else if (!(text = malloc((size_t)st.st_size + 1)) || read(fd, text, (size_t)st.st_size) != st.st_size)
        err = EIO;
    else
        good = gate_parse(text, (size_t)st.st_size, rules, error);
    if (err)
        snprintf(error->text, sizeof error->text, "%s", strerror(err));
    free(text);
    if (fd >= 0)
        close(fd);
    return good;
}

void gate_free(struct gate_rules *rules)
{
    free(rules->rules);
    free(rules->images);
    free(rules->text);
    *rules = (struct gate_rules){0};
}
