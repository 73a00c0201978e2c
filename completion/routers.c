/* routers.c - names of routers that the running vmprocd knows. */
#include "completion/sources.h"
#include <string.h>

static void add(const void *record, const char *prefix, struct completions *out)
{
    struct vmp_router router;

    memcpy(&router, record, sizeof router);
    router.name[sizeof router.name - 1] = router.state[sizeof router.state - 1] = '\0';
    if (*router.name)
        completions_add_matching(out, prefix, router.name, router.drained ? "drained" : router.state);
}

void complete_routers(const char *prefix, struct completions *out)
{
    complete_records(VMP_ROUTER, VMP_ROUTER_INFO, sizeof(struct vmp_router), add, prefix, out);
}
