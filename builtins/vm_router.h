/* vm_router.h - `vm router`: looks at the routers, and says which of them commands go to. */
#ifndef BUILTINS_VM_ROUTER_H
#define BUILTINS_VM_ROUTER_H

struct shell;

/* The words after `vm router`. Returns the status. */
int vm_router(struct shell *sh, int argc, char **argv);

#endif
