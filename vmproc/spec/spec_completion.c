/* spec_completion.c - the key "completion": what the command's options are, and what its operands and theirs. */
#include "spec_keys.h"

#include <stdio.h>
#include <string.h>

/* The shell reads lines and shows them: nothing in them may look like their ends, or command the terminal. */
static bool is_line(const char *text, bool blanks)
{
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < (blanks ? ' ' : ' ' + 1) || *c == 0x7f)
            return false;
    return *text != '\0';
}

static bool check_argument(struct spec *spec, const struct json *value)
{
    static const char *const kinds[] = {"command", "directory", "file",     "host", "none",
                                        "signal",  "user",      "variable", NULL};

    if (value->kind == JSON_STRING) {
        for (const char *const *kind = kinds; *kind; kind++)
            if (strcmp(*kind, value->text) == 0)
                return true;
        return spec_error(spec, value, "an argument cannot be \"%.60s\"", value->text);
    }
    if (value->kind != JSON_ARRAY)
        return spec_error(spec, value, "an argument must be a string or an array of words, not %s",
                          json_kind_name(value->kind));
    for (const struct json *word = value->first; word; word = word->next)
        if (word->kind != JSON_STRING || !is_line(word->text, false))
            return spec_error(spec, word, "not a word");
    return true;
}

static bool take_about(struct spec *spec, const struct json *value)
{
    return is_line(value->text, true) || spec_error(spec, value, "\"about\" must be one line");
}

static bool check_option(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"about", JSON_STRING, take_about},
        {"argument", JSON_NULL, check_argument},
        {NULL, JSON_NULL, NULL},
    };

    if (value->key[0] != '-' || !value->key[1] || !is_line(value->key, false) || strchr(value->key, '='))
        return spec_key_error(spec, value, "not an option");
    if (value->kind == JSON_STRING)
        return is_line(value->text, true) || spec_error(spec, value, "must be one line");
    if (value->kind != JSON_OBJECT)
        return spec_error(spec, value, "must be a string or an object, not %s", json_kind_name(value->kind));
    return spec_take_object(spec, value, keys);
}

static bool take_options(struct spec *spec, const struct json *value)
{
    spec->options = value;
    for (const struct json *option = value->first; option; option = option->next)
        if (!check_option(spec, option))
            return false;
    return true;
}

static bool take_operands(struct spec *spec, const struct json *value)
{
    spec->operands = value;
    for (const struct json *operand = value->first; operand; operand = operand->next)
        if (!check_argument(spec, operand))
            return false;
    return true;
}

bool spec_take_completion(struct spec *spec, const struct json *value)
{
    static const struct spec_key keys[] = {
        {"operands", JSON_ARRAY, take_operands},
        {"options", JSON_OBJECT, take_options},
        {NULL, JSON_NULL, NULL},
    };

    return spec_take_object(spec, value, keys);
}

/* ---- for the shell ---- */

static const struct json *member(const struct json *object, const char *key)
{
    const struct json *value = object->kind == JSON_OBJECT ? object->first : NULL;

    while (value && strcmp(value->key, key) != 0)
        value = value->next;
    return value;
}

/* The kind, or = and the words with blanks between them. */
static void print_argument(const struct json *argument)
{
    if (argument && argument->kind == JSON_STRING) {
        fputs(argument->text, stdout);
        return;
    }
    for (const struct json *word = argument ? argument->first : NULL; word; word = word->next)
        printf("%c%s", word == argument->first ? '=' : ' ', word->text);
}

void spec_print_completion(const struct spec *spec)
{
    for (const struct json *option = spec->options ? spec->options->first : NULL; option;
         option = option->next) {
        const struct json *about = option->kind == JSON_STRING ? option : member(option, "about");
        printf("option\t%s\t", option->key);
        print_argument(member(option, "argument"));
        printf("\t%s\n", about ? about->text : "");
    }
    for (const struct json *operand = spec->operands ? spec->operands->first : NULL; operand;
         operand = operand->next) {
        fputs("operand\t\t", stdout);
        print_argument(operand);
        fputs("\t\n", stdout);
    }
}
