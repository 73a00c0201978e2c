/* hang.c - preloaded into fleetsh: a directory named "hang" is one of a file server that does not answer; one named "endless"
 * stops answering behind its last entry. */
#include <dirent.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static DIR *endless;

DIR *opendir(const char *name)
{
    DIR *(*real)(const char *);
    void *symbol = dlsym(RTLD_NEXT, "opendir");
    size_t len = strlen(name);

    memcpy(&real, &symbol, sizeof real);
    while (len >= 5 && strcmp(name + len - 5, "hang/") == 0)
        pause();
    DIR *directory = real(name);
    if (len >= 8 && strcmp(name + len - 8, "endless/") == 0)
        endless = directory;
    return directory;
}

struct dirent *readdir(DIR *directory)
{
    struct dirent *(*real)(DIR *);
    void *symbol = dlsym(RTLD_NEXT, "readdir");

    memcpy(&real, &symbol, sizeof real);
    struct dirent *entry = real(directory);
    while (!entry && directory == endless)
        pause();
    return entry;
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
