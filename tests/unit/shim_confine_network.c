/* The shim's second wall for a command that was given some of the network: no more than that. */
#include "tests/unit/tap.h"
#include "vmproc/shim/confine.h"

#include <errno.h>
#include <linux/landlock.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* errno of connect(2) or bind(2) on the loopback interface; 0: done. */
static int try(int (*call)(int, const struct sockaddr *, socklen_t), uint16_t port)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0), err = fd < 0 ? errno : 0;
    if (!err && call(fd, (struct sockaddr *)&to, sizeof to))
        err = errno;
    close(fd);
    return err;
}

static void ports(const struct network *network)
{
    struct inherit none = {0};
    struct tree tree;
    if (syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) < 4) {
        puts("ok - ports are confined # skip this kernel's Landlock knows no network");
        return;
    }
    check(tree_init(&tree, NULL) == 0, "a tree is made");
    confine_files(&tree, &none, network);
    check(try(connect, 1) == ECONNREFUSED, "a port that was given is tried");
    check(try(connect, 2) == EACCES && try(bind, 1) == EACCES, "another is not, and none is bound to");
    check(try(bind, 0) == 0, "but one that the kernel chooses");
    tree_free(&tree);
}

static void calls(void)
{
    confine_calls(true);
    check(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0 && socket(AF_INET, SOCK_DGRAM, 0) >= 0,
          "there are TCP and UDP");
    check(socket(AF_INET6, SOCK_STREAM, 0) >= 0 || errno != EPERM, "of IPv6, too");
    check(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP) < 0 && errno == EPERM, "there are no raw sockets");
    check(socket(AF_NETLINK, SOCK_DGRAM, 0) < 0 && errno == EPERM, "the kernel's network is not looked at");
    confine_calls(false); /* as a child without a grant does */
    check(socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == EPERM, "a child can have less");
    check(socket(AF_UNIX, SOCK_STREAM, 0) >= 0, "vmprocd can be reached");
}

int main(void)
{
    struct network_grant grant = {.prefix = 0, .port_low = 1, .port_high = 1};
    const struct network some = {.grant = &grant, .count = 1};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ports(&some);
    calls();
    return tap_done();
}
