/* vms.c - numbers of the VMs that run, each with its command. */
#include "completion/sources.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void add(const void *record, const char *prefix, struct completions *out)
{
    struct vmp_vm vm;
    char number[24];

    memcpy(&vm, record, sizeof vm);
    vm.command[sizeof vm.command - 1] = '\0';
    if (!vm.command[0]) /* a warm one is nobody's */
        return;
    snprintf(number, sizeof number, "%" PRIu64, vm.vm);
    completions_add_matching(out, prefix, number, vm.command);
}

void complete_vms(const char *prefix, struct completions *out)
{
    complete_records(VMP_LIST, VMP_VM, sizeof(struct vmp_vm), add, prefix, out);
}
