/* The shim's second wall: what it may not do when its files are known. */
#include "tests/unit/tap.h"
#include "vmproc/shim/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int try(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

static void files(const char *dir, const char *other)
{
    char path[64];
    struct inherit none = {0};
    struct network no_network = {0};
    struct tree tree;
    if (chdir(dir))
        exit(1);
    check(tree_init(&tree, NULL) == 0 && tree_grant(&tree, "/etc/passwd", GRANT_READONLY) == 0,
          "a tree is made");
    confine_files(&tree, &none, &no_network);
    check(try("new", O_RDWR | O_CREAT) == 0, "what was given can be made and written");
    check(try("/etc/passwd", O_RDONLY) == 0, "what was given for reading can be read");
    check(try("/etc/passwd", O_RDWR) == EACCES, "but not written");
    check(try(other, O_RDONLY) == EACCES && try("/etc/shadow", O_RDONLY) == EACCES,
          "nothing else can be read");
    snprintf(path, sizeof path, "%s-new", other);
    check(try(path, O_RDWR | O_CREAT) == EACCES && unlink(other) < 0 && rename("new", path) < 0,
          "or made, removed, moved there");
    check(unlink("new") == 0, "what was given can be removed");
    tree_free(&tree);
}

static void calls(void)
{
    char byte = 'x';
    confine_calls(false);
    check(prctl(PR_GET_SECCOMP) == 2, "there is a filter");
    check(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM, "there is no network");
    check(socket(AF_UNIX, SOCK_STREAM, 0) >= 0, "there are sockets of this machine");
    check(ioctl(0, TIOCSTI, &byte) < 0 && errno == EPERM, "nothing is typed into a terminal");
    check(ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 && errno == EPERM, "no process is traced");
    check(syscall(SYS_setuid, getuid()) < 0 && errno == EPERM, "nobody becomes somebody else");
    check(getppid() > 0 && try("/dev/null", O_RDWR) == 0, "all else goes on");
}

static int confined(const char *dir, const char *other)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 2)
        files(dir, other);
    else
        puts("ok - files are confined # skip this kernel has no Landlock");
    calls();
    return tap_done();
}

/* Who is confined cannot clean up. */
int main(void)
{
    char dir[] = "/tmp/fleetsh-confine-XXXXXX", other[] = "/tmp/fleetsh-outside-XXXXXX";
    int status = 1, outside = mkstemp(other);
    pid_t pid;
    if (!mkdtemp(dir) || outside < 0)
        return 1;
    pid = fork();
    if (pid == 0)
        exit(confined(dir, other));
    waitpid(pid, &status, 0);
    unlink(other);
    rmdir(dir);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
