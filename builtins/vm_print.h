/*
 * vm_print.h - how the vm utility shows VMs and routers: a table, lines of "key: value", or JSON.
 */
#ifndef BUILTINS_VM_PRINT_H
#define BUILTINS_VM_PRINT_H

#include "builtins/vm_client.h"

/* One line a VM under a heading; cut to the terminal's width if standard output is one. Nothing for no VM. */
void vm_print_table(struct shell *sh, const struct vm_list *list);
void vm_print_details(struct shell *sh, const struct vm_list *list);
void vm_print_json(struct shell *sh, const struct vm_list *list);

/* One line each; `*` stands before the one that the user has chosen. */
void vm_print_routers_table(struct shell *sh, const struct vm_routers *routers);
void vm_print_routers(struct shell *sh, const struct vm_routers *routers);
void vm_print_routers_json(struct shell *sh, const struct vm_routers *routers);

#endif
