/* authority.c - the policy of a command, from options, `with` and the environment's secrets. */
#include "shell/authority.h"
#include "shell/shell.h"
#include "shell/simple.h"
#include "shell/symbol.h"
#include "shell/vars.h"
#include <string.h>

/* A star at the beginning stands for anything. */
static const char *const secrets[] = {
    "*_ACCESS_KEY",
    "*_API_KEY",
    "*_PASSWORD",
    "*_SECRET",
    "*_SECRET_KEY",
    "*_TOKEN",
    "DBUS_SESSION_BUS_ADDRESS",
    "GPG_AGENT_INFO",
    "KRB5CCNAME",
    "SSH_AGENT_PID",
    "SSH_AUTH_SOCK",
    "WAYLAND_SOCKET",
    "XAUTHORITY",
};

bool authority_is_secret(const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        const char *secret = secrets[i];
        size_t size = strlen(secret);

        if (*secret == '*' ? len >= --size && memcmp(secret + 1, name + len - size, size) == 0
                           : len == size && memcmp(secret, name, size) == 0)
            return true;
    }
    return false;
}

void authority_options(const struct shell *sh, const char *names[4])
{
    size_t n = 0;

    if (sh->options.pola)
        names[n++] = "pola";
    if (sh->options.ambient)
        names[n++] = "ambient";
    if (sh->options.explain)
        names[n++] = "explain";
    names[n] = NULL;
}

static bool is_named(const struct external *how, const char *variable)
{
    for (unsigned i = 0; i < how->given_count; i++)
        if (how->given[i].kind == POLICY_ENV_PASS && strcmp(how->given[i].text, variable) == 0)
            return true;
    return false;
}

static bool drop_secrets(const struct shell *sh, const struct external *how, struct policy *policy)
{
    const struct vars *vars = sh->vars;

    for (size_t i = 0; i < vars->exported_count; i++) {
        const struct symbol *symbol = vars->exported[i];

        if (symbol->var.flags & VAR_WITHHELD && !is_named(how, symbol->name) &&
            policy_add(policy, POLICY_ENV_DROP, symbol->name) != 0)
            return false;
    }
    return true;
}

bool authority_policy(const struct shell *sh, const struct external *how, struct policy *policy)
{
    *policy = POLICY_ORDINARY;
    policy->explain = sh->options.explain;
    if (sh->options.pola)
        policy->cwd = policy->tmpdir = POLICY_NONE;
    if (sh->options.ambient) {
        policy->rest = POLICY_WRITE;
        policy->network_open = true;
    }
    if (sh->router && policy_add(policy, POLICY_ON, sh->router) != 0)
        return false;
    for (unsigned i = 0; i < how->given_count; i++)
        if (policy_add(policy, how->given[i].kind, how->given[i].text) != 0)
            return false;
    return sh->options.ambient || drop_secrets(sh, how, policy);
}
