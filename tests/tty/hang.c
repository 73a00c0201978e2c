/* hang.c - preloaded into fleetsh: a directory named "hang" is one of a file server that does not answer. */
#include <dirent.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

DIR *opendir(const char *name)
{
    DIR *(*real)(const char *);
    void *symbol = dlsym(RTLD_NEXT, "opendir");
    size_t len = strlen(name);

    memcpy(&real, &symbol, sizeof real);
    while (len >= 5 && strcmp(name + len - 5, "hang/") == 0)
        pause();
    return real(name);
}

int stat(const char *name, struct stat *status)
{
    int (*real)(const char *, struct stat *);
    void *symbol = dlsym(RTLD_NEXT, "stat");

    memcpy(&real, &symbol, sizeof real);
    while (strstr(name, "/hang/"))
        pause();
    return real(name, status);
}
