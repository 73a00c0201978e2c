/* vm_select.c - which VMs an operand names. */
#include "builtins/vm_select.h"
#include "shell/error.h"
#include "shell/job.h"

static bool parse_number(const char *text, uint64_t *number)
{
    *number = 0;
    if (!*text)
        return false;
    for (; *text; text++)
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(*number, 10u, number) ||
            __builtin_add_overflow(*number, (unsigned)(*text - '0'), number))
            return false;
    return true;
}

bool vm_select(struct shell *sh, const char *operand, struct vm_selector *selector)
{
    bool ambiguous = false;

    *selector = (struct vm_selector){0, 0};
    if (operand[0] != '%') {
        if (parse_number(operand, &selector->vm) && selector->vm > 0)
            return true;
        error_print(sh, "vm: %s: neither the number of a VM nor a job", operand);
        return false;
    }
    struct job *job = job_find(sh, operand, &ambiguous);
    if (!job) {
        error_print(sh, "vm: %s: %s", operand, ambiguous ? "ambiguous" : "no such job");
        return false;
    }
    selector->pgid = job_pgid(job);
    return true;
}

static bool is_selected(const struct vm_selector *selector, const struct vmp_vm *vm)
{
    return selector->pgid != 0 ? (pid_t)vm->pgid == selector->pgid : vm->vm == selector->vm;
}

size_t vm_filter(struct vm_list *list, const struct vm_selector *selector)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (is_selected(selector, &list->items[i]))
            list->items[kept++] = list->items[i];
    return kept;
}
