/*
 * resets.h - when a VM whose command is done is reset.
 *
 * A reset is work of QEMU, libvirtd and vmprocd that nobody waits for, beside work that somebody does wait for: the other
 * stages of its pipeline. So it is held until those are done, too; but HOLD_MS at most, as a pipeline may go on for long, and not
 * where VMs are needed: when somebody waits for one, a run has just found too few, or none is left.
 *
 *            DONE                  due                READY
 *   LEASED --------> STARTING, held ----> STARTING ---------> WARM
 */
#ifndef VMPROC_DAEMON_RESETS_H
#define VMPROC_DAEMON_RESETS_H

#include <stdint.h>
#include <uv.h>

struct router;
struct vm;

struct resets {
    uint64_t runs;   /* pipelines so far, which are numbered from 1 on */
    uv_timer_t hold; /* until the next one is due by time alone */
};

void resets_init(struct router *r);

/* Its command is done, and it is as a VM that has none. */
void resets_hold(struct vm *vm);

/* Somebody could not have VMs for want of those that are held. */
void resets_hurry(struct router *r);

/* A lease has ended, or somebody waits for a VM: begins what is due. */
void resets_changed(struct router *r);

#endif
