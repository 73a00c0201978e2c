/* routers.c - names of routers that the running vmprocd knows. */
#include "completion/sources.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"
#include <string.h>
#include <unistd.h>

#define ANSWER_MS 500

void complete_routers(const char *prefix, struct completions *out)
{
    struct vmp_router router;
    struct packet packet;
    int fd = vmproc_connect(false);

    if (fd < 0)
        return;
    if (packet_send(fd, VMP_ROUTER, NULL, 0, NULL, 0, 0) == 0) {
        while (packet_recv_within(fd, &packet, ANSWER_MS) == 0 && packet.head.type == VMP_ROUTER_INFO &&
               packet.head.len == sizeof router) {
            memcpy(&router, packet.body, sizeof router);
            router.name[sizeof router.name - 1] = router.state[sizeof router.state - 1] = '\0';
            if (*router.name)
                completions_add_matching(out, prefix, router.name, router.drained ? "drained" : router.state);
        }
    }
    close(fd);
}
