/* records.c - asks the running vmprocd for a list. */
#include "completion/sources.h"
#include "vmproc/packet.h"
#include "vmproc/vmproc.h"
#include <unistd.h>

#define ANSWER_MS 500 /* for each record */

void complete_records(enum vmp_type question, enum vmp_type type, size_t size, complete_record *add,
                      const char *prefix, struct completions *out)
{
    struct packet packet;
    int fd = vmproc_connect(false);

    if (fd < 0)
        return;
    if (packet_send(fd, question, NULL, 0, NULL, 0, 0) == 0)
        while (packet_recv_within(fd, &packet, ANSWER_MS) == 0 && packet.head.type == type &&
               packet.head.len == size)
            add(packet.body, prefix, out);
    close(fd);
}
