/* vms.c - numbers of the VMs that run, each with its command. */
#include "completion/sources.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_MS 500

static void add(const struct vmp_vm *vm, const char *prefix, struct completions *out)
{
    char number[24];

    snprintf(number, sizeof number, "%" PRIu64, vm->vm);
    completions_add_matching(out, prefix, number, vm->command);
}

void complete_vms(const char *prefix, struct completions *out)
{
    struct vmp_vm vm;
    struct packet packet;
    int fd = vmproc_connect(false);

    if (fd < 0)
        return;
    if (packet_send(fd, VMP_LIST, NULL, 0, NULL, 0, 0) == 0) {
        while (packet_recv_within(fd, &packet, ANSWER_MS) == 0 && packet.head.type == VMP_VM &&
               packet.head.len == sizeof vm) {
            memcpy(&vm, packet.body, sizeof vm);
            vm.command[sizeof vm.command - 1] = '\0';
            if (vm.command[0]) /* a warm one is nobody's */
                add(&vm, prefix, out);
        }
    }
    close(fd);
}
