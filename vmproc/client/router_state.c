/* router_state.c - the one question that a prompt asks vmprocd: is there a router? */
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static enum vmproc_router state_of(struct vmp_router *router, char why[VMPROC_WHY_MAX])
{
    router->state[sizeof router->state - 1] = router->error[sizeof router->error - 1] = '\0';
    if (strcmp(router->state, "connected") == 0)
        return VMPROC_ROUTER_READY;
    if (strncmp(router->state, "failed", 6) != 0)
        return VMPROC_ROUTER_CONNECTING;
    if (why)
        strcpy(why, router->error);
    return VMPROC_ROUTER_FAILED;
}

/* One that is ready counts most, then one that may be soon. */
static bool is_better(enum vmproc_router state, enum vmproc_router than)
{
    static const int ranks[] = {[VMPROC_ROUTER_UNKNOWN] = 0,
                                [VMPROC_ROUTER_FAILED] = 1,
                                [VMPROC_ROUTER_CONNECTING] = 2,
                                [VMPROC_ROUTER_READY] = 3};

    return ranks[state] > ranks[than];
}

enum vmproc_router vmproc_router_state(int milliseconds, char why[VMPROC_WHY_MAX])
{
    enum vmproc_router state = VMPROC_ROUTER_UNKNOWN;
    struct packet packet;
    int fd = vmproc_connect(false);
    bool more = true;

    _Static_assert(sizeof((struct vmp_router *)0)->error <= VMPROC_WHY_MAX, "room for the reason");
    if (fd < 0)
        return state;
    if (packet_send(fd, VMP_ROUTER, NULL, 0, NULL, 0, MSG_DONTWAIT) != 0)
        more = false;
    while (more && packet_recv_within(fd, &packet, milliseconds) == 0) {
        more = packet.head.version == VMP_VERSION && packet.head.type == VMP_ROUTER_INFO &&
               packet.head.len == sizeof(struct vmp_router);
        if (more) {
            struct vmp_router *router = (struct vmp_router *)packet.body;
            bool first_failure = state == VMPROC_ROUTER_UNKNOWN;
            enum vmproc_router its = state_of(router, first_failure ? why : NULL);

            state = is_better(its, state) ? its : state;
        }
        while (packet.nfds > 0)
            close(packet.fds[--packet.nfds]);
    }
    close(fd);
    return state;
}
