/* vm_debug.c - has a VM's QEMU listen for gdb. What is printed is for gdb to read: `vm debug %1 >f; gdb -x f`. */
#include "builtins/vm_programs.h"
#include "builtins/vm_select.h"
#include "shell/error.h"
#include "shell/out.h"
#include "shell/shell.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct debug_options {
    const char *link; /* of --socket; NULL: none */
    bool end;
};

/* Options may stand on both sides of the operand, which it returns. NULL: usage error. */
static const char *take_operand(struct debug_options *options, int argc, char **argv)
{
    const char *operand = NULL;
    bool only_operands = false;

    *options = (struct debug_options){0};
    for (int i = 0; i < argc; i++) {
        if (only_operands || argv[i][0] != '-') {
            if (operand)
                return NULL;
            operand = argv[i];
        } else if (strcmp(argv[i], "--") == 0) {
            only_operands = true;
        } else if (strcmp(argv[i], "-d") == 0) {
            options->end = true;
        } else if (strcmp(argv[i], "--socket") == 0 && i + 1 < argc) {
            options->link = argv[++i];
        } else {
            return NULL;
        }
    }
    return options->end && options->link ? NULL : operand;
}

/* A link to nothing, as this makes them, is what an earlier VM has left. */
static bool make_link(struct shell *sh, const char *socket, const char *link)
{
    char leads_to[sizeof((struct vmp_stub *)0)->path] = "";
    struct stat st;

    if (readlink(link, leads_to, sizeof leads_to - 1) > 0 && strcmp(leads_to, socket) == 0)
        return true;
    if (lstat(link, &st) == 0 && S_ISLNK(st.st_mode) && stat(link, &st) < 0 && errno == ENOENT)
        unlink(link);
    if (symlink(socket, link) == 0)
        return true;
    error_print_errno(sh, errno, "vm: %s", link);
    return false;
}

/* An argument in gdb's words. */
static void print_escaped(struct shell *sh, const char *text)
{
    for (; *text; text++)
        out_printf(sh, strchr(" \t'\"\\", *text) ? "\\%c" : "%c", *text);
}

static int begin(struct shell *sh, const struct vmp_vm *vm, const char *link)
{
    struct vmp_stub stub;

    if (vm_request_debug(sh, vm->vm, &stub) != 0)
        return 1;
    if (link && !make_link(sh, stub.path, link)) {
        vm_request_debug(sh, vm->vm, NULL);
        return 1;
    }
    out_printf(sh, "# VM %llu: %s\n", (unsigned long long)vm->vm, vm->command);
    if (vm->image[0]) {
        out_printf(sh, "file ");
        print_escaped(sh, vm->image);
        out_printf(sh, "\n");
    }
    out_printf(sh, "target remote %s\n", link ? link : stub.path);
    out_printf(sh, "# It stands still until you `detach`. To end this: vm debug -d %llu\n",
               (unsigned long long)vm->vm);
    return 0;
}

/* Those without a command are the pool's. */
static size_t keep_commands(struct vm_list *list)
{
    size_t kept = 0;

    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].state == VM_LEASED || list->items[i].state == VM_SUSPENDED)
            list->items[kept++] = list->items[i];
    return kept;
}

int vm_debug(struct shell *sh, int argc, char **argv)
{
    struct debug_options options;
    const char *operand = take_operand(&options, argc, argv);
    struct vm_selector selector;
    struct vm_list list;
    int status = 0;

    if (!operand) {
        error_print(sh, "vm: usage: vm debug [--socket PATH | -d] VM|%%job");
        return 2;
    }
    if (!vm_select(sh, operand, &selector) || vm_fetch_list(sh, &list) != 0)
        return 1;
    list.count = vm_filter(&list, &selector);
    list.count = keep_commands(&list);
    if (list.count == 0) {
        error_print(sh, "vm: %s: no such VM that runs a command", operand);
        status = 1;
    } else if (options.link && list.count > 1) {
        error_print(sh, "vm: %s has %zu VMs, and one socket is one VM's: name it by its number", operand,
                    list.count);
        status = 1;
    }
    for (size_t i = 0; i < list.count && (status == 0 || !options.link); i++)
        status |= options.end ? vm_request_debug(sh, list.items[i].vm, NULL)
                              : begin(sh, &list.items[i], options.link);
    free(list.items);
    return status;
}
