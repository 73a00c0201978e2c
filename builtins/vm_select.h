/* vm_select.h - operands of the vm utility: a VM by its number, or all VMs of a job by its process group. */
#ifndef BUILTINS_VM_SELECT_H
#define BUILTINS_VM_SELECT_H

#include "builtins/vm_client.h"
#include <sys/types.h>

struct vm_selector {
    uint64_t vm;
    pid_t pgid; /* 0: vm */
};

/* false after a message. */
bool vm_select(struct shell *sh, const char *operand, struct vm_selector *selector);

/* Moves the selected VMs to the front; returns their number. */
size_t vm_filter(struct vm_list *list, const struct vm_selector *selector);

#endif
