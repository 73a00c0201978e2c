/*
 * gate_rules.c - a router's policy, and a VM's description that it is asked about: the input is both, with a NUL between them.
 * What is read is decided, the same twice; what is not has its place.
 */
#include "vmproc/gate/gate.h"

#include <stdlib.h>
#include <string.h>

/* The hook ends with what it has read: nobody frees that. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

static bool no_hash(const char *file, char hex[GATE_HEX])
{
    memset(hex, 'a', GATE_HEX - 1);
    hex[GATE_HEX - 1] = '\0';
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *nul = size ? memchr(data, '\0', size) : NULL;
    size_t len = nul ? (size_t)(nul - data) : size;
    struct gate_rules rules;
    struct gate_error error;
    struct gate_ask ask = {.cert = "CN=a", .user = "a@b", .kind = GATE_GUEST};
    struct gate_claim claim;

    if (!gate_parse((const char *)data, len, &rules, &error)) {
        if (!error.line || !error.column || !error.text[0])
            abort();
        return 0;
    }
    if (nul)
        gate_read_domain((const char *)nul + 1, size - len - 1, &ask, &claim);
    ask.hash = no_hash;
    struct gate_verdict first = gate_decide(&rules, &ask), second = gate_decide(&rules, &ask);
    if (first.allow != second.allow || first.line != second.line || (first.allow && !first.line) ||
        (!first.allow && !first.why[0]))
        abort();
    gate_free(&rules);
    return 0;
}
