/* libedit.c - the table of what is needed from libedit.so.2. */
#include "shell/libedit.h"
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"el_init", offsetof(struct libedit, init)},     {"el_end", offsetof(struct libedit, end)},
    {"el_wset", offsetof(struct libedit, wset)},     {"el_set", offsetof(struct libedit, set)},
    {"el_wget", offsetof(struct libedit, wget)},     {"el_wgets", offsetof(struct libedit, wgets)},
    {"el_wline", offsetof(struct libedit, wline)},   {"el_winsertstr", offsetof(struct libedit, winsertstr)},
    {"el_cursor", offsetof(struct libedit, cursor)}, {"el_deletestr", offsetof(struct libedit, deletestr)},
    {"el_resize", offsetof(struct libedit, resize)}, {"el_source", offsetof(struct libedit, source)},
};

const struct libedit *libedit(void)
{
    static struct libedit functions;

    if (functions.init)
        return &functions;
    void *handle = dlopen("libedit.so.2", RTLD_NOW | RTLD_LOCAL);
    if (!handle)
        return NULL;
    struct libedit found;
    for (size_t i = 0; i < sizeof symbols / sizeof symbols[0]; i++) {
        void *address = dlsym(handle, symbols[i].name);
        if (!address) {
            dlclose(handle);
            return NULL;
        }
        /* POSIX wants data and function pointers of one size; C has no cast between them. */
        memcpy((char *)&found + symbols[i].offset, &address, sizeof address);
    }
    functions = found;
    return &functions;
}
